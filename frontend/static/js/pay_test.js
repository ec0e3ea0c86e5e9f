// A demo's card form for the fake Stripe on this machine. It does not exist outside a demo.
const form = document.getElementById("pay");
const error = document.getElementById("pay-error");
const button = form.querySelector("button");
const words = button.textContent;
const typed = (name) => document.getElementById(`test-${name}`).value.replaceAll(" ", "");

function busy(on) {
  button.disabled = on;
  button.textContent = on ? button.dataset.busy : words;
}

function refuse(problem) {
  error.textContent = (problem && problem.message) || String(problem);
  error.hidden = false;
  busy(false);
}

function start() {
  const stripe = Stripe(form.dataset.key);
  form.hidden = false;
  if (form.dataset.asks) form.querySelectorAll(".field, .row").forEach((one) => one.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    busy(true);
    error.hidden = true;
    if (form.dataset.asks) {
      document.documentElement.style.colorScheme = "light"; // the fake bank's box knows no other
      await stripe.confirmCardPayment(form.dataset.secret);
      location.assign(form.dataset.back);
      return;
    }
    const card = { number: typed("number"), exp_month: typed("month"), exp_year: typed("year"), cvc: typed("code") };
    const told = await stripe.createToken({ value: { card } });
    if (told.error) return refuse(told.error);
    form.elements.token.value = told.token.id;
    form.submit();
  });
}

if (window.Stripe) start();
else document.getElementById("pay-away").hidden = false;
