// The softphone: in the telephone tab, the driver of the operator's line follows the call bar.
//
// A driver is a module with three functions, and where it has one `microphone`, and what a
// button of the page does on the line itself: digits(key), answer(), leave():
//   open(bar, tell)  get ready to ring; later tell(false) says the line is lost, tell(true) it is back
//   follow(bar)      the call bar has changed: answer, mute, speak as its data-* say
//   close()          let go of the line

const root = document.documentElement;
const bar = () => document.getElementById("callbar");
let driver = null;
let address = "";

function tell(good) {
  const was = root.dataset.line;
  root.dataset.line = good ? "good" : "lost";
  if (!good && was === "good") document.dispatchEvent(new CustomEvent("sound", { detail: { name: "lost" } }));
}

function close() {
  driver?.close();
  driver = null;
  address = "";
  delete root.dataset.line;
}

async function open(chosen) {
  if (address && address !== chosen) close();
  address = chosen;
  driver = await import(chosen);
  await driver.open(bar(), tell);
  tell(true);
}

async function look() {
  const { state, driver: wanted } = bar().dataset;
  if (state === "offline" || root.dataset.telephone !== "here") {
    close();
    return;
  }
  try {
    if (wanted !== address) await open(wanted);
    driver?.follow(bar());
  } catch {
    address = "";
    tell(false);
  }
}

look();
document.addEventListener("telephone", look);
document.addEventListener("line", (event) => { event.detail.opened = open(event.detail.address); });
document.addEventListener("htmx:after:swap", (event) => event.detail.ctx.target?.id === "callbar" && look());
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-line-again]")) look();
  const key = event.target.closest("[data-digit]");
  if (key) driver?.digits?.(key.dataset.digit);
  if (event.target.closest("[data-line-answer]")) driver?.answer?.();
  if (event.target.closest("[data-line-leave]")) driver?.leave?.();
});
