// A ringing call is heard and seen: a tone, the window's title, a system notification.
// Browsers allow sound only after a click; going ready is that click.

let audio = null;
let ringing = 0;
const title = document.title;

function tone() {
  if (!audio) return;
  const at = audio.currentTime;
  for (const [offset, pitch] of [[0, 440], [0.4, 480]]) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at + offset);
    volume.gain.exponentialRampToValueAtTime(0.12, at + offset + 0.05);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + offset + 0.36);
    note.connect(volume).connect(audio.destination);
    note.start(at + offset);
    note.stop(at + offset + 0.4);
  }
}

function start(bar) {
  tone();
  let flash = false;
  ringing = setInterval(() => {
    tone();
    flash = !flash;
    document.title = flash ? bar.dataset.ringing : title;
  }, 2000);
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
  const rings = bar?.dataset.ringing !== undefined;
  if (rings && !ringing) start(bar);
  if (!rings && ringing) stop();
}

document.addEventListener("click", () => {
  audio ??= window.AudioContext ? new AudioContext() : null;
  if (audio?.state === "suspended") audio.resume();
}, { passive: true });

look();
document.addEventListener("htmx:after:swap", look);
