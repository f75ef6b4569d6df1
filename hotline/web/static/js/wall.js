// The wall asks for itself every two seconds. When no answer has come for ten it says so and turns
// grey: an old number on a wall is worse than none.

const EVERY = 2000;
const OLD = 10_000;
let fresh = Date.now();

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, cache: "no-store" });
    if (answer.status === 403) return location.reload();
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("#wall").replaceWith(page.querySelector("#wall"));
    fresh = Date.now();
  } catch {
    if (Date.now() - fresh < OLD) return;
    document.querySelector("#wall").classList.add("stale");
    document.querySelector("#stopped").hidden = false;
  }
}

setInterval(look, EVERY);
