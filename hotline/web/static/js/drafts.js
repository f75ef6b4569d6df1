// Drafts: what is typed into a form with data-draft is in this browser at once and on the server
// within a second, so that no crash, logout or closed window costs more; it comes back with a note.

const SOON = 400; // of quiet, before the server is told
const LATEST = 1000; // however fast somebody types
const SECRET = new Set(["csrf_token", "draft", "call", "version", "read"]);
const typed = new Map(); // key -> { fields, at, timer, since, sending }
const asked = new Set(); // keys the server was asked for

const forms = (root) => root.matches?.("form[data-draft]") ? [root] : [...(root.querySelectorAll?.("form[data-draft]") ?? [])];
const here = (key) => `draft:${document.body.dataset.actor}:${key}`;
const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour12: false });

function collect(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!SECRET.has(name) && typeof value === "string" && value) (fields[name] ??= []).push(value);
  }
  return fields;
}

// The server forgets the draft in the transaction that takes the form: the form names it.
document.addEventListener("formdata", (event) => {
  const key = event.target.dataset?.draft;
  if (key) event.formData.set("draft", key);
});

function mark(form, at, everywhere) {
  const place = form.closest("main")?.querySelector("[data-saved]");
  if (!place) return;
  place.dataset.where = everywhere ? "server" : "here";
  place.textContent = `${everywhere ? place.dataset.saved : place.dataset.savedHere} ${clock(at)}`;
}

async function tell(form, key, fields, keepalive = false) {
  const draft = typed.get(key);
  clearTimeout(draft.timer);
  draft.since = 0;
  draft.sending = new AbortController();
  const token = form.elements.csrf_token.value;
  try {
    const answer = await fetch(`/drafts/${encodeURIComponent(key)}`, {
      method: "POST", keepalive, signal: draft.sending.signal, body: JSON.stringify(fields),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
    if (!answer.ok || typed.get(key)?.fields !== fields) return;
    localStorage.removeItem(here(key)); // what the server has need not rest on a shared desk
    mark(form, (await answer.json()).at, true);
  } catch {
    // Not reached: the words stay in this browser, and the next key tries again.
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  const key = form.dataset.draft;
  const draft = typed.get(key) ?? {};
  const now = Date.now();
  Object.assign(draft, { fields: collect(form), at: now, since: draft.since || now });
  typed.set(key, draft);
  localStorage.setItem(here(key), JSON.stringify({ fields: draft.fields, at: now }));
  mark(form, now, false);
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => tell(form, key, draft.fields), Math.min(SOON, Math.max(draft.since + LATEST - now, 0)));
});

addEventListener("pagehide", () => {
  for (const form of forms(document)) {
    const draft = typed.get(form.dataset.draft);
    if (draft?.since) tell(form, form.dataset.draft, draft.fields, true);
  }
});

function fill(form, fields) {
  for (const [name, values] of Object.entries(fields)) {
    const found = [...form.elements].filter((field) => field.name === name);
    if (name === "demands") form.querySelector("[data-rows]")?.dispatchEvent(new CustomEvent("rows", { detail: values }));
    else if (/radio|checkbox/.test(found[0]?.type)) for (const field of found) field.checked = values.includes(field.value);
    else if (found[0] && !found[0].value) found[0].value = values[0];
  }
  form.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
}

async function kept(key) {
  const local = JSON.parse(localStorage.getItem(here(key)) ?? "null");
  try {
    const answer = await (await fetch(`/drafts/${encodeURIComponent(key)}`)).json();
    const remote = answer.fields && { fields: answer.fields, at: Date.parse(answer.at) };
    return local && (!remote || local.at > remote.at) ? local : remote;
  } catch {
    return local;
  }
}

async function restore(form) {
  const key = form.dataset.draft;
  if (typed.has(key)) fill(form, typed.get(key).fields); // the page drew the form anew
  if (asked.has(key)) return;
  asked.add(key);
  const found = await kept(key);
  if (!found || typed.has(key) || !form.isConnected) return;
  typed.set(key, { ...found });
  fill(form, found.fields);
  form.elements.category?.dispatchEvent(new Event("change", { bubbles: true }));
  mark(form, found.at, true);
  note(form, found.at);
}

function note(form, at) {
  const place = form.querySelector("[data-restored]");
  if (!place) return;
  const words = place.querySelector("[data-restored-words]");
  words.textContent = `${words.dataset.restoredWords} ${new Date(at).toLocaleString("sv-SE").slice(0, 16)}`;
  place.hidden = false;
}

function forget(key) {
  const draft = typed.get(key);
  clearTimeout(draft?.timer);
  draft?.sending?.abort();
  typed.delete(key);
  localStorage.removeItem(here(key));
}

document.addEventListener("click", async (event) => {
  const form = event.target.closest("[data-discard]")?.closest("form");
  if (!form) return;
  const key = form.dataset.draft;
  forget(key);
  typed.set(key, { fields: {} });
  await tell(form, key, {});
  location.reload();
});

// Sent: nothing may bring it back. Refused: it is kept as before.
document.addEventListener("submit", (event) => {
  const draft = typed.get(event.target.dataset?.draft);
  clearTimeout(draft?.timer);
  draft?.sending?.abort();
});
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response, status } = event.detail.ctx ?? {};
  const key = form?.dataset?.draft;
  if (!key || !form.matches("form")) return;
  const code = response?.status ?? status;
  if (code && code < 400) forget(key);
  else if (typed.has(key)) tell(form, key, typed.get(key).fields);
});

for (const form of forms(document)) restore(form);
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  const place = typeof target === "string" ? document.querySelector(target) : target;
  for (const form of forms(place ?? document)) restore(form);
  const around = place?.closest?.("form[data-draft]");
  if (place?.matches?.("[data-keeps-facts]") && typed.has(around?.dataset.draft)) fill(around, typed.get(around.dataset.draft).fields);
});
