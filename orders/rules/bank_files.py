"""Reads what banks send: CAMT.053 by defusedxml, and CSV by a profile of columns. Only money that came is answered. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MOST_LINES = 20_000
COLUMNS = ("date", "amount", "currency", "text", "payer", "account", "id")


class BankFileError(ValueError):
    """The file cannot be read; `why` says what is wrong, `line` where."""

    def __init__(self, why: str, line: int = 0) -> None:
        self.why, self.line = why, line
        super().__init__(f"{why} at {line}")


@dataclass(frozen=True)
class Told:
    """One sum that came, as the bank tells it. `name` is the bank's own for it, where it has one."""

    value_on: date
    amount: Decimal
    currency: str
    text: str
    payer: str
    account: str
    name: str

    def key(self, seen: dict[str, int]) -> str:
        """Names the sum over all files: by the bank's name, else by all that is told and its count among equals of one file."""
        base = self.name or "|".join(
            (
                self.value_on.isoformat(),
                str(self.amount.normalize()),
                self.currency,
                self.text,
                self.payer,
                self.account,
            )
        )
        seen[base] = seen.get(base, 0) + 1
        return hashlib.sha256(f"{base}#{seen[base]}".encode()).hexdigest()


def read(data: bytes, profile: Mapping[str, Any]) -> tuple[str, list[Told]]:
    """The kind of file and the sums that came, in the file's order. Raises BankFileError."""
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


def _camt(data: bytes) -> Iterator[Told]:
    """Booked credits of a camt.053 of any version; a batch is read by its single payments."""
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
        reversal = (entry.findtext("RvslInd") or "").strip() == "true"
        if entry.findtext("CdtDbtInd") == "CRDT" and booked == "BOOK" and not reversal:
            yield from _camt_entry(entry, place)


def _camt_entry(entry: Any, place: int) -> Iterator[Told]:
    value_on = _day(_first(entry, "ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")[:10], "%Y-%m-%d", place)
    name = _first(entry, "AcctSvcrRef", "NtryRef")
    singles = entry.findall("NtryDtls/TxDtls")
    for number, single in enumerate(singles or [entry], start=1):
        amount = single.find("Amt") if single.find("Amt") is not None else single.find("AmtDtls/TxAmt/Amt")
        if amount is None or len(singles) < 2:
            amount = entry.find("Amt")
        if amount is None:
            raise BankFileError("amount", place)
        own = _first(single, "Refs/AcctSvcrRef") or (f"{name}/{number}" if name and len(singles) > 1 else name)
        yield Told(
            value_on,
            _amount(amount.text or "", ".", place),
            (amount.get("Ccy") or "").upper(),
            " ".join(_texts(single, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Ustrd", "Refs/EndToEndId", "AddtlTxInf"))[
                :500
            ],
            _first(single, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm", "RltdPties/UltmtDbtr/Nm")[:200],
            _first(single, "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")[:40],
            own,
        )


def _first(node: Any, *paths: str) -> str:
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
    rows = csv.DictReader(io.StringIO(text), delimiter=profile.get("delimiter") or ",")
    names = {column: profile.get(column) or column for column in COLUMNS}
    missing = [names[one] for one in ("date", "amount") if names[one] not in (rows.fieldnames or ())]
    if missing:
        raise BankFileError("columns", 1)
    for place, row in enumerate(rows, start=2):
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


def _amount(text: str, decimal: str, place: int) -> Decimal:
    other = "." if decimal == "," else ","
    plain = text.replace(other, "").replace("\u00a0", "").replace(" ", "").replace(decimal, ".")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise BankFileError("amount", place) from error
    if not value.is_finite() or abs(value) >= 10**12 or value != round(value, 3):
        raise BankFileError("amount", place)
    return value


def _day(text: str, form: str, place: int) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007  a bank's day has no hour
    except ValueError as error:
        raise BankFileError("date", place) from error
