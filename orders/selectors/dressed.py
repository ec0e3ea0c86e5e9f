"""Orders with everything their API type shows, in a constant number of queries for any number of orders."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Prefetch, QuerySet

from orders.models import CardPayment, CreditAccrual, Order, OrderLine, Paper, Payment, Return, ShipmentLine
from portal.promises.models import Promise
from portal.promises.selectors import promises_of


def orders_dressed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with lines, holds, shipments, payments, events, returns and accruals prefetched."""
    lines = OrderLine.objects.select_related(
        "part__group", "card__call", "card__equipment__model", "decision"
    ).order_by("position")
    parts_of_line = (
        "holds__warehouse",
        Prefetch("returns", Return.objects.order_by("pk")),
        Prefetch("accruals", CreditAccrual.objects.exclude(exact=0).order_by("on", "pk")),
    )
    return orders.select_related("company").prefetch_related(
        Prefetch("lines", lines.prefetch_related(*parts_of_line)),
        "order_holds",
        Prefetch(
            "shipments__lines",
            ShipmentLine.objects.select_related("line__part__group", "line__order").order_by("line__position"),
        ),
        "shipments__warehouse",
        Prefetch("payments", Payment.objects.select_related("card__order")),
        Prefetch("cards", CardPayment.objects.prefetch_related("refunds__card__order", "disputes__card__order")),
        Prefetch("papers", Paper.objects.defer("snapshot").order_by("pk")),
        "events",
    )


def order_promises(numbers: Collection[str]) -> dict[str, list[Promise]]:
    """The promises of these orders, by number."""
    return promises_of("order", numbers)


def orders_late(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those with a broken promise still open."""
    return orders.filter(number__in=Promise.objects.filter(subject_kind="order", state="BROKEN").values("subject"))


_LINE = ("part__group", "order", "decision", "card__call", "card__equipment__model", "card__equipment__owner")


def lines_by_ref(refs: Iterable[str], orders: QuerySet[Order]) -> dict[str, OrderLine]:
    """Lines of these orders by the reference promises and cards know them by."""
    rows = OrderLine.objects.select_related(*_LINE).prefetch_related("holds__warehouse", "card__lines__part__group")
    wanted = rows.filter(pk__in=[int(ref) for ref in refs if ref.isdigit()], order__in=orders)
    return {str(line.pk): line for line in wanted}


def promise_accruals(promise_ids: Iterable[int], orders: QuerySet[Order]) -> dict[int, list[CreditAccrual]]:
    """What late days of these promises earned on lines of these orders."""
    found: dict[int, list[CreditAccrual]] = {key: [] for key in promise_ids}
    rows = CreditAccrual.objects.filter(promise_id__in=found, line__order__in=orders).exclude(exact=0)
    lines = (f"line__{name}" for name in _LINE)
    for row in rows.select_related(*lines).prefetch_related("line__holds__warehouse").order_by("on", "pk"):
        found[row.promise_id].append(row)
    return found
