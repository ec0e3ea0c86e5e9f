"""Rows of one model gathered inside a query for another: as JSON on the way, as instances of their model again afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.functions import JSONObject

Thing = TypeVar("Thing", bound=Model)


def row_of(model: type[Model]) -> JSONObject:
    """Every column of a model, for an `ArraySubquery`. Not for models with decimals: JSON would make them floats."""
    return JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields})


def thing_of(model: type[Thing], row: Mapping[str, Any]) -> Thing:
    """The instance that a row of `row_of` was, as if it had been read alone."""
    fields = model._meta.concrete_fields
    return model.from_db(
        None, [field.attname for field in fields], [field.to_python(row[field.attname]) for field in fields]
    )
