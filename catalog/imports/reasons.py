"""Why a row was left out and what to do about it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from catalog.imports.media.words import WORDS as MEDIA
from catalog.imports.read.words import WORDS as READING

# reason -> (why, what to do)
WORDS = {
    "missing": (_("The cell is empty."), _("Fill it in.")),
    "not_a_number": (_("This is not a whole number."), _("Write digits only, for example 12.")),
    "not_an_amount": (
        _("This is not an amount."),
        _("Write digits with a point before the decimals, for example 12.50."),
    ),
    "not_a_date": (_("This is not a date."), _("Write year, month and day: 2026-05-31.")),
    "not_yes_or_no": (_("This is neither yes nor no."), _("Write yes or no.")),
    "too_long": (_("The text is too long."), _("Shorten it.")),
    "too_small": (_("The number is too small."), _("Correct it.")),
    "too_great": (_("The number is too great."), _("Correct it.")),
    "no_number": (_("A number without a letter or digit cannot be found again."), _("Write the real number.")),
    "repeated": (_("An earlier line of this file says something about the same thing."), _("Leave one line.")),
    "unknown_part": (_("There is no part of this number."), _("Add the part to parts.csv, or correct the number.")),
    "ambiguous_part": (_("Several parts have this number."), _("Name the maker, or write the number exactly.")),
    "of_a_maker": (
        _("A part of this number is known, of a maker; without one this row would make a second part."),
        _("Name its maker in the column maker."),
    ),
    "unknown_model": (_("There is no model of this code."), _("Add the model to models.csv, or correct the code.")),
    "unknown_warehouse": (
        _("There is no warehouse of this code."),
        _("Add it to warehouses.csv, or correct the code."),
    ),
    "unknown_company": (_("There is no company of this key."), _("Add it to companies.csv, or correct the key.")),
    "unknown_value": (_("This word is not one of those we know."), _("Use one of the words of docs/import.md.")),
    "itself": (_("A part cannot stand beside itself."), _("Correct one of the two numbers.")),
    "range": (_("The range ends before it begins."), _("Correct the bounds.")),
    "other_currency": (
        _("The list of that day exists in another currency."),
        _("Use its currency, or another first day."),
    ),
    "other_tax": (
        _("The list of that day exists with the other word on tax: with it, or without."),
        _("Say the same on every row, or choose another first day."),
    ),
    "overlap": (_("Another row is valid on some of these days."), _("Correct the days.")),
    "moved_already": (
        _("This stock has moved since it was opened; a file does not overrule movements."),
        _("Correct it by a count."),
    ),
    "column_missing": (_("The file has no such column."), _("Add the column; see docs/import.md.")),
    "too_many_cells": (_("The line has more cells than the heading."), _("Put text that holds commas between quotes.")),
    "not_allowed_here": (_("An import may not change this."), _("Do it in the admin.")),
    "circle": (
        _("By this line and others a part would replace itself."),
        _("Leave out the statement that does not hold any more."),
    ),
    "changed_meanwhile": (
        _("Somebody changed the same thing after the file was judged."),
        _("Bring the file again to see what is left to change."),
    ),
    "not_there": (_("The file cannot be opened."), _("Put it back, or bring the folder again.")),
    "file_changed": (
        _("The file has changed since it was first read; perhaps it is still being copied."),
        _("Wait until it is all there, then bring the folder again."),
    ),
    "changed_since": (_("It was changed after this import."), _("Correct it by hand, if it is to be as before.")),
    "in_use": (_("It is used by what this import did not make."), _("Remove that first, or leave both.")),
    "retired_instead": (
        _("The part is in use and cannot be deleted; it was retired."),
        _("Nothing, unless it is to be sold: then make it active again."),
    ),
    "moved_since": (_("The stock has moved or is held since it was opened."), _("Correct it by a count.")),
    "busy": (_("Somebody was changing the same things."), _("Run the import again.")),
    **READING,
    **MEDIA,
    "refused": (_("The database refused this row."), _("Compare it with docs/import.md.")),
}


def why(reason: str) -> str:
    """Why a row was left out."""
    return str(WORDS[reason if reason in WORDS else "refused"][0])


def what_to_do(reason: str) -> str:
    """What whoever made the file can do."""
    return str(WORDS[reason if reason in WORDS else "refused"][1])


def encodings(reason: str, details: str) -> list[str]:
    """The encodings a file can be read in, of a refusal that asks for one: `cp949, cp1252`, perhaps behind `file.csv: `."""
    if reason != "encoding_unclear":
        return []
    return [name for one in details.rpartition(":")[2].split(",") if (name := one.strip()) and name != "?"]


# question -> words, with the details it needs
QUESTIONS = {
    "many_missing": _(
        "{missing} of {active} active parts of these makers are missing from the file and would be retired. Is the file really whole?"
    ),
    "rows_left_out": _(
        "{missing} parts would be retired, but rows of the file were left out, and those parts may be among them. Retire them all the same?"
    ),
}


def question(asked: str, details: Mapping[str, object]) -> str:
    """What needs a yes before a run is applied."""
    return str(QUESTIONS[asked]).format(**details)
