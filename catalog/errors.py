"""Finer words for refusals about the catalogue."""

from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words

register_words(
    {
        (Code.INVALID, "range"): _("The last day lies before the first."),
        (Code.INVALID, "other_currency"): _(
            "The price list of that day is in {currency}. Use that currency, or another first day."
        ),
        (Code.INVALID, "nothing_to_provision"): _("Bring in warehouses and prices first: the store is set up by them."),
        (Code.INVALID, "no_file"): _("No file in {folder} is one we know. docs/import.md lists their names."),
        (Code.INVALID, "not_complete"): _(
            "Only parts can be said to be complete, and only when there is such a file. Leave out: {stems}."
        ),
        (Code.INVALID, "upload_no_table"): _(
            "None of the files has the name of a table the portal knows, as parts.csv or prices.xlsx. Read it by a mapping, or rename it and send it again."
        ),
        (Code.INVALID, "upload_none"): _("Choose at least one file."),
        (Code.INVALID, "upload_suffix"): _(
            "{file} is no table we can read. Send CSV, CSV.GZ, TSV, XLSX, XML, or a folder of them as one ZIP."
        ),
        (Code.INVALID, "upload_name"): _("The name {file} is too long or has characters nobody sees. Rename the file."),
        (Code.INVALID, "upload_twice"): _("There are two files of the name {file}. Leave one of them."),
        (Code.INVALID, "upload_too_large"): _(
            "The upload is larger than {most} MB. Pack the files as CSV.GZ or ZIP, or send them in parts."
        ),
        (Code.INVALID, "upload_unpacked"): _("Unpacked, the ZIP has more than {most} MB. Send its files in parts."),
        (Code.INVALID, "upload_too_many"): _("These are more than {most} files. Send those that are tables of ours."),
        (Code.INVALID, "upload_zip_alone"): _("Send a ZIP alone, or the files without it."),
        (Code.INVALID, "upload_zip_damaged"): _("The ZIP is damaged, or was copied only in part. Pack it again."),
        (Code.INVALID, "upload_zip_nested"): _("The ZIP holds another archive, {file}. Pack the tables themselves."),
        (Code.INVALID, "upload_zip_outside"): _(
            "The ZIP holds a link or a path out of its folder: {file}. Pack it again."
        ),
        (Code.INVALID, "upload_zip_locked"): _("The ZIP has a password. Pack it without one."),
        (Code.INVALID, "upload_zip_empty"): _("The ZIP holds no table. Pack CSV, CSV.GZ, TSV or XLSX files."),
        (Code.INVALID, "mapping_gone"): _("There is no mapping {name} any more. Choose another one."),
        (Code.BUSY, "upload_disk_full"): _(
            "The portal’s disk is full; nothing was kept. Ask for room, then send it again."
        ),
        (Code.BUSY, "import_asked"): _("Something is being done with this import right now. Wait until it is done."),
        (Code.BUSY, "import_failed"): _(
            "The portal failed at this import; the reason is in its log. What was done is kept: go on with it, or take it back."
        ),
        (Code.INVALID, "needs_yes"): _("The summary asks a question. Answer it with a yes, or correct the file."),
        (Code.BUSY, "import_running"): _("Another import is running. Wait until it is done."),
        (Code.BUSY, "import_waits"): _(
            "Somebody holds the rows that import {run} is to change. Go on with it in a moment."
        ),
        (Code.BUSY, "import_stopped"): _(
            "The database stopped import {run}. What it did so far is kept; go on with it when the database is well."
        ),
        (Code.BUSY, "disk_full"): _(
            "The database's disk is full; import {run} stands still and nothing is half done. Make room, then go on with it."
        ),
        (Code.WRONG_STATE, "import_state"): _("This import is {state}; it cannot be done with it now."),
        (Code.WRONG_STATE, "import_unfinished"): _("Import {run} is half done. Go on with it or take it back first."),
        (Code.WRONG_STATE, "not_uploaded"): _("The files of this import are not here any more. Send them again."),
        (Code.WRONG_STATE, "judged_anew"): _(
            "The catalogue has changed since this import was judged. It was judged again: look at the summary anew."
        ),
        (Code.INVALID, "reason_missing"): _("Say why, so that the next person knows."),
        (Code.INVALID, "mapping_pattern_missing"): _("Say which files the mapping is for, as pricelist*.xlsx."),
        (Code.INVALID, "mapping_encoding_unknown"): _("“{value}” is no encoding. Write for example cp1252 or cp949."),
        (Code.INVALID, "mapping_separator_unknown"): _(
            "Columns are separated by comma, semicolon, tab or bar. Leave it empty to have it found."
        ),
        (Code.INVALID, "mapping_header_row"): _("The heading stands in one of the first thousand rows."),
        (Code.INVALID, "mapping_date_format"): _(
            "“{value}” does not write a day so that it can be read again. Write for example %d.%m.%Y."
        ),
        (Code.INVALID, "mapping_tables_missing"): _("Name at least one of our tables and its columns."),
        (Code.INVALID, "mapping_table_unknown"): _("There is no table {value}. docs/import.md lists them."),
        (Code.INVALID, "mapping_table_form"): _(
            "A table has columns, constants, values and price_per, all of them texts. See docs/deliveries.md."
        ),
        (Code.INVALID, "mapping_column_unknown"): _("This table has no column {value}."),
        (Code.INVALID, "mapping_column_and_constant"): _(
            "{value} comes from a column or is the same everywhere, not both."
        ),
        (Code.INVALID, "mapping_column_needed"): _(
            "{value} is needed: name its column, or write what it is everywhere."
        ),
        (Code.INVALID, "mapping_price_per"): _("Write a whole number of pieces, or “exact”."),
        (Code.INVALID, "mapping_price_per_here"): _("{value} has no prices per quantity."),
        (Code.OUT_OF_STOCK, "held"): _(
            "{held} pieces are held for open orders, {onHand} are there. Release orders first, or take less away."
        ),
    }
)
