// The outline of a recording follows its player, and a click on it leads the player there.

const around = (part) => part.closest?.("[data-recording]");
const length = (player) => Number.isFinite(player.duration) ? player.duration : Number(player.dataset.length);

document.addEventListener(
  "timeupdate",
  ({ target }) => {
    const played = around(target)?.querySelector("[data-played]");
    played?.setAttribute("width", 480 * Math.min(1, target.currentTime / length(target)));
  },
  true, // news of a player does not rise
);

document.addEventListener("click", (event) => {
  const outline = event.target.closest?.("[data-outline]");
  const player = outline && around(outline).querySelector("audio");
  if (!player) return;
  const place = outline.getBoundingClientRect();
  player.currentTime = (length(player) * (event.clientX - place.left)) / place.width;
  player.play();
});
