// Canned texts in a text area: a slash and a few letters offer them, or the key beside its name.
// The form names the address they come from; they are asked for each time the list opens.

const MOST = 8;
const TYPED = /(?<![\w/])[/／]([^\s/／]{0,12})$/; // no date and no address: nothing Latin before it
let area = null; // the field whose list is open
let box = null;
let found = [];
let serial = 0;

const address = (field) => field.closest("form[data-phrases]")?.dataset.phrases;
const typed = (field) => TYPED.exec(field.value.slice(0, field.selectionStart));
const chosen = () => box?.querySelector("[aria-selected=true]");

function close() {
  serial += 1;
  box?.remove();
  box = null;
  for (const name of ["aria-controls", "aria-activedescendant"]) area?.removeAttribute(name);
  area = null;
}

function select(line) {
  for (const other of box.children) other.setAttribute("aria-selected", String(other === line));
  area.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

function show() {
  const letters = typed(area)?.[1].toLowerCase() ?? "";
  const fitting = found.filter((option) => option.dataset.shortcut.toLowerCase().includes(letters));
  box?.remove();
  box = null;
  if (!fitting.length) return;
  box = Object.assign(document.createElement("ul"), { className: "pick phrases", id: "phrase-list" });
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", area.dataset.phraseList);
  fitting.slice(0, MOST).forEach((option, at) => {
    const line = Object.assign(document.createElement("li"), { id: `phrase-${at}` });
    line.setAttribute("role", "option");
    line.append(Object.assign(document.createElement("span"), { textContent: `/${option.dataset.shortcut}` }));
    line.append(Object.assign(document.createElement("small"), { textContent: option.textContent.trim() }));
    line.append(Object.assign(document.createElement("p"), { textContent: option.value }));
    line.words = option.value;
    box.append(line);
  });
  area.after(box);
  area.setAttribute("aria-controls", "phrase-list");
  select(box.firstChild);
  box.scrollIntoView({ block: "nearest" });
}

async function open(field) {
  close();
  area = field;
  const mine = serial;
  const answer = await fetch(address(field), { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || mine !== serial) return;
  const list = document.createElement("datalist");
  list.innerHTML = await answer.text();
  if (mine !== serial) return;
  found = [...list.options];
  show();
}

function put(field, words, from = field.selectionStart) {
  field.focus();
  field.setRangeText(words, from, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function take(line) {
  const field = area;
  const from = field.selectionStart - (typed(field)?.[0].length ?? 0);
  close();
  put(field, line.words, from);
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (event.isComposing || !event.isTrusted || field.tagName !== "TEXTAREA" || !address(field)) return;
  if (!typed(field)) close();
  else if (field === area) show();
  else open(field);
});
document.addEventListener("compositionend", (event) => event.target === area && typed(area) && show());

// Ahead of the page's own keys: an open list takes arrows, Enter, Tab and Escape for itself.
document.addEventListener("keydown", (event) => {
  if (!box || event.target !== area || event.isComposing || event.ctrlKey || event.altKey) return;
  const lines = [...box.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && !["Enter", "Tab", "Escape"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (step) select(lines[(lines.indexOf(chosen()) + step + lines.length) % lines.length]);
  else if (event.key === "Escape") close();
  else take(chosen());
}, true);

document.addEventListener("pointerdown", (event) => {
  const line = event.target.closest?.(".pick.phrases li");
  if (!line) return;
  event.preventDefault(); // the field keeps the focus
  take(line);
});
document.addEventListener("focusout", (event) => event.target === area && close());

// The key beside a field's name opens the whole list; without this file it is a link to a page.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-opens-phrases]");
  const field = key && document.getElementById(key.dataset.opensPhrases);
  if (field) {
    event.preventDefault();
    field.focus();
    open(field);
  }
  const gap = event.target.closest("[data-puts]");
  if (gap) put(document.getElementById(gap.dataset.puts), gap.dataset.words);
});
