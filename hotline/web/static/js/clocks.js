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

function tick() {
  const now = Date.now() + drift;
  for (const clock of document.querySelectorAll("[data-since]")) {
    clock.textContent = span((now - Date.parse(clock.dataset.since)) / 1000);
  }
  for (const clock of document.querySelectorAll("[data-until]")) {
    clock.textContent = span((Date.parse(clock.dataset.until) - now) / 1000);
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", tick);
