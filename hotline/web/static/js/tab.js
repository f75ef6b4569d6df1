// One tab is the telephone: it rings, and on the browser line it speaks. The others say so.
// Where the browser has no locks (a page without https), each tab takes itself for the telephone.

const NAME = "telephone";
const RETURN = 1500; // a tab that only loads its next page is back sooner
const root = document.documentElement;
const bar = () => document.getElementById("callbar");

let turn = 0;

function be(where) {
  root.dataset.telephone = where;
  document.dispatchEvent(new Event("telephone"));
}

const pause = (length) => new Promise((done) => setTimeout(done, length));
const forever = () => new Promise(() => {});

// A line that lives in one page of ours names it; no other page can be the telephone.
const able = () => !bar().dataset.onlyAt || location.pathname === bar().dataset.onlyAt;

function hold() {
  sessionStorage.setItem(NAME, "here");
  be("here");
  return forever();
}

async function lost() {
  turn += 1;
  be("elsewhere");
  if (able()) await waitFor(turn);
}

// The tab that was the telephone is gone: whoever waited longest is it, unless it comes back.
async function waitFor(mine) {
  const after = async () => {
    await pause(RETURN);
    if (mine === turn) await hold();
  };
  await navigator.locks.request(NAME, after).catch(lost);
}

async function take() {
  turn += 1;
  await navigator.locks.request(NAME, { steal: true }, hold).catch(() => {
    sessionStorage.removeItem(NAME);
    return lost();
  });
}

function begin() {
  if (!navigator.locks) be("here");
  else if (!able()) be("elsewhere");
  else if (sessionStorage.getItem(NAME)) take();
  else navigator.locks.request(NAME, { ifAvailable: true }, (free) => (free ? hold() : void lost())).catch(lost);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-take-telephone]")) return;
  if (able()) take();
  else {
    sessionStorage.setItem(NAME, "here");
    location.href = bar().dataset.onlyAt;
  }
});

if (bar()) begin();
