"""What the components are shown with on the style guide: every state, no data of anybody."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.acts import Act, ActForm, Offered
from frontend.bars import BarView
from frontend.charts import Columns, columns
from frontend.forms.base import PortalForm, date_input
from frontend.timeline import Timeline, machine_timeline
from portal.languages.writing import plain_day
from portal.notices.facts import Facts, Piece
from portal.notices.groups import Group
from portal.notices.letter import Letter, letter_write
from portal.notices.words import notice_group, notice_kinds, notice_words
from portal.promises.words import policy_words
from warranty.selectors.equipment import WarrantyStatus

TONES = ("", "ok", "warn", "bad", "accent")


def bars() -> list[BarView]:
    """The promise bar in each of its tones."""
    by = _("ships by Tue 24 Nov")
    return [
        BarView(2, "offered", _("if ordered and paid now"), by),
        BarView(42, "running", by, _("1 day 4 h left")),
        BarView(86, "near", by, _("6 h left")),
        BarView(100, "late", by, _("2 days late")),
        BarView(50, "paused", _("paused since Mon 23 Nov"), _("22 h left then")),
        BarView(100, "kept", by, _("kept, 1 day early")),
        BarView(100, "kept_late", by, _("kept, 1 day late")),
        BarView(0, "cancelled", by, _("cancelled")),
    ]


def _listed(free: int = 0, expected: date | None = None, **part: Any) -> Any:
    return SimpleNamespace(
        part=SimpleNamespace(**{"stop_sale": False, **part}),
        stock=SimpleNamespace(free=free),
        first_expected=expected,
        tier=SimpleNamespace(amount=Decimal(84000), per_quantity=1),
        price=SimpleNamespace(currency="KRW", includes_tax=False),
    )


STOCKS = (_listed(12), _listed(expected=date(2026, 12, 2)), _listed(), _listed(stop_sale=True))
_WHY = (
    {"code": "EXPIRED", "data": {"until": "2026-05-03"}, "decisive": False},
    {"code": "CONTRACT", "data": {"contract": "MC-7", "until": "2027-07-01", "share": "0.2"}, "decisive": True},
)
# Payer, needs a person, the customer's share, reasons.
COVERS = (
    ("PAID", False, None, ()),
    ("CONTRACT", False, Decimal("0.2"), _WHY),
    ("WARRANTY", False, None, _WHY),
    ("INTERNAL", False, None, ()),
    ("WARRANTY", True, None, _WHY),
)


def warranties(today: date) -> list[tuple[Any, Any]]:
    """A machine's warranty in each state, and its contract."""
    ends = today + timedelta(days=300)
    contract = SimpleNamespace(ends_on=ends)
    return [(SimpleNamespace(status=status, ends_on=ends), None) for status in ("NONE", "NOT_STARTED", "EXPIRED")] + [
        (SimpleNamespace(status="ACTIVE", ends_on=ends), contract)
    ]


