"""Reads what banks send: CAMT.053 by defusedxml, and CSV by a profile of columns. Only money that came is answered. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MOST_LINES = 20_000
_OTHER = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x1f\x8b")  # workbooks and archives, PDF, gzip
LONGEST_CELL = 100_000  # letters; the csv module has a limit too, but one that anybody in the process may have moved
_GROUPS = "(?:OTHER|[ \u00a0\u202f'’])"  # what stands between groups of digits
_ABOUT = ("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Ustrd", "Refs/EndToEndId", "AddtlTxInf")  # what a payment says
COLUMNS = ("date", "amount", "currency", "text", "payer", "account", "id")


class BankFileError(ValueError):
    """The file cannot be read; `why` says what is wrong, `line` where."""

    def __init__(self, why: str, line: int = 0) -> None:
        self.why, self.line = why, line
        super().__init__(f"{why} at {line}")


@dataclass(frozen=True)
class Told:
    """One sum that came, as the bank tells it. `name` is the bank's own for it, where it has one; `counted`: its place in a statement."""

    value_on: date
    amount: Decimal
    currency: str
    text: str
    payer: str
    account: str
    name: str
    counted: bool = False

    def key(self, seen: dict[str, int], *, once: bool = False) -> str:
        """Names the sum over all files: by day, sum and the bank's name, else by all that is told, and its count among equals of one file.

        The name alone will not do: many banks count the entries of each statement from one. Such a count says nothing without
        the rest either; `once` it was taken for a name all the same, and stands in keys of that time.
        """
        told = (self.name,) if self.name else ()
        if not told or (self.counted and not once):
            told = (*told, self.text, self.payer, self.account)
        base = "|".join((self.value_on.isoformat(), str(self.amount.normalize()), self.currency, *told))
        seen[base] = seen.get(base, 0) + 1
        return hashlib.sha256(f"{base}#{seen[base]}".encode()).hexdigest()


@dataclass(frozen=True)
class Undone:
    """An entry by which the bank undid an earlier one. `came`: money that had left is here again; else money that had come is gone."""

    value_on: date
    amount: Decimal
    currency: str
    text: str
    came: bool

    @property
    def key(self) -> str:
        """Names it over all files."""
        told = (self.value_on.isoformat(), str(self.amount.normalize()), self.currency, self.text, str(self.came))
        return hashlib.sha256("|".join(told).encode()).hexdigest()


def read(data: bytes, profile: Mapping[str, Any]) -> tuple[str, list[Told]]:
    """The kind of file and the sums that came, in the file's order. Raises BankFileError."""
    if data.startswith(_OTHER):
        raise BankFileError("kind")
    if data.lstrip()[:1] == b"<":
        return "CAMT053", _limited(_camt(data))
    return "CSV", _limited(_csv(data, profile))


def _limited(rows: Iterable[Told]) -> list[Told]:
    found = []
    for row in rows:
        found.append(row)
        if len(found) > MOST_LINES:
            raise BankFileError("too_long", MOST_LINES)
    return found


def undone(data: bytes) -> list[Undone]:
    """What a camt.053 undoes of earlier entries; a CSV says nothing of that. Raises BankFileError."""
    if data.lstrip()[:1] != b"<":
        return []
    return [_camt_undone(entry, place) for entry, place, is_reversal in _camt_booked(data) if is_reversal]


def _camt(data: bytes) -> Iterator[Told]:
    """Booked credits of a camt.053 of any version; a batch is read by its single payments."""
    for entry, place, is_reversal in _camt_booked(data):
        if entry.findtext("CdtDbtInd") == "CRDT" and not is_reversal:
            yield from _camt_entry(entry, place)


