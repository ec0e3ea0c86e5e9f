// Drawing and list light each other up; the drawing can be enlarged and moved. Balloons and numbers are links without this file.
const svg = document.querySelector(".drawing svg");
const all = [...document.querySelectorAll("[data-callout]")];
const light = (label) => all.forEach((one) => one.classList.toggle("lit", one.dataset.callout === label));
const near = (event) => event.target.closest("[data-callout]")?.dataset.callout;
for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => light(near(event)));

if (svg) {
  const whole = svg.viewBox.baseVal;
  const { width, height } = whole;
  const fingers = new Map();
  const show = (x, y, w) => {
    const wide = Math.min(width, Math.max(width / 8, w));
    const high = (wide * height) / width;
    whole.x = Math.min(Math.max(0, x), width - wide);
    whole.y = Math.min(Math.max(0, y), height - high);
    whole.width = wide;
    whole.height = high;
    svg.classList.toggle("zoomed", wide < width);
  };
  const zoom = (by, at = { x: 0.5, y: 0.5 }) => {
    const wide = by ? whole.width / by : width;
    const kept = Math.min(width, Math.max(width / 8, wide)) / whole.width;
    show(whole.x + whole.width * at.x * (1 - kept), whole.y + whole.height * at.y * (1 - kept), wide);
  };
  const share = (event) => {
    const box = svg.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const move = (dx, dy) => show(whole.x - dx * whole.width, whole.y - dy * whole.height, whole.width);

  const tools = document.querySelector(".drawing .tools");
  tools.classList.remove("waiting");
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.zoom) zoom(Number(button.dataset.zoom));
    if (button && "print" in button.dataset) print();
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, share(event));
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => fingers.set(event.pointerId, share(event)));
  svg.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) return;
    const is = share(event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const gap = (one) => Math.hypot(one.x - other.x, one.y - other.y);
      if (gap(was) > 0.01) zoom(gap(is) / gap(was), other);
    } else if (svg.classList.contains("zoomed")) {
      move(is.x - was.x, is.y - was.y);
    }
    fingers.set(event.pointerId, is);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(name, (event) => fingers.delete(event.pointerId));
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+") zoom(1.25);
    if (event.key === "-") zoom(0.8);
    if (event.key === "0") zoom(0);
    const step = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (step && svg.classList.contains("zoomed") && svg.contains(event.target)) {
      event.preventDefault();
      move(...step);
    }
  });
}
