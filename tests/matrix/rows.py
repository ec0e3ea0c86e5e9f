"""The matrix: for every place where a thing can be named, who reaches it there. A cell not allowed by a row is closed.

`buyer` and `dealer` say in which relation (own, served, other) a company's people reach the thing; `staff` which roles of
the house (the administrator always, `all`: everybody); `sees`: the thing is there for them, the act is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.graphql.client import ERRORS
from tests.matrix.realm import RELATIONS, STAFF


@dataclass(frozen=True)
class Row:
    """`document` has `$it`, the thing named, of `kind`; `$own` is the caller's own thing of kind `also`."""

    document: str
    kind: str
    buyer: str = ""
    dealer: str = ""
    staff: str = ""
    sees: str = ""
    also: str = ""
    staff_relations: str = "own served other"
    admins: bool = False  # of a company, its administrators alone
    stands: bool = False  # done for an unknown thing too, and in the same words: the order is paid, the fit unknown

    @property
    def may_answer(self) -> bool:
        """Is silence, or the answer to what nobody knows, as good as a refusal?"""
        return self.stands or self.document.startswith("query")

    def may(self, role: str, relation: str) -> bool:
        """Is the cell open?"""
        if role in STAFF:
            allowed = role == "admin" or self.staff == "all" or role in self.staff.split()
            return bool(self.staff) and allowed and relation in self.staff_relations.split()
        if self.admins and role != "company_admin":
            return False
        return relation in self._company(role).split()

    def shows(self, role: str, relation: str) -> bool:
        """Is the thing there for the role, though the act is not its own?"""
        return role in STAFF or role == "stranger" or relation in self._seen(role).split() or self.may(role, relation)

    def _company(self, role: str) -> str:
        return {"customer": self.buyer, "company_admin": self.buyer, "stranger": ""}.get(role, self.dealer)

    def _seen(self, role: str) -> str:
        return "" if role == "stranger" else self.sees


def _query(text: str, kind: str, **more: Any) -> Row:
    return Row(f"query($it: String!) {{ {text} }}", kind, **more)


def _by_id(text: str, kind: str, **more: Any) -> Row:
    return Row(f"mutation($it: ID!) {{ {text} {{ {ERRORS} }} }}", kind, **more)


def _by_name(text: str, kind: str, **more: Any) -> Row:
    return Row(f"mutation($it: String!) {{ {text} {{ {ERRORS} }} }}", kind, **more)


def _second(text: str, kind: str, **more: Any) -> Row:
    return Row(f"mutation($it: ID!, $own: ID!) {{ {text} {{ {ERRORS} }} }}", kind, **more)


def _placed(text: str, kind: str, **more: Any) -> Row:
    judged = f"order {{ lines {{ fit {{ verdict }} repairCard {{ number }} coverage {{ {_DECISION} }} }} }}"
    return Row(f"mutation($it: String!) {{ {text} {{ {ERRORS} {judged} }} }}", kind, **more)


SHARED = "own served"
_DESK, _MANAGER = "service_desk", "parts_manager"
_CLERKS = f"{_MANAGER} {_DESK}"
_MONEY_READERS = f"accountant approver {_CLERKS}"
_DECISION = "payer customerShare needsReview bearer reasons { code message decisive } rulesVersion"
_QUOTED = f"total {{ amount }} lines {{ coverage {{ {_DECISION} }} fit {{ verdict callout quantity }} }} problems {{ code field message details }}"
_LINE = "partNumber: PART, quantity: 1"
_ORDER = 'reference: "cell", payment: TRANSFER'
_FOR = f"{_ORDER}, FOR_WHOM"  # staff name the customer, and then see with its eyes

