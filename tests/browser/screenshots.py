"""A picture of every page, at three widths, light and dark, into var/screenshots.

    make screenshots                         of the running demo (var/demo.json); without one, of a fresh demo, stopped at the end
    make screenshots ARGS="cart queue"       these pages alone
    make screenshots ARGS="--languages ko ja"  as readers of Korean and Japanese see them
    make screenshots ARGS="--demo FILE"      of another demo
    make screenshots ARGS="--readme"         the README's three, light and small, into docs/img

Before, carts are filled, a list is saved, an import is brought (prepared.py), so that there is something to see.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.progress import track

from tests.browser.chromium import NoBrowserError, People, chromium
from tests.browser.prepared import prepare
from tests.browser.sights import SIGHTS, Sight
from tests.stories.demo import demo_for

WIDTHS = (360, 768, 1440)
MODES = ("light", "dark")
LANGUAGES = ("en", "ko", "ja")
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
            failures = _readme(people) if args.readme else _all(people, wanted, args)
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
    parser.add_argument("--languages", nargs="+", default=["en"], choices=LANGUAGES)
    parser.add_argument("--readme", action="store_true", help="the README's pictures, into docs/img")
    parser.set_defaults(real=False)
    return parser.parse_args()


def _all(people: People, wanted: list[Sight], args: argparse.Namespace) -> list[str]:
    prepare(people)
    failures: list[str] = []
    turns = _turns(people, wanted, args.languages)
    for sight, language in track(turns, description="Pages", total=len(wanted) * len(args.languages)):
        for width, mode in product(args.widths, args.modes):
            failures += _taken(people, sight, language, width, mode)
    return failures


def _turns(people: People, wanted: list[Sight], languages: list[str]) -> Iterator[tuple[Sight, str]]:
    """Page after page of one reader, whose account reads the language meanwhile."""
    for language, who in product(languages, dict.fromkeys(one.who for one in wanted)):
        with people.reading(who, language):
            yield from ((one, language) for one in wanted if one.who == who)


def _taken(people: People, sight: Sight, language: str, width: int, mode: str) -> list[str]:
    """One picture; why not, when there is none."""
    from playwright.sync_api import Error

    named = "" if language == "en" else f"{language}-"
    with people.context(
        sight.who, width=width, mode=mode, language="en-GB" if language == "en" else language
    ) as window:
        page = window.new_page()
        try:
            sight.open(page, people.url)
            page.screenshot(path=INTO / f"{named}{sight.name}-{width}-{mode}.png", full_page=True)
        except (Error, AssertionError) as why:
            return [f"{sight.name} at {width}, {mode}, {language}: {why}"]
    return []


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


if __name__ == "__main__":
    sys.exit(main())
