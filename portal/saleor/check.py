"""What is wrong between the portal and its store: pure judgement over what the store says of itself."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.saleor.addresses import Addresses, origin, portal_addresses
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorDenied, SaleorError
from portal.saleor.findings import Finding
from portal.saleor.manifest import PERMISSIONS, version_supported, webhook_plan
from portal.saleor.models import Connection
from portal.saleor.services import client as store_client
from portal.saleor.services import connection_get

SKEW = timedelta(seconds=30)  # tokens of the Dashboard are good for five minutes
SMALL_LIMIT = 1000  # pieces on a line a dealer may want
PING_PATIENCE = 15.0  # seconds


def check(client: SaleorClient, where: Addresses, public_url: str) -> list[Finding]:
    """Ask the store for all it says of itself and of us, and judge. Raises SaleorError when it cannot be asked.

    `public_url`: what it called its API when we connected.
    """
    app = client.call("app_state")
    permissions = [one["code"] for one in app["permissions"]]
    try:
        shop = client.call("shop_state")
    except SaleorDenied:  # what may not be asked any more; that it is so is what staff must hear
        return [*permissions_judge(permissions), *webhooks_judge(app["webhooks"], where)]
    return [
        version_judge(shop["version"]),
        *permissions_judge(permissions),
        *webhooks_judge(app["webhooks"], where),
        *sync_judge(app["breakerState"]),
        *deliveries_judge(client.call("failed_deliveries")["webhooks"]),
        *shop_judge(shop),
        address_judge(shop, public_url),
        clock_judge(client.clock_ahead),
    ]


def check_keep(*, now: datetime) -> list[Finding]:
    """Check, and keep what was found for the staff page; that the store cannot be asked is found too."""
    try:
        store = connection_get()
        found = check(store_client(), portal_addresses(), store.public_url)
    except SaleorError as error:
        found = [failure(error)]
    Connection.objects.update(findings=[one.as_row() for one in found], checked_at=now)
    return found


def failure(error: SaleorError) -> Finding:
    """That the store cannot be asked, as something found."""
    return Finding(error.code, False, {"said": str(error)[:300]})


def version_judge(version: str) -> Finding:
    """Whether we work with this version."""
    return Finding("version", version_supported(version), {"version": version})


def permissions_judge(has: Sequence[str]) -> Iterator[Finding]:
    """What we may not do and must, what we may and need not."""
    missing, over = sorted(set(PERMISSIONS) - set(has)), sorted(set(has) - set(PERMISSIONS))
    if missing:
        yield Finding("permissions.missing", False, {"missing": missing})
    if over:
        yield Finding("permissions.over", False, {"over": over})
    if not missing and not over:
        yield Finding("permissions", True)


def webhooks_judge(there: Sequence[Mapping[str, Any]], where: Addresses) -> Iterator[Finding]:
    """Whether each webhook is there, switched on, asks what it should and comes to us.

    Two causes look alike and are mended at opposite ends: webhooks of an older version, and a portal that is asked under an address that is not its own.
    """
    off = [one["identifier"] or one["name"] for one in there if not one["isActive"]]
    if off:
        yield Finding("webhooks.off", False, {"names": ", ".join(off)})
    plan = webhook_plan(there, where)
    astray = sorted({one["targetUrl"] for one in there} - {where.webhook})
    if astray:
        yield Finding("webhooks.astray", False, {"there": ", ".join(astray), "here": where.webhook})
    others = len(plan) - len(off)
    if others > 0 and not astray:
        yield Finding("webhooks.differ", False, {"count": others})
    if not plan:
        yield Finding("webhooks", True)


def sync_judge(breaker: str) -> Iterator[Finding]:
    """The store's own circuit breaker: open, it asks us nothing at once any more (refunds)."""
    if breaker != "CLOSED":
        yield Finding("webhooks.sync", False, {"state": breaker})


def deliveries_judge(hooks: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the store could not deliver, with the last answer it had."""
    for hook in hooks:
        found = _deliveries(hook)
        if found:
            newest = found[0]
            told = {"count": len(found), "name": hook["identifier"], "when": newest["createdAt"][:19]}
            yield Finding("deliveries.failed", False, {**told, **answer_read(newest)})


def _deliveries(hook: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The deliveries shown of a webhook, the newest first."""
    return [edge["node"] for edge in (hook["eventDeliveries"] or {}).get("edges") or ()]


def answer_read(delivery: Mapping[str, Any]) -> dict[str, Any]:
    """The last answer to a delivery: whether it was tried at all, the status (None: no answer), and its beginning."""
    attempts = [edge["node"] for edge in delivery["attempts"]["edges"]]
    if not attempts:
        return {"tried": False}
    return {"tried": True, "status": attempts[0]["responseStatusCode"], "text": (attempts[0]["response"] or "")[:120]}


def shop_judge(shop: Mapping[str, Any]) -> Iterator[Finding]:
    """Settings of the shop that would hurt."""
    limit = shop["limitQuantityPerCheckout"]
    wrong = {
        "reservations": shop["reserveStockDurationAnonymousUser"] or shop["reserveStockDurationAuthenticatedUser"],
        "storefront": shop["allowStorefrontTraffic"],
        "unpaid": not shop["fulfillmentAllowUnpaid"],
        "approve": not shop["fulfillmentAutoApprove"],
        "limit": limit is not None and limit < SMALL_LIMIT,
    }
    for name in (name for name, is_so in wrong.items() if is_so):
        yield Finding(f"shop.{name}", False, {"limit": limit} if name == "limit" else {})


def address_judge(shop: Mapping[str, Any], public_url: str) -> Finding:
    """Whether the store still calls itself what it did: its Dashboard's tokens carry that name."""
    now, then = origin(shop["domain"]["url"]), origin(public_url)
    return (
        Finding("address", True, {"url": then})
        if now == then
        else Finding("address", False, {"now": now, "then": then})
    )


def clock_judge(ahead: timedelta | None) -> Finding:
    """Whether the two clocks agree, as far as one answer tells."""
    if ahead is None or abs(ahead) <= SKEW:
        return Finding("clock", True)
    return Finding("clock", False, {"seconds": round(ahead.total_seconds())})


def ping(client: SaleorClient, arrived: Callable[[str], bool], patience: float = PING_PATIENCE) -> Finding:
    """Have the store tell us something, and wait for it: worker, address, IP filter and signature in one. `arrived(nonce)` looks."""
    nonce, before = secrets.token_hex(8), _pings(client).keys()
    client.call("ping", shop=client.call("shop_state")["id"], nonce=nonce)
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if arrived(nonce):
            return Finding("ping", True, {"seconds": f"{time.monotonic() - began:.1f}"})
        time.sleep(0.2)
    return Finding("ping", False, {"seconds": round(patience), **_ping_answer(client, before)})


def _pings(client: SaleorClient) -> dict[str, Mapping[str, Any]]:
    """Pings that did not arrive (yet), by key: what is refused (3xx, 4xx) failed at once, anything else is tried again for five minutes."""
    asked = (client.call("failed_deliveries", status=status)["webhooks"] for status in ("PENDING", "FAILED"))
    hooks = (hook for hooks in asked for hook in hooks if hook["identifier"] == "ping")
    return {one["id"]: one for hook in hooks for one in _deliveries(hook)}


def _ping_answer(client: SaleorClient, before: Collection[str]) -> dict[str, Any]:
    """What the store was answered when it delivered this ping; not those of `before`."""
    told = [one for key, one in _pings(client).items() if key not in before]
    return answer_read(told[0]) if told else {"tried": False}
