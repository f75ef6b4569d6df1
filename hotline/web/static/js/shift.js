// The start of a shift: one press unlocks the sound, tries ring, network and what the line needs,
// and makes ready. Once tried, a line is not tried again in this tab.

const TRIED = "tried";
const RING = 800; // how long one ring sounds
const LONGEST = 8000; // for one of the checks
const root = document.documentElement;
const dialog = document.getElementById("shift");

const button = () => document.getElementById("go-ready"); // the bar may be drawn anew meanwhile
const chosen = () => document.getElementById("line").selectedOptions[0];

const CHECKS = {
  async sound() {
    const asked = new CustomEvent("sound", { detail: { name: "ring" } });
    document.dispatchEvent(asked);
    await asked.detail.heard;
    await new Promise((done) => setTimeout(done, RING));
  },
  async network() {
    const began = performance.now();
    const answer = await fetch(dialog.dataset.network, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return `${Math.round(performance.now() - began)} ms`;
  },
  async microphone() {
    const driver = await import(chosen().dataset.driver);
    await driver.microphone();
  },
  async line() {
    const asked = new CustomEvent("line", { detail: { address: chosen().dataset.driver } });
    document.dispatchEvent(asked);
    await asked.detail.opened;
  },
};

const late = () => new Promise((_, fail) => setTimeout(fail, LONGEST, new Error("")));

function show(row, result, text) {
  row.dataset.result = result;
  row.querySelector("output").textContent = text || row.dataset[result];
}

async function check(row) {
  show(row, "wait");
  try {
    show(row, "good", await Promise.race([CHECKS[row.dataset.check](), late()]));
    return true;
  } catch (error) {
    show(row, "bad", row.dataset.check === "line" && error.message);
    return false;
  }
}

function go() {
  sessionStorage.setItem(TRIED, chosen().value);
  dialog.close();
  if (root.dataset.telephone === "elsewhere") document.querySelector("[data-take-telephone]")?.click();
  button()?.form.requestSubmit(button());
}

async function tryAll() {
  for (const row of dialog.querySelectorAll("[data-check]")) {
    row.hidden = row.dataset.line !== undefined && row.dataset.line !== chosen().value;
  }
  const anyway = dialog.querySelector("[data-anyway]");
  anyway.hidden = true;
  dialog.showModal();
  if (window.Notification?.permission === "default") Notification.requestPermission();
  const rows = [...dialog.querySelectorAll("[data-check]:not([hidden])")];
  const good = await Promise.all(rows.map(check));
  if (!dialog.open) return;
  if (good.every(Boolean)) go();
  else anyway.hidden = rows.some((row) => row.dataset.check === "line" && row.dataset.result === "bad");
}

document.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "go-ready") return;
  if (sessionStorage.getItem(TRIED) === chosen().value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { onlyAt } = chosen().dataset;
  if (onlyAt && location.pathname !== onlyAt) location.href = `${onlyAt}#${chosen().value}`;
  else tryAll();
}, true);

dialog?.querySelector("[data-anyway]").addEventListener("click", go);

// Whoever chose a line that lives at the desk was led there: the choice comes along.
const brought = document.querySelector(`#line option[value="${CSS.escape(location.hash.slice(1))}"]`);
if (brought) brought.selected = true;
