"""The sample data: as much of everything as is promised, every state there is, and made by the services themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from pypdf import PdfReader

from catalog.models import (
    Assembly,
    EquipmentModel,
    ExpectedReceipt,
    Part,
    PartDocument,
    StockLedger,
    StockLevel,
    Warehouse,
)
from catalog.models.fitment import FitVerdict
from catalog.selectors.fit import fits_for
from catalog.selectors.parts import parts_resolve
from catalog.selectors.prices import prices_for
from orders.models import BankLine, LineHold, Order, OrderState, Paper, Return
from orders.selectors.account import company_accounts, ledger_of, local_day
from orders.selectors.ledger import credit_lines
from orders.selectors.ledger_check import ledger_disagreements
from portal import clock
from portal.accounts.models import Company, CompanyKind
from portal.accounts.tokens import token_actor
from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from portal.promises.rules.words import State
from portal.sample.accounts import demo_accounts
from portal.sample.load import sample_load
from portal.sample.people import PEOPLE
from warranty.models import CardState, Equipment, RepairCard
from warranty.selectors.equipment import warranty_status

ROLES = {
    "customer",
    "limited_buyer",
    "other_customer",
    "dealer",
    "parts_manager",
    "service_desk",
    "technician",
    "approver",
    "accountant",
    "admin",
}


pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Left:
    """What the load left to do: doorbells to ring at the commit, letters written."""

    doorbells: int
    letters: int


@pytest.fixture(scope="module", autouse=True)
def left(django_db_setup, django_db_blocker) -> Iterator[Left]:
    """The sample, loaded once for all tests of this file and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        before, letters = len(connection.run_on_commit), len(mail.outbox)
        assert sample_load(clock.now())
        yield Left(len(connection.run_on_commit) - before, len(mail.outbox) - letters)
        transaction.set_rollback(True)


def _order(name: str) -> Order:
    return Order.objects.get(reference=f"sample-{name}")


def _promise(name: str, policy: str = "ship") -> Promise:
    return Promise.objects.get(subject=_order(name).number, policy_code=policy)


# --- master data ---------------------------------------------------------------------------------------------------


def test_there_is_as_much_of_everything_as_promised():
    assert EquipmentModel.objects.annotate(breaks=Count("serial_breaks")).filter(breaks__gt=1).count() >= 8
    assert Part.objects.count() >= 400
    assert Assembly.objects.count() >= 12
    assert Company.objects.filter(kind=CompanyKind.DEALER).count() == 4
    assert Company.objects.filter(kind=CompanyKind.CUSTOMER).count() == 6
    assert Equipment.objects.count() == 60
    assert Order.objects.count() >= 40


def test_three_warehouses_in_two_zones_have_collection_times():
    places = list(Warehouse.objects.all())
    assert len(places) == 3
    assert len({place.zone for place in places}) == 2
    assert all(place.collections for place in places)


def test_every_part_has_a_name_in_each_language():
    named = Part.objects.filter(names__language__in=["en", "ko", "ja"]).annotate(
        languages=Count("names__language", distinct=True)
    )
    assert named.filter(languages=3).count() == Part.objects.count()


def test_every_market_kind_and_class_has_a_price_for_every_part_that_is_sold():
    current = set(Part.objects.filter(superseded_by=None).values_list("pk", flat=True))
    for company in Company.objects.exclude(kind=CompanyKind.HOUSE):
        prices = prices_for(
            current,
            market=company.market,
            kind=company.kind,
            discount_class=company.discount_class,
            on=clock.now().date(),
        )
        assert prices.keys() == current, company
        assert any(tier.per_quantity == 100 for price in prices.values() for tier in price.tiers)
        assert any(len(price.tiers) > 1 for price in prices.values())


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("br117-0345/7", ["oil-filter/M"]),  # two steps
        ("ＢＲ 240 0071 1", ["main-pump/L"]),  # three steps, wide letters
        ("BR.311.8840.0", ["seal-kit/boom/M", "bushing/boom/M"]),  # one to several
    ],
)
def test_an_old_number_in_odd_dress_leads_to_its_heirs(typed, becomes):
    from random import Random

    from portal.sample.load import SEED
    from portal.sample.parts import sample_parts

    numbers = {part.key: part.number for part in sample_parts(Random(SEED))}
    found = parts_resolve([typed], on=clock.now().date())[typed]
    assert {one.part.number for one in found.successors} == {numbers[key] for key in becomes}


