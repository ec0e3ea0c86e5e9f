"""Tax numbers: form and check digits here, the register by a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.accounts.models import Company
from portal.accounts.tax_numbers import company_tax_number_confirm, company_tax_number_set, tax_number_form
from portal.errors import PortalError
from tests.factories import make_company

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "typed", "formed"),
    [
        ("DE", "de 314 159 262", "DE314159262"),
        ("DE", "314159262", "DE314159262"),
        ("DE", "314159263", None),
        ("GR", "094259216", "EL094259216"),
        ("NL", "NL823450004B01", "NL823450004B01"),
        ("KR", "1318123450", "131-81-23450"),
        ("KR", "131-81-2345", None),
        ("JP", "T4480012345678", "T4480012345678"),
        ("JP", "4480012345678", "T4480012345678"),
        ("JP", "T4480012345679", None),
        ("US", "12-3456789", "12-3456789"),  # not a country whose form we know: kept as typed
    ],
)
def test_a_number_is_written_as_its_country_writes_it_or_is_none(country: str, typed: str, formed: str | None) -> None:
    assert tax_number_form(number=typed, country=country) == formed


def company() -> Company:
    return make_company(address={"country": "DE"})


@pytest.mark.django_db
def test_what_is_known_of_a_number_says_who_when_and_by_which_means() -> None:
    one = company()
    company_tax_number_set(one, number="314159262", by="Ma Yerin", now=NOW)
    assert (one.tax_number, one.tax_number_state, one.tax_number_means) == (
        "DE314159262",
        "WELL_FORMED",
        "form and check digits",
    )
    company_tax_number_confirm(company=one, by="Ma Yerin", now=NOW)
    one.refresh_from_db()
    assert (one.tax_number_state, one.tax_number_checked_by, one.tax_number_checked_at) == (
        "CONFIRMED",
        "Ma Yerin",
        NOW,
    )
    company_tax_number_set(one, number="DE 314159262", by="import", now=NOW)
    assert one.tax_number_state == "CONFIRMED"  # the same number again
    company_tax_number_set(one, number="DE271828180", by="import", now=NOW)
    assert one.tax_number_state == "WELL_FORMED"  # another one is confirmed by nobody


@pytest.mark.django_db
def test_a_number_of_wrong_form_is_kept_as_failed_and_cannot_be_confirmed() -> None:
    one = company()
    company_tax_number_set(one, number="DE000", by="import", now=NOW)
    assert (one.tax_number, one.tax_number_state) == ("DE000", "FAILED")
    with pytest.raises(PortalError):
        company_tax_number_confirm(company=one, by="Ma Yerin", now=NOW)
