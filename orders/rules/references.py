"""The payment reference of an order: its number with check digits (ISO 11649), and how it is found again in a bank's text. Pure."""

from __future__ import annotations

import re
import unicodedata

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

_RF = re.compile(r"RF\d{8,23}")
_INVOICE = re.compile(r"(?<![A-Z0-9])INV[\s./-]*(20\d\d)[\s./-]*(\d{6,9})(?!\d)")
_NUMBER = re.compile(r"(?<![A-Z0-9])\d{6,12}(?![A-Z0-9])")


def payment_reference(order_number: str) -> str:
    """`100001` -> `RF12100001`: a buyer's bank refuses it mistyped."""
    return f"RF{mod_97_10.calc_check_digits(f'{order_number}RF')}{order_number}"


def shown(reference: str) -> str:
    """In groups of four, as it is printed."""
    return " ".join(reference[place : place + 4] for place in range(0, len(reference), 4))


def order_numbers_in(text: str) -> list[str]:
    """Order numbers a bank's text may mean, the sure ones first: references whose check digits hold, then bare numbers.

    Banks pad, split and widen: full-width digits count as digits, blanks inside a reference do not count.
    """
    flat = unicodedata.normalize("NFKC", text).upper()
    close = re.sub(r"[\s./-]+", "", flat)
    sure = [found[4:].lstrip("0") for found in _RF.findall(close) for found in _prefixes(found)]
    return list(dict.fromkeys([*sure, *(number.lstrip("0") for number in _NUMBER.findall(flat))]))


def invoice_numbers_in(text: str) -> list[str]:
    """Invoice numbers a bank's text names, however they are spaced: `inv 2026 / 000007` is `INV-2026-000007`."""
    flat = unicodedata.normalize("NFKC", text).upper()
    return list(dict.fromkeys(f"INV-{year}-{int(count):06}" for year, count in _INVOICE.findall(flat)))


def _prefixes(text: str) -> list[str]:
    """A reference may run into the digits of a date: every beginning whose check digits hold, at least six digits long."""
    return [text[:end] for end in range(10, len(text) + 1) if iso11649.is_valid(text[:end])]
