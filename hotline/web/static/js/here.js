// Which field somebody is in is told to the others who have the same ticket open.
// A form that is about one thing names it in data-writing; else the field's own name counts.

let last = null; // the field that was typed in last
const place = () => document.querySelector("form.here");
const touched = (field) =>
  field.isConnected && (/radio|checkbox/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

document.addEventListener("input", (event) => {
  const here = place();
  const form = event.target.form;
  if (!here || !form || form.method !== "post" || form === here || !event.isTrusted) return;
  last = event.target;
  const field = form.dataset.writing ?? last.name;
  if (here.elements.field.value === field) return;
  here.elements.field.value = field;
  htmx.trigger(here, "writing");
});

// What was put away, sent or made as it was is not being written any more: so says the next beat.
document.addEventListener("htmx:before:request", (event) => {
  const here = place();
  if (event.detail.ctx.sourceElement !== here || !last || touched(last)) return;
  last = null;
  here.elements.field.value = "";
});
