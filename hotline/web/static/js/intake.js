// The intake form: facts that depend on others, what the caller does not know, demands line by line.

// ---- what the caller does not know

function dim(tick) {
  const field = tick.closest(".field");
  field.classList.toggle("unknown", tick.checked);
  for (const control of field.querySelectorAll("input, textarea, select")) {
    if (control !== tick) control.disabled = tick.checked;
  }
}

// ---- a field that is asked only after a certain answer to another

function answered(form, name, answer) {
  const found = [...form.elements].filter((field) => field.name === name && !field.disabled);
  return found.some((field) => (/radio|checkbox/.test(field.type) ? field.checked && field.value === answer : field.value === answer));
}

function arrange(form) {
  for (const tick of form.querySelectorAll(".unsure input")) dim(tick);
  for (const field of form.querySelectorAll("[data-needs]")) {
    const [name, answer] = field.dataset.needs.split("=");
    field.hidden = !answered(form, name, answer);
  }
}

// ---- a complaint that names an employer is kept from the employer, unless somebody chose otherwise

function protect(form, changed) {
  if (changed?.name === "confidential_level") form.dataset.levelChosen = "yes";
  const levels = form.elements.confidential_level;
  if (!levels || form.dataset.levelChosen || form.elements.version) return;
  const against = form.elements.demand_type?.value === "complaint" && form.elements.employer?.value.trim();
  if (against && !levels.value) levels.value = "1";
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form");
  if (!form?.elements.narrative && !form?.querySelector("[data-keeps-facts]")) return;
  arrange(form);
  protect(form, event.target);
});
document.addEventListener("filled", (event) => arrange(event.target));
document.addEventListener("htmx:after:swap", () => {
  for (const facts of document.querySelectorAll("[data-keeps-facts]")) arrange(facts.closest("form"));
});
for (const facts of document.querySelectorAll("[data-keeps-facts]")) arrange(facts.closest("form"));

// ---- demands: Enter begins the next line, Backspace in an empty one goes back

function row(place, value = "") {
  const first = place.querySelector(".row-input");
  const next = first.cloneNode(true);
  next.querySelector("input").value = value;
  [...place.querySelectorAll(".row-input")].at(-1).after(next);
  number(place);
  return next.querySelector("input");
}

function number(place) {
  [...place.querySelectorAll(".row-input")].forEach((line, at) => { line.firstElementChild.textContent = at + 1; });
}

document.addEventListener("rows", (event) => {
  const [first, ...rest] = event.detail;
  if ([...event.target.querySelectorAll("input")].some((input) => input.value)) return;
  event.target.querySelector("input").value = first ?? "";
  for (const value of rest) row(event.target, value);
}, true);

document.addEventListener("keydown", (event) => {
  const input = event.target.closest?.("[data-rows] input");
  if (!input || event.isComposing || event.ctrlKey) return;
  const place = input.closest("[data-rows]");
  const lines = [...place.querySelectorAll("input")];
  if (event.key === "Enter") {
    event.preventDefault();
    const next = lines[lines.indexOf(input) + 1];
    (next ?? (input.value.trim() ? row(place) : input)).focus();
  } else if (event.key === "Backspace" && !input.value && lines.length > 1) {
    event.preventDefault();
    lines[Math.max(lines.indexOf(input) - 1, 0)].focus();
    input.closest(".row-input").remove();
    number(place);
  }
});