def test_a_number_that_stands_for_two_parts_names_both():
    found = parts_resolve(["951012460"], on=clock.now().date())["951012460"]
    assert {part.number for part in found.candidates} == {"9510-12460", "95101-2460"}


def test_beyond_a_serial_break_the_part_of_before_is_refused_and_the_right_one_named():
    model = EquipmentModel.objects.get(code="BX85")
    before, after = (
        model.assemblies.get(figure="H10").callouts.get(label="2", serial_from=first).part for first in (None, 17_501)
    )
    pairs = [(before.pk, model.pk, 17_500), (before.pk, model.pk, 17_501)]
    fits = fits_for(pairs, clock.now().date())
    assert fits[pairs[0]].verdict == FitVerdict.FITS
    assert fits[pairs[1]].verdict == FitVerdict.DOES_NOT_FIT
    assert fits[pairs[1]].instead_use == after


def test_some_parts_have_one_piece_left_and_some_are_only_expected():
    left = Part.objects.annotate(free=Sum(F("levels__on_hand") - F("levels__held")))
    assert left.filter(free=1).count() >= 10
    awaited = ExpectedReceipt.objects.filter(received__lt=F("quantity")).values("part")
    assert left.filter(free=0, pk__in=awaited).count() >= 5
    assert left.filter(free=0).exclude(pk__in=awaited).exists()


def test_machines_are_in_every_state_of_warranty():
    today = clock.now().date()
    states = {warranty_status(machine, on=today).status for machine in Equipment.objects.all()}
    assert {"ACTIVE", "EXPIRED", "NOT_STARTED"} <= {str(state) for state in states}


# --- orders --------------------------------------------------------------------------------------------------------


def test_there_is_an_order_in_every_state():
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState.values)


def test_there_is_a_promise_in_every_state():
    assert set(Promise.objects.filter(policy_code="ship").values_list("state", flat=True)) == set(State)


def test_every_wired_promise_is_kept_somewhere():
    kept = set(Promise.objects.filter(state=State.KEPT).values_list("policy_code", flat=True))
    assert kept == {"ship", "dealer-delivery", "agreed-delivery", "coverage-review", "hotline-reply"}


def test_a_late_order_earned_a_hundredth_a_day_and_no_more_than_a_tenth():
    order = _order("late-to-the-cap")
    base = sum((line.published_each * line.quantity for line in order.lines.all()), Decimal(0))
    assert _promise("late-to-the-cap").state == State.KEPT_LATE
    assert [one.amount for one in credit_lines(order)] == [(base / 10).quantize(Decimal(1))]


def test_late_proof_took_a_credit_back():
    order = _order("proved-in-time")
    assert _promise("proved-in-time").state == State.KEPT
    given, *taken = (one.amount for one in credit_lines(order))
    assert given > 0
    assert sum(taken) == -given


def test_a_hold_for_an_address_pauses_and_one_for_stock_does_not():
    assert _promise("bad-address").state == State.PAUSED
    assert _promise("broken").state == State.BROKEN
    assert _order("broken").order_holds.get().reason == "OUT_OF_STOCK"


def test_repair_cards_are_open_working_and_closed_and_an_old_part_is_still_expected():
    states = set(RepairCard.objects.values_list("state", flat=True))
    assert {CardState.OPEN, CardState.WORKING, CardState.CLOSED} <= states
    assert Return.objects.filter(reason="OLD_PART", state="EXPECTED", due_on__isnull=False).exists()
    assert Return.objects.filter(reason="OLD_PART", state="RECEIVED").exists()


def test_the_ledger_adds_up_to_the_levels_and_the_holds_to_what_is_held():
    posted: dict[tuple[int, int], int] = defaultdict(int)
    held: dict[tuple[int, int], int] = defaultdict(int)
    for part, place, change in StockLedger.objects.values_list("part_id", "warehouse_id", "change"):
        posted[part, place] += change
    for part, place, pieces in LineHold.objects.filter(receipt=None).values_list(
        "line__part_id", "warehouse_id", "quantity"
    ):
        held[part, place] += pieces
    levels = {(level.part_id, level.warehouse_id): level for level in StockLevel.objects.all()}
    assert {key: level.on_hand for key, level in levels.items() if level.on_hand} == {
        key: sum_ for key, sum_ in posted.items() if sum_
    }
    assert {key: level.held for key, level in levels.items() if level.held} == dict(held)
    assert min(level.on_hand - level.held for level in levels.values()) >= 0


