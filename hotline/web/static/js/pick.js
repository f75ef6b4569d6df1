// A field that chooses from a list: by words, code or pinyin initials; arrows, Enter, Tab.
// The list is a datalist of the page (the browser's own without this file) or is asked for.

const MOST = 8;
const PAUSE = 150; // before the server is asked
let box = null; // the one open list
let field = null;
let timer = 0;
let serial = 0;

const options = (input) => [...(document.getElementById(input.dataset.list)?.options ?? [])];
const words = (option) => `${option.value} ${option.textContent} ${option.dataset.words ?? ""}`.toLowerCase();
const chosen = () => box?.querySelector("[aria-selected=true]");

function close() {
  box?.remove();
  box = null;
  field?.setAttribute("aria-expanded", "false");
}

function select(line) {
  for (const other of box.children) other.setAttribute("aria-selected", String(other === line));
  field.setAttribute("aria-activedescendant", line?.id ?? "");
  line?.scrollIntoView({ block: "nearest" });
}

function show(found) {
  close();
  if (!found.length || document.activeElement !== field) return;
  box = Object.assign(document.createElement("ul"), { className: "pick", id: "pick-list" });
  box.setAttribute("role", "listbox");
  found.slice(0, MOST).forEach((option, at) => {
    const line = Object.assign(document.createElement("li"), { id: `pick-${at}` });
    line.setAttribute("role", "option");
    line.append(Object.assign(document.createElement("span"), { textContent: option.value }));
    line.append(Object.assign(document.createElement("small"), { textContent: option.textContent.trim() }));
    line.option = option;
    box.append(line);
  });
  field.after(box);
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", "pick-list");
  select(box.firstChild);
}

function take(option) {
  field.value = option.value;
  const id = field.dataset.idField && field.form.elements[field.dataset.idField];
  if (id) id.value = option.dataset.id;
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close();
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function look() {
  const text = field.value.trim().toLowerCase();
  if (!text) return close();
  if (field.dataset.source) {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE, field, text);
    return undefined;
  }
  const parts = text.split(/\s+/);
  return show(options(field).filter((option) => parts.every((part) => words(option).includes(part))));
}

async function ask(input, text) {
  const mine = ++serial;
  const answer = await fetch(`${input.dataset.source}?q=${encodeURIComponent(text)}`).catch(() => null);
  if (!answer?.ok || mine !== serial || field !== input) return;
  const list = document.createElement("datalist");
  list.innerHTML = await answer.text();
  show([...list.options]);
}

document.addEventListener("focusin", (event) => {
  const input = event.target.closest?.("input[list], input[data-list], input[data-source]");
  if (input === field) return;
  close();
  field = input;
  if (!input) return;
  if (input.hasAttribute("list")) {
    input.dataset.list = input.getAttribute("list");
    input.removeAttribute("list");
  }
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
});

document.addEventListener("input", (event) => {
  if (event.target !== field || event.isComposing) return;
  const id = field.dataset.idField && field.form.elements[field.dataset.idField];
  if (id && event.isTrusted) id.value = ""; // other words: no longer the one that was chosen
  if (event.isTrusted) look();
});
document.addEventListener("compositionend", (event) => event.target === field && look());

// Ahead of the page's own keys: an open list takes Enter and Escape for itself.
document.addEventListener("keydown", (event) => {
  if (event.target !== field || event.isComposing || event.ctrlKey || event.altKey) return;
  const digit = !field.value && /^[1-7]$/.test(event.key) && field.closest("form")?.querySelector(`[data-fill="${field.id}"][data-digit="${event.key}"]`);
  if (digit) {
    event.preventDefault();
    digit.click();
    return;
  }
  if (!box) return;
  const lines = [...box.children];
  const at = lines.indexOf(chosen());
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(lines[(at + (event.key === "ArrowDown" ? 1 : -1) + lines.length) % lines.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    take(chosen().option);
  } else if (event.key === "Tab" && field.dataset.list) {
    take(chosen().option);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    close();
  }
}, true);

document.addEventListener("pointerdown", (event) => {
  const line = event.target.closest?.(".pick li");
  if (!line?.option) return;
  event.preventDefault(); // the field keeps the focus
  take(line.option);
});

// Left with a whole code in it: the code is given its name.
document.addEventListener("focusout", (event) => {
  if (event.target !== field) return;
  const text = field.value.trim().toLowerCase();
  const exact = text && field.dataset.list && options(field).find((option) => option.value.toLowerCase().split(" ")[0] === text);
  if (exact && box) take(exact);
  close();
});
