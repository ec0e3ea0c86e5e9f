"""The words of each kind of notice; the apps that send a kind register them, the reader's language is in force when they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.languages.writing import money, number, plain_day, plain_moment
from portal.notices.groups import Group

Template = LazyText | str


@dataclass(frozen=True)
class Words:
    """A notice as it is read."""

    title: str
    text: str


_SUMS = {"amount", "total", "open", "fee"}
_VALUES: dict[str, Callable[[str], str]] = {}
_TEMPLATES: dict[str, tuple[Template, Template]] = {}
_GROUPS: dict[str, Group] = {}
_PAGES: dict[str, str] = {}
_UNKNOWN: tuple[Template, Template] = (_("About {subject}"), _("There is news about {subject}."))


class _Known(dict[str, str]):
    """A value that is missing shows as a dash: half a notice is better than none."""

    def __missing__(self, key: str) -> str:
        return "–"


def register_notice_words(
    kind: str, title: Template, text: Template, *, group: Group = Group.ORDER, page: str = ""
) -> None:
    """Give a kind its words, its group, and the page (an address name without arguments) where something is done about it.

    `{name}` stands for `data[name]`, `{subject}` for what it is about.

    A value named `..._at` is an ISO instant, shown in the zone `data["zone"]`; one named `..._on` is an ISO date. Both are
    written as the reader's language does. So is a sum (`amount`, `total`, `open`, `fee`), in the currency `data["currency"]`.
    """
    _TEMPLATES[kind] = (title, text)
    _GROUPS[kind] = group
    if page:
        _PAGES[kind] = page


def register_value_words(name: str, words: Callable[[str], str]) -> None:
    """Say how a value named `name` (a code) is read: the app that owns the codes knows their words."""
    _VALUES[name] = words


def notice_kinds() -> list[str]:
    """Every kind that has words of its own."""
    return sorted(_TEMPLATES)


def notice_group(kind: str) -> Group:
    """The group a kind belongs to."""
    return _GROUPS.get(kind, Group.ORDER)


def kinds_of(group: str) -> list[str]:
    """The kinds of a group."""
    return sorted(kind for kind, one in _GROUPS.items() if one == group)


def notice_path(kind: str, subject_kind: str, subject: str) -> str:
    """The page where it is seen, or done something about; empty when there is none."""
    if kind in _PAGES:
        return reverse(_PAGES[kind])
    return reverse("order", args=[subject]) if subject_kind == "order" else ""


def notice_words(kind: str, subject: str, data: Mapping[str, Any]) -> Words:
    """The words in the language now in force; general ones for a kind nobody gave words to."""
    values = _Known({name: _readable(name, value, data) for name, value in data.items()} | {"subject": subject})
    title, text = (str(template).format_map(values) for template in _TEMPLATES.get(kind, _UNKNOWN))
    return Words(" ".join(title.split()), text)


def _readable(name: str, value: Any, data: Mapping[str, Any]) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):  # a name by language
        return str(value.get(get_language() or "en") or value.get("en", "–"))
    if name.endswith("_at") and isinstance(value, str):
        at = timezone.localtime(datetime.fromisoformat(value), _zone(data))
        return plain_moment(at)
    if name.endswith("_on") and isinstance(value, str):
        return plain_day(date.fromisoformat(value))
    if name in _VALUES:
        return _VALUES[name](str(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    if name in _SUMS and "currency" in data:
        return money(Decimal(str(value)), str(data["currency"]))
    return str(value)


def _zone(data: Mapping[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(str(data.get("zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
