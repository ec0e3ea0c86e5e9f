"""The matrix of the pages: for every address, who opens it, and for whose things. What no row opens is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver

from catalog.models import Assembly
from tests.matrix.realm import STAFF
from tests.matrix.rows import MUTATIONS, SHARED


@dataclass(frozen=True)
class Page:
    """`kind`: the bag's thing its address names, `argument` how; `buyer`, `dealer`: in which relation they open it; `staff`: who of the house.
    `beside`: what else its address names, which belongs to nobody."""

    kind: str = ""
    argument: str = ""
    buyer: str = "own served other"
    dealer: str = "own served other"
    staff: str = "all"
    post: bool = False
    beside: Callable[[], dict[str, Any]] = dict
    personal: bool = False  # one membership's, not its company's
    admins: bool = False  # of a company, its administrators alone

    def may(self, role: str, relation: str) -> bool:
        """Is the cell open?"""
        if role in STAFF:
            return bool(self.staff) and (role == "admin" or self.staff == "all" or role in self.staff.split())
        if (self.personal and role == "company_admin") or (self.admins and role != "company_admin"):
            return False
        return (
            relation
            in {"customer": self.buyer, "company_admin": self.buyer, "stranger": ""}.get(role, self.dealer).split()
        )


def _house(*roles: str, **more: Any) -> Page:
    return Page(buyer="", dealer="", staff=" ".join(roles), **more)


PAGES = {
    "home": Page(),
    "search": Page(),
    "search_suggest": Page(),
    "find": Page(buyer="", dealer=""),
    "part": Page("part", "pk"),
    "document": Page("document", "pk"),
    "machines": Page(),
    "machine_register": Page(),
    "machine": Page("serial", "serial", buyer=SHARED, dealer=SHARED),
    "figure": Page("serial", "serial", buyer=SHARED, dealer=SHARED, beside=lambda: {"pk": Assembly.objects.latest("pk").pk}),
    "cart": Page(),
    "cart_add": Page(post=True),
    "cart_keep": Page(post=True),
    "cart_mend": Page(post=True),
    "cart_line": Page("cart_line", "pk", buyer="own", dealer="own", staff="", personal=True),
    "quick_order": Page(),
    "backorders": Page(staff=""),
    "backorder": Page("order_line", "pk", buyer="own", dealer="own", staff="", post=True),
    "ask": Page(staff=""),
    "enquiries": Page(staff="parts_manager service_desk"),
    "enquiry": Page("enquiry", "pk", buyer="own", dealer="own", staff="parts_manager service_desk"),
    "enquiry_photo": Page("enquiry", "pk", buyer="own", dealer="own", staff="parts_manager service_desk"),
    "requests": Page(),
    "request": Page("purchase_request", "pk", buyer="own", dealer="own", staff=""),
    "team": Page(staff=""),
    "member": Page("membership", "pk", buyer="own", dealer="", staff="", admins=True),
    "tokens": Page(),
    "token": Page("token", "pk", buyer="own", dealer="own", staff="", post=True),
    "restock": Page(),
    "lists": Page(),
    "list_new": Page(),
    "list_one": Page("saved_list", "pk", buyer="own", dealer="own", staff=""),
    "invoices": Page(),
    "paper": Page("paper", "number", buyer="own", dealer="own"),
    "order_paper": Page("number", "number", buyer="own", dealer="own", beside=lambda: {"kind": "confirmation"}),
    "orders": Page(),
    "orders_export": Page(),
    "table": Page(argument="name", beside=lambda: {"name": "orders"}),
    "pay": Page("number", "number", buyer="own", dealer="own", staff=""),
    "order": Page("number", "number", buyer="own", dealer="own"),
    "bars_now": Page(),
    "queue": _house("parts_manager"),
    "picking": _house("parts_manager"),
    "scan": _house("parts_manager"),
    "promises": _house("parts_manager"),
    "holds": _house("parts_manager", "service_desk", "accountant"),
    "refusals": _house("parts_manager"),
    "refusal": _house("parts_manager", kind="store_refusal", argument="pk", post=True),
    "reviews": _house("approver"),
    "review": _house("approver", kind="review", argument="pk", post=True),
    "desk": _house("service_desk", "technician"),
    "cards": Page(),
    "card": Page("card", "number", buyer=SHARED, dealer=SHARED),
    "card_sheet": Page("card", "number", buyer=SHARED, dealer=SHARED),
    "notices": Page(),
    "notice": Page("notice", "pk", buyer="own", dealer="own", staff="", post=True),
    "notice_settings": Page(),
    "styleguide_letter": _house("parts_manager", "service_desk", "approver", "accountant", "technician", beside=lambda: {"kind": "order.placed"}),
    "styleguide": _house("parts_manager", "service_desk", "approver", "accountant", "technician"),
    "receive": _house("parts_manager"),
    "stock": _house("parts_manager"),
    "reorder": _house("parts_manager"),
    "stock_part": _house("parts_manager", kind="part", argument="pk"),
    "stock_part_act": _house("parts_manager", kind="part", argument="pk", post=True, beside=lambda: {"act": "count"}),
    "store": _house("parts_manager"),
    "imports": _house("parts_manager"),
    "import_new": _house("parts_manager"),
    "import_run": _house("parts_manager", kind="import_run", argument="pk"),
    "import_left_out": _house("parts_manager", kind="import_run", argument="pk"),
    "import_act": _house("parts_manager", kind="import_run", argument="pk", post=True, beside=lambda: {"act": "drop"}),
    "money": _house("accountant"),
    "money_act": _house("accountant", kind="bank_line", argument="pk", post=True),
    "account": Page(staff="accountant approver parts_manager service_desk"),
    "accounts": _house("accountant", "approver", "parts_manager", "service_desk"),
    "account_of": _house("accountant", "approver", "parts_manager", "service_desk", kind="company", argument="pk"),
    "company_switch": Page("membership", post=True, buyer="own", dealer="own", staff="", personal=True),
}  # fmt: skip
# An act on a page is open to whom the API's mutation is; `void` and `expect` have none there.
ACTS = {
    "order_act": ("number", "number", {
        "ship": "shipmentCreate.order", "approve": "orderApprove.order", "paid": "orderPay.order", "transfer": "orderPayByTransfer.order", "give-back": "orderRefundCard.order", "deliver": "shipmentDeliver.shipment",
        "release": "orderRelease.order", "receive": "returnReceive.return", "hold": "orderHold.order", "cancel": "orderCancel.order", "again": "cartAdd.order", "link": "trackingLinkMake.order", "unlink": "trackingLinkWithdraw.order",
        "track": "shipmentTrack.shipment", "undo": "shipmentUndo.shipment", "return": "returnCreate.order", "correct": "shipmentCorrect.shipment", "credit": "orderCreditUse.order", "refund": "orderRefund.order",
    }),
    "account_act": ("company", "pk", {"grant": "creditGrant.company", "payout": "creditPayOut.company"}),
    "machine_act": ("serial", "serial", {"call": "repairCallOpen.serial", "card": "repairCardOpen.serial", "reading": "readingRecord.serial"}),
    "card_act": ("card", "number", {
        "use": "repairCardUse.card", "confirm": "repairCardConfirm.card", "close": "repairCardClose.card", "void": "repairCardClose.card",
    }),
}  # fmt: skip
# Addresses without anybody's things: what a stranger gets there, and somebody signed in (None: redirected or refused by allauth).
OPEN = {
    "health": 503,
    "graphql": 405,
    "stripe_webhook": 405,
    "saleor_webhook": 405,
    "tracking": 404,
    "store_widget": 405,
    "saleor_register": 405,
    "saleor_manifest": 200,
    "set_language": 302,
    "notice_stop": 404,  # a token nobody signed; whoever holds a signed one stops that person's letters of one group
    "account_login": 200,
    "account_logout": 302,
    "account_inactive": 200,
    "account_signup": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "account_confirm_email": 200,
    "account_email_verification_sent": 200,
    "account_confirm_login_code": 302,
    "account_reauthenticate": 302,
    "account_email": 302,
    "account_change_password": 302,
    "account_set_password": 302,
}


def names() -> set[str]:
    """Every named address, but the admin's, which is closed as a whole."""
    return {name for name, _ in _walk(get_resolver()) if not name.startswith("admin:")}


def admin_routes() -> list[str]:
    """Paths of the admin, every argument filled with a number nothing has."""
    return sorted({_filled(route) for name, route in _walk(get_resolver()) if name.startswith("admin:")})


def _filled(route: str) -> str:
    for part in ("<path:object_id>", "<int:content_type_id>", "<path:object_id>", "<id>", "<app_label>"):
        route = route.replace(part, "987654")
    return "/" + route.split("^")[0] + ("auth/" if "^" in route else "")


def _walk(resolver: Any, space: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, space + (f"{one.namespace}:" if one.namespace else ""), here)
        else:
            yield space + (one.name or here), here


assert all(row in MUTATIONS for _, _, acts in ACTS.values() for row in acts.values())
