"""What people read about their orders; `data` names are those the services send."""

from django.utils.translation import gettext_lazy as _

from orders.models import HoldReason
from orders.store_words import figures_words
from portal.notices.groups import Group
from portal.notices.words import register_notice_words, register_value_words
from warranty.models.choices import Payer

_WORDS = {
    "order.placed": (_("Order {subject} received"), _("We have your order {subject} over {total}.")),
    "request.made": (
        _("{name} asks for your approval"),
        _(
            "{name} wants to order for {total}, more than the own limit. See it under Approvals: nothing is ordered before you decide."
        ),
    ),
    "request.approved": (
        _("Order {subject}: {name} approved it"),
        _("Your request is ordered under the number {subject}. {note}"),
    ),
    "request.sent_back": (
        _("{name} sent your request back"),
        _("Not ordered: {note} The lines wait under Approvals; take them back into your cart."),
    ),
    "enquiry.made": (
        _("{company} asks for a part"),
        _("{name} of {company} is not sure which part it is. Answer under Enquiries."),
    ),
    "enquiry.answered": (
        _("Your question is answered"),
        _("{answer} See it under Enquiries: the parts go into your cart with one press."),
    ),
    "order.approved": (_("Order {subject} approved"), _("Your order {subject} is approved and will be shipped.")),
    "order.paid": (_("Payment for order {subject}"), _("We received {amount} for order {subject}.")),
    "order.shipped": (
        _("Order {subject} shipped"),
        _("Shipment {shipment} left {warehouse} with {carrier}."),
    ),
    "order.unshipped": (
        _("Order {subject}: a shipment did not leave"),
        _("Shipment {shipment} did not leave after all. Its goods are held for you, and leave with the next one."),
    ),
    "order.differs": (
        _("Order {subject} is not the same in the store"),
        _(
            "The store's copy of order {subject} differs in: {figures}. See what both say under Store, and put the wrong one right."
        ),
    ),
    "order.refunded.elsewhere": (
        _("Money of order {subject} was given back in the store"),
        _("{amount} of order {subject} was given back by somebody in the store's dashboard."),
    ),
    "order.delivered": (_("Order {subject} delivered"), _("Shipment {shipment} was delivered.")),
    "order.held": (_("Order {subject} is held back"), _("Order {subject} cannot go on for now: {reason}.")),
    "order.released": (_("Order {subject} goes on"), _("The hold on order {subject} is lifted.")),
    "order.cancelled": (_("Order {subject}: cancelled"), _("Open pieces of order {subject} were cancelled.")),
    "order.refused": (
        _("Order {subject} refused by the store"),
        _("The store refused order {subject}: {reason}. Decide what to do."),
    ),
    "order.short": (
        _("Order {subject}: {partNumber} was sold elsewhere"),
        _(
            "{quantity} of part {partNumber} (line {line}) were sold elsewhere at the same moment. We look for others, and tell you."
        ),
    ),
    "order.readdressed": (
        _("Order {subject}: delivery address corrected"),
        _(
            "The delivery address of order {subject} could not be delivered to and was corrected. Look whether it is right."
        ),
    ),
    "line.waits": (
        _("Order {subject}: {partNumber} has to wait"),
        _(
            "{quantity} of part {partNumber} (line {line}) have to come in first. We tell you the day as soon as we know it."
        ),
    ),
    "line.waits.dated": (
        _("Order {subject}: {partNumber} comes later"),
        _("{quantity} of part {partNumber} (line {line}) are expected on {expected_on}."),
    ),
    "card.authorised": (
        _("Order {subject}: your card is accepted"),
        _("{amount} are reserved on your card for order {subject}. We charge what leaves, when it leaves."),
    ),
    "card.captured": (
        _("Order {subject}: your card was charged"),
        _("{amount} were charged to your card for goods of order {subject} that left."),
    ),
    "card.released": (
        _("Order {subject}: your card is free again"),
        _(
            "{amount} reserved for order {subject} are released and will not be charged; your bank shows it within days."
        ),
    ),
    "card.refunded": (
        _("Order {subject}: money back to your card"),
        _("{amount} of order {subject} go back to your card; your bank shows it within days."),
    ),
    "card.refunded.elsewhere": (
        _("Order {subject}: refund in the provider's dashboard"),
        _("{amount} of order {subject} were given back in the card provider's dashboard. Check the books."),
    ),
    "card.refund_failed": (
        _("Order {subject}: a refund failed"),
        _("{amount} of order {subject} could not be given back to the card. Pay them back another way."),
    ),
    "card.lapsed": (
        _("Order {subject}: please pay again"),
        _(
            "Your card no longer covers order {subject}, so it waits. Open the order and pay again; it goes on by itself."
        ),
    ),
    "card.foreign": (
        _("Order {subject}: a card payment that is not its own"),
        _(
            "Payment {intent} does not belong to order {subject} and does not count for it. Look at it in the card provider's dashboard."
        ),
    ),
    "card.disputed": (
        _("Order {subject}: a card charge is disputed"),
        _(
            "{amount} of order {subject} are disputed at the bank ({why}, {status}). Answer in the card provider's dashboard."
        ),
    ),
    "line.short": (
        _("Order {subject} waits without a source"),
        _("{quantity} pieces of {partNumber} of order {subject} have no stock and no receipt."),
    ),
    "line.moved": (
        _("Order {subject}: a new date"),
        _("{partNumber} of order {subject} is now expected on {expected_on}."),
    ),
    "order.day_lost": (
        _("Order {subject}: the day of delivery"),
        _("The money for order {subject} came too late for delivery on {asked_on}; it leaves as soon as promised."),
    ),
    "review.wanted": (
        _("Cover to decide: order {subject}"),
        _("Order {subject} has lines whose cover needs a person."),
    ),
    "review.decided": (_("Cover decided: order {subject}"), _("Line {line} of order {subject} was decided: {payer}.")),
    "promise.warned.enquiry": (
        _("Question {subject} is to be answered soon"),
        _("Question {subject} is promised an answer within four hours and has none yet. See Enquiries."),
    ),
    "promise.broken.enquiry": (
        _("Question {subject} is answered late"),
        _(
            "Question {subject} was promised an answer within four hours; we did not keep that. It is answered as soon as possible."
        ),
    ),
    "promise.warned": (
        _("Order {subject} is due soon"),
        _("Order {subject} is promised for {due_on} ({policy}) and is not done yet."),
    ),
    "promise.broken": (
        _("Order {subject} is late"),
        _(
            "Order {subject} was promised for {due_on} ({policy}); we did not keep that. You hear the new date as soon as we know it."
        ),
    ),
    "promise.broken.dated": (
        _("Order {subject} is late"),
        _("Order {subject} was promised for {due_on} ({policy}); we did not keep that. The new date is {expected_on}."),
    ),
    "order.partly_paid": (
        _("Part of the payment for order {subject}"),
        _("We received {amount} for order {subject}; {open} are still open. It leaves when they are here."),
    ),
    "transfer.reminder": (
        _("Order {subject} waits for your transfer"),
        _(
            "Please pay {amount} to account {account} under {reference}. Without it order {subject} ends after {cancel_on}."
        ),
    ),
    "card.reminder": (
        _("Order {subject} waits for your card"),
        _("Please pay {amount} by card on the order's page. Without it order {subject} ends after {cancel_on}."),
    ),
    "transfer.expired": (
        _("Order {subject} ended unpaid"),
        _(
            "No money came by {cancel_on}, so order {subject} was cancelled. Order again whenever you like; what still comes is not lost."
        ),
    ),
    "transfer.expired.rest": (
        _("Order {subject}: the rest ended unpaid"),
        _(
            "No money came by {cancel_on} for what was still open of order {subject}, so that was cancelled; the rest stands. What still comes is not lost."
        ),
    ),
    "transfer.partly": (
        _("Order {subject} is paid in part"),
        _("{amount} of order {subject} are still open and its time is over. Decide what to do."),
    ),
    "account.due": (_("Order {subject} is due today"), _("{amount} for order {subject} are due today.")),
    "account.overdue": (
        _("Order {subject} is overdue"),
        _("{amount} for order {subject} were due on {due_on}. Please pay them, or tell your contact why not."),
    ),
    "account.stopped": (
        _("Your account is stopped"),
        _(
            "Order {subject} was due on {due_on} and is not paid: buying on account is stopped. Pay it, and ask your contact to lift the stop."
        ),
    ),
    "account.stopped.staff": (
        _("{company}: account stopped"),
        _("Order {subject} of {company} was due on {due_on}; the account was stopped."),
    ),
    "account.stop_proposed": (
        _("{company}: stop the account?"),
        _("Order {subject} of {company} was due on {due_on} and is not paid. Decide whether the account is stopped."),
    ),
    "money.waiting": (
        _("Money to assign"),
        _("{count} sums of the statement {name} could not be booked by themselves. Assign them."),
    ),
    "money.undone.out": (
        _("The bank took {amount} back"),
        _(
            "The statement {name} undoes a sum that had come: {amount} on {value_on} ({text}). Nothing is booked for it: what it paid still counts as paid. See which order it was, and ask the buyer for the money."
        ),
    ),
    "money.undone.in": (
        _("{amount} that we had sent came back"),
        _(
            "The statement {name} undoes a sum that had left: {amount} on {value_on} ({text}). Nothing is booked for it: it still counts as paid out. See whom it was for, and send it again."
        ),
    ),
    "order.refunded": (
        _("Money back for order {subject}"),
        _("We paid back {amount} for order {subject}."),
    ),
    "order.credited": (
        _("Credit for order {subject}"),
        _("{amount} paid too much for order {subject} are kept as your credit."),
    ),
    "return.credited": (
        _("Return of order {subject} credited"),
        _("{quantity} pieces of order {subject} came back: {amount} are credited, restocking {fee}."),
    ),
    "core.credited": (
        _("Old units of order {subject}: deposit credited"),
        _("{quantity} old units of order {subject} came back and are good: {amount} of deposit are credited."),
    ),
    "core.kept.late": (
        _("Old units of order {subject}: deposit kept"),
        _(
            "{quantity} old units of order {subject} were due by {due_on} and did not come in time: the deposit of {amount} is kept."
        ),
    ),
    "core.kept.refused": (
        _("Old units of order {subject}: deposit kept"),
        _(
            "{quantity} old units of order {subject} cannot be rebuilt ({condition}): the deposit of {amount} is kept. Ask your contact if you see it otherwise."
        ),
    ),
    "core.reminder": (
        _("Old units of order {subject} are due"),
        _(
            "Please send {quantity} old units of order {subject} back by {due_on}: {amount} of deposit come back with them."
        ),
    ),
    "credit.goodwill": (_("Credit for you"), _("We credited {amount} to your account: {why}")),
    "credit.paid_out": (_("Credit paid out"), _("We paid {amount} of your credit out: {why}")),
    "credit.posted": (
        _("Credit for order {subject}"),
        _("{amount} are credited for the late days of order {subject}."),
    ),
    "credit.reversed": (
        _("Credit for order {subject} taken back"),
        _("Late proof showed that order {subject} was in time: {amount} were taken back."),
    ),
}


