"""What the supervisor shows at the terminal."""

from __future__ import annotations

import threading

from rich.console import Console
from rich.text import Text

from portal.supervisor.child import Say

COLOURS = {"web": "cyan", "worker": "green", "beat": "magenta", "cards": "yellow", "portal": "bold"}
_one_at_a_time = threading.Lock()


def teller(console: Console) -> Say:
    """A `say(name, line)` that prefixes each line with the program it came from."""

    def say(name: str, line: str) -> None:
        with _one_at_a_time:
            console.print(Text.assemble((f"{name:>7} | ", COLOURS.get(name, "")), line), soft_wrap=True)

    return say
