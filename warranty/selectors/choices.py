"""The words repairs choose from, as (value, label) for forms; pages never import models."""

from __future__ import annotations

from warranty.models import CardState

CARD_STATES = CardState.choices
