// The board by keys: h j k l walk, m opens what moves a card on, Enter opens the card. Lists and forms work without this file.
const columns = [...document.querySelectorAll(".board section")].map((one) => [...one.querySelectorAll(".tile")]);
const place = () => {
  const tile = document.activeElement.closest(".tile");
  const x = columns.findIndex((one) => one.includes(tile));
  return x < 0 ? null : { x, y: columns[x].indexOf(tile) };
};
const go = (x, y) => columns[x]?.[Math.min(y, columns[x].length - 1)]?.querySelector("a").focus();
const aside = (from, step) => {
  let x = from + step;
  while (columns[x] && !columns[x].length) x += step;
  return x;
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.activeElement.closest("details.move[open]");
    open?.removeAttribute("open");
    open?.closest(".tile").querySelector("a").focus();
  }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!["h", "j", "k", "l", "m"].includes(event.key)) return;
  event.preventDefault();
  const at = place();
  if (!at) return go(aside(-1, 1), 0);
  if (event.key === "j") go(at.x, at.y + 1);
  if (event.key === "k") go(at.x, Math.max(0, at.y - 1));
  if (event.key === "l") go(aside(at.x, 1), at.y);
  if (event.key === "h") go(aside(at.x, -1), at.y);
  const move = event.key === "m" && columns[at.x][at.y].querySelector("details.move");
  if (!move) return;
  move.open = true;
  move.querySelector("input:not([type=hidden]), button").focus();
});
