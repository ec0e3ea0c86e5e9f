"""The tax tables of docs/pricing.md are computed anew; the page fails when it is not true."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from orders.rules.amounts import Share, order_amounts
from orders.rules.tax import Priced, Supply, place_of_supply, taxed
from tests.catalog.test_pricing_page import rows


def told(cell: str) -> str:
    return "" if cell == "-" else cell


def test_every_sale_is_taxed_where_the_page_says():
    table = rows("Where a sale is taxed")
    assert len(table) == 9
    for start, end, buyer, confirmed, registered, country, how, note in table:
        supply = Supply(
            ships_from=start,
            ships_to=end,
            is_consumer=buyer == "consumer",
            number_state="CONFIRMED" if told(confirmed) else "",
            number_country=told(confirmed),
            registered=frozenset(registered.split()) - {"one-stop"},
            one_stop="one-stop" in registered,
        )
        place = place_of_supply(supply)
        assert (place.country, place.treatment, place.note) == (country, how, told(note))


def test_core_deposits_are_charged_as_the_page_says():
    table = rows("Core deposit")
    assert len(table) == 2
    for pieces, goods, deposits, tax, total in table:
        starter = Share(Decimal(10000), 1, int(pieces), Decimal(1), Decimal("0.10"))
        core = replace(starter, published=Decimal(4500))
        found = order_amounts([starter], cores=[core], freight=Decimal(0), currency="KRW", includes_tax=False)
        said = (found.lines[0].net, found.cores[0].net, found.tax, found.total)
        assert [str(one) for one in said] == [goods, deposits, tax, total]


def test_the_taxes_are_as_the_page_says():
    table = rows("Tax")
    assert len(table) == 9
    for currency, prices, rate, amounts, taxes, tax, total in table:
        priced = [Priced(Decimal(amount), Decimal(rate)) for amount in amounts.split()]
        found = taxed(priced, currency=currency, includes_tax=prices == "with")
        assert [str(one.tax) for one in found] == taxes.split()
        assert str(sum(one.tax for one in found)) == tax
        assert str(sum(one.gross for one in found)) == total