# Kinds that are not simply about the order: in which group a person chooses them.
_GROUPS = {
    Group.SHIPMENT: "order.shipped order.unshipped order.delivered",
    Group.HOLD: "order.held order.released",
    Group.LATE: "promise.warned promise.broken promise.broken.dated promise.warned.enquiry promise.broken.enquiry",
    Group.PAYMENT: "order.paid order.partly_paid card.authorised card.captured card.released card.lapsed transfer.reminder card.reminder transfer.expired transfer.expired.rest account.due account.overdue account.stopped core.reminder",
    Group.CREDIT: "card.refunded order.refunded order.credited return.credited core.credited core.kept.late core.kept.refused credit.goodwill credit.paid_out credit.posted credit.reversed",
    Group.REVIEW: "review.wanted review.decided",
    Group.WORK: "order.differs order.refunded.elsewhere order.refused card.refunded.elsewhere card.refund_failed card.foreign card.disputed line.short transfer.partly account.stopped.staff account.stop_proposed money.waiting money.undone.out money.undone.in enquiry.made",
}
# Where something is done about it, when that is not on the order's own page.
_PAGES = {
    "review.wanted": "reviews",
    "order.refused": "refusals",
    "order.differs": "store",
    **dict.fromkeys(("money.waiting", "money.undone.out", "money.undone.in"), "money"),
    **dict.fromkeys(("request.made", "request.sent_back"), "requests"),
    **dict.fromkeys(
        ("enquiry.made", "enquiry.answered", "promise.warned.enquiry", "promise.broken.enquiry"), "enquiries"
    ),
}


def _reason(code: str) -> str:
    """A hold's reason in words; what a store says stays as it said it."""
    return str(HoldReason(code).label) if code in HoldReason.values else code


def _payer(code: str) -> str:
    return str(Payer(code).label) if code in Payer.values else code


register_value_words("reason", _reason)
register_value_words("payer", _payer)
register_value_words("figures", figures_words)
_group_of = {kind: group for group, kinds in _GROUPS.items() for kind in kinds.split()}
for _kind, (_title, _text) in _WORDS.items():
    register_notice_words(_kind, _title, _text, group=_group_of.get(_kind, Group.ORDER), page=_PAGES.get(_kind, ""))
