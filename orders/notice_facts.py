"""What letters about an order show below their words: whose reference, the promised day, and the goods. No prices."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.selectors.parts import part_names
from orders.models import Order, OrderLine, ShipmentLine
from portal.languages.writing import plain_day
from portal.notices.facts import Facts, Piece, register_notice_facts
from portal.notices.groups import Group
from portal.notices.models import Notice
from portal.notices.words import notice_group
from portal.promises.models import Promise
from portal.promises.rules.days import last_day
from portal.promises.selectors import promises_of
from portal.promises.words import policy_words

MOST_PIECES = 8
_WITH_GOODS = (Group.ORDER, Group.SHIPMENT, Group.HOLD, Group.LATE)
_OPEN = ("OFFERED", "RUNNING", "PAUSED", "BROKEN")
Row = tuple[LazyText | str, str]


def order_facts(notice: Notice, language: str) -> Facts:
    """The facts of a notice about an order, in `language`; at most six queries whatever its size."""
    order = Order.objects.filter(number=notice.subject).select_related("company").first()
    if order is None:
        return Facts()
    with translation.override(language), timezone.override(ZoneInfo(order.company.zone)):
        rows = tuple(_rows(order, to_house=notice.company_id is None))
        if notice_group(notice.kind) not in _WITH_GOODS:
            return Facts(rows)
        pieces = _shipped(notice, language) or _ordered(order, language)
        return Facts(rows, tuple(pieces[:MOST_PIECES]), max(len(pieces) - MOST_PIECES, 0))


def _rows(order: Order, *, to_house: bool) -> list[Row]:
    rows: list[Row] = [(gettext_lazy("Company"), order.company.name)] if to_house else []
    if order.po_number:
        rows.append((gettext_lazy("Your order number"), order.po_number))
    rows += [
        (policy_words(one.policy_code), day)
        for one in promises_of("order", [order.number])[order.number]
        if one.state in _OPEN and (day := _day(one))
    ]
    return list(dict.fromkeys((str(label), value) for label, value in rows))


def _day(promise: Promise) -> str:
    if promise.due_at is not None:
        return plain_day(last_day(promise.due_at, promise.zone))
    if promise.offered_day is not None:
        return _("%(day)s if paid when ordered") % {"day": plain_day(promise.offered_day)}
    return ""


def _shipped(notice: Notice, language: str) -> list[Piece]:
    """What is in the shipment the notice names."""
    named = str(notice.data.get("shipment", ""))
    lines = ShipmentLine.objects.filter(shipment__number=named, shipment__order__number=notice.subject)
    rows = [(one.line, one.quantity) for one in lines.select_related("line__part").order_by("line__position")]
    return _pieces(rows, language) if named else []


def _ordered(order: Order, language: str) -> list[Piece]:
    rows = [(line, line.quantity - line.cancelled) for line in order.lines.select_related("part").order_by("position")]
    return _pieces([row for row in rows if row[1]], language)


def _pieces(rows: Sequence[tuple[OrderLine, int]], language: str) -> list[Piece]:
    names = part_names([line.part_id for line, _many in rows], language)
    return [Piece(line.part.number, names.get(line.part_id, ""), many, _note(line)) for line, many in rows]


def _note(line: OrderLine) -> str:
    if line.expected_on is None or line.shipped:
        return ""
    return _("expected %(day)s") % {"day": plain_day(line.expected_on)}


register_notice_facts("order", order_facts)
