// Keys: each command of the page carries its keys in data-keys; this file only listens.
// Single letters and sequences work outside fields; function keys and Ctrl chords everywhere.

const PAUSE = 1000;
const MODIFIER = /^(Control|Shift|Alt|Meta)$/; // alone it is the beginning of a chord
let pending = "";
let timer = 0;

const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(target.type)));

const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

function chord(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  return parts.join("+");
}

const visible = (element) => element.offsetParent !== null || element.closest("dialog") !== null;

function find(keys) {
  const top = document.querySelector("dialog[open]") ?? document;
  const all = [...top.querySelectorAll(`[data-keys="${CSS.escape(keys)}"]`)];
  return all.find((element) => visible(element) && !element.disabled) ?? all.find((e) => e.matches("[role=option]"));
}

function run(element) {
  if (element.dataset.focus !== undefined || element.matches("input:not([type=checkbox]),textarea,select")) element.focus();
  else element.click();
  if (element.matches("summary")) element.parentElement.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function show(text) {
  const place = document.getElementById("pending-key");
  if (place) {
    place.textContent = text;
    place.hidden = !text;
  }
}

function forget() {
  pending = "";
  clearTimeout(timer);
  show("");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || MODIFIER.test(event.key)) return;
  const pressed = chord(event);
  const inField = typing(event.target);
  const anywhere = /^(Shift\+)?F\d+$/.test(pressed) || pressed.startsWith("Ctrl+") || pressed.startsWith("Alt+");
  if (inField && !anywhere) return;
  if (pressed === "Ctrl+Enter") {
    const form = event.target.closest?.("form") ?? document.querySelector("[data-primary-form]");
    const primary = form?.querySelector("[type=submit].primary, [type=submit]") ?? find("Ctrl+Enter");
    if (primary) {
      event.preventDefault();
      primary.click();
    }
    return;
  }
  const keys = pending ? `${pending} ${pressed}` : pressed;
  const found = find(keys);
  if (found) {
    event.preventDefault();
    forget();
    run(found);
    return;
  }
  const starts = document.querySelector(`[data-keys^="${CSS.escape(pressed)} "]`);
  forget();
  if (starts && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    pending = pressed;
    show(pressed);
    timer = setTimeout(forget, PAUSE);
  }
});

// Lists: J and K move between the rows' links, arrows too while a row has the focus.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || typing(event.target) || !plain(event)) return;
  const onRow = event.target.matches?.(".cover");
  const step = { j: 1, k: -1, ArrowDown: onRow && 1, ArrowUp: onRow && -1 }[event.key];
  if (!step || document.querySelector("dialog[open]")) return;
  const rows = [...document.querySelectorAll("main .cover")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  event.preventDefault();
  rows[next].focus();
  rows[next].scrollIntoView({ block: "nearest" });
});
