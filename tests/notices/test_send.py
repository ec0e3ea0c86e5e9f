"""A notice is told once, by e-mail to the right people in their own language, even when the mail server fails half way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.accounts.models import Company, Membership, Role, User
from portal.errors import Code, PortalError
from portal.notices import words
from portal.notices.models import Notice
from portal.notices.selectors import notices_about, notices_for
from portal.notices.services import notice_read, notice_send
from portal.notices.words import notice_words, register_notice_words
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from tests.factories import make_actor, make_company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of the test's own, forgotten afterwards."""
    monkeypatch.setattr(words, "_TEMPLATES", {})
    register_notice_words(
        "order.late", "Order {subject} is late", "It was due {due_at}; now {new_on}. Missing: {nothing}."
    )


def send(key: str = "late:1", **given: Any) -> Notice:
    data = {"due_at": "2026-11-25T15:00:00+00:00", "new_on": "2026-11-30", "zone": "Asia/Seoul"}
    asked: dict[str, Any] = {
        "kind": "order.late",
        "subject_kind": "order",
        "subject": "100234",
        "data": data,
        "key": key,
        "now": NOW,
    }
    return notice_send(**(asked | given))


def person(company: Company, email: str, *roles: str, language: str = "en", **membership: Any) -> User:
    user = User.objects.create(email=email, language=language)
    Membership.objects.create(user=user, company=company, roles=list(roles), **membership)
    return user