def test_what_was_to_be_done_is_done_and_nobody_got_a_letter(left):
    assert not OutboxMessage.objects.filter(done_at=None).exists()
    assert not OutboxMessage.objects.filter(attempts__gt=0).exists()
    assert left == Left(doorbells=0, letters=0)


def test_nothing_happens_in_the_future():
    now = clock.now()
    for model, moment in (
        ("orders.Order", "placed_at"),
        ("orders.OrderEvent", "at"),
        ("orders.Shipment", "shipped_at"),
    ):
        assert not apps.get_model(model).objects.filter(**{f"{moment}__gt": now}).exists(), model


# --- once ----------------------------------------------------------------------------------------------------------


def test_a_second_load_changes_nothing():
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("portal", "catalog", "warranty", "orders")
    ]
    before = {model: model._default_manager.count() for model in ours}
    call_command("load_sample", verbosity=0)
    assert {model: model._default_manager.count() for model in ours} == before


# --- accounts ------------------------------------------------------------------------------------------------------


def test_each_role_has_an_account_whose_password_and_token_open_it():
    accounts = demo_accounts()
    assert {account["role"] for account in accounts} >= ROLES
    for account in accounts:
        actor = token_actor(account["token"], now=clock.now())
        assert actor is not None
        assert actor.company_id is not None
        assert actor.user_id is not None
        assert Company.objects.get(pk=actor.company_id).name == account["company"]
        user = apps.get_model("accounts.User").objects.get(pk=actor.user_id)
        assert user.email == account["email"]
        assert user.check_password(account["password"])
        assert user.is_staff is user.is_superuser is (account["role"] == "admin")


def test_accounts_drawn_anew_shut_those_drawn_before():
    first, second = demo_accounts()[0], demo_accounts()[0]
    assert token_actor(first["token"], now=clock.now()) is None
    assert token_actor(second["token"], now=clock.now()) is not None


def test_one_account_has_a_limit_of_its_own_and_a_colleagues_account_has_none():
    limits = {
        account["role"]: apps.get_model("accounts.Membership").objects.get(user__email=account["email"]).order_limit
        for account in demo_accounts()
        if account["company"] == "Hangyeol Earthworks"
    }
    assert limits == {"customer": None, "limited_buyer": Decimal(100_000)}


def test_people_who_are_no_demo_accounts_cannot_log_in():
    closed = [person.email for person in PEOPLE if not person.demo]
    assert closed
    assert not any(
        user.has_usable_password() for user in apps.get_model("accounts.User").objects.filter(email__in=closed)
    )


def test_a_dealer_owes_what_is_overdue_and_has_credit_with_its_reason():
    company = Company.objects.get(import_key="sample:yeongdong")
    (account,) = company_accounts(company, today=local_day(company, clock.now()))
    assert account.overdue > 0
    assert account.credit >= 45_000
    assert "crate" in " ".join(ledger_of(company).values_list("reason", flat=True))


def test_sums_of_the_bank_wait_for_the_accountant_and_the_books_agree():
    assert sorted(BankLine.objects.values_list("state", "why")) == [
        ("WAITING", why) for why in ("OVER", "UNDER", "UNKNOWN")
    ]
    assert ledger_disagreements() == []


def test_an_invoice_that_is_to_be_paid_says_to_which_account():
    open_ones = [one.snapshot for one in Paper.objects.filter(kind="INVOICE") if not one.snapshot["paid"]]
    assert open_ones
    assert all(one["bank"]["number"] for one in open_ones)


def test_some_parts_have_a_fitting_sheet_in_each_language():
    kits = PartDocument.objects.filter(part__number__startswith="3110-").select_related("file")
    sheets = {one.language: one for one in kits.filter(part=kits.order_by("part__number")[0].part)}
    assert set(sheets) == {"en", "ko", "ja"}
    for language, words in (
        ("en", "Fitting a cylinder seal kit"),
        ("ko", "실린더 씰 키트 장착"),
        ("ja", "シリンダー用シールキット"),
    ):
        file = sheets[language].file
        read = PdfReader(Path(settings.MEDIA_ROOT, file.path))
        assert words in read.pages[0].extract_text().replace("\x00", "")
        assert (len(read.pages), sheets[language].kind, file.content_type) == (1, "MANUAL", "application/pdf")
        assert file.size < 60_000
