// What is typed is kept while it is typed: by the server, so that it outlives a log-out, a crash and the other window; until the
// server has it, in this browser, for this person alone.
const form = document.querySelector("form[data-keep]");
const place = `keep:${form?.dataset.keeper}:${location.pathname}`;
const fields = () => [...(form?.elements ?? [])].filter((one) => one.name && !/^(hidden|file|submit)$/.test(one.type) && one.type !== "button");
const value = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value);
let waiting = {};
let timer;

const read = () => JSON.parse(localStorage.getItem(place) ?? "{}");
const note = () => {
  if (Object.keys(waiting).length) localStorage.setItem(place, JSON.stringify(waiting));
  else localStorage.removeItem(place);
};
const send = async () => {
  clearTimeout(timer);
  const sent = { ...waiting };
  if (!Object.keys(sent).length) return;
  const body = new URLSearchParams({ ...sent, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const headers = { "X-Background": "1" }; // nobody reads what is answered: logged out, no log-in page and no words for it
  const answer = await fetch(form.dataset.keep, { method: "POST", body, headers, keepalive: body.toString().length < 60000 }).catch(() => null);
  if (answer?.status !== 204) return;
  for (const [name, text] of Object.entries(sent)) if (waiting[name] === text) delete waiting[name];
  note();
};
const typed = (event) => {
  if (!fields().includes(event.target)) return;
  waiting[event.target.name] = value(event.target);
  note();
  clearTimeout(timer);
  timer = setTimeout(send, 400);
};

if (form) {
  waiting = read();
  for (const field of fields()) {
    if (!(field.name in waiting)) continue;
    if (field.type === "checkbox") field.checked = waiting[field.name] === "1";
    else field.value = waiting[field.name];
    field.closest("details")?.setAttribute("open", "");
  }
  send();
  form.addEventListener("input", typed);
  // A form that is judged anew with every choice says then what is wrong: what was said of the choice before is over.
  form.addEventListener("change", ({ target }) => {
    const field = form.hasAttribute("hx-post") && target.closest(".field.wrong");
    if (!field) return;
    field.classList.remove("wrong");
    for (const said of field.querySelectorAll(".error")) said.remove();
  });
  form.addEventListener("submit", () => navigator.onLine && localStorage.removeItem(place));
  document.addEventListener("submit", send, true);
  document.addEventListener("visibilitychange", () => document.hidden && send());
}
