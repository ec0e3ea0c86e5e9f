"""A delivery address that nobody can deliver to is corrected: the order, its prices and its promises stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orders.models import Order
from orders.services.drafting_checks import address_clean, address_problems
from orders.services.events import event_write
from portal.accounts.actor import Actor
from portal.errors import Code, PortalError, Problem
from portal.notices.services import notice_send


def order_readdress(*, order: Order, deliver_to: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Give the order another delivery address in the same country, and tell the buyer. The caller holds the order's lock.

    Raises INVALID by field of the address. Tax, freight and the market are the country's: another one is another order.
    """
    wanted, was = address_clean(deliver_to), order.deliver_to
    problems = list(address_problems(wanted))
    country = was.get("country", "").upper()
    if country and wanted.get("country", country).upper() != country:
        problems.append(Problem(Code.INVALID, "deliverTo.country", {"country": country}, "other_country"))
    if not problems and wanted == address_clean(was):
        problems.append(Problem(Code.INVALID, "deliverTo", {}, "same_address"))
    if problems:
        raise PortalError(problems)
    changed = sorted(name for name in {*wanted, *was} if wanted.get(name) != was.get(name))
    order.deliver_to = wanted
    order.save(update_fields=["deliver_to"])
    # the history keeps which fields, never what they say: it is for ever, and an address is a person's
    event_write(order=order, kind="readdressed", at=now, actor=actor, data={"fields": changed})
    notice_send(
        company_id=order.company_id, role=None, kind="order.readdressed", subject_kind="order", subject=order.number,
        data={}, key=f"order.readdressed:{order.number}:{now.isoformat()}", now=now,
    )  # fmt: skip
