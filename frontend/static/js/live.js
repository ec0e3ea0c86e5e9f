// Promise bars go on while a page is looked at: once a minute, and when the reader comes back to it. Never while nobody looks.
let asked = Date.now();
const refresh = () => {
  const bars = [...document.querySelectorAll("[data-promise]")].slice(0, 100);
  if (document.hidden || !bars.length || Date.now() - asked < 50000) return;
  asked = Date.now();
  const query = bars.map((bar) => `id=${bar.dataset.promise}`).join("&");
  htmx.ajax("GET", `${document.body.dataset.bars}?${query}`, { swap: "none", source: document.body });
};
setInterval(refresh, 60000);
document.addEventListener("visibilitychange", refresh);

// No connection, or no answer: said here, and what was typed stays.
const lost = document.getElementById("lost");
const tell = (broken) => () => {
  lost.hidden = !broken;
};
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, tell(true));
document.addEventListener("htmx:afterOnLoad", tell(false));
addEventListener("online", tell(false));
document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  tell(true)();
});