class ExampleForm(PortalForm):
    """A field of each kind."""

    number = forms.CharField(
        label=gettext_lazy("Part number"), help_text=gettext_lazy("Only if it has to be a certain day.")
    )
    quantity = forms.IntegerField(label=gettext_lazy("Quantity"), min_value=1, initial=1)
    day = forms.DateField(label=gettext_lazy("Deliver on"), widget=date_input(), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of order"), choices=[("C", gettext_lazy("customer"))])
    note = forms.CharField(label=gettext_lazy("Note for the driver"), widget=forms.Textarea(attrs={"rows": 2}))
    check = forms.BooleanField(label=gettext_lazy("Use my credit"), initial=True)
    one = forms.ChoiceField(
        label=gettext_lazy("Payment"),
        widget=forms.RadioSelect,
        choices=[("A", gettext_lazy("on account")), ("B", gettext_lazy("transfer"))],
    )


def refused_form() -> ExampleForm:
    """The same, refused."""
    form = ExampleForm({"quantity": "-1"}, auto_id="wrong_%s")
    form.is_valid()
    form.add_error(None, _("Something changed since you looked: check the lines, then order."))
    return form


class NoteForm(ActForm):
    """One field: enough for an act."""

    note = forms.CharField(label=gettext_lazy("Note for the driver"), widget=forms.Textarea(attrs={"rows": 2}))


def acts() -> list[Offered]:
    """Acts on a thing: the first, a quiet one that is open, one that takes something away."""
    shown = (("ship", _("Ship"), "", False), ("hold", _("Hold"), "", True), ("cancel", _("Cancel"), "bad", False))
    return [
        Offered(Act(name, title, title, NoteForm, lambda *_: "", tone=tone), NoteForm(auto_id=f"{name}_%s"), opened)
        for name, title, tone, opened in shown
    ]


def life(today: date) -> Timeline | None:
    """A machine's life with all that may stand on it: cover that is over and that runs, what is due, soon and later, what happened."""

    def day(days: int) -> date:
        return today + timedelta(days=days)

    named = (("500 h", -20, "DUE"), ("1,000 h", 40, "SOON"), ("2,000 h", 160, "OK"))
    services = [
        SimpleNamespace(interval=_called(name), due=SimpleNamespace(on=day(on), state=state))
        for name, on, state in named
    ]
    return machine_timeline(
        started=day(-900),
        warranty=WarrantyStatus("EXPIRED", day(-900), day(-170)),
        contracts=cast(Any, [SimpleNamespace(starts_on=day(-200), ends_on=day(200), number="MC-7")]),
        campaigns=cast(Any, [_called(_("Swing bolts checked free of charge"), starts_on=day(-60), ends_on=None)]),
        services=cast(Any, services),
        repairs=[(day(-400), "RC-000031"), (day(-90), "RC-000112")],
        orders=[(day(-395), "100044"), (day(-120), "100061")],
        today=today,
    )  # fmt: skip


def _called(name: Any, **facts: Any) -> SimpleNamespace:
    """A thing that has a name, which is the same for every reader here."""
    return SimpleNamespace(called=lambda _language: str(name), **facts)


def middle_page() -> Page[int]:
    """A page with others before and after it."""
    return Paginator(range(60), 20).page(2)


def letters() -> list[tuple[str, str, str]]:
    """Every kind of letter: its group, its kind and its title with made-up values."""
    rows = [(notice_group(kind), kind) for kind in notice_kinds()]
    order = list(Group)
    return [
        (str(group.label), kind, notice_words(kind, "100061", {}).title)
        for group, kind in sorted(rows, key=lambda row: (order.index(row[0]), row[1]))
    ]


def chart() -> Columns:
    """A column of every tone, one week without anything, and the level across."""
    values: list[float | None] = [12, 4, None, 7, 9]
    tones = ("", "warn", "", "bad", "soft")
    said = ["12", "4", "", "7", "9"]
    return columns(
        _("32 pieces in 5 weeks"), ["2/11", "9/11", "16/11", "23/11", "30/11"], values, said, line=6.4, tones=tones
    )


# One letter of each group, to be looked at.
LETTERS = (
    "order.placed", "order.shipped", "order.held", "promise.broken.dated", "transfer.reminder", "credit.posted", "review.decided", "order.refused",
)  # fmt: skip


def letter(kind: str, today: date, language: str) -> Letter:
    """A letter of a kind, written to somebody who does not exist about an order nobody placed."""
    to_house = kind.startswith("review.wanted") or notice_group(kind) == Group.WORK
    contact = SimpleNamespace(name="Bae Sumin", email="desk@baramsan.example")
    company = SimpleNamespace(kind="CUSTOMER", is_consumer=False, contact=contact)
    told = SimpleNamespace(
        kind=kind, subject_kind="order", subject="100061", data=_told(today), company=None if to_house else company,
        company_id=None if to_house else 1, created_at=None,
    )  # fmt: skip
    person = SimpleNamespace(pk=0, name=_("Han Byeol"), email="parts@hangyeol.example", language=language)
    return letter_write(told, person, _facts(today, notice_group(kind)))  # type: ignore[arg-type]


def _facts(today: date, group: Group) -> Facts:
    rows = ((_("Your order number"), "PO-2026-118"), (policy_words("ship"), plain_day(today + timedelta(days=2))))
    if group not in (Group.ORDER, Group.SHIPMENT, Group.HOLD, Group.LATE):
        return Facts(rows[:1])
    later = _("expected %(day)s") % {"day": plain_day(today + timedelta(days=9))}
    name = _("Seal kit, boom cylinder")
    return Facts(rows, (Piece("3110-51238", name, 2), Piece("3110-76181", name, 12, later)), 3)


def _told(today: date) -> dict[str, Any]:
    """Every value any kind may ask for."""
    day, later = today.isoformat(), (today + timedelta(days=9)).isoformat()
    return {
        "amount": "84000", "total": "239250", "open": "155250", "fee": "0", "currency": "KRW", "due_on": day, "expected_on": later,
        "cancel_on": later, "asked_on": later, "reason": "BAD_ADDRESS", "payer": "WARRANTY", "policy": "ship", "line": 2, "lines": [2],
        "quantity": 2, "partNumber": "3110-51238", "shipment": "SH-000061", "warehouse": "Incheon", "carrier": "CJ Logistics",
        "trackingNumber": "6301 4482 9910", "account": "110-555-014800", "reference": "RF18 1000 61", "count": 3, "name": "2026-11-27.xml",
        "company": "Hangyeol Earthworks", "why": "fraudulent", "status": "needs response", "figures": "quantity 2; hand-overs", "intent": "pi_123", "condition": "-",
    }  # fmt: skip
