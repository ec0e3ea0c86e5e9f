"""What categories and groups of parts are called in a reader's language; other things bear their names themselves (`catalog.models.naming`)."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import CategoryName, PartGroup


def category_names(categories: Iterable[str], language: str) -> dict[str, str]:
    """By category, as far as it has a name in the language; English, which is the category itself, asks nothing."""
    wanted = {one for one in categories if one}
    if language == "en" or not wanted:
        return {}
    rows = CategoryName.objects.filter(category__in=wanted, language=language)
    return dict(rows.values_list("category", "name"))


def group_names(codes: Iterable[str], language: str) -> dict[str, str]:
    """Groups of parts by code. One query."""
    return {one.code: one.called(language) for one in PartGroup.objects.filter(code__in=set(codes))}
