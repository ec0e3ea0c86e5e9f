"""Why a file or a row could not be read, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "empty_file": (_("The file is empty."), _("Copy it again, then import again.")),
    "cut_off": (
        _("The file ends in the middle of a row: it was copied only in part."),
        _("Copy it again, then import again."),
    ),
    "growing": (
        _("The file is still being copied, or was changed while it was read."),
        _("Wait until it is complete, then import again."),
    ),
    "file_twice": (_("The folder has this table twice."), _("Leave one of the two files.")),
    "encoding_unclear": (
        _("The file is not Unicode, and its letters can be read in several ways."),
        _("Say which: --encoding with one of the names, or the encoding of the mapping. Or save the file as UTF-8."),
    ),
    "encoding_wrong": (
        _("The file cannot be read in the encoding that was named."),
        _("Name the encoding in which it was written, or save it as UTF-8."),
    ),
    "separator_unclear": (
        _("It is not clear what separates the columns."),
        _("Name the separator in a mapping, or save the file with commas."),
    ),
    "no_heading": (_("There is no heading where one was expected."), _("Put the names of the columns in one row.")),
    "column_twice": (_("Two columns have the same meaning."), _("Leave one of them, or rename the other.")),
    "encrypted": (_("The spreadsheet has a password."), _("Save it without a password.")),
    "old_excel": (_("This is a spreadsheet of Excel 2003 or older."), _("Save it as XLSX, or as CSV in UTF-8.")),
    "not_a_table": (_("The content is not a table."), _("Save it as CSV in UTF-8, or as XLSX.")),
    "damaged": (_("The file is damaged, or was copied only in part."), _("Copy or save it again, then import again.")),
    "bomb": (
        _("Unpacked, the file is far larger than a table is."),
        _("Split it, or send it as plain CSV if it really is that large."),
    ),
    "no_sheet": (_("The spreadsheet has no sheet of this name."), _("Correct the name in the mapping.")),
    "row_too_long": (
        _("The row, or a cell of it, is longer than a million characters."),
        _("Shorten it; perhaps a quote is missing where the text ends."),
    ),
    "quotes": (_("The quotes of this row do not match."), _("Close every quote, and double those inside a text.")),
    "too_few_cells": (
        _("The line has fewer cells than the heading."),
        _("Write a cell for every column, also for an empty one; or send the table as XLSX."),
    ),
    "not_unicode": (_("The row has bytes that are not UTF-8, unlike the rest."), _("Correct its letters.")),
    "control_character": (_("The row has a NUL character."), _("Remove it; perhaps the file is damaged here.")),
    "price_not_exact": (
        _("The price has more decimals than are kept."),
        _("Let the mapping write it for more pieces: price per 1000, or exact."),
    ),
    "price_type": (
        _("This type of price is not one of those we keep: net list prices, and net prices of customers."),
        _("Ask for net prices without tax; docs/deliveries.md names the types."),
    ),
    "aces_delete": (
        _("The file takes an application away; an import only adds and changes."),
        _("Take it out of the list of what fits in the admin."),
    ),
    "mapping_files": (
        _("The mapping is for one file of the folder."),
        _("Put one file of such a name into the folder, or correct the pattern of the mapping."),
    ),
    "title_missing": (
        _("The file lacks columns that its mapping names."),
        _("Correct the mapping, or ask for the file as it used to be."),
    ),
    "no_value": (
        _("The cell holds a formula whose result was not saved."),
        _("Open and save the file in a spreadsheet program, or write the value itself."),
    ),
    "cell_error": (_("The cell shows an error of the spreadsheet."), _("Correct the formula, or write the value.")),
}
