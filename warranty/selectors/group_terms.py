"""What a machine's warranty says of a part group, in words for whoever reads a part in the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from warranty.models import WarrantyTerm


def group_cover_words(codes: Collection[str], *, on: date) -> Mapping[str, str]:
    """By group code; a group without a term of its own is covered with the machine, and is left out."""
    terms = WarrantyTerm.objects.filter(part_group__code__in=codes, model=None, valid__contains=on)
    return {term.part_group.code: _words(term) for term in terms.select_related("part_group") if term.part_group}


def _words(term: WarrantyTerm) -> str:
    if term.excluded:
        return _("not covered by the machine's warranty")
    if term.max_hours:
        return _("{months} months or {hours} hours").format(months=term.months, hours=term.max_hours)
    return _("{months} months").format(months=term.months)
