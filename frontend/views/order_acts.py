"""What can be done with an order, by whom, and when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from frontend.acts import Act, Words
from frontend.forms import order as forms
from frontend.pages import Asked
from orders.selectors.order_page import OrderDetail
from orders.services.cancelling import order_cancel
from orders.services.card_paying import order_pay_by_transfer
from orders.services.card_refunding import card_refund
from orders.services.holding import order_hold, order_release
from orders.services.paying import order_approve, order_pay
from orders.services.returning import return_create, return_receive
from orders.services.saved_lists import order_again
from orders.services.shipping import shipment_correct, shipment_create, shipment_deliver
from orders.services.spending import order_credit_use, order_refund
from orders.services.tracking import tracking_link_make, tracking_link_withdraw
from orders.services.undoing import shipment_track, shipment_undo

_OVER = ("SHIPPED", "DELIVERED", "CANCELLED")


def _ship(request: Asked, thing: OrderDetail, form: forms.ShipForm) -> Words:
    data = form.cleaned_data
    shipment_create(
        actor=request.actor, order_id=thing.order.pk, lines=form.lines(), carrier=data["carrier"], now=request.now,
        tracking_number=data["tracking_number"], shipped_at=data["shipped_at"], reference=data["reference"],
    )  # fmt: skip
    return _("The hand-over is recorded; the buyer is told.")


def _deliver(request: Asked, thing: OrderDetail, form: forms.DeliverForm) -> Words:
    data = form.cleaned_data
    shipment_deliver(
        actor=request.actor, shipment_id=data["shipment"], now=request.now,
        delivered_at=data["delivered_at"], received_by=data["received_by"],
    )  # fmt: skip
    return _("The delivery is recorded.")


def _track(request: Asked, thing: OrderDetail, form: forms.TrackForm) -> Words:
    data = form.cleaned_data
    shipment_track(
        actor=request.actor, shipment_id=data["shipment"], tracking_number=data["tracking_number"], now=request.now
    )
    return _("The tracking number is recorded.")


def _undo(request: Asked, thing: OrderDetail, form: forms.UndoForm) -> Words:
    data = form.cleaned_data
    shipment_undo(actor=request.actor, shipment_id=data["shipment"], reason=data["reason"], now=request.now)
    return _("The hand-over is undone: the goods lie on their shelf again, held for this order, and the buyer is told.")


def _correct(request: Asked, thing: OrderDetail, form: forms.CorrectForm) -> Words:
    data = form.cleaned_data
    shipment_correct(
        actor=request.actor, shipment_id=data["shipment"], evidence=data["evidence"], now=request.now,
        shipped_at=data["shipped_at"], delivered_at=data["delivered_at"],
    )  # fmt: skip
    return _("The times are corrected; promises and credits were judged again.")


def _pay(request: Asked, thing: OrderDetail, form: forms.PayForm) -> Words:
    order_pay(actor=request.actor, order_id=thing.order.pk, now=request.now, **form.cleaned_data)
    return _("The payment is recorded.")


def _refund(request: Asked, thing: OrderDetail, form: forms.RefundForm) -> Words:
    order_refund(actor=request.actor, order_id=thing.order.pk, now=request.now, **form.cleaned_data)
    return _("The money back is booked; the buyer is told.")


def _credit(request: Asked, thing: OrderDetail, form: forms.PlainForm) -> Words:
    order_credit_use(actor=request.actor, order_id=thing.order.pk, now=request.now)
    return _("Paid with your credit, as far as it goes.")


def _give_back(request: Asked, thing: OrderDetail, form: forms.GiveBackForm) -> Words:
    card_refund(actor=request.actor, order_id=thing.order.pk, now=request.now, **form.cleaned_data)
    return _("The money goes back to the card; the buyer is told.")


def _transfer(request: Asked, thing: OrderDetail, form: forms.PlainForm) -> Words:
    order_pay_by_transfer(actor=request.actor, order_id=thing.order.pk, now=request.now)
    return _("You pay by transfer: name the order's number. It goes on when the money is in.")


def _approve(request: Asked, thing: OrderDetail, form: forms.NoteForm) -> Words:
    order_approve(actor=request.actor, order_id=thing.order.pk, note=form.cleaned_data["note"], now=request.now)
    return _("The credit is approved; the promises run from now.")


def _again(request: Asked, thing: OrderDetail, form: forms.AgainForm) -> Words:
    order_again(actor=request.actor, order_id=thing.order.pk, line_ids=form.keys(), now=request.now)
    return _("The lines are in your cart, judged anew: today’s price, stock and cover.")


def _link(request: Asked, thing: OrderDetail, form: forms.PlainForm) -> Words:
    tracking_link_make(actor=request.actor, order_id=thing.order.pk, now=request.now)
    return _("The link is made: it stands under Delivery. It shows goods and days, no price.")


def _unlink(request: Asked, thing: OrderDetail, form: forms.PlainForm) -> Words:
    tracking_link_withdraw(actor=request.actor, order_id=thing.order.pk, now=request.now)
    return _("The link is withdrawn: it opens nothing any more.")


def _hold(request: Asked, thing: OrderDetail, form: forms.HoldForm) -> Words:
    order_hold(actor=request.actor, order_id=thing.order.pk, now=request.now, **form.cleaned_data)
    return _("The order is held; the buyer is told why.")


def _release(request: Asked, thing: OrderDetail, form: forms.PlainForm) -> Words:
    order_release(actor=request.actor, order_id=thing.order.pk, now=request.now)
    return _("The order goes on.")


def _cancel(request: Asked, thing: OrderDetail, form: forms.CancelForm) -> Words:
    data = form.cleaned_data
    order_cancel(
        actor=request.actor,
        order_id=thing.order.pk,
        line_ids=data["lines"] or None,
        reason=data["reason"],
        now=request.now,
    )
    if data["lines"]:
        return _("Of the lines you chose, what was not handed over is cancelled.")
    return _("What was not handed over is cancelled.")


def _return(request: Asked, thing: OrderDetail, form: forms.ReturnForm) -> Words:
    data = form.cleaned_data
    return_create(
        actor=request.actor, order_id=thing.order.pk, lines=form.lines(), reason=data["reason"], now=request.now,
        reference=data["reference"],
    )  # fmt: skip
    return _("The return is announced.")


def _receive(request: Asked, thing: OrderDetail, form: forms.ReceiveForm) -> Words:
    data = form.cleaned_data
    return_receive(
        actor=request.actor,
        return_id=data["returned"],
        now=request.now,
        quantity=data["quantity"],
        condition=data["condition"],
        good=not data.get("refused"),
    )
    return _("What came back is booked.")


def _awaited(thing: OrderDetail) -> bool:
    return any(one.state == "EXPECTED" for one in thing.returns)


def _under_way(thing: OrderDetail) -> bool:
    return any(one.delivered_at is None for one in thing.shipments)


def _shippable(thing: OrderDetail) -> bool:
    return thing.hold is None and any(one.line.cleared_at for one in thing.to_ship)


_MANAGER, _DESK, _MONEY = "PARTS_MANAGER", "SERVICE_DESK", "ACCOUNTANT"
ACTS = (
    Act("ship", _("Ship"), _("Record the hand-over"), forms.ShipForm, _ship, (_MANAGER,), when=_shippable),
    Act("approve", _("Approve the credit"), _("Approve"), forms.NoteForm, _approve, ("APPROVER", _MONEY, _MANAGER),
        when=lambda thing: thing.order.needs_approval and thing.order.state != "CANCELLED"),
    Act("paid", _("Record a payment"), _("Record the payment"), forms.PayForm, _pay, (_MONEY, _MANAGER),
        when=lambda thing: thing.open_sum > 0 and thing.order.state != "CANCELLED"),
    Act("credit", _("Pay with credit"), _("Use the credit"), forms.PlainForm, _credit, (_MONEY,), buyers=True,
        when=lambda thing: thing.open_sum > 0 and thing.credit > 0 and thing.order.state != "CANCELLED"),
    Act("refund", _("Pay back"), _("Book the money back"), forms.RefundForm, _refund, (_MONEY,),
        when=lambda thing: thing.order.payment_state == "REFUND_DUE"),
    Act("deliver", _("Record the delivery"), _("Record the delivery"), forms.DeliverForm, _deliver, (_MANAGER, _DESK),
        when=_under_way),
    Act("release", _("Lift the hold"), _("Let it go on"), forms.PlainForm, _release, (_MANAGER, _DESK, _MONEY),
        when=lambda thing: thing.hold is not None),
    Act("receive", _("Receive a return"), _("Book what came back"), forms.ReceiveForm, _receive, (_MANAGER, _DESK), when=_awaited),
    Act("transfer", _("Pay by transfer instead"), _("Pay by transfer"), forms.PlainForm, _transfer, (_MANAGER, _DESK),
        buyers=True, when=lambda thing: thing.by_card and not any(card.authorised for card in thing.cards), tone="quiet"),
    Act("give-back", _("Give back to the card"), _("Give it back"), forms.GiveBackForm, _give_back, (_MONEY, _MANAGER),
        when=lambda thing: any(card.captured > card.refunded for card in thing.cards)),
    Act("hold", _("Hold back"), _("Hold the order and tell the buyer"), forms.HoldForm, _hold, (_MANAGER, _DESK, _MONEY),
        when=lambda thing: thing.hold is None and thing.order.state not in _OVER),
    Act("again", _("Order again"), _("Put into the cart"), forms.AgainForm, _again, (_MANAGER, _DESK), buyers=True, leads="cart"),
    Act("link", _("Link for the receiver"), _("Make the link"), forms.PlainForm, _link, (_MANAGER, _DESK), buyers=True,
        when=lambda thing: thing.link is None and thing.order.state != "CANCELLED"),
    Act("unlink", _("Withdraw the link"), _("Withdraw it"), forms.PlainForm, _unlink, (_MANAGER, _DESK), buyers=True,
        when=lambda thing: thing.link is not None),
    Act("return", _("Send something back"), _("Announce the return"), forms.ReturnForm, _return, (_MANAGER, _DESK),
        buyers=True, when=lambda thing: bool(thing.to_return)),
    Act("track", _("Tracking number"), _("Record the number"), forms.TrackForm, _track, (_MANAGER,),
        when=lambda thing: bool(thing.shipments), tone="quiet"),
    Act("undo", _("Undo a hand-over"), _("Undo it and tell the buyer"), forms.UndoForm, _undo, (_MANAGER,),
        when=_under_way, tone="quiet"),
    Act("correct", _("Correct times by proof"), _("Correct and judge again"), forms.CorrectForm, _correct, (_MANAGER,),
        when=lambda thing: bool(thing.shipments)),
    Act("cancel", _("Cancel"), _("Cancel what is not handed over"), forms.CancelForm, _cancel, (_MANAGER, _DESK),
        buyers=True, when=lambda thing: bool(thing.to_ship), tone="bad"),
)  # fmt: skip
