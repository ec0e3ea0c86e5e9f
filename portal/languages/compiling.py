"""Catalogues for gettext made from `locale/*/LC_MESSAGES/django.po`, as Python makes `__pycache__`: at start, when older than their source.

`python -m portal.languages.compiling` does it where the program may not write when it runs (an image).
"""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

logger = logging.getLogger(__name__)
LOCALE = Path(__file__).resolve().parent.parent.parent / "locale"


def sources(locale: Path = LOCALE) -> list[Path]:
    """The catalogues people write, one a language."""
    return sorted(locale.glob("*/LC_MESSAGES/django.po"))


def catalogues_compile(locale: Path = LOCALE) -> list[Path]:
    """Compile every catalogue that changed since; the ones made.

    Several processes may do it at once: each writes a file of its own and puts it in place whole. Where nothing may be
    written, an old catalogue serves, and without one the words are English; the log says so.
    """
    made = []
    for source in sources(locale):
        target = source.with_suffix(".mo")
        try:
            if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            _compile(source, target)
            made.append(target)
        except OSError as error:
            logger.warning("%s cannot be compiled (%s): its words may be old, or English.", source, error)
    return made


def _compile(source: Path, target: Path) -> None:
    """As old as its source, so that one changed while we read is compiled again."""
    changed = source.stat().st_mtime_ns
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(number, "wb") as out:
            write_mo(out, catalogue)
        Path(name).chmod(0o644)
        os.utime(name, ns=(changed, changed))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    catalogues_compile()
