// The command palette (Ctrl+K) and the help sheet (?): both are in the page, these lines only filter.

const palette = document.getElementById("palette");
const search = palette?.querySelector("input");
const options = palette ? [...palette.querySelectorAll("[role=option]")] : [];

const shown = () => options.filter((option) => !option.hidden);

function choose(option) {
  for (const other of options) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    search.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    search.removeAttribute("aria-activedescendant");
  }
}

function filter() {
  const words = search.value.trim().toLowerCase().split(/\s+/);
  for (const option of options) {
    const text = option.dataset.words.toLowerCase();
    const here = !option.dataset.press || document.querySelector(option.dataset.press);
    option.hidden = !option.dataset.search && !(here && words.every((word) => text.includes(word)));
  }
  for (const option of palette.querySelectorAll("[data-search]")) option.hidden = !search.value.trim();
  palette.querySelector(".nothing").hidden = shown().length > 0;
  choose(shown()[0]);
}

// By a link, as everywhere: a page that is a telephone lets it open in another tab.
function visit(address) {
  const link = Object.assign(document.createElement("a"), { href: address, hidden: true });
  palette.append(link);
  link.click();
  link.remove();
}

function act(option) {
  if (!option) return;
  palette.close();
  if (option.dataset.search) visit(option.dataset.search + encodeURIComponent(search.value.trim()));
  else if (option.dataset.href) visit(option.dataset.href);
  else document.querySelector(option.dataset.press)?.click();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  const dialog = document.getElementById(opener.dataset.opens);
  if (!dialog || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
  if (dialog === palette) {
    search.value = "";
    filter();
    search.focus();
  }
});

palette?.addEventListener("input", filter);
palette?.addEventListener("click", (event) => act(event.target.closest("[role=option]")));
palette?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const list = shown();
  const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && list.length) {
    event.preventDefault();
    choose(list[(at + step + list.length) % list.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    act(list[at]);
  }
});

document.addEventListener("click", (event) => event.target.matches("dialog") && event.target.close());
