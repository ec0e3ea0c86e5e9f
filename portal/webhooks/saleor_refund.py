"""The store waits while we decide on a refund that somebody asks for in its dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orders.engines.saleor_events import refund_read, refund_words
from orders.services.store_refunds import store_refund_asked


def refund_door(said: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Carried out by the portal, or refused with words the Dashboard shows."""
    return refund_words(store_refund_asked(asked=refund_read(said), now=now))
