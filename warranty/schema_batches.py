"""What lists of machines and cards load at once, and which of them the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import graphene

from portal.graphql import Batch, batch, reader
from warranty.models import Equipment, RepairCard
from warranty.selectors.visibility import cards_seen_by, equipment_seen_by

Found = TypeVar("Found")


def want_machines(info: graphene.ResolveInfo, machines: Iterable[Equipment]) -> None:
    """Announce machines whose cover, dealers, readings and papers will be read."""
    announced(info, "equipment").update({one.pk: one for one in machines})


def of_machine(
    root: Equipment, info: graphene.ResolveInfo, name: str, load: Callable[[list[Equipment]], dict[int, Found]]
) -> Found | None:
    """What `load` finds for this machine; it is loaded for all announced ones at once."""
    known = announced(info, "equipment")
    known.setdefault(root.pk, root)
    found: Batch[int, Found] = batch(info, f"machine_{name}", lambda keys: load([known[key] for key in keys]))
    found.want(known)
    return found.get(root.pk)


def want_cards(info: graphene.ResolveInfo, cards: Iterable[RepairCard | None]) -> None:
    """Announce cards, and the machines they are for; each with its machine selected."""
    shown = {one.pk: one for one in cards if one is not None}
    announced(info, "card").update(shown)
    want_machines(info, [one.equipment for one in shown.values()])


def card_if_seen(card: RepairCard | None, info: graphene.ResolveInfo) -> RepairCard | None:
    """The card, when it is there for the reader: machines are sold and dealer links end."""
    actor = reader(info)
    if card is None or actor is None or actor.is_house:
        return card if actor else None
    known = announced(info, "card")
    known.setdefault(card.pk, card)
    seen: Batch[int, bool] = batch(
        info,
        "cards_seen",
        lambda keys: dict.fromkeys(cards_seen_by(actor).filter(pk__in=keys).values_list("pk", flat=True), True),
    )
    seen.want(known)
    return card if seen.get(card.pk) else None


def machine_if_seen(machine: Equipment, info: graphene.ResolveInfo) -> Equipment | None:
    """The machine, when it is there for the reader: a dealer keeps the cards it opened, not the machine it services no more."""
    actor = reader(info)
    if actor is None or actor.is_house:
        return machine if actor else None

    def load(machines: list[Equipment]) -> dict[int, bool]:
        seen = equipment_seen_by(actor).filter(pk__in=[one.pk for one in machines])
        return dict.fromkeys(seen.values_list("pk", flat=True), True)

    return machine if of_machine(machine, info, "seen", load) else None


def announced(info: graphene.ResolveInfo, name: str) -> dict[int, Any]:
    """What this request has listed so far, by key: `card` or `equipment`."""
    known: dict[int, Any] = info.context.__dict__.setdefault(f"_graphql_{name}", {})
    return known
