"""Files of what a buyer's company keeps for itself: its people, their tokens, its saved lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from frontend.exports import Export
from frontend.pages import Asked
from frontend.shopping import currency_of
from frontend.words import MEMBER_ROLES
from orders.selectors.saved_lists import saved_lists_for
from portal.accounts.members import members_of
from portal.accounts.tokens import tokens_of

CHUNK = 200


def _people(request: Asked) -> Iterator[Sequence[Any]]:
    currency = currency_of(request)
    for one in members_of(request.actor).iterator(chunk_size=CHUNK):
        limited = one.order_limit is not None
        yield (
            one.user.name, one.user.email, ", ".join(str(MEMBER_ROLES.get(role, role)) for role in one.roles), one.order_limit,
            currency if limited else "", "" if one.is_active else gettext("ended"),
        )  # fmt: skip


def _tokens(request: Asked) -> Iterator[Sequence[Any]]:
    for one in tokens_of(request.actor):
        yield one.name, one.prefix, str(one.membership.user), one.created_at, one.last_used_at


def _lists(request: Asked) -> Iterator[Sequence[Any]]:
    """Every line of every list: what a buyer would put into a spreadsheet."""
    for kept in saved_lists_for(request.actor).prefetch_related("lines"):
        by = str(kept.changed_by.user) if kept.changed_by else ""
        for one in kept.lines.all():
            yield kept.name, one.part_number, one.quantity, one.serial, kept.changed_at, by


EXPORTS = (
    Export("people", (
        pgettext_lazy("of a colleague", "Name"), _("E-mail address"), pgettext_lazy("roles", "May"), _("Limit of one order"), _("Currency"), _("State"),
    ), _people),
    Export("tokens", (_("What for"), _("Begins with"), _("Person"), _("Made"), _("Last used")), _tokens),
    Export("lists", (
        _("Saved list"), _("Part"), _("Pieces"), _("Machine"), _("Changed"), pgettext_lazy("a person", "By"),
    ), _lists),
)  # fmt: skip
