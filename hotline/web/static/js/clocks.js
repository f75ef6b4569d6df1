// Clocks that run: <time data-since="…"> counts up, <time data-until="…"> counts down to zero.
// Server and browser may disagree on the hour: what counts is the server's, sent with the page.

const served = Number(document.documentElement.dataset.now) * 1000;
const drift = served ? served - Date.now() : 0;

const two = (number) => String(number).padStart(2, "0");

function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// A clock with data-warn and data-limit takes those colours at so many seconds, counted up or
// down; one with data-gone takes its form away at zero; one with data-signal is heard at the first and at each further minute past it.
function colour(clock, seconds, down) {
  const past = (limit) => (down ? seconds <= limit : seconds >= limit);
  const { warn, limit, signal } = clock.dataset;
  if (warn === undefined) return;
  clock.dataset.level = past(Number(limit)) ? "act" : past(Number(warn)) ? "warn" : "";
  const whole = Math.floor(seconds);
  const due = down ? whole === Number(warn) : whole > 0 && whole % Number(warn) === 0;
  if (signal && due && clock.dataset.heard !== String(whole)) {
    clock.dataset.heard = String(whole);
    document.dispatchEvent(new CustomEvent("sound", { detail: { name: signal } }));
  }
}

function tick() {
  const now = Date.now() + drift;
  for (const clock of document.querySelectorAll("[data-since]")) {
    const seconds = (now - Date.parse(clock.dataset.since)) / 1000;
    clock.textContent = span(seconds);
    colour(clock, seconds, false);
  }
  for (const clock of document.querySelectorAll("[data-until]")) {
    const seconds = (Date.parse(clock.dataset.until) - now) / 1000;
    clock.textContent = span(seconds);
    colour(clock, seconds, true);
    if (clock.dataset.gone !== undefined && seconds <= 0) clock.closest("form").hidden = true;
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", tick);
