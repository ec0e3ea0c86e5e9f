"""Saved lists of the actor's company; another company's do not exist."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from orders.models import SavedList
from portal.accounts.actor import Actor


def saved_lists_for(actor: Actor | None) -> QuerySet[SavedList]:
    """The company's lists by name, each with `line_count`."""
    lists = SavedList.objects.filter(company_id=actor.company_id or 0 if actor else 0)
    return lists.select_related("changed_by__user").annotate(line_count=Count("lines")).order_by("name", "pk")


def saved_list_get(actor: Actor | None, pk: int) -> SavedList | None:
    """One list with its lines, or None."""
    return saved_lists_for(actor).filter(pk=pk).prefetch_related("lines").first()
