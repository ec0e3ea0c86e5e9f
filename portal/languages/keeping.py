"""Catalogues kept in step with the program: new messages stand empty, gone ones go; sorted, so that two people's changes meet rarely."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

_HEAD = """\
# {name}: kept in step with the program by `make messages`; docs/languages.md says in which words.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def catalogue_read(path: Path) -> Catalog:
    """A language's catalogue; an empty one when there is none yet."""
    code = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as text:
        return read_po(text, locale=code)


def catalogue_update(path: Path, template: Catalog) -> None:
    """Bring the file in step with the program; a message is never guessed from a similar one."""
    catalogue = catalogue_read(path)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue_write(path, catalogue)


def catalogue_write(path: Path, catalogue: Catalog) -> None:
    """Write it without places and dates, which change with every edit and say nothing a translator needs."""
    code = path.parent.parent.name
    out = BytesIO()
    out.write(
        _HEAD.format(name=Locale.parse(code).get_display_name("en"), code=code, plural=catalogue.plural_forms).encode()
    )
    write_po(out, catalogue, no_location=True, omit_header=True, sort_output=True, width=120)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue().rstrip() + b"\n")
