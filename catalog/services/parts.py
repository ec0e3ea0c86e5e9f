"""Changes to parts that people make one at a time; masses of them come by import."""

from __future__ import annotations

from django.db import transaction

from catalog.models import Part
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.locks import lock_rows

_LONGEST_REASON = 200


@transaction.atomic
def stop_sale_set(*, part: Part, reason: str, actor: Actor) -> Part:
    """Stop the sale of a part everywhere at once (rules.md section 5); the orders app looks at every placing.

    Raises NOT_ALLOWED unless the actor is a parts manager of the house, INVALID (`reason`) without a reason, NOT_FOUND when the part is gone.
    """
    if not reason.strip():
        raise refusal(Code.INVALID, "reason", "reason_missing")
    return _stop_sale(part, actor, stopped=True, reason=reason.strip()[:_LONGEST_REASON])


@transaction.atomic
def stop_sale_lift(*, part: Part, actor: Actor) -> Part:
    """Sell a part again. Raises NOT_ALLOWED unless the actor is a parts manager of the house, NOT_FOUND when the part is gone."""
    return _stop_sale(part, actor, stopped=False, reason="")


def _stop_sale(part: Part, actor: Actor, *, stopped: bool, reason: str) -> Part:
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.PARTS_MANAGER)
    found = lock_rows(Part.objects.filter(pk=part.pk))
    if not found:
        raise refusal(Code.NOT_FOUND, "part")
    found[0].stop_sale, found[0].stop_sale_reason = stopped, reason
    found[0].save(update_fields=["stop_sale", "stop_sale_reason", "changed_at"])
    return found[0]