QUERIES = {
    "equipment.serial": _query("equipment(serial: $it) { id serial model site owner { name } }", "serial", buyer=SHARED, dealer=SHARED, staff="all"),
    "parts.serial": _query("parts(serial: $it) { totalCount edges { node { number } } }", "serial", buyer=SHARED, dealer=SHARED, staff="all"),
    "Part.fits.serial": _query("part(number: PART) { fits(serial: $it) { verdict callout assembly quantity } }", "serial", buyer=SHARED, dealer=SHARED, staff="all"),
    "coverage.serial": _query(f"coverage(serial: $it, partNumber: PART) {{ {_DECISION} }}", "serial", buyer=SHARED, dealer=SHARED, staff="all"),
    "repairCards.serial": _query("repairCards(serial: $it) { totalCount edges { node { number fault } } }", "serial", buyer=SHARED, dealer=SHARED, staff="all"),
    "repairCard.number": _query("repairCard(number: $it) { id number fault equipment { serial } }", "card", buyer=SHARED, dealer=SHARED, staff="all"),
    "order.number": _query("order(number: $it) { id number total { amount } }", "number", buyer="own", dealer="own", staff="all"),
    # a reference is unique within a company only: the house finds orders by their number
    "order.reference": _query("order(reference: $it) { id number total { amount } }", "reference", buyer="own", dealer="own"),
    "orders.company": Row("query($it: ID!) { orders(company: $it) { totalCount edges { node { number } } } }", "Company", buyer="own", dealer="own", staff="all"),
    "accounts.company": Row("query($it: ID!) { accounts(company: $it) { currency company { name } creditLimit { amount } creditBalance { amount } openItems { orderNumber } } }", "Company", buyer="own", dealer="own", staff=_MONEY_READERS),
    "ledger.company": Row("query($it: ID!) { ledger(company: $it) { totalCount edges { node { orderNumber reason owed { amount } } } } }", "Company", buyer="own", dealer="own", staff=_MONEY_READERS),
    "quote.input.lines.serial": _query(f"quote(input: {{ {_FOR}, lines: [{{ {_LINE}, serial: $it }}] }}) {{ {_QUOTED} }}", "serial", buyer=SHARED, dealer=SHARED, staff=_CLERKS, staff_relations=SHARED),
    "quote.input.lines.repairCard": _query(f"quote(input: {{ {_FOR}, lines: [{{ {_LINE}, serial: SERIAL, repairCard: $it }}] }}) {{ {_QUOTED} }}", "card", buyer=SHARED, dealer=SHARED, staff=_CLERKS, staff_relations=SHARED),
    "quote.input.quote": Row(f"query($it: ID!) {{ quote(input: {{ {_ORDER}, quote: $it, lines: [{{ {_LINE} }}] }}) {{ {_QUOTED} }} }}", "Quote"),
    "quote.input.company": Row(f"query($it: ID!) {{ quote(input: {{ {_ORDER}, company: $it, lines: [{{ {_LINE} }}] }}) {{ {_QUOTED} }} }}", "Company", buyer="own", dealer="own", staff=_CLERKS),
}  # fmt: skip

