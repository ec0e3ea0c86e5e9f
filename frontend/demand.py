"""The demand of a part, drawn: what went out in each of the last weeks, and how much a week that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel import dates
from django.utils.translation import gettext as _

from frontend.charts import Columns, columns
from frontend.formats import locale, number


def demand_chart(weeks: Sequence[date], weekly: Sequence[int]) -> Columns | None:
    """Columns by week with the mean across; None when nothing went out."""
    if not any(weekly):
        return None
    mean = sum(weekly) / len(weekly)
    told = {"pieces": number(sum(weekly)), "weeks": len(weekly), "mean": f"{mean:.1f}"}
    title = _("%(pieces)s pieces went out in %(weeks)s weeks, %(mean)s a week") % told
    labels = [str(dates.format_skeleton("Md", week, locale=locale())) for week in weeks]
    return columns(title, labels, list(weekly), [number(one) if one else "" for one in weekly], line=mean)
