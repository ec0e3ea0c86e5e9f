"""Names of tables and columns in the administration, in the reader's language.

Django makes them of the names in the code ("expected on"), in English alone. Here they become messages like any other, with
a context of their own; models that name themselves keep their words. Nothing of it reaches a migration: those look at what
was written in the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Field, Model
from django.utils.translation import pgettext_lazy

CONTEXT = "in the administration"
_NAMES = ("verbose_name", "verbose_name_plural")


def labels_translate() -> None:
    """Give every table and column of ours a name that is translated when it is shown. Once, when all models are known."""
    for model in apps.get_models():
        if _is_ours(model):
            for thing, name in _unnamed(model):
                setattr(thing, name, pgettext_lazy(CONTEXT, str(getattr(thing, name))))


def labels() -> set[str]:
    """The English names that the administration shows, as they are made of the code."""
    shown = {model for model in admin.site._registry if _is_ours(model)}
    shown |= {inline.model for one in admin.site._registry.values() for inline in one.inlines if _is_ours(inline.model)}
    return {str(getattr(thing, name)) for model in shown for thing, name in _unnamed(model)}


def _is_ours(model: type[Model]) -> bool:
    """Of the project, not of Django or a library."""
    return (settings.BASE_DIR / model.__module__.partition(".")[0]).is_dir()


def _unnamed(model: type[Model]) -> Iterator[tuple[Any, str]]:
    """What has no name of its own: the model or a field, and the attribute that holds the name."""
    yield from ((model._meta, name) for name in _NAMES if name not in model._meta.original_attrs)
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if isinstance(field, Field) and not field.auto_created and getattr(field, "_verbose_name", "") is None:
            yield field, "verbose_name"
