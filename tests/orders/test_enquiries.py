"""Not sure which part? Asked with a photo, answered with parts, and only those who may see either."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from PIL import Image

from catalog.models import Part
from orders.models import Enquiry
from orders.selectors.enquiries import enquiries_for, enquiries_open, photo_file
from orders.services.carts import cart_lines
from orders.services.enquiring import MOST_PHOTO, enquiry_answer, enquiry_make, enquiry_order, photo_keep
from portal.errors import PortalError
from portal.notices.models import Notice
from portal.outbox.services import outbox_drain
from portal.promises.models import Promise
from tests import factories as make
from tests.orders.world import World, refused

GPS = 0x8825


def asked(world: World, words: str = "The ring behind the pump", **extra: object) -> Enquiry:
    return enquiry_make(actor=world.people.customer, words=words, now=world.now, **extra)  # type: ignore[arg-type]


def test_the_desk_hears_of_it_answers_with_parts_and_one_press_puts_them_in_the_cart(world: World, part: Part) -> None:
    machine = world.machine(part)
    made = asked(world, serial=machine.serial.lower())
    assert made.equipment == machine
    assert {one.role for one in Notice.objects.filter(kind="enquiry.made")} == {"PARTS_MANAGER", "SERVICE_DESK"}
    assert list(enquiries_open(world.people.desk)) == [made]
    enquiry_answer(
        actor=world.people.desk, enquiry_id=made.pk, answer="This one.", parts=[(part.number.lower(), 2)], now=world.now
    )
    assert Notice.objects.get(kind="enquiry.answered").user_id == world.people.customer.user_id
    enquiry_order(actor=world.people.customer, enquiry_id=made.pk, now=world.now)
    (line,) = cart_lines(world.people.customer)
    assert (line.part_number, line.quantity, line.serial) == (part.number, 2, machine.serial)


def test_an_answer_is_promised_within_four_hours_and_kept_by_it(world: World) -> None:
    made = asked(world)
    running = Promise.objects.get(subject=made.name)
    assert (running.policy_code, running.due_at) == ("hotline-reply", world.now + timedelta(hours=4))
    world.now += timedelta(hours=1)
    enquiry_answer(actor=world.people.desk, enquiry_id=made.pk, answer="x", parts=[], now=world.now)
    running.refresh_from_db()
    assert running.state == "KEPT"


def test_an_answer_that_does_not_come_is_told_in_words_of_its_own(world: World) -> None:
    made = asked(world)
    world.numbers.append(made.name)
    world.go_to(world.now + timedelta(hours=5))
    outbox_drain()
    assert Promise.objects.get(subject=made.name).state == "BROKEN"
    told = Notice.objects.filter(kind="promise.broken.enquiry")
    assert {(one.company_id, one.role) for one in told} == {
        (None, "PARTS_MANAGER"),
        (world.people.customer.company_id, ""),
    }


def test_a_strangers_machine_is_words_and_no_more(world: World, part: Part) -> None:
    made = asked(world, serial=world.machine(part, owner=world.people.other).serial)
    assert made.equipment is None
    assert made.serial


def test_another_company_sees_neither_question_nor_answer(world: World) -> None:
    made, other = asked(world), world.people.other
    assert list(enquiries_for(other)) == []
    assert list(enquiries_for(world.people.technician)) == []
    act = partial(enquiry_order, actor=other, enquiry_id=made.pk, now=world.now)
    assert refused(act) == [("NOT_FOUND", "enquiry")]
    answer = partial(enquiry_answer, enquiry_id=made.pk, answer="x", parts=[], now=world.now)
    assert refused(partial(answer, actor=world.people.customer))[0][0] == "NOT_ALLOWED"
    assert refused(partial(answer, actor=world.people.technician))[0][0] == "NOT_ALLOWED"


def test_who_answers_second_is_told_who_was_first(world: World) -> None:
    made = asked(world)
    answer = partial(enquiry_answer, enquiry_id=made.pk, answer="x", parts=[], now=world.now)
    answer(actor=world.people.desk)
    assert refused(partial(answer, actor=world.people.manager)) == [("WRONG_STATE", "enquiry")]


def test_a_number_that_is_no_part_is_told_by_its_place(world: World, part: Part) -> None:
    made = asked(world)
    act = partial(
        enquiry_answer, actor=world.people.desk, enquiry_id=made.pk, answer="x", parts=[(part.number, 1), ("NO-9", 1)], now=world.now,
    )  # fmt: skip
    assert refused(act) == [("UNKNOWN_PART", "parts[1].partNumber")]
    made.refresh_from_db()
    assert made.answered_at is None


def test_a_question_sent_twice_is_one_and_an_empty_one_is_none(world: World) -> None:
    assert asked(world, reference="r-1") == asked(world, reference="r-1")
    assert refused(partial(asked, world, " ")) == [("INVALID", "words")]
    assert refused(partial(asked, world, "x" * 4001)) == [("INVALID", "words")]


@pytest.mark.parametrize("words", ["🔧🚜 leak‼️", "أين هذه القطعة؟", "שלום 12-AB", "\u202egnihton"])
def test_emoji_and_right_to_left_text_are_kept_as_written(world: World, words: str) -> None:
    asked(world, words)
    assert Enquiry.objects.get().words == words


def test_a_photo_is_written_anew_without_the_place_it_was_taken_at(db: None) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of mine"
    exif.get_ifd(GPS)[1] = "N"
    kept = photo_keep(make.photo_bytes((40, 30), "JPEG", exif=exif))
    found = photo_file(Enquiry(photo=kept))
    assert found is not None
    path, kind = found
    assert kind == "image/jpeg"
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (40, 30))
        assert not picture.getexif()
    assert b"Camera of mine" not in path.read_bytes()


def _bomb() -> bytes:
    """A few kilobytes that say they are 400 million points."""
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * (MOST_PHOTO + 1), "photo_size"),
        (_bomb(), "photo_pixels"),
        (b"", "photo_kind"),
        (b"%PDF-1.4\n%%EOF\n", "photo_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "photo_kind"),
        (b"MZ\x90\x00 no picture", "photo_kind"),
        (make.photo_bytes((50, 50))[:120], "photo_kind"),
        (b"PK\x03\x04zip", "photo_kind"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(db: None, content: bytes, why: str) -> None:
    with pytest.raises(PortalError) as caught:
        photo_keep(content)
    assert [(one.field, one.why) for one in caught.value.problems] == [("photo", why)]
