// The payment provider's own card form. What became of a payment is asked by our server, never told by this page.
const form = document.getElementById("pay");
const error = document.getElementById("pay-error");
const button = form.querySelector("button");
const words = button.textContent;

function say(text) {
  error.textContent = text;
  error.hidden = !text;
}

function busy(on) {
  button.disabled = on;
  button.textContent = on ? button.dataset.busy : words;
}

function start() {
  const stripe = Stripe(form.dataset.key, { locale: form.dataset.language });
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance: { theme: night ? "night" : "stripe" } });
  elements.create("payment").mount("#card");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    busy(true);
    say("");
    const { error: refused } = await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.back } });
    if (refused && refused.type === "validation_error") {
      say(refused.message);
      busy(false);
      return;
    }
    location.assign(form.dataset.back); // the server says why, in words
  });
}

if (window.Stripe) start();
else document.getElementById("pay-away").hidden = false;
