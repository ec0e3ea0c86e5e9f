"""No page is wider than a phone, a tablet or a desk in any language, and no button or tag cuts its words off."""

from __future__ import annotations

import pytest

from tests.browser.chromium import People
from tests.browser.looking import sticks_out
from tests.browser.sights import SIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.usefixtures("prepared")]
WHO = sorted({one.who for one in SIGHTS if one.who})
_CUT = """() => [...document.querySelectorAll("main .button, main .tag, main th")]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map((one) => one.innerText)"""

# Sums in a table's cells that take two lines: "-" over "₩1,348,446".
_BROKEN = """() => { const found = [], walk = document.createTreeWalker(document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, text = node.data.trim();
    if (!/^[-−]?\\s*([A-Z]{2})?[₩¥￥€$]?[\\d,.]+\\s?€?$/.test(text)) continue;
    if (!node.parentElement.closest("td")?.checkVisibility()) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) found.push(text);
  }
  return found; }"""


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
@pytest.mark.parametrize("who", WHO)
def test_pages_keep_their_width_in_every_language(people: People, who: str, language: str):
    wrong = {}
    with people.reading(who, language), people.context(who, width=360) as window:
        page = window.new_page()
        for sight in (one for one in SIGHTS if one.who == who):
            sight.open(page, people.url)
            for width in (360, 640, 768, 1280):  # 768: the narrowest on which a table is one
                page.set_viewport_size({"width": width, "height": 900})
                wrong[f"{sight.name} {width}"] = [*sticks_out(page), *page.evaluate(_CUT), *page.evaluate(_BROKEN)]
    assert {name: found for name, found in wrong.items() if found} == {}
