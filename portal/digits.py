"""The digits of a text, in the database: telephone numbers are compared by them, however they are written."""

from __future__ import annotations

from django.db.models import CharField, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast


def digits(expression: Combinable) -> Func:
    """What is left without all that is no digit. An index is used when it is made of the very same expression."""
    return Func(
        Cast(expression, TextField()), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=CharField(),
    )  # fmt: skip
