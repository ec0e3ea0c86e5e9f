"""A picture of every page, at three widths, light and dark, into var/screenshots.

    make screenshots                         of the running demo (var/demo.json); without one, of a fresh demo, stopped at the end
    make screenshots ARGS="cart queue"       these pages alone
    make screenshots ARGS="--demo FILE"      of another demo
    make screenshots ARGS="--readme"         the README's three, light and small, into docs/img

The cart of the customer is filled by a short list first, so that there is something to see.
"""

from __future__ import annotations

import argparse
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from rich.console import Console
from rich.progress import track

from tests.browser.chromium import NoBrowserError, People, chromium
from tests.browser.sights import SIGHTS, Sight
from tests.stories.demo import demo_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = (360, 768, 1440)
MODES = ("light", "dark")
INTO = Path("var/screenshots")
README = {"queue": "queue", "search": "search-machine", "order": "order"}
README_INTO, README_MOST = Path("docs/img"), 150_000


def main() -> int:
    """Take them; 1 when a page could not be opened or no browser is there."""
    args, console = _arguments(), Console(highlight=False)
    wanted = [one for one in SIGHTS if one.name in (args.pages or [one.name])]
    INTO.mkdir(parents=True, exist_ok=True)
    try:
        with demo_for(args, console, seed=0) as demo, chromium() as browser:
            people = People(browser, demo)
            failures = _readme(people) if args.readme else _all(browser, people, wanted, args)
    except NoBrowserError as why:
        console.print(str(why))
        return 1
    for failure in failures:
        console.print(failure, style="red", markup=False)
    console.print(f"{len(list(INTO.glob('*.png')))} pictures in {INTO}")
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screenshots", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pages", nargs="*", choices=[[], *(one.name for one in SIGHTS)], help="only these")
    parser.add_argument("--demo", type=Path, help="the demo.json of a running demo")
    parser.add_argument("--fresh", action="store_true", help="start a demo of its own")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--modes", nargs="+", default=MODES, choices=MODES)
    parser.add_argument("--readme", action="store_true", help="the README's pictures, into docs/img")
    parser.set_defaults(real=False)
    return parser.parse_args()


def _all(browser: Browser, people: People, wanted: list[Sight], args: argparse.Namespace) -> list[str]:
    from playwright.sync_api import Error

    failures = []
    _fill_the_cart(people)
    for sight in track(wanted, description="Pages"):
        for width in args.widths:
            for mode in args.modes:
                with people.context(sight.who, width=width, mode=mode) as window:
                    page = window.new_page()
                    try:
                        sight.open(page, people.url)
                        page.screenshot(path=INTO / f"{sight.name}-{width}-{mode}.png", full_page=True)
                    except (Error, AssertionError) as why:
                        failures.append(f"{sight.name} at {width}, {mode}: {why}")
    return failures


def _readme(people: People) -> list[str]:
    """The first screen of three pages, in few colours: they travel with every clone."""
    named = {one.name: one for one in SIGHTS}
    for name, sight in README.items():
        with people.context(named[sight].who, width=1280) as window:
            page = window.new_page()
            page.set_viewport_size({"width": 1280, "height": 860})
            named[sight].open(page, people.url)
            picture = Image.open(BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(128).save(README_INTO / f"{name}.png", optimize=True)
    return [f"{one}: too big" for one in README_INTO.glob("*.png") if one.stat().st_size > README_MOST]


def _fill_the_cart(people: People) -> None:
    """Some lines as they come out of a spreadsheet: good ones, too many pieces, and a number nobody has."""
    for who in ("customer", "dealer"):
        with people.context(who) as window:
            page = window.new_page()
            page.goto(f"{people.url}cart/")
            if page.locator("article.line").count():
                continue
            page.goto(f"{people.url}search/?q=seal")
            numbers = page.locator(".results td:first-child a").all_inner_texts()[:6]
            page.goto(f"{people.url}quick-order/")
            page.fill("textarea[name=text]", "\n".join([*numbers, f"{numbers[0]}\t900", "NO-SUCH-NUMBER 1"]))
            page.click("main form .button")


if __name__ == "__main__":
    sys.exit(main())
