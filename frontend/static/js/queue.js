// The queue by keys: j and k walk, p shows what to pick, s ships (or points at what holds it), x chooses. The carrier of the last hand-over stands in the next form.
// A slip's code begins with a digit: a scanner that types into the page finds its box by that.
const jobs = [...document.querySelectorAll(".job")];
let at = -1;
const carriers = document.querySelectorAll("input[name=ship-carrier]");
const go = (to) => {
  jobs[at]?.classList.remove("here");
  at = Math.min(Math.max(0, to), jobs.length - 1);
  jobs[at]?.classList.add("here");
  jobs[at]?.querySelector("a")?.focus({ preventScroll: true });
  jobs[at]?.scrollIntoView({ block: "nearest" });
};
const why = () => {
  const reason = jobs[at]?.querySelector(".why");
  reason?.setAttribute("tabindex", "-1");
  reason?.focus();
};
const toggle = (kind) => {
  if (at < 0) go(0);
  const box = jobs[at]?.querySelector(`details.${kind}`);
  if (!box) return why();
  box.open = !box.open;
  const first = box.querySelector("input:not([type=hidden])");
  if (box.open && first) (first.value ? box.querySelector("form button") : first).focus();
};
const choose = () => {
  if (at < 0) go(0);
  jobs[at]?.querySelector("input[name=order]")?.click();
};
const scan = document.getElementById("code");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest?.("details[open]")?.removeAttribute("open");
  if ((/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9]$/.test(event.key)) scan.focus();
  const act = { x: choose, j: () => go(at + 1), k: () => go(at - 1), p: () => toggle("pick"), s: () => toggle("ship") }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
const last = localStorage.getItem("carrier");
for (const one of carriers) if (last) one.value = last;
document.addEventListener("submit", (event) => {
  const one = event.target.querySelector("input[name=ship-carrier]");
  if (one) localStorage.setItem("carrier", one.value);
});
