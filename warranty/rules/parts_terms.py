"""The part's own warranty in months (rules.md section 3, point 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from warranty.rules.values import HowReplaced


@dataclass(frozen=True)
class PartsTermRow:
    """Parts warranty of a market and kind of buyer; empty: any. Valid half-open, None: open."""

    market: str
    buyer_kind: str
    fitted_months: int
    counter_months: int
    statutory_months: int
    bearer: str = "HOUSE"
    valid_from: date | None = None
    valid_to: date | None = None

    def months(self, how: HowReplaced) -> int:
        """Months by how the part was replaced; the market's statutory minimum wins."""
        own = self.fitted_months if how == HowReplaced.FITTED else self.counter_months
        return max(own, self.statutory_months)


def choose_parts_term(rows: Iterable[PartsTermRow], *, market: str, buyer_kind: str, on: date) -> PartsTermRow | None:
    """The row in force on the day the part was replaced: market beats any market, then buyer kind beats any kind."""
    fitting = [
        row
        for row in rows
        if row.market in ("", market)
        and row.buyer_kind in ("", buyer_kind)
        and (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or on < row.valid_to)
    ]
    return max(fitting, key=lambda row: (row.market != "", row.buyer_kind != ""), default=None)
