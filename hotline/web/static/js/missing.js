// What a record still needs, as links in the call bar that lead to the fields.

const bar = () => document.getElementById("callbar");
const form = () => document.getElementById("intake");
const filled = (name) => form().elements[name]?.value.trim() !== "";

function look() {
  const links = [...(bar()?.querySelectorAll("[data-needed]") ?? [])];
  if (!links.length || !form()) return;
  for (const link of links) link.hidden = filled(link.dataset.needed);
  const missing = links.some((link) => !link.hidden);
  for (const said of bar().querySelectorAll("[data-while]")) said.hidden = (said.dataset.while === "missing") !== missing;
}

document.addEventListener("click", (event) => {
  const name = event.target.closest?.("[data-needed]")?.dataset.needed;
  const field = name && form()?.elements[name];
  if (!field) return;
  event.preventDefault();
  (field instanceof RadioNodeList ? field[0] : field).focus();
});

for (const name of ["input", "change", "htmx:after:swap"]) document.addEventListener(name, look);
look();
