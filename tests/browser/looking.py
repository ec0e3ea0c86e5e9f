"""What is looked at on a page that is open: accessibility, weight, jumps, complaints, what sticks out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) window.shifted += one.value }))
  .observe({ type: "layout-shift", buffered: true });
"""
_STICKS_OUT = """() => {
  const room = document.documentElement.clientWidth;
  const right = (one) => one.getBoundingClientRect().right;
  const named = (one) => `${one.tagName.toLowerCase()}.${one.getAttribute("class") ?? ""}`;
  const rolls = (one) => one && one !== document.body && (/auto|scroll/.test(getComputedStyle(one).overflowX) || rolls(one.parentElement));
  const parts = [...document.querySelectorAll("main .card :is(.button, .tag, input, select, textarea)")];
  const out = parts.filter((one) => one.checkVisibility() && !rolls(one) && right(one) > right(one.closest(".card")) + 1);
  const told = out.slice(0, 8).map((one) => `out of its card: ${named(one)} ${one.innerText}`);
  if (document.documentElement.scrollWidth <= room) return told;
  const wide = [...document.body.querySelectorAll("*")].filter((one) => right(one) > room + 1);
  return ["the page", ...told].concat(wide.slice(0, 8).map(named));
}"""
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PHONE, DESK = 360, 1440
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@cache
def _axe() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


class Watch:
    """Weighs what a page loads and keeps its complaints; begun before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.page, self.complaints, self.weight = page, list[str](), 0
        page.add_init_script(_SHIFTS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", lambda done: self._weigh(done["encodedDataLength"]))

    def _hear(self, said: ConsoleMessage) -> None:
        """Errors and warnings; not of the icon a browser asks for by itself where a page is none of ours, as a letter is."""
        if said.type in ("error", "warning") and not said.location["url"].endswith("/favicon.ico"):
            self.complaints.append(said.text)

    def _weigh(self, bytes_: float) -> None:
        self.weight += int(bytes_)

    @property
    def shift(self) -> float:
        """How far the page jumped while it was made."""
        return float(self.page.evaluate("window.shifted"))


def violations(page: Page, *, colours: bool = False) -> list[str]:
    """What axe-core finds wrong, each with the first places; with `colours` by the rules about colours alone."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe())
    rules = _COLOURS if colours else _RULES
    found: list[dict[str, Any]] = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", rules)
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3]) for one in found
    ]


def accessible(page: Page) -> dict[str, list[str]]:
    """What is wrong on a phone and on a desk, in light and dark; of dark the colours, for they are all that differs."""
    wrong = {"sticks out": sticks_out(page)} if page.viewport_size and page.viewport_size["width"] == PHONE else {}
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        wrong[f"{width} light"] = violations(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        wrong[f"{width} dark"] = violations(page, colours=True)
    return {where: found for where, found in wrong.items() if found}


def sticks_out(page: Page) -> list[str]:
    """What makes the page scroll sideways, and what does not fit into its card; nothing when all fits."""
    return list(page.evaluate(_STICKS_OUT))