def addresses() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_a_notice_goes_to_every_active_member_of_the_company_and_nobody_else() -> None:
    buyer, other = make_company(), make_company()
    person(buyer, "a@example.org", Role.BUYER)
    person(buyer, "left@example.org", Role.BUYER, is_active=False)
    gone = person(buyer, "gone@example.org", Role.BUYER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    elsewhere = person(other, "other@example.org", Role.BUYER)
    Membership.objects.create(user=elsewhere, company=buyer, roles=[Role.BUYER], is_active=False)
    notice = send(company_id=buyer.pk)
    assert outbox_drain() == 1
    assert addresses() == ["a@example.org"]
    notice.refresh_from_db()
    assert notice.emailed_at is not None


def test_an_alert_goes_to_those_of_the_house_with_the_role() -> None:
    house, buyer = make_company(kind="HOUSE"), make_company()
    person(house, "parts@example.org", Role.PARTS_MANAGER)
    person(house, "desk@example.org", Role.SERVICE_DESK)
    person(buyer, "sly@example.org", Role.PARTS_MANAGER)  # a role of the house means nothing elsewhere
    send(role=Role.PARTS_MANAGER)
    outbox_drain()
    assert addresses() == ["parts@example.org"]


def test_a_notice_for_one_person_goes_to_that_person() -> None:
    buyer = make_company()
    one = person(buyer, "one@example.org")
    person(buyer, "two@example.org")
    send(company_id=buyer.pk, user_id=one.pk)
    outbox_drain()
    assert addresses() == ["one@example.org"]


def test_the_same_key_is_told_once() -> None:
    buyer = make_company()
    person(buyer, "a@example.org")
    assert send(company_id=buyer.pk).pk == send(company_id=buyer.pk, data={"other": 1}).pk
    outbox_drain()
    assert (len(mail.outbox), OutboxMessage.objects.count()) == (1, 1)


def test_a_notice_nobody_can_get_is_done_all_the_same() -> None:
    send(company_id=make_company().pk)
    assert outbox_drain() == 1


def test_a_mail_server_that_fails_half_way_sends_nobody_a_second_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    buyer = make_company()
    for name in ("a", "b", "c"):
        person(buyer, f"{name}@example.org")
    send(company_id=buyer.pk)
    whole = EmailBackend.send_messages

    def failing(self: EmailBackend, messages: list) -> int:
        if len(mail.outbox) == 2:
            raise OSError("the mail server is away")
        return whole(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", failing)
    assert outbox_drain() == 0
    assert addresses() == ["a@example.org", "b@example.org"]
    monkeypatch.setattr(EmailBackend, "send_messages", whole)
    OutboxMessage.objects.update(due_at=NOW)
    assert outbox_drain() == 1
    assert addresses() == ["a@example.org", "b@example.org", "c@example.org"]


def test_each_letter_has_an_identity_that_stays() -> None:
    buyer = make_company()
    user = person(buyer, "a@example.org")
    notice = send(company_id=buyer.pk)
    outbox_drain()
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<notice-{notice.pk}-{user.pk}@localhost>"


def test_words_are_in_the_readers_language_place_and_manner() -> None:
    notice = Notice(
        kind="order.late",
        subject="100234",
        data={"due_at": "2026-11-25T15:00:00+00:00", "new_on": "2026-11-30", "zone": "Asia/Seoul"},
    )
    with translation.override("en"):
        english = notice_words(notice.kind, notice.subject, notice.data)
    assert english.title == "Order 100234 is late"
    assert english.text == "It was due 26 Nov 2026 00:00; now 30 Nov 2026. Missing: –."
    with translation.override("ko"):
        assert "2026년 11월 30일" in notice_words(notice.kind, notice.subject, notice.data).text


def test_a_code_is_read_as_the_app_that_owns_it_says() -> None:
    register_notice_words("p", "{policy}", "{policy}")
    assert notice_words("p", "1", {"policy": "ship"}).title == "hand-over to the carrier"


def test_a_kind_without_words_and_a_title_with_a_line_break_are_still_a_letter() -> None:
    assert "100234" in notice_words("nobody.knows", "100234", {}).text
    register_notice_words("odd", "About\n{name}", "{name}")
    assert notice_words("odd", "1", {"name": "x\r\nBcc: all@example.org"}).title == "About x Bcc: all@example.org"


def test_a_company_sees_its_own_notices_and_no_other() -> None:
    buyer, other = make_company(), make_company()
    mine, actor = send("1", company_id=buyer.pk), make_actor(buyer)
    theirs = send("2", company_id=other.pk)
    alert = send("3", role=Role.PARTS_MANAGER)
    assert list(notices_for(actor)) == [mine]
    assert notices_about(actor, "order", ["100234", "5"]) == {"100234": [mine], "5": []}
    for foreign in (theirs.pk, alert.pk, 999_999):
        with pytest.raises(PortalError) as refused:
            notice_read(actor=actor, notice_id=foreign, now=NOW)
        assert refused.value.code is Code.NOT_FOUND


def test_a_notice_for_one_person_is_not_the_colleagues() -> None:
    buyer = make_company()
    one, two = make_actor(buyer), make_actor(buyer)
    send(company_id=buyer.pk, user_id=one.user_id)
    assert (notices_for(one).count(), notices_for(two).count()) == (1, 0)


def test_the_house_sees_the_alerts_of_its_roles_and_its_administrator_all() -> None:
    house, buyer = make_company(kind="HOUSE"), make_company()
    send("1", role=Role.PARTS_MANAGER)
    send("2", role=Role.ACCOUNTANT)
    told = send("3", company_id=buyer.pk)
    assert [n.role for n in notices_for(make_actor(house, Role.PARTS_MANAGER))] == ["PARTS_MANAGER"]
    admin = make_actor(house, Role.ADMIN)
    assert sorted(n.role for n in notices_for(admin)) == ["ACCOUNTANT", "PARTS_MANAGER"]
    assert told in notices_about(admin, "order", ["100234"])["100234"]


def test_read_once_it_stays_read_when_it_was() -> None:
    buyer = make_company()
    notice, actor = send(company_id=buyer.pk), make_actor(buyer)
    notice_read(actor=actor, notice_id=notice.pk, now=NOW)
    assert notice_read(actor=actor, notice_id=notice.pk, now=datetime(2027, 1, 1, tzinfo=UTC)).read_at == NOW


def test_a_notice_needs_one_audience() -> None:
    with pytest.raises(IntegrityError, match="notice_has_one_audience"), transaction.atomic():
        send()
    with pytest.raises(IntegrityError, match="notice_has_one_audience"), transaction.atomic():
        send(company_id=make_company().pk, role=Role.ACCOUNTANT)
