// "/" goes to the search, arrows walk its suggestions and results (Enter adds the part), Escape closes. Every page works without this file.
const search = document.getElementById("search");
const box = document.getElementById("suggestions");
const links = () => [...document.querySelectorAll(".walk")].filter((one) => one.checkVisibility());

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && search) {
    event.preventDefault();
    search.select();
    search.focus();
  }
  if (event.key === "Escape" && box?.contains(document.activeElement)) search.focus();
  if (event.key === "Escape" && box) box.replaceChildren();
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = links();
  const here = all.indexOf(document.activeElement);
  if (!all.length || (here < 0 && event.target !== search)) return;
  event.preventDefault();
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? search : all[Math.min(next, all.length - 1)]).focus();
});
document.addEventListener("focusin", (event) => {
  if (box && !event.target.closest(".search")) box.replaceChildren();
});
