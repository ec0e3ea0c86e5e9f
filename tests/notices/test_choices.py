"""A person chooses what comes by e-mail; what is owed comes whatever was chosen; one press in a letter stops letters like it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.functional import Promise as LazyText

from portal.accounts.models import Company, Membership, User
from portal.errors import Code, PortalError
from portal.notices.groups import Group, groups_of, why_always
from portal.notices.models import Notice, NoticeChoice
from portal.notices.selectors import choices_for, notices_for
from portal.notices.services import notice_choose, notice_mail_stop, notice_send
from portal.notices.stopping import stop_token
from portal.outbox.services import outbox_drain
from tests.factories import make_actor, make_company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def send(kind: str, key: str, **to: Any) -> Notice:
    return notice_send(kind=kind, subject_kind="order", subject="100234", data={}, key=key, now=NOW, **to)


def told(company: Company, *kinds: str) -> list[str]:
    """The subjects of the letters these kinds bring."""
    for kind in kinds:
        send(kind, f"{kind}:{company.pk}:{len(mail.outbox)}", company_id=company.pk)
    mail.outbox.clear()
    outbox_drain()
    return [one.subject for one in mail.outbox]


def person_of(actor: Any) -> User:
    return User.objects.get(pk=actor.user_id)


def test_without_a_choice_everything_comes_by_mail():
    buyer = make_company()
    actor = make_actor(buyer)
    assert [one.by_mail for one in choices_for(actor)] == [True] * len(groups_of(buyer))
    assert len(told(buyer, "order.placed", "order.shipped", "order.held")) == 3


def test_a_group_on_the_page_alone_sends_no_letter_and_still_stands_on_the_page():
    buyer = make_company()
    actor = make_actor(buyer)
    notice_choose(actor=actor, group="SHIPMENT", by_mail=False, now=NOW)
    assert told(buyer, "order.placed", "order.shipped") == ["Order 100234 received"]
    assert notices_for(actor).filter(kind="order.shipped").exists()
    notice_choose(actor=actor, group="SHIPMENT", by_mail=True, now=NOW)
    assert told(buyer, "order.delivered") == ["Order 100234 delivered"]
    assert NoticeChoice.objects.count() == 1


def test_a_choice_is_one_persons():
    buyer = make_company()
    one, two = make_actor(buyer), make_actor(buyer)
    notice_choose(actor=one, group="ORDER", by_mail=False, now=NOW)
    told(buyer, "order.placed")
    assert [letter.to for letter in mail.outbox] == [[person_of(two).email]]


@pytest.mark.parametrize("group", ["HOLD", "LATE", "PAYMENT"])
def test_what_a_buyer_is_owed_cannot_be_switched_off(group: str):
    actor = make_actor(make_company())
    with pytest.raises(PortalError) as refused:
        notice_choose(actor=actor, group=group, by_mail=False, now=NOW)
    assert (refused.value.code, refused.value.problems[0].field) == (Code.INVALID, "byMail")
    message = refused.value.problems[0].message
    assert "we owe you" in message or "without a payment" in message


def test_a_choice_that_is_owed_by_now_is_not_asked():
    buyer = make_company()
    actor = make_actor(buyer)
    NoticeChoice.objects.create(user_id=actor.user_id, group="HOLD", by_mail=False, changed_at=NOW)
    assert told(buyer, "order.held") == ["Order 100234 is held back"]


def test_a_private_buyers_confirmation_is_owed_too():
    buyer = make_company(is_consumer=True)
    actor = make_actor(buyer)
    with pytest.raises(PortalError):
        notice_choose(actor=actor, group="ORDER", by_mail=False, now=NOW)
    assert isinstance(why_always("ORDER", buyer), LazyText)
    assert why_always("ORDER", make_company()) == ""


def test_the_house_chooses_freely_among_its_own_groups():
    house = make_company(kind="HOUSE")
    actor = make_actor(house, "PARTS_MANAGER")
    assert {one.group for one in choices_for(actor)} == {Group.WORK, Group.REVIEW, Group.LATE}
    notice_choose(actor=actor, group="LATE", by_mail=False, now=NOW)
    send("promise.warned", "w", role="PARTS_MANAGER")
    outbox_drain()
    assert mail.outbox == []


@pytest.mark.parametrize("group", ["", "WORK", "NOTHING", "order"])
def test_a_group_the_reader_is_not_told_of_is_refused(group: str):
    with pytest.raises(PortalError) as refused:
        notice_choose(actor=make_actor(make_company()), group=group, by_mail=False, now=NOW)
    assert refused.value.problems[0].field == "group"


def test_letters_that_may_be_stopped_say_how_in_the_header_and_others_do_not():
    buyer = make_company()
    person = person_of(make_actor(buyer))
    told(buyer, "order.placed", "order.held")
    received, held = (one.extra_headers for one in mail.outbox)
    assert received["List-Unsubscribe"] == f"<http://127.0.0.1:8000/notices/stop/{stop_token(person, 'ORDER')}/>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in held
    assert "Always by e-mail" in mail.outbox[1].body


def test_a_mail_program_stops_them_with_one_post_and_nothing_else():
    buyer = make_company()
    person = person_of(make_actor(buyer))
    program = Client(enforce_csrf_checks=True)
    address = f"/notices/stop/{stop_token(person, 'ORDER')}/"
    for _twice in range(2):
        assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert told(buyer, "order.placed", "order.shipped") == ["Order 100234 shipped"]


def test_looking_at_the_link_changes_nothing_and_a_press_can_be_taken_back():
    buyer = make_company()
    person = person_of(make_actor(buyer))
    address = f"/notices/stop/{stop_token(person, 'ORDER')}/"
    shown = Client().get(address).content.decode()
    assert person.email not in shown
    assert told(buyer, "order.placed") == ["Order 100234 received"]
    Client().post(address, {"List-Unsubscribe": "One-Click"})
    Client().post(address, {"again": "1"})
    assert told(buyer, "order.approved") == ["Order 100234 approved"]


def test_a_token_that_is_not_ours_or_of_somebody_who_left_does_not_exist():
    buyer = make_company()
    actor = make_actor(buyer)
    good = stop_token(person_of(actor), "ORDER")
    for token in (good + "x", good.replace("ORDER", "LATE"), "x", "1.ORDER." + good.rsplit(".", 1)[1]):
        assert Client().get(f"/notices/stop/{token}/").status_code == 404
        assert Client().post(f"/notices/stop/{token}/").status_code == 404
    User.objects.filter(pk=actor.user_id).update(is_active=False)
    with pytest.raises(PortalError) as refused:
        notice_mail_stop(token=good, now=NOW)
    assert refused.value.code is Code.NOT_FOUND
    assert not NoticeChoice.objects.exists()


def test_somebody_of_two_companies_chooses_once_for_both():
    one, two = make_company(), make_company()
    actor = make_actor(one)
    Membership.objects.create(user=person_of(actor), company=two, roles=["BUYER"])
    notice_choose(actor=actor, group="ORDER", by_mail=False, now=NOW)
    assert told(two, "order.placed") == []
