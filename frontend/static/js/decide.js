// Work lists by keys: j and k go to the next and the earlier thing, a letter presses its button there; a button that needs words asks for them first.
const stops = [...document.querySelectorAll("[data-stop]")];
let leaving = false; // the next page is on its way: a key meant for it must not decide what still stands here
addEventListener("pageshow", () => (leaving = false));
const at = () => stops.findIndex((one) => one.ariaCurrent || one.contains(document.activeElement));
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (typing && event.key === "Escape") (event.target.closest("[data-stop]") ?? event.target).focus();
  if (typing && event.key === "Escape") return event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || leaving) return;
  const step = { j: 1, k: -1 }[event.key];
  const here = stops[at()];
  if (step) {
    const to = stops[at() + step];
    leaving = Boolean(to?.href);
    return leaving ? to.click() : to?.focus();
  }
  const scope = here?.matches("article") ? here : document.querySelector("#decide");
  const button = /^[a-z]$/.test(event.key) && scope?.querySelector(`[data-key=${event.key}]`);
  if (!button) return;
  event.preventDefault();
  const words = button.dataset.needs && scope.querySelector(`[name$=${button.dataset.needs}]`);
  if (words && !words.value.trim()) return words.focus();
  leaving = button.form?.checkValidity() ?? false;
  button.click();
});
