"""Price lists named in a file: which are new, which end because a new one begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.imports.stage import Stage
from catalog.rules.prices import ListDays, list_begins
from catalog.services.prices import price_list_name

_NAMED = ("market", "kind", "discount_class", "currency", "valid_from", "valid_to", "includes_tax")
_PLACE = ("market", "kind", "discount_class")
_SAME = " AND ".join(f"{column} IS NOT DISTINCT FROM %({column})s" for column in _NAMED)


@dataclass
class _List:
    """A list as it will be; `line` is that of the file which makes it or ends it."""

    id: int
    place: tuple[str, ...]
    currency: str
    name: str
    starts: date | None
    ends: date | None
    includes_tax: bool = False
    line: int = 0
    new: bool = False


def lists_publish(stage: Stage) -> dict[int, int]:
    """Plan the lists named in the stage, earliest first, and note their keys in its column `price_list_id`.

    Answers for each new list the one that ran until it begins. A list of that day in another currency refuses its rows.
    """
    stage.execute("ALTER TABLE stage ADD COLUMN price_list_id bigint")
    stage.execute(
        "UPDATE stage SET kind = upper(kind), discount_class = coalesce(discount_class, 'STANDARD'), includes_tax = coalesce(includes_tax, false)"
    )
    lists = [
        _known(row)
        for row in stage.known_rows("catalog_pricelist", "id", *_PLACE, "currency", "name", "valid", "includes_tax")
    ]
    before: dict[int, int] = {}
    wanted = stage.fetch(
        f"SELECT {', '.join(_NAMED)}, min(line) AS line FROM stage GROUP BY {', '.join(_NAMED)} ORDER BY valid_from, line"
    )
    for row in wanted:
        asked = {name: row[name] for name in _NAMED}
        found = _found(stage, lists, row, before)
        if found.currency != row["currency"]:
            stage.refuse_where(_SAME, "currency", "other_currency", asked)
        elif found.includes_tax != row["includes_tax"]:
            stage.refuse_where(_SAME, "includes_tax", "other_tax", asked)
        else:
            stage.execute(f"UPDATE stage SET price_list_id = %(list)s WHERE {_SAME}", {**asked, "list": found.id})
    _write(stage, [one for one in lists if one.line])
    return before


def meet(one: Any, other: Any) -> bool:
    """Have two half-open ranges of days a day in common?"""
    return (one.upper is None or other.lower is None or other.lower < one.upper) and (
        other.upper is None or one.lower is None or one.lower < other.upper
    )


def _known(row: dict[str, Any]) -> _List:
    place = tuple(str(row[name]) for name in _PLACE)
    return _List(
        row["id"], place, row["currency"], row["name"], row["valid"].lower, row["valid"].upper, row["includes_tax"]
    )


def _found(stage: Stage, lists: list[_List], row: dict[str, Any], before: dict[int, int]) -> _List:
    """The list that begins on the row's day, made if need be."""
    place = tuple(str(row[name]) for name in _PLACE)
    same = {one.id: one for one in lists if one.place == place}
    for one in same.values():
        if one.starts == row["valid_from"]:
            return one
    days = [ListDays(one.id, one.starts, one.ends) for one in same.values()]
    ends, ended = list_begins(days, row["valid_from"], row["valid_to"])
    name = price_list_name(row["market"], row["kind"], row["discount_class"], row["valid_from"])
    made = _List(
        stage.next_id("catalog_pricelist"),
        place,
        row["currency"],
        name,
        row["valid_from"],
        ends,
        row["includes_tax"],
        row["line"],
        new=True,
    )
    for end in ended:
        same[end.key].ends, same[end.key].line = end.ends, row["line"]
        before[made.id] = end.key
    lists.append(made)
    return made


def _write(stage: Stage, lists: list[_List]) -> None:
    """Those that end come first: two lists never share a day, not even for a moment."""
    for new in (False, True):
        rows = [
            {
                "line": one.line,
                "id": one.id,
                **dict(zip(_PLACE, one.place, strict=True)),
                "currency": one.currency,
                "name": one.name,
                "includes_tax": one.includes_tax,
                "valid": DateRange(one.starts, one.ends),
            }
            for one in lists
            if one.new is new
        ]
        stage.write_rows("catalog_pricelist", rows, key=["id"], update=["valid"])