MUTATIONS = {
    "orderPlace.input.lines.serial": _placed(f"orderPlace(input: {{ {_FOR}, lines: [{{ {_LINE}, serial: $it }}] }})", "serial", buyer=SHARED, dealer=SHARED, staff=_CLERKS, staff_relations=SHARED, stands=True),
    "orderPlace.input.lines.repairCard": _placed(f"orderPlace(input: {{ {_FOR}, lines: [{{ {_LINE}, serial: SERIAL, repairCard: $it }}] }})", "card", buyer=SHARED, dealer=SHARED, staff=_CLERKS, staff_relations=SHARED),
    "orderPlace.input.quote": _by_id(f"orderPlace(input: {{ {_FOR}, quote: $it, lines: [{{ {_LINE} }}] }})", "Quote", buyer="own", dealer="own", staff=_CLERKS, staff_relations="own"),
    "orderPlace.input.company": _by_id(f"orderPlace(input: {{ {_ORDER}, company: $it, lines: [{{ {_LINE} }}] }})", "Company", buyer="own", dealer="own", staff=_CLERKS),
    "cartAdd.order": _by_id("cartAdd(order: $it)", "Order", buyer="own", dealer="own", staff=_CLERKS),
    "cartAdd.orderLines": _second("cartAdd(order: $own, orderLines: [$it])", "OrderLine", also="Order", buyer="own", dealer="own", staff=_CLERKS, staff_relations="own"),
    "cartAdd.savedList": _by_id("cartAdd(savedList: $it)", "SavedList", buyer="own", dealer="own"),
    "purchaseRequestMake.input.lines.serial": _by_name(f"purchaseRequestMake(input: {{ {_ORDER}, lines: [{{ {_LINE}, serial: $it }}] }})", "serial", stands=True),
    "purchaseRequestMake.input.lines.repairCard": _by_name(f"purchaseRequestMake(input: {{ {_ORDER}, lines: [{{ {_LINE}, serial: SERIAL, repairCard: $it }}] }})", "card", buyer=SHARED, dealer=SHARED),
    "purchaseRequestMake.input.quote": _by_id(f"purchaseRequestMake(input: {{ {_ORDER}, quote: $it, lines: [{{ {_LINE} }}] }})", "Quote", stands=True),
    "purchaseRequestMake.input.company": _by_id(f"purchaseRequestMake(input: {{ {_ORDER}, company: $it, lines: [{{ {_LINE} }}] }})", "Company", buyer="own", dealer="own"),
    "cartAdd.enquiry": _by_id("cartAdd(enquiry: $it)", "Enquiry", buyer="own", dealer="own"),
    "enquiryMake.serial": _by_name('enquiryMake(words: "Which?", serial: $it)', "serial", stands=True),
    "enquiryAnswer.enquiry": _by_id('enquiryAnswer(enquiry: $it, answer: "This one")', "Enquiry", staff=_CLERKS),
    "trackingLinkMake.order": _by_id("trackingLinkMake(order: $it)", "Order", buyer="own", dealer="own", staff=_CLERKS),
    "trackingLinkWithdraw.order": _by_id("trackingLinkWithdraw(order: $it)", "Order", buyer="own", dealer="own", staff=_CLERKS),
    "purchaseRequestApprove.request": _by_id("purchaseRequestApprove(request: $it)", "PurchaseRequest", buyer="own", dealer="own"),
    "purchaseRequestSendBack.request": _by_id('purchaseRequestSendBack(request: $it, note: "n")', "PurchaseRequest", buyer="own", dealer="own"),
    "purchaseRequestWithdraw.request": _by_id("purchaseRequestWithdraw(request: $it)", "PurchaseRequest", sees="own"),
    "memberChange.member": _by_id('memberChange(member: $it, roles: ["BUYER"])', "Member", buyer="own", sees="own", admins=True),
    # what is only noted as typed names nothing yet: it is judged when it is ordered
    "cartAdd.lines.serial": _by_name(f"cartAdd(lines: [{{ {_LINE}, serial: $it }}])", "serial", stands=True),
    "cartAdd.lines.repairCard": _by_name(f"cartAdd(lines: [{{ {_LINE}, repairCard: $it }}])", "card", stands=True),
    "savedListMake.lines.serial": _by_name(f'savedListMake(name: "cell", lines: [{{ {_LINE}, serial: $it }}])', "serial", stands=True),
    "savedListChange.list": _by_id(f'savedListChange(list: $it, name: "cell", lines: [{{ {_LINE} }}])', "SavedList", buyer="own", dealer="own"),
    "savedListChange.lines.serial": Row(f'mutation($it: String!, $own: ID!) {{ savedListChange(list: $own, name: "cell", lines: [{{ {_LINE}, serial: $it }}]) {{ {ERRORS} }} }}', "serial", also="SavedList", stands=True),
    "savedListDrop.list": _by_id("savedListDrop(list: $it)", "SavedList", buyer="own", dealer="own"),
    "orderPay.order": _by_id("orderPay(order: $it, method: TRANSFER)", "Order", staff=f"accountant {_MANAGER}"),
    "orderCreditUse.order": _by_id("orderCreditUse(order: $it)", "Order", buyer="own", dealer="own", staff="accountant"),
    "orderRefund.order": _by_id("orderRefund(order: $it)", "Order", staff="accountant"),
    "orderPaper.order": _by_id("orderPaper(order: $it, kind: CONFIRMATION)", "Order", buyer="own", dealer="own", staff="all"),
    "creditGrant.company": _by_id('creditGrant(company: $it, currency: "KRW", amount: "5", reason: "w")', "Company", staff="approver"),
    "creditGrant.order": _second('creditGrant(company: $own, currency: "KRW", amount: "5", reason: "w", order: $it)', "Order", also="Company", staff="approver", staff_relations="own"),
    "creditPayOut.company": _by_id('creditPayOut(company: $it, currency: "KRW", amount: "5", reason: "w")', "Company", staff="accountant"),
    "bankLineAssign.line": _by_id("bankLineAssign(line: $it, shares: [])", "BankLine", staff="accountant"),
    "bankLineAssign.shares.order": Row(f'mutation($it: String!, $own: ID!) {{ bankLineAssign(line: $own, shares: [{{ order: $it, amount: "5" }}]) {{ {ERRORS} }} }}', "number", also="BankLine", staff="accountant"),
    "bankLineCredit.line": _second("bankLineCredit(line: $it, company: $own)", "BankLine", also="Company", staff="accountant"),
    "bankLineCredit.company": _second("bankLineCredit(line: $own, company: $it)", "Company", also="BankLine", staff="accountant"),
    "bankLineSendBack.line": _by_id('bankLineSendBack(line: $it, note: "n")', "BankLine", staff="accountant"),
    "orderPayCard.order": _by_id("orderPayCard(order: $it)", "Order", buyer="own", dealer="own"),
    "orderRefundCard.order": _by_id('orderRefundCard(order: $it, amount: "1", reason: "r")', "Order", staff=f"accountant {_MANAGER}"),
    "orderPayByTransfer.order": _by_id("orderPayByTransfer(order: $it)", "Order", buyer="own", dealer="own", staff=_CLERKS),
    "orderApprove.order": _by_id("orderApprove(order: $it)", "Order", staff=f"approver accountant {_MANAGER}"),
    "orderCancel.order": _by_id('orderCancel(order: $it, reason: "no need")', "Order", buyer="own", dealer="own", staff=_CLERKS),
    "orderCancel.lines": _second('orderCancel(order: $own, lines: [$it], reason: "no need")', "OrderLine", also="Order", buyer="own", dealer="own", staff=_CLERKS, staff_relations="own"),
    "orderHold.order": _by_id('orderHold(order: $it, reason: CUSTOMER_ASKED, note: "n")', "Order", staff=f"{_MANAGER} {_DESK} accountant"),
    "orderRelease.order": _by_id("orderRelease(order: $it)", "Order", staff=f"{_MANAGER} {_DESK} accountant"),
    "shipmentCreate.order": _by_id('shipmentCreate(order: $it, carrier: "Post")', "Order", staff=_MANAGER),
    "shipmentCreate.lines.line": _second('shipmentCreate(order: $own, lines: [{ line: $it, quantity: 1 }], carrier: "Post")', "OrderLine", also="Order", staff=_MANAGER, staff_relations="own"),
    "shipmentDeliver.shipment": _by_id("shipmentDeliver(shipment: $it)", "Shipment", staff=_CLERKS),
    "shipmentCorrect.shipment": _by_id('shipmentCorrect(shipment: $it, evidence: "slip")', "Shipment", staff=_MANAGER),
    "shipmentUndo.shipment": _by_id('shipmentUndo(shipment: $it, reason: "still here")', "Shipment", staff=_MANAGER),
    "shipmentTrack.shipment": _by_id('shipmentTrack(shipment: $it, trackingNumber: "T-9")', "Shipment", staff=_MANAGER),
    "returnCreate.order": _by_id("returnCreate(order: $it, lines: [], reason: DAMAGED)", "Order", buyer="own", dealer="own", staff=_CLERKS),
    "returnCreate.lines.line": _second("returnCreate(order: $own, lines: [{ line: $it, quantity: 1 }], reason: DAMAGED)", "OrderLine", also="Order", buyer="own", dealer="own", staff=_CLERKS, staff_relations="own"),
    "returnReceive.return": _by_id("returnReceive(return: $it)", "Return", staff=_CLERKS),
    "equipmentRegister.owner": _by_id('equipmentRegister(serial: "NEW-1", model: MODEL, owner: $it)', "Company", buyer="own", dealer=SHARED, staff=_CLERKS),
    "readingRecord.serial": _by_name("readingRecord(serial: $it, hours: 200)", "serial", buyer=SHARED, dealer=SHARED, staff=f"{_MANAGER} {_DESK} technician"),
    "repairCallOpen.serial": _by_name('repairCallOpen(serial: $it, fault: "f", contact: "c")', "serial", buyer=SHARED, dealer=SHARED, staff=f"{_DESK} technician"),
    "repairCardOpen.serial": _by_name('repairCardOpen(serial: $it, fault: "f")', "serial", dealer=SHARED, staff=_DESK),
    "repairCardOpen.call": _by_id('repairCardOpen(serial: SERIAL, fault: "f", call: $it)', "RepairCall", dealer="own", staff=_DESK, staff_relations=SHARED),
    "repairCardUse.card": _by_id('repairCardUse(card: $it, parts: [{ partNumber: "X", quantity: 1 }])', "RepairCard", dealer="own", sees=SHARED, staff=f"{_DESK} technician"),
    "repairCardUse.parts.orderLine": _second("repairCardUse(card: $own, parts: [{ orderLine: $it, quantity: 1 }])", "OrderLine", also="RepairCard", dealer="own", staff=f"{_DESK} technician", staff_relations="own"),
    "repairCardConfirm.card": _by_id("repairCardConfirm(card: $it)", "RepairCard", dealer="own", sees=SHARED, staff=_DESK),
    "repairCardClose.card": _by_id("repairCardClose(card: $it, minutes: 5)", "RepairCard", dealer="own", sees=SHARED, staff=_DESK),
    "storeRefusalSettle.refusal": _by_id("storeRefusalSettle(refusal: $it, act: RETRY)", "StoreRefusal", staff="parts_manager"),
    "coverageReview.line": _by_id('coverageReview(line: $it, payer: PAID, note: "n")', "OrderLine", staff="approver"),
    "tokenRevoke.token": _by_id("tokenRevoke(token: $it)", "ApiToken", buyer="own", dealer="own"),
    "noticeRead.notice": _by_id("noticeRead(notice: $it)", "Notice", buyer="own", dealer="own"),
}  # fmt: skip

