"""From cart to delivered: what was ordered, held, paid, shipped, sent back and credited."""

from orders.models.bank import BankAccount, BankLine, BankLineState, BankLineWhy, BankProfile, BankStatement
from orders.models.card import (
    CardCustomer,
    CardDispute,
    CardMovement,
    CardPayment,
    CardRefund,
    CardState,
    RefundOrigin,
    RefundState,
)
from orders.models.cart import Cart, CartLine, Quote
from orders.models.credit import CreditAccrual
from orders.models.enquiry import Enquiry, EnquiryPart
from orders.models.event import OrderEvent
from orders.models.hold import HoldReason, LineHold, OrderHold
from orders.models.ledger import AccountKind, EntryKind, LedgerAccount, LedgerEntry, LedgerPosting
from orders.models.line import OrderLine, Review
from orders.models.money_policy import CreditStop, MoneyPolicy
from orders.models.order import EngineState, Order, OrderState, OrderType, PaymentMethod, PaymentState
from orders.models.paper import Paper, PaperCounter, PaperFile, PaperKind, SellerDetails
from orders.models.payment import Payment
from orders.models.purchase_request import PurchaseRequest, RequestState
from orders.models.refusal import RefusalAct, RefusalReason, StoreRefusal
from orders.models.returns import Return, ReturnReason, ReturnState
from orders.models.saved_list import SavedList, SavedListLine
from orders.models.shipment import Shipment, ShipmentLine
from orders.models.tax import TaxRate, TaxRegistration
from orders.models.tracking import TrackingLink

__all__ = [
    "AccountKind",
    "BankAccount",
    "BankLine",
    "BankLineState",
    "BankLineWhy",
    "BankProfile",
    "BankStatement",
    "CardCustomer",
    "CardDispute",
    "CardMovement",
    "CardPayment",
    "CardRefund",
    "CardState",
    "Cart",
    "CartLine",
    "CreditAccrual",
    "CreditStop",
    "EngineState",
    "Enquiry",
    "EnquiryPart",
    "EntryKind",
    "HoldReason",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerPosting",
    "LineHold",
    "MoneyPolicy",
    "Order",
    "OrderEvent",
    "OrderHold",
    "OrderLine",
    "OrderState",
    "OrderType",
    "Paper",
    "PaperCounter",
    "PaperFile",
    "PaperKind",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "PurchaseRequest",
    "Quote",
    "RefundOrigin",
    "RefundState",
    "RefusalAct",
    "RefusalReason",
    "RequestState",
    "Return",
    "ReturnReason",
    "ReturnState",
    "Review",
    "SavedList",
    "SavedListLine",
    "SellerDetails",
    "Shipment",
    "ShipmentLine",
    "StoreRefusal",
    "TaxRate",
    "TaxRegistration",
    "TrackingLink",
]
