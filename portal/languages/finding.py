"""Every string of the program that is marked for translation: in Python by gettext's names, in templates by Django's tags."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

from portal.languages.labels import CONTEXT, labels

_IN_CONTEXT = (1, "c")
# Function -> which of its arguments are texts, in Babel's way of saying it.
_MARKS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (_IN_CONTEXT, 2),
    "pgettext_lazy": (_IN_CONTEXT, 2),
    "npgettext": (_IN_CONTEXT, 2, 3),
    "npgettext_lazy": (_IN_CONTEXT, 2, 3),
}


def template() -> Catalog:
    """All messages, with the places that use them (`frontend/views/cart.py`, line)."""
    root, catalogue = Path(settings.BASE_DIR), Catalog()
    for path in files():
        text = path.read_text()
        if path.suffix != ".py":
            # What is no message becomes X and B as it stood; indented at random, it would be no Python to read.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))
        name = path.relative_to(root).as_posix()
        for line, message, comments, context in extract("python", BytesIO(text.encode()), _MARKS, ["Translators:"]):
            catalogue.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    for name in labels():
        catalogue.add(name, context=CONTEXT)
    return catalogue


def files() -> Iterator[Path]:
    """The program's modules and templates: where its words stand."""
    root = Path(settings.BASE_DIR)
    for app in sorted({name.split(".")[0] for name in settings.INSTALLED_APPS}):
        for path in sorted((root / app).rglob("*")):
            if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
                yield path
