"""The promise report: what share was kept, why the others broke, what that earned the buyers, and how much could be given at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel import dates
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.charts import Columns, columns
from frontend.formats import locale, money, short
from frontend.pages import Asked, page
from frontend.words import BREAKS
from orders.selectors.promise_report import CreditPaid, break_causes, credits_paid, credits_weekly, filled_weekly
from portal.clock import weeks_until
from portal.promises.selectors.report import WEEKS, kept_weekly
from portal.promises.words import policy_words

GOOD = Decimal("0.95")  # below that a week is marked


@require_GET
@page("PARTS_MANAGER")
def promises(request: Asked) -> HttpResponse:
    """The last thirteen weeks."""
    kept, filled, credit = kept_weekly(request.now), filled_weekly(request.now), credits_weekly(request.now)
    weeks = weeks_until(request.now, WEEKS)
    causes, paid = break_causes(request.now), credits_paid(request.now)
    context = {
        "weeks": list(zip(weeks, _labels(weeks), strict=True)),
        "policies": [
            (policy, _shares(policy_words(policy), weeks, told), told, *_summed(told)) for policy, told in kept.items()
        ],
        "filled": filled,
        "fill_chart": _shares(_("Free at once"), weeks, filled) if any(one.lines for one in filled) else None,
        "credits": [
            (currency, _earned(currency, told), told, sum(one for _week, one in told), paid.get(currency, CreditPaid()))
            for currency, told in credit.items()
        ],
        "causes": [
            (BREAKS.get(why, why), many, Decimal(many) / sum(one for _why, one in causes)) for why, many in causes
        ],
        "broken": sum(many for _why, many in causes),
        "many": WEEKS,
    }
    return render(request, "promises.html", context)


def _labels(weeks: Sequence[date]) -> list[str]:
    return [str(dates.format_skeleton("Md", week, locale=locale())) for week in weeks]


def _shares(title: str, weeks: Sequence[date], told: Sequence[Any]) -> Columns:
    shares = [one.share for one in told]
    said = ["" if one is None else f"{one * 100:.0f}" for one in shares]  # per cent, as the heading says
    title = _("%(what)s: per cent by week") % {"what": title}
    tones = ["bad" if one is not None and one < GOOD else "" for one in shares]
    return columns(
        title, _labels(weeks), [None if one is None else float(one) for one in shares], said, most=1.0, tones=tones
    )


def _summed(told: Sequence[Any]) -> tuple[int, Decimal | None]:
    """How many fell due, and the share of them that was kept."""
    total = sum(one.total for one in told)
    return total, Decimal(sum(one.kept for one in told)) / total if total else None


def _earned(currency: str, told: Sequence[tuple[date, Decimal]]) -> Columns:
    said = [short(amount) if amount else "" for _week, amount in told]  # the table has the sum itself
    total = money(sum((amount for _week, amount in told), Decimal(0)), currency)
    title = _("Late days earned %(total)s") % {"total": total}
    return columns(
        title,
        _labels([week for week, _amount in told]),
        [float(amount) for _week, amount in told],
        said,
        tones=["warn"] * len(told),
    )
