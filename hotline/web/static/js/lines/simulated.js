// The simulated line: the caller's words stand on the page, and the browser speaks them if wished.

const KEPT = "speaks";
let told = 0;
let call = "";

const wished = () => localStorage.getItem(KEPT) === "yes";
const lines = () => [...document.querySelectorAll("#words li:not(.from-us) p")].map((line) => line.textContent);

function speak() {
  const fresh = lines().slice(told);
  told += fresh.length;
  if (!wished() || document.documentElement.dataset.telephone !== "here") return;
  for (const words of fresh) {
    const said = new SpeechSynthesisUtterance(words);
    said.lang = "zh-CN";
    speechSynthesis.speak(said);
  }
}

function show() {
  for (const button of document.querySelectorAll("[data-speaks]")) button.setAttribute("aria-pressed", String(wished()));
}

function pressed(event) {
  if (!event.target.closest("[data-speaks]")) return;
  localStorage.setItem(KEPT, wished() ? "no" : "yes");
  if (!wished()) speechSynthesis.cancel();
  show();
}

function swapped() {
  show();
  speak();
}

export async function open() {
  close();
  told = lines().length; // what was said before this page is not said again
  show();
  document.addEventListener("click", pressed);
  document.addEventListener("htmx:after:swap", swapped);
}

export function follow(bar) {
  if (bar.dataset.call === call) return;
  call = bar.dataset.call;
  told = 0;
  window.speechSynthesis?.cancel();
}

export function close() {
  document.removeEventListener("click", pressed);
  document.removeEventListener("htmx:after:swap", swapped);
}
