"""How a story is told: steps, what was expected, what was seen, and at the end whether all of it was so."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape

from tests.stories.client import JOURNAL


class Stopped(Exception):  # noqa: N818  it says what happened
    """The story cannot go on; what failed is told already."""


@dataclass
class Teller:
    """Tells one story and counts what was not as expected."""

    console: Console
    failures: list[str] = field(default_factory=list)
    checks: int = 0

    def step(self, text: str) -> None:
        """What happens next."""
        self.console.print(f"  [bold]{escape(text)}[/bold]")

    def check(self, expectation: str, holds: object, seen: Any = None) -> bool:
        """One expectation. When it does not hold: the request, the answer and the expectation; the story goes on."""
        self.checks += 1
        if holds:
            self.console.print(f"    [green]ok[/green] {escape(expectation)}{escape(_tail(seen))}")
            return True
        self.failures.append(expectation)
        self.console.print(f"    [red]NO[/red] expected: {escape(expectation)}{escape(_tail(seen))}")
        if JOURNAL.last:
            self.console.print(f"       {escape(str(JOURNAL.last))}", style="dim", soft_wrap=True)
        return False

    def same(self, expectation: str, seen: Any, wanted: Any) -> bool:
        """Seen equals wanted."""
        return self.check(
            expectation, seen == wanted, seen if seen == wanted else f"seen {_text(seen)}, wanted {_text(wanted)}"
        )

    def need(self, expectation: str, holds: object, seen: Any = None) -> None:
        """An expectation without which the rest makes no sense."""
        if not self.check(expectation, holds, seen):
            raise Stopped(expectation)

    def refused(self, what: str, errors: list[dict[str, Any]], code: str, where: str | None = None) -> dict[str, Any]:
        """A refusal with this code, in words, naming the field; answers it."""
        found = next((one for one in errors if one["code"] == code), None)
        self.check(f"{what} is refused with {code}", found is not None, [(one["code"], one["field"]) for one in errors])
        if found is None:
            return {"field": None, "code": None, "message": "", "details": {}}
        if where is not None:
            self.same(f"{code} names the field {where}", found["field"], where)
        if not str(found["message"]).strip() or found["message"] == code:
            self.check(f"{code} comes with words", False, found["message"])
        return found


def _tail(seen: Any) -> str:
    return "" if seen is None or seen is True else f"  ({_text(seen)})"


def _text(value: Any, most: int = 300) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[:most]}..."
