"""Cards through the API: the form for a client of its own, and what became of it."""

from __future__ import annotations

from orders.models import Order
from portal.outbox.services import outbox_run
from tests.cards.conftest import Shop
from tests.graphql.client import api
from tests.orders.world import lines_of

CARDS = "payUrl paymentState cards { state authorised { amount currency } captured { amount } last4 decline declineMessage refunds { amount { amount } state origin } disputes { status } } payments { amount { amount } card { last4 } }"


def test_from_placing_to_refund(shop: Shop) -> None:
    buyer, staff = api(shop.world.people.customer), api(shop.world.people.accountant)
    asked = f'orderPlace(input: {{ reference: "r", payment: CARD, lines: [{{ partNumber: "{shop.part.number}", quantity: 2 }}] }})'
    placed = buyer.data(f"mutation {{ {asked} {{ order {{ id number {CARDS} }} errors {{ code }} }} }}")["orderPlace"][
        "order"
    ]
    assert placed["payUrl"].endswith(f"/orders/{placed['number']}/pay/")
    pay = "mutation($o: ID!) { orderPayCard(order: $o) { clientSecret publishableKey card { amount { amount } } errors { code } } }"
    form = buyer.data(pay, o=placed["id"])["orderPayCard"]
    assert (form["publishableKey"], form["card"]["amount"]["amount"], form["errors"]) == (
        "pk_test_of_the_tests",
        "20000",
        [],
    )
    intent = form["clientSecret"].split("_secret_")[0]
    shop.stripe.buyer(intent, refuse="expired_card")
    assert buyer.data(pay, o=placed["id"])["orderPayCard"]["clientSecret"] == form["clientSecret"]
    seen = f'{{ order(number: "{placed["number"]}") {{ {CARDS} }} }}'
    refused = buyer.data(seen)["order"]["cards"][0]
    assert (refused["decline"], refused["declineMessage"]) == (
        "expired_card",
        "The card has expired. Use another card.",
    )
    shop.stripe.buyer(intent)
    assert buyer.data(pay, o=placed["id"])["orderPayCard"]["clientSecret"] is None
    reserved = buyer.data(seen)["order"]
    assert (reserved["paymentState"], reserved["payUrl"], reserved["payments"]) == ("AUTHORISED", None, [])
    order = Order.objects.get(number=placed["number"])
    outbox_run(f"store:{order.number}")
    shop.run(order)
    shop.world.ship(order, (lines_of(order)[0], 2))
    shop.run(order)
    give = 'mutation($o: ID!) { orderRefundCard(order: $o, amount: "1000", reason: "goodwill") { refund { state } errors { code } } }'
    assert staff.data(give, o=placed["id"])["orderRefundCard"] == {"refund": {"state": "WANTED"}, "errors": []}
    shop.run(order)
    done = buyer.data(seen)["order"]
    assert (done["paymentState"], done["payments"]) == (
        "PAID",
        [{"amount": {"amount": "20000"}, "card": {"last4": "4242"}}],
    )
    assert done["cards"][0]["refunds"] == [{"amount": {"amount": "1000"}, "state": "DONE", "origin": "STAFF"}]
    assert buyer.post(give, o=placed["id"])["data"]["orderRefundCard"]["errors"][0]["code"] == "NOT_ALLOWED"
