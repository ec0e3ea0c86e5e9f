"""What is wrong between the portal and its store, in plain words: pure judgement over what the store says of itself."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from portal.saleor.addresses import Addresses, origin, portal_addresses
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorError
from portal.saleor.manifest import PERMISSIONS, version_supported, webhook_plan
from portal.saleor.models import Connection
from portal.saleor.services import client as store_client
from portal.saleor.services import connection_get

SKEW = timedelta(seconds=30)  # tokens of the Dashboard are good for five minutes
SMALL_LIMIT = 1000  # pieces on a line a dealer may want
PING_PATIENCE = 15.0  # seconds


@dataclass(frozen=True)
class Finding:
    """Something found: `well`, or what is wrong and what to do. `code` is for machines."""

    code: str
    well: bool
    words: str


def check(client: SaleorClient, where: Addresses, public_url: str) -> list[Finding]:
    """Ask the store for all it says of itself and of us, and judge. Raises SaleorError when it cannot be asked.

    `public_url`: what it called its API when we connected.
    """
    app, shop = client.call("app_state"), client.call("shop_state")
    return [
        version_judge(shop["version"]),
        *permissions_judge([one["code"] for one in app["permissions"]]),
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
        found = [Finding(error.code, False, str(error)[:300])]
    kept = [{"code": one.code, "well": one.well, "words": one.words} for one in found]
    Connection.objects.update(findings=kept, checked_at=now)
    return found


def version_judge(version: str) -> Finding:
    """Whether we work with this version."""
    if version_supported(version):
        return Finding("version", True, _("Saleor {version}").format(version=version))
    return Finding("version", False, _("Saleor {version} is not supported: use 3.23 or 3.24.").format(version=version))


def permissions_judge(has: Sequence[str]) -> Iterator[Finding]:
    """What we may not do and must, what we may and need not."""
    missing, over = sorted(set(PERMISSIONS) - set(has)), sorted(set(has) - set(PERMISSIONS))
    if missing:
        words = "; ".join(f"{one} ({PERMISSIONS[one]})" for one in missing)
        yield Finding(
            "permissions.missing", False, _("Permissions missing: {words}. Run saleor_connect.").format(words=words)
        )
    if over:
        yield Finding(
            "permissions.over",
            False,
            _("Permissions we do not need: {words}. Run saleor_connect.").format(words=", ".join(over)),
        )
    if not missing and not over:
        yield Finding("permissions", True, _("Permissions are those needed and no more"))


def webhooks_judge(there: Sequence[Mapping[str, Any]], where: Addresses) -> Iterator[Finding]:
    """Whether each webhook is there, switched on, asks what it should and comes to us."""
    off = [one["identifier"] or one["name"] for one in there if not one["isActive"]]
    if off:
        yield Finding(
            "webhooks.off",
            False,
            _("Webhooks switched off: {names}. Run saleor_connect (a push switches one off while it runs).").format(
                names=", ".join(off)
            ),
        )
    plan = webhook_plan(there, where)
    others = len(plan) - len(off)
    if others > 0:
        yield Finding(
            "webhooks.differ",
            False,
            _("{count} webhooks differ from the manifest. Run saleor_connect.").format(count=others),
        )
    if not plan:
        yield Finding("webhooks", True, _("Webhooks are as the manifest has them"))


def sync_judge(breaker: str) -> Iterator[Finding]:
    """The store's own circuit breaker: open, it asks us nothing at once any more (refunds)."""
    if breaker != "CLOSED":
        yield Finding(
            "webhooks.sync",
            False,
            _(
                "Saleor has stopped asking us at once (its circuit breaker is {state}): refunds from the Dashboard fail until it tries again."
            ).format(state=breaker),
        )


