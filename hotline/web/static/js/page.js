// Small duties of every page: theme, drafts kept in this browser, passing notes, lost connection.

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

// Drafts: what is typed into a form with data-draft survives a reload until the form is sent.
const key = (form) => `draft:${form.dataset.draft}`;

function restore(root) {
  for (const form of root.querySelectorAll?.("form[data-draft]") ?? []) {
    const kept = JSON.parse(sessionStorage.getItem(key(form)) ?? "{}");
    for (const [name, value] of Object.entries(kept)) {
      const field = form.elements[name];
      if (field instanceof RadioNodeList) field.value = value;
      else if (field?.type === "checkbox") field.checked = value === field.value;
      else if (field && !field.value) field.value = value;
    }
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  const kept = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  sessionStorage.setItem(key(form), JSON.stringify(kept));
  const mark = form.querySelector("[data-saved]");
  if (mark) mark.textContent = `${mark.dataset.saved} ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`;
});

document.addEventListener("submit", (event) => {
  if (event.target.matches?.("form[data-draft]")) sessionStorage.removeItem(key(event.target));
});

restore(document);
document.addEventListener("htmx:after:swap", (event) => restore(swapped(event)));

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
  if (place.matches("[data-takes-focus]")) place.querySelector("input:not([type=hidden]),select,textarea,button")?.focus();
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
