"""What may be found between the portal and its store: kept as a code and data, put into words for whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.saleor.manifest import PERMISSIONS

_WORDS: dict[tuple[str, bool], Promise | str] = {
    ("version", True): _("Saleor {version}"),
    ("version", False): _("Saleor {version} is not supported: use 3.23 or 3.24."),
    ("permissions", True): _("Permissions are those needed and no more"),
    ("permissions.missing", False): _("Permissions missing: {words}. Run saleor_connect."),
    ("permissions.over", False): _("Permissions we do not need: {words}. Run saleor_connect."),
    ("webhooks", True): _("Webhooks are as the manifest has them"),
    ("webhooks.off", False): _(
        "Webhooks switched off: {names}. Run saleor_connect (a push switches one off while it runs)."
    ),
    ("webhooks.astray", False): _(
        "Saleor's webhooks go to {there}, this portal answers at {here}. If it moved there, run saleor_connect; if not, give PORTAL_URL or PORTAL_INTERNAL_URL the right address."
    ),
    ("webhooks.differ", False): _("{count} webhooks differ from the manifest. Run saleor_connect."),
    ("webhooks.sync", False): _(
        "Saleor has stopped asking us at once (its circuit breaker is {state}): refunds from the Dashboard fail until it tries again."
    ),
    ("deliveries.failed", False): _(
        "{count} deliveries of {name} failed, the last on {when}: {answer}. The sweeps repair what they missed."
    ),
    ("shop.reservations", False): _(
        "Stock reservations are on. Saleor 3.23 then sells pieces twice, also without haste: leave both durations empty (saleor_provision does)."
    ),
    ("shop.storefront", False): _("The storefront is open: anybody reads dealer prices. saleor_provision closes it."),
    ("shop.unpaid", False): _(
        "Unpaid orders cannot be shipped there: orders on account would stop. saleor_provision allows it."
    ),
    ("shop.approve", False): _("Shipments wait for approval there. saleor_provision lets them through."),
    ("shop.limit", False): _("At most {limit} pieces of a part may be ordered there. saleor_provision raises it."),
    ("address", True): _("It calls itself {url}"),
    ("address", False): _(
        "It calls itself {now} (its PUBLIC_URL) and did {then} when we connected: its Dashboard's widget is refused. Run saleor_connect."
    ),
    ("clock", True): _("The clocks agree"),
    ("clock", False): _("The store's clock is {seconds} seconds off ours. Set both by a time server."),
    ("ping", True): _("A webhook arrives {seconds} s after the deed"),
    ("ping", False): _(
        "No webhook arrived within {seconds} s: {answer}. Look at the portal's web process, Saleor's worker and PORTAL_INTERNAL_URL."
    ),
    ("ENDING", False): _("The portal was stopped meanwhile; the next one goes on."),
    ("STORE_AWAY", False): _("The store does not answer; orders wait for it and go by themselves. {said}"),
    ("STORE_DENIED", False): _("The store refuses our token, or a permission is missing: run saleor_connect. {said}"),
    ("STORE_BROKEN", False): _("The store crashed over a question of ours, or does not understand it. {said}"),
    ("STORE_NOT_CONNECTED", False): _("No store is connected, or its token cannot be read: run saleor_connect."),
}
_ANSWERS: dict[int, Promise | str] = {
    301: _("redirected: give PORTAL_INTERNAL_URL with the right scheme"),
    302: _("redirected: give PORTAL_INTERNAL_URL with the right scheme"),
    400: _("its host is missing in ALLOWED_HOSTS, or the body cannot be read"),
    401: _("the signature was refused"),
    404: _("there is no such address: is that the portal?"),
}


@dataclass(frozen=True)
class Finding:
    """Something found: `well`, or what is wrong. `code` and `data` (JSON) are kept, `words` say it in the reader's language, and what to do."""

    code: str
    well: bool
    data: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Finding:
        """One that was kept by `as_row`."""
        return cls(str(row["code"]), bool(row["well"]), row.get("data") or {})

    def as_row(self) -> dict[str, Any]:
        """To be kept."""
        return {"code": self.code, "well": self.well, "data": dict(self.data)}

    @property
    def words(self) -> str:
        """What it is and what to do; the code itself where a version that is gone found it."""
        told = _WORDS.get((self.code, self.well))
        if told is None:
            return self.code
        more = _MORE.get(self.code)
        try:
            return str(told).format(**self.data, **(more(self.data) if more else {})).strip()
        except KeyError:
            return self.code


def _missing(data: Mapping[str, Any]) -> dict[str, str]:
    return {"words": "; ".join(f"{one} ({PERMISSIONS[one]})" for one in data["missing"])}


def _over(data: Mapping[str, Any]) -> dict[str, str]:
    return {"words": ", ".join(data["over"])}


def _answer(data: Mapping[str, Any]) -> dict[str, str]:
    """The last answer to a delivery: a status, and what usually is behind it."""
    if not data["tried"]:
        return {"answer": gettext("never tried (is Saleor's worker running? was the webhook switched off?)")}
    status, text = data["status"], data["text"]
    if status is None:
        words = gettext("no answer ({said}); Saleor's IP filter blocks private addresses (HTTP_IP_FILTER_ENABLED)")
        return {"answer": words.format(said=text)}
    return {"answer": f"HTTP {status}: {_ANSWERS.get(status, text)}"}


_MORE: dict[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    "permissions.missing": _missing,
    "permissions.over": _over,
    "deliveries.failed": _answer,
    "ping": lambda data: _answer(data) if "tried" in data else {},
}
