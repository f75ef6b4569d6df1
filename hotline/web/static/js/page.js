// Small duties of every page: theme, passing notes, faults, lost connection.

// The theme: light, dark or as the system wishes; kept in a cookie so the server draws it at once.
const ORDER = ["auto", "light", "dark"];
const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-next]");
  if (!button) return;
  const now = document.documentElement.dataset.theme;
  const next = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
  document.documentElement.dataset.theme = next;
  document.getElementById("dark").media = MEDIA[next];
  document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
  button.querySelector("[data-theme-name]").textContent = button.dataset[next];
});

// The place that htmx has just filled; a place that the answer chose is known by its name alone.
const swapped = (event) => {
  const place = event.detail?.ctx?.target ?? document.body;
  return typeof place === "string" ? document.querySelector(place) ?? document.body : place;
};

// A button that fills a field: favourites of the intake form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fill);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});

// The same button may put words into another field; what stands there stays.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = document.getElementById(button.dataset.insert);
  if (field.value.includes(button.dataset.words)) return;
  field.value = [field.value.trimEnd(), button.dataset.words].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// What is copied is said.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  navigator.clipboard?.writeText(button.dataset.copy);
  button.setAttribute("aria-label", button.dataset.copied);
});

// An inline form that opens takes the focus; Escape closes it and gives the focus back.
document.addEventListener("htmx:after:swap", (event) => {
  const place = swapped(event);
  if (place.matches("[data-takes-focus]")) place.querySelector("input:not([type=hidden]),select,textarea,button,a.cover")?.focus();
});

// Faults: the lines at the top are read at once, and each field they name is marked.
document.addEventListener("htmx:after:swap", (event) => {
  const place = swapped(event);
  const form = place.closest("form");
  if (!form || !place.querySelector("[data-faults]")) return;
  for (const field of form.elements) field.removeAttribute("aria-invalid");
  let first = null;
  for (const line of place.querySelectorAll("[data-fault]")) {
    const found = form.elements[line.dataset.fault];
    const field = found instanceof RadioNodeList ? found[0] : found;
    if (!field) continue;
    field.setAttribute("aria-invalid", "true");
    const name = field.closest(".field")?.querySelector("label, legend")?.firstChild?.textContent.trim();
    if (name) line.prepend(`${name}：`);
    first ??= field;
  }
  first?.focus();
  place.scrollIntoView({ block: "nearest" });
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-takes-focus]");
  if (event.key !== "Escape" || !form || event.isComposing) return;
  form.replaceChildren();
  document.querySelector("[data-keys='Ctrl+Enter']")?.focus();
});

// The live stream: say when it is lost, and take care that words keep their place at the end.
const lost = document.getElementById("connection-lost");
const live = document.getElementById("live");
let asking = 0;

function askInstead() {
  if (asking || !live) return;
  asking = setInterval(() => {
    lost.hidden = false;
    htmx.trigger(live, "resync");
    if (!live._htmx?.sse) htmx.trigger(live, "reconnect");
  }, 5000);
}

document.addEventListener("htmx:sse:error", askInstead);
document.addEventListener("htmx:sse:close", askInstead);
for (const failure of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(failure, (event) => event.target === live && askInstead());
}
document.addEventListener("htmx:sse:after:connection", () => {
  htmx.trigger(live, asking ? "resync" : "connected"); // a ring may have come while the page loaded
  clearInterval(asking);
  asking = 0;
  lost.hidden = true;
});

// A list does not move under the pointer: a line says that there is news, and a press shows it.
for (const notice of document.querySelectorAll("[data-shown-on]")) {
  document.addEventListener(notice.dataset.shownOn, () => { notice.hidden = false; });
}
document.addEventListener("htmx:after:swap", () => {
  for (const list of document.querySelectorAll("[data-ends]")) list.scrollTop = list.scrollHeight;
});
