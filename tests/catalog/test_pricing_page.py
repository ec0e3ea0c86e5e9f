"""The tables of docs/pricing.md are computed anew; the page fails when it is not true."""

from decimal import Decimal
from pathlib import Path

from catalog.rules.packs import sellable_quantity
from catalog.rules.prices import Tier, tier_at
from portal.money import line_total

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "pricing.md").read_text(encoding="utf-8")
TIERS = (Tier(1, Decimal("10.00"), 1), Tier(10, Decimal("9.00"), 1), Tier(100, Decimal("800.00"), 100))


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_tiers_are_as_the_page_says():
    table = rows("Tiers")
    assert len(table) == 6
    for quantity, start, amount, per, total in table:
        tier = tier_at(TIERS, int(quantity))
        assert (tier.from_quantity, tier.amount, tier.per_quantity) == (int(start), Decimal(amount), int(per))
        assert (
            str(line_total(tier.amount, per_quantity=tier.per_quantity, quantity=int(quantity), currency="EUR"))
            == total
        )


def test_the_line_totals_are_as_the_page_says():
    table = rows("Line total")
    assert len(table) == 10
    for amount, per, quantity, share, currency, total in table:
        counted = line_total(
            Decimal(amount), per_quantity=int(per), quantity=int(quantity), currency=currency, share=Decimal(share)
        )
        assert str(counted) == total


def test_the_packs_are_as_the_page_says():
    table = rows("Packs")
    assert len(table) == 4
    for wanted, pack, minimum, sold in table:
        assert sellable_quantity(int(wanted), int(pack), int(minimum)) == int(sold)
