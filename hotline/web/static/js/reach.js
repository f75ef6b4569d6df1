// Whom a caller can be joined with: the search narrows the list, the arrows choose, Enter rings.

const dialog = document.getElementById("reach-dialog");

const lines = (form) => [...form.querySelectorAll(".targets li")];
const shown = (form) => lines(form).filter((line) => !line.hidden);
const radio = (line) => line?.querySelector("input");

function choose(line) {
  const field = radio(line);
  if (!field) return;
  field.checked = true;
  line.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-reach]");
  if (!form || event.target.type !== "search") return;
  const words = event.target.value.trim().toLowerCase().split(/\s+/);
  for (const line of lines(form)) line.hidden = !words.every((word) => line.textContent.toLowerCase().includes(word));
  form.querySelector(".nothing").hidden = shown(form).length > 0;
  if (!shown(form).some((line) => radio(line).checked)) choose(shown(form)[0]);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-reach]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!form || !step || event.isComposing || event.target.type !== "search") return;
  const list = shown(form);
  event.preventDefault();
  choose(list[(list.findIndex((line) => radio(line).checked) + step + list.length) % list.length]);
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id === "reach-body") document.getElementById("reach-search").focus();
});
document.addEventListener("desk", () => dialog?.close());
