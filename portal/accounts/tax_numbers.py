"""Tax numbers of companies: their form is checked here, who stands behind them only the country's register knows.

No register is asked by the program (VIES and the like are somebody else's servers): an accountant looks the number up and confirms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.jp import cn
from stdnum.kr import brn

from portal.accounts.models import Company, TaxNumberState
from portal.errors import Code, refusal

_UNION = {"EL", "GR"} | {code.upper() for code in vat.MEMBER_STATES}
COLUMNS = ("tax_number", "tax_number_state", "tax_number_checked_at", "tax_number_checked_by", "tax_number_means")
FORM = "form and check digits"
REGISTER = "the country's register"


def tax_number_form(*, number: str, country: str) -> str | None:
    """The number as it is written there, or None when it is none: of the Union's states, Korea and Japan; of others as typed.

    `country` is the company's. A number of the Union may leave out its letters.
    """
    typed = "".join(number.split()).upper()
    if country == "JP" or (typed.startswith("T") and typed[1:].isdigit()):
        return _formed(lambda: "T" + str(cn.validate(typed.removeprefix("T"))))
    if country == "KR":
        return _formed(lambda: str(brn.format(brn.validate(typed))))
    letters = typed[:2] if typed[:2].isalpha() else {"GR": "EL"}.get(country, country)
    if letters in _UNION:
        return _formed(lambda: str(vat.validate(typed if typed.startswith(letters) else letters + typed)))
    return typed or None


def _formed(read: Callable[[], str]) -> str | None:
    try:
        return read()
    except ValidationError:
        return None


def tax_number_facts(known: Mapping[str, Any], *, number: str, country: str, by: str, now: datetime) -> dict[str, Any]:
    """What a company knows of its tax number once `number` is given: the columns by name. The same number again changes nothing."""
    typed = "".join(number.split()).upper()
    formed = tax_number_form(number=typed, country=country.upper()) if typed else ""
    kept = (formed or typed)[:20]
    if kept == known["tax_number"] and known["tax_number_state"]:
        return dict(known)
    state = TaxNumberState.NONE if not kept else TaxNumberState.WELL_FORMED if formed else TaxNumberState.FAILED
    return {
        "tax_number": kept,
        "tax_number_state": state.value,
        "tax_number_checked_at": now if kept else None,
        "tax_number_checked_by": by[:200] if kept else "",
        "tax_number_means": FORM if kept else "",
    }


def company_tax_number_set(company: Company, *, number: str, by: str, now: datetime) -> None:
    """Note a number and what its form says; the caller saves."""
    known = {name: getattr(company, name) for name in COLUMNS}
    country = str(company.address.get("country", ""))
    for name, value in tax_number_facts(known, number=number, country=country, by=by, now=now).items():
        setattr(company, name, value)


def company_tax_number_confirm(*, company: Company, by: str, now: datetime) -> Company:
    """The country's register was asked by a person and knows the number. Raises WRONG_STATE for a number of wrong form."""
    if company.tax_number_state not in (TaxNumberState.WELL_FORMED, TaxNumberState.CONFIRMED):
        raise refusal(Code.WRONG_STATE, "company", "tax_number", state=str(company.tax_number_state))
    company.tax_number_state = TaxNumberState.CONFIRMED
    company.tax_number_checked_at, company.tax_number_checked_by = now, by[:200]
    if company.tax_number_means in ("", FORM):  # else whoever looked it up wrote down where
        company.tax_number_means = REGISTER
    company.save()
    return company
