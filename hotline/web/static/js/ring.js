// What the telephone tab lets be heard and seen: a ring, short signals, the window's title, a
// notification of the system. Browsers allow sound only after a press; going ready is that press.

// Each signal: when a note begins, in seconds, and its pitch.
const SIGNALS = {
  ring: [[0, 440], [0.4, 480]],
  hold: [[0, 520]],
  tick: [[0, 880]],
  lost: [[0, 330], [0.4, 330]],
};
const AGAIN = 2000;
const SOON = 1000; // a browser that means to give sound gives it at once
const title = document.title;

let audio = null;
let ringing = 0;

function play(name) {
  if (audio?.state !== "running") return;
  for (const [offset, pitch] of SIGNALS[name]) {
    const at = audio.currentTime + offset;
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.05);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.36);
    note.connect(volume).connect(audio.destination);
    note.start(at);
    note.stop(at + 0.4);
  }
}

function start(bar) {
  const loud = bar.dataset.loud !== undefined;
  if (loud) play("ring");
  let flash = false;
  ringing = setInterval(() => {
    if (loud) play("ring");
    flash = !flash;
    document.title = flash ? bar.dataset.ringing : title;
  }, AGAIN);
  if (document.hidden && window.Notification?.permission === "granted") {
    new Notification(bar.dataset.ringing, { tag: "call" });
  }
}

function stop() {
  clearInterval(ringing);
  ringing = 0;
  document.title = title;
}

function look() {
  const bar = document.getElementById("callbar");
  const rings = bar?.dataset.ringing !== undefined && document.documentElement.dataset.telephone === "here";
  if (rings && !ringing) start(bar);
  if (!rings && ringing) stop();
}

async function unlock() {
  audio ??= new AudioContext();
  if (audio.state !== "running") await audio.resume();
}

for (const press of ["click", "keydown"]) {
  document.addEventListener(press, () => unlock().catch(() => {}), { passive: true });
}

// `sound` asks for a signal by name; whoever wants to know whether it was heard awaits `detail.heard`.
document.addEventListener("sound", (event) => {
  const late = new Promise((_, fail) => setTimeout(fail, SOON, new Error("silent")));
  event.detail.heard = Promise.race([unlock(), late]).then(() => play(event.detail.name));
  event.detail.heard.catch(() => {});
});

look();
document.addEventListener("telephone", look);
document.addEventListener("htmx:after:swap", look);
