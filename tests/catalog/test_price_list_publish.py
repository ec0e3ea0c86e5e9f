"""A list published later ends the one before; lists of one market, kind and class never overlap."""

from datetime import date

import pytest

from catalog.models import PriceList
from catalog.services.prices import price_list_publish
from portal.errors import Code, PortalError

pytestmark = pytest.mark.django_db


def publish(year: int, *, until: date | None = None, currency: str = "EUR", market: str = "EU") -> PriceList:
    return price_list_publish(
        market=market,
        kind="CUSTOMER",
        discount_class="STANDARD",
        currency=currency,
        valid_from=date(year, 1, 1),
        valid_to=until,
    )


def days() -> list[tuple[date, date | None]]:
    return [(one.valid.lower, one.valid.upper) for one in PriceList.objects.filter(market="EU").order_by("valid")]


def test_a_new_list_ends_the_running_one_and_is_ended_by_a_later_one():
    publish(2025)
    publish(2027)
    publish(2026)
    publish(2026, market="KR")
    assert days() == [
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), None),
    ]


def test_a_list_with_an_end_leaves_the_days_after_it_free():
    publish(2025, until=date(2025, 7, 1))
    publish(2026)
    assert days() == [(date(2025, 1, 1), date(2025, 7, 1)), (date(2026, 1, 1), None)]


def test_publishing_again_answers_the_same_list():
    assert publish(2025) == publish(2025)
    assert len(days()) == 1


def test_another_currency_and_days_that_run_backwards_are_refused():
    publish(2025)
    with pytest.raises(PortalError) as refused:
        publish(2025, currency="USD")
    assert (refused.value.code, refused.value.problems[0].field) == (Code.INVALID, "currency")
    assert "EUR" in refused.value.problems[0].message
    with pytest.raises(PortalError) as refused:
        publish(2026, until=date(2026, 1, 1))
    assert refused.value.problems[0].field == "validTo"
    assert days() == [(date(2025, 1, 1), None)]