def deliveries_judge(hooks: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the store could not deliver, with the last answer it had."""
    for hook in hooks:
        edges = ((hook["eventDeliveries"] or {}).get("edges")) or []
        if edges:
            newest = edges[0]["node"]
            words = _(
                "{count} deliveries of {name} failed, the last on {when}: {answer}. The sweeps repair what they missed."
            )
            yield Finding(
                "deliveries.failed",
                False,
                words.format(
                    count=len(edges), name=hook["identifier"], when=newest["createdAt"][:19], answer=answer_read(newest)
                ),
            )


def answer_read(delivery: Mapping[str, Any]) -> str:
    """The last answer to a delivery in words: a status, and what usually is behind it."""
    attempts = [edge["node"] for edge in delivery["attempts"]["edges"]]
    if not attempts:
        return _("never tried (is Saleor's worker running? was the webhook switched off?)")
    status, said = attempts[0]["responseStatusCode"], (attempts[0]["response"] or "")[:120]
    causes = {
        301: _("redirected: give PORTAL_INTERNAL_URL with the right scheme"),
        302: _("redirected: give PORTAL_INTERNAL_URL with the right scheme"),
        400: _("its host is missing in ALLOWED_HOSTS, or the body cannot be read"),
        401: _("the signature was refused"),
        404: _("there is no such address: is that the portal?"),
    }
    if status is None:
        return _("no answer ({said}); Saleor's IP filter blocks private addresses (HTTP_IP_FILTER_ENABLED)").format(
            said=said
        )
    return f"HTTP {status}: {causes.get(status, said)}"


def shop_judge(shop: Mapping[str, Any]) -> Iterator[Finding]:
    """Settings of the shop that would hurt."""
    if shop["reserveStockDurationAnonymousUser"] or shop["reserveStockDurationAuthenticatedUser"]:
        yield Finding(
            "shop.reservations",
            False,
            _(
                "Stock reservations are on. Saleor 3.23 then sells pieces twice, also without haste: leave both durations empty (saleor_provision does)."
            ),
        )
    if shop["allowStorefrontTraffic"]:
        yield Finding(
            "shop.storefront",
            False,
            _("The storefront is open: anybody reads dealer prices. saleor_provision closes it."),
        )
    if not shop["fulfillmentAllowUnpaid"]:
        yield Finding(
            "shop.unpaid",
            False,
            _("Unpaid orders cannot be shipped there: orders on account would stop. saleor_provision allows it."),
        )
    if not shop["fulfillmentAutoApprove"]:
        yield Finding(
            "shop.approve", False, _("Shipments wait for approval there. saleor_provision lets them through.")
        )
    limit = shop["limitQuantityPerCheckout"]
    if limit is not None and limit < SMALL_LIMIT:
        yield Finding(
            "shop.limit",
            False,
            _("At most {limit} pieces of a part may be ordered there. saleor_provision raises it.").format(limit=limit),
        )


def address_judge(shop: Mapping[str, Any], public_url: str) -> Finding:
    """Whether the store still calls itself what it did: its Dashboard's tokens carry that name."""
    if origin(shop["domain"]["url"]) == origin(public_url):
        return Finding("address", True, _("It calls itself {url}").format(url=origin(public_url)))
    words = _(
        "It calls itself {now} (its PUBLIC_URL) and did {then} when we connected: its Dashboard's widget is refused. Run saleor_connect."
    )
    return Finding("address", False, words.format(now=origin(shop["domain"]["url"]), then=origin(public_url)))


def clock_judge(ahead: timedelta | None) -> Finding:
    """Whether the two clocks agree, as far as one answer tells."""
    if ahead is None or abs(ahead) <= SKEW:
        return Finding("clock", True, _("The clocks agree"))
    return Finding(
        "clock",
        False,
        _("The store's clock is {seconds} seconds off ours. Set both by a time server.").format(
            seconds=round(ahead.total_seconds())
        ),
    )


def ping(client: SaleorClient, arrived: Callable[[str], bool], patience: float = PING_PATIENCE) -> Finding:
    """Have the store tell us something, and wait for it: worker, address, IP filter and signature in one. `arrived(nonce)` looks."""
    nonce = secrets.token_hex(8)
    client.call("ping", shop=client.call("shop_state")["id"], nonce=nonce)
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if arrived(nonce):
            return Finding(
                "ping",
                True,
                _("A webhook arrives {seconds} s after the deed").format(seconds=f"{time.monotonic() - began:.1f}"),
            )
        time.sleep(0.2)
    return Finding(
        "ping",
        False,
        _(
            "No webhook arrived within {seconds} s. Is the portal's web process running, is Saleor's Celery worker? Failed deliveries above say why."
        ).format(seconds=round(patience)),
    )
