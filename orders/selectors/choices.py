"""The words orders choose from, as (value, label) for forms; pages never import models."""

from __future__ import annotations

from orders.models import HoldReason, OrderState, OrderType, PaymentMethod, ReturnReason

HOLD_REASONS = HoldReason.choices
ORDER_STATES = OrderState.choices
ORDER_TYPES = OrderType.choices
PAYMENT_METHODS = PaymentMethod.choices
# Old parts are expected by themselves; nobody announces them.
_NOT_SAID = (ReturnReason.OLD_PART, ReturnReason.IN_STORE)  # they arise, nobody announces them
RETURN_REASONS = [choice for choice in ReturnReason.choices if choice[0] not in _NOT_SAID]
