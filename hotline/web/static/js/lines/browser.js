// The browser line: this page is the operator's telephone, through the carrier's own SDK, which
// is loaded only here. Its own sounds are silent: the page rings for every line alike.

const SOUNDS = ["disconnect", "incoming", "outgoing", ..."0123456789sh"].map((key) => (key.length > 1 ? key : `dtmf${key}`));
const EARLY = 60000; // before its pass runs out, the page asks for the next

let device = null;
let call = null; // the leg that has come in
let bar = null;
let told = () => {};

async function pass(address) {
  const own = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const answer = await fetch(address, { method: "POST", headers: { ...own, "HX-Request": "true" } });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text).token;
  throw new Error(new DOMParser().parseFromString(text, "text/html").body.textContent.trim());
}

function load(address) {
  if (window.Twilio) return Promise.resolve();
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => fail(new Error(address));
    document.head.append(script);
  });
}

// The carrier rings this page once its operator has pressed answer; a leg nobody asked for waits.
export function answer() {
  if (call?.status() !== "pending") return;
  call.accept();
  told(true);
}

function answerIfAsked() {
  if (bar.dataset.accepted !== undefined) answer();
}

export function leave() {
  call?.disconnect();
}

function come(leg) {
  call = leg;
  leg.on("reconnecting", () => told(false));
  leg.on("reconnected", () => told(true));
  for (const end of ["cancel", "disconnect", "reject", "error"]) {
    leg.on(end, () => { call = null; });
  }
  answerIfAsked();
}

async function register() {
  const where = bar.dataset;
  const sounds = Object.fromEntries(SOUNDS.map((name) => [name, new URL(where.silence, location.href).href]));
  device = new window.Twilio.Device(await pass(where.pass), {
    sounds, tokenRefreshMs: EARLY, closeProtection: true, logLevel: "error",
  });
  device.on("incoming", come);
  device.on("registered", () => told(true));
  device.on("unregistered", () => told(false));
  device.on("error", () => told(device?.state === "registered"));
  device.on("tokenWillExpire", async () => device.updateToken(await pass(where.pass)));
  await device.register();
}

// A link would end the telephone with its page: it opens in a tab of its own.
function elsewhere(event) {
  const link = event.target.closest?.("a[href]");
  if (link && !link.target) link.target = "_blank";
}

export async function microphone() {
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of sound.getTracks()) track.stop();
}

export async function open(place, tell) {
  bar = place;
  told = tell;
  if (device) return;
  await load(place.dataset.sdk);
  await register();
  document.addEventListener("click", elsewhere, true);
}

export function follow(place) {
  bar = place;
  answerIfAsked();
  if (call?.status() === "open") call.mute(place.dataset.muted !== undefined);
}

export function digits(key) {
  if (call?.status() === "open") call.sendDigits(key);
}

export function close() {
  document.removeEventListener("click", elsewhere, true);
  device?.destroy();
  device = call = null;
}
