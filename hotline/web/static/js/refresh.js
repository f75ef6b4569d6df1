// A page that refreshes itself does not pull a button from under a finger: what the live stream
// brings waits while somebody presses, composes or waits for an answer, and comes right after.

const PATIENCE = 15000; // for one answer of the server
const waiting = new Set();
let pressing = false;
let composing = false;
let asked = 0; // requests of a person that are not answered yet

// A region marked data-patient also waits for the end of what is being typed in it.
function typedIn(region) {
  const field = document.activeElement;
  return region.matches("[data-patient]") && region.contains(field) && (field.value ?? "") !== (field.defaultValue ?? "");
}

const opened = (region) => region.querySelector("details.menu[open]") !== null;
const calm = (region) => !pressing && !composing && !asked && !typedIn(region) && !opened(region);

// After the click that a release brings, and after the swap that an answer brings.
const soon = () => setTimeout(() => {
  for (const one of waiting) {
    if (!calm(one.region)) continue;
    waiting.delete(one);
    one.go();
  }
});

async function calmed(region) {
  if (!calm(region)) await new Promise((go) => waiting.add({ region, go }));
}

async function whenCalm(fetch, region, address, options) {
  for (;;) {
    await calmed(region);
    const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    if (calm(region)) return answer;
  }
}

async function counted(fetch, request) {
  asked += 1;
  try {
    return await fetch(...request);
  } finally {
    asked -= 1;
    soon();
  }
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const fetch = ctx.fetch;
  if (ctx.request.headers["X-Refresh"]) ctx.fetch = (...request) => whenCalm(fetch, ctx.sourceElement, ...request);
  else if (ctx.sourceElement.id !== "live") ctx.fetch = (...request) => counted(fetch, request);
});

// A form that is drawn anew asks for the focus; a field that has it keeps it.
const refreshes = (event) => event.detail.ctx?.request?.headers["X-Refresh"];
let focused = null;
document.addEventListener("htmx:before:swap", (event) => {
  if (refreshes(event)) focused = document.activeElement?.closest("input, select, textarea");
});
document.addEventListener("htmx:after:swap", (event) => {
  if (refreshes(event) && focused?.isConnected) focused.focus({ preventScroll: true });
});

document.addEventListener("pointerdown", () => { pressing = true; }, true);
for (const end of ["pointerup", "pointercancel", "blur"]) {
  window.addEventListener(end, () => {
    setTimeout(() => { pressing = false; });
    soon();
  }, true);
}
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => {
  composing = false;
  soon();
});
document.addEventListener("focusout", soon);
document.addEventListener("toggle", soon, true);

// A menu closes when it has done its work, or when somebody turns away from it.
function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(but)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(null));
document.addEventListener("submit", (event) => event.target.closest("details.menu") && setTimeout(closeMenus));