# To name what is not yours is the point of registering; what may be told then has a test of its own.
ELSEWHERE = {"equipmentRegister.serial": "test_a_taken_serial_says_only_that_it_is_taken"}
# Things of the house that belong to no buyer: only the role decides.
ROLE_ONLY = {
    "stockAdjust": (f'stockAdjust(partNumber: PART, warehouse: "HOME", change: 1, reason: FOUND) {{ {ERRORS} }}', _MANAGER),
    "stockCount": (f'stockCount(partNumber: PART, warehouse: "HOME", counted: 1000) {{ {ERRORS} }}', _MANAGER),
    "stockPlan": (f'stockPlan(partNumber: PART, warehouse: "HOME", safetyStock: 1, reorderPoint: 2) {{ {ERRORS} }}', _MANAGER),
    "stockExpect": (f'stockExpect(partNumber: PART, warehouse: "HOME", quantity: 1, on: "2027-01-01") {{ {ERRORS} }}', _MANAGER),
    "stockReceive": (f'stockReceive(partNumber: PART, warehouse: "HOME", quantity: 1) {{ {ERRORS} }}', _MANAGER),
    "clockAdvance": (f"clockAdvance(hours: 1) {{ {ERRORS} }}", ""),
}  # fmt: skip
# What everybody who is signed in does for itself.
OWN_ONLY = {
    "tokenCreate": f'tokenCreate(name: "key") {{ {ERRORS} }}',
    "noticeChoose": f'noticeChoose(group: "REVIEW", byMail: false) {{ {ERRORS} }}',
}
# What a company's administrator does for the company.
ADMIN_ONLY = {"memberAdd": f'memberAdd(email: "new@x.example", name: "New", roles: ["BUYER"]) {{ {ERRORS} }}'}
# Lists: what they hold of each bag, by the mark of the bag that shows there.
LISTS = {
    "accounts": ("accounts { company { id } openItems { orderNumber } }", "Company", "own"),
    "ledger": ("ledger(first: 100) { edges { node { orderNumber } } }", "number", "own"),
    "bankLines": ("bankLines(first: 100) { totalCount edges { node { id } } }", "BankLine", ""),
    "storeRefusals": ("storeRefusals { id }", "StoreRefusal", ""),
    "purchaseRequests": ("purchaseRequests(first: 100) { totalCount edges { node { id } } }", "PurchaseRequest", "own"),
    "enquiries": ("enquiries(first: 100) { totalCount edges { node { id words } } }", "Enquiry", "own"),
    "members": ("members { id email }", "Member", "own"),
    "savedLists": ("savedLists { id lines { partNumber serial } }", "SavedList", "own"),
    "orders": ("orders(first: 100) { totalCount edges { node { number } } }", "number", "own"),
    "equipments": ("equipments(first: 100) { totalCount edges { node { serial } } }", "serial", SHARED),
    "repairCards": ("repairCards(first: 100) { totalCount edges { node { number } } }", "card", SHARED),
    "promises": ("promises(first: 100) { totalCount edges { node { subject } } }", "number", "own"),
    "tokens": ("tokens { id }", "ApiToken", "own"),
    "notices": ("notices(first: 100) { totalCount edges { node { about } } }", "number", "own"),
}  # fmt: skip
# Fields without an owner: `me` and `noticeChoices` are the caller's, `cart` and `restock` what it put in and bought, parts and stock are everybody's; what a stranger sees of them is tested by name.
EVERYBODYS = {"me", "noticeChoices", "cart", "restock", "part", "parts", "stock"}

assert set(RELATIONS) >= set(SHARED.split())