def _camt_booked(data: bytes) -> Iterator[tuple[Any, int, bool]]:
    """(entry, its place, whether it undoes an earlier one) of what is booked."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BankFileError("xml") from error
    for one in root.iter():
        one.tag = one.tag.rsplit("}", 1)[-1]
    if root.find("BkToCstmrStmt") is None:
        raise BankFileError("no_statement")
    for place, entry in enumerate(root.iter("Ntry"), start=1):
        booked = (entry.findtext("Sts/Cd") or entry.findtext("Sts") or "BOOK").strip()
        if booked == "BOOK":
            yield entry, place, (entry.findtext("RvslInd") or "").strip() in ("true", "1")


def _camt_undone(entry: Any, place: int) -> Undone:
    whole = _camt_sum(entry.find("Amt"), place)
    if whole is None:
        raise BankFileError("amount", place)
    about = " ".join(text for node in (entry.findall("NtryDtls/TxDtls") or [entry]) for text in _texts(node, *_ABOUT))
    return Undone(_camt_day(entry, place), *whole, about[:500], entry.findtext("CdtDbtInd") == "CRDT")


def _camt_entry(entry: Any, place: int) -> Iterator[Told]:
    value_on = _camt_day(entry, place)
    name = _first(entry, "AcctSvcrRef", "NtryRef")
    is_counted = bool(name) and not _first(entry, "AcctSvcrRef")
    whole = _camt_sum(entry.find("Amt"), place)
    singles = entry.findall("NtryDtls/TxDtls")
    parts = [_camt_sum(_own_amount(one), place) for one in singles]
    if len(singles) < 2 or None in parts or _added(parts) != whole:  # one sum, whatever it is made of
        about, parts = [singles or [entry]], [whole]
    else:
        about = [[one] for one in singles]
    for number, (nodes, part) in enumerate(zip(about, parts, strict=True), start=1):
        if part is None:
            raise BankFileError("amount", place)
        own = f"{name}/{number}" if name and len(about) > 1 else name
        if part[0]:
            sure = _first(nodes[0], "Refs/AcctSvcrRef") if len(nodes) == 1 else ""
            yield _camt_told(nodes, value_on, *part, name=sure or own, counted=is_counted and not sure)


def _camt_day(entry: Any, place: int) -> date:
    return _day(_first(entry, "ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")[:10], "%Y-%m-%d", place)


def _own_amount(single: Any) -> Any:
    own = single.find("Amt")
    return single.find("AmtDtls/TxAmt/Amt") if own is None else own


def _camt_sum(node: Any, place: int) -> tuple[Decimal, str] | None:
    """Amount and currency; None where none is told. Below zero there is none in a statement: the sign stands beside it."""
    if node is None:
        return None
    amount = _amount(node.text or "", ".", place)
    if amount < 0:
        raise BankFileError("amount", place)
    return amount, (node.get("Ccy") or "").upper()


def _added(parts: Iterable[tuple[Decimal, str] | None]) -> tuple[Decimal, str] | None:
    """The sum of amounts in one currency; None for several."""
    told = [part for part in parts if part]
    currencies = {currency for _, currency in told}
    return (sum((amount for amount, _ in told), Decimal(0)), currencies.pop()) if len(currencies) == 1 else None


def _camt_told(nodes: list[Any], value_on: date, amount: Decimal, currency: str, *, name: str, counted: bool) -> Told:
    """A sum of one payment, or of several that only their whole is told of: then nobody in particular paid it."""
    payer = nodes[0] if len(nodes) == 1 else None
    return Told(
        value_on,
        amount,
        currency,
        " ".join(text for node in nodes for text in _texts(node, *_ABOUT))[:500],
        _first(payer, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm", "RltdPties/UltmtDbtr/Nm")[:200],
        _first(payer, "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")[:40],
        name,
        counted,
    )


def _first(node: Any, *paths: str) -> str:
    if node is None:
        return ""
    return next((text.strip() for path in paths if (text := node.findtext(path)) and text.strip()), "")


def _texts(node: Any, *paths: str) -> Iterator[str]:
    for path in paths:
        yield from (one.text.strip() for one in node.findall(path) if one.text and one.text.strip() != "NOTPROVIDED")


def _csv(data: bytes, profile: Mapping[str, Any]) -> Iterator[Told]:
    """Rows with a heading each of `COLUMNS` (those the profile names); what left the account is passed over."""
    try:
        text = data.decode(profile.get("encoding") or "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise BankFileError("encoding") from error
    if "\x00" in text:
        raise BankFileError("encoding")
    names = {column: profile.get(column) or column for column in COLUMNS}
    for place, row in _csv_rows(text, profile.get("delimiter") or ",", needed=(names["date"], names["amount"])):
        cells = {column: (row.get(name) or "").strip() for column, name in names.items()}
        if not any(cells.values()):
            continue
        amount = _amount(cells["amount"], profile.get("decimal") or ".", place)
        if amount > 0:
            day = _day(cells["date"], profile.get("date_format") or "%Y-%m-%d", place)
            currency = (cells["currency"] or profile.get("default_currency") or "").upper()
            yield Told(
                day, amount, currency, cells["text"][:500], cells["payer"][:200], cells["account"][:40], cells["id"]
            )


def _csv_rows(text: str, delimiter: str, *, needed: Collection[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(line, row). Strict: a quotation mark that is never closed would swallow the sums after it."""
    place = 1
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        if not set(needed) <= set(rows.fieldnames or ()):
            raise BankFileError("columns", 1)
        for row in rows:
            place = rows.line_num
            if any(len(cell) > LONGEST_CELL for cell in row.values() if isinstance(cell, str)):
                raise BankFileError("rows", place)
            yield place, row
    except csv.Error as error:
        raise BankFileError("rows", place + 1) from error
    except TypeError as error:  # a delimiter of several letters
        raise BankFileError("columns", 1) from error


def _amount(text: str, decimal: str, place: int) -> Decimal:
    """A number with groups of digits as banks write them; "1,50" where a point is the decimal sign is none, and not 150."""
    other = "." if decimal == "," else ","
    wanted = rf"[+-]?([0-9]+|[0-9]{{1,3}}(?:{_GROUPS}[0-9]{{2,3}})*{_GROUPS}[0-9]{{3}})(?:{re.escape(decimal)}[0-9]+)?"
    plain = text.strip()
    if not re.fullmatch(wanted.replace("OTHER", re.escape(other)), plain):
        raise BankFileError("amount", place)
    value = Decimal(re.sub(r"[^0-9+.-]", "", plain.replace(other, "").replace(decimal, ".")))
    if abs(value) >= 10**12 or value != round(value, 3):
        raise BankFileError("amount", place)
    return value


def _day(text: str, form: str, place: int) -> date:
    try:
        day = datetime.strptime(text, form).date()  # noqa: DTZ007  a bank's day has no hour
    except ValueError as error:
        raise BankFileError("date", place) from error
    if not 1970 <= day.year < 2200:
        raise BankFileError("date", place)
    return day
