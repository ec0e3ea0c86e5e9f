"""Sixty machines in every state of cover, with what covers them: terms, campaigns, contracts, readings, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.rules.numbers import normalise, serial_sequence
from portal.accounts.models import Company
from portal.sample.catalogue import Catalogue
from portal.sample.fleet import FIRST_SERIAL, LAST_SERIAL, MODELS, SampleModel
from portal.sample.people import People
from portal.sample.words import named
from warranty.models import (
    Campaign,
    Equipment,
    EquipmentDealer,
    EquipmentNote,
    HowReplaced,
    MaintenanceContract,
    NoteKind,
    Reading,
    Replacement,
    ServiceInterval,
    WarrantyTerm,
)

ALWAYS = DateRange(date(2000, 1, 1), None)
_SITES = {"KR": "{city} {number}공구", "JP": "{city} 第{number}現場"}  # elsewhere as in English
# Group: months, hours, excluded. No group: the machine.
_TERMS = {
    "": (12, 2000, False), "SEALS": (12, 2000, False), "UNDERCARRIAGE": (12, 1500, False), "BATTERIES": (6, None, False),
    "FILTERS": (0, None, True), "WEAR": (0, None, True), "FLUIDS": (0, None, True), "GLASS": (0, None, True), "PAINT": (0, None, True),
}  # fmt: skip
_LONGER = {"BX220": (24, 3000), "BX300": (24, 3000), "BL55": (18, 2500)}


@dataclass(frozen=True)
class State:
    """A state of cover: went into service so many months ago (None: not yet), hours a month, and what stands beside it."""

    name: str
    months: int | None
    pace: int = 80
    contract: tuple[str, ...] | None = None  # part groups; empty: every group
    ended: bool = False
    capped: bool = False
    note: NoteKind | None = None
    lower: bool = False
    replaced: str = ""  # a kind of part that was fitted before
    sold_only: bool = False


STATES = (
    State("in warranty", 4),
    State("in warranty, nearly over", 11, 70),
    State("over its hours", 9, 260),
    State("warranty ended", 20),
    State("long out of warranty", 62, 60),
    State("under full contract", 26, contract=()),
    State("contract for wear parts", 7, contract=("FILTERS", "WEAR", "FLUIDS")),
    State("contract ended", 40, contract=(), ended=True),
    State("contract with little left under its cap", 30, contract=(), capped=True),
    State("misuse recorded", 6, note=NoteKind.MISUSE),
    State("service overdue", 8, note=NoteKind.SERVICE_OVERDUE),
    State("non-genuine part found", 5, note=NoteKind.NON_GENUINE),
    State("a reading lower than before", 7, lower=True),
    State("repaired a month ago", 15, replaced="water-pump"),
    State("part warranty over", 32, replaced="alternator"),
    State("not handed over yet", None),
    State("sold, day of service unknown", 3, sold_only=True),
)
# Owner: how many machines, and the dealer who services them with the share of machines it may ask cover for.
_OWNERS = {
    "hangyeol": (15, "namdo"), "duru": (11, "namdo"), "solgae": (6, "yeongdong"), "hamanaka": (9, "kitakanto"), "lindental": (10, "ruhrbau"),
    "veenrijk": (8, "ruhrbau"), "": (1, "yeongdong"),
}  # fmt: skip


@dataclass(frozen=True)
class SampleMachine:
    """A machine as written, with its state of cover and the key of its owner."""

    row: Equipment
    state: State
    model: SampleModel
    owner: str
    granted: bool
    dealer: str


@dataclass
class _Rows:
    """What is written of all machines at once."""

    links: list[EquipmentDealer] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    notes: list[EquipmentNote] = field(default_factory=list)
    contracts: list[MaintenanceContract] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)


def cover_terms_load(catalogue: Catalogue) -> None:
    """The maker's terms: twelve months or 2,000 hours, longer on big machines, shorter or none for some groups."""
    rows = [
        WarrantyTerm(
            part_group=catalogue.groups.get(group), months=months, max_hours=hours, excluded=excluded, valid=ALWAYS
        )
        for group, (months, hours, excluded) in _TERMS.items()
    ]
    rows += [
        WarrantyTerm(model=catalogue.models[code], months=months, max_hours=hours, valid=ALWAYS)
        for code, (months, hours) in _LONGER.items()
    ]
    WarrantyTerm.objects.bulk_create(rows)


def services_load(catalogue: Catalogue) -> None:
    """The maker's advice: every 500 hours the small kit, every 1,000 hours or twelve months the large one. Its source is the number of a
    manual and the page, which every reader reads alike."""
    told = (
        ("service-500", ("Service, 500 h", "500시간 정비", "500時間整備"), 500, 6),
        ("service-1000", ("Service, 1000 h", "1000시간 정비", "1000時間整備"), 1000, 12),
    )
    ServiceInterval.objects.bulk_create(
        ServiceInterval(
            model=catalogue.models[model.code], **named(names), kit=catalogue.parts[f"{kit}/{model.size}"],
            every_hours=hours, every_months=months, source=f"OM-{model.code}, 6-2",
        )
        for model in MODELS
        for kit, names, hours, months in told
    )  # fmt: skip


def campaigns_load(catalogue: Catalogue, today: date) -> None:
    """Two open campaigns by serial range, and a closed one."""
    told = (
        (
            "SB-041",
            ("Swing relief valve: free replacement", "선회 릴리프 밸브 무상 교체", "旋回リリーフバルブの無償交換"),
            "BX85",
            17_501,
            22_000,
            "relief-valve/M",
            200,
            None,
        ),
        (
            "SB-044",
            ("Cab harness chafes at the pillar", "캡 하네스가 기둥에 쓸림", "キャブハーネスが柱に擦れる"),
            "BX35",
            None,
            None,
            "harness/S",
            45,
            None,
        ),
        (
            "SB-029",
            ("Coolant hose clamp", "냉각수 호스 클램프", "冷却水ホースのクランプ"),
            "BL55",
            None,
            16_500,
            "coolant-hose/W",
            600,
            120,
        ),
    )
    for code, names, model, first, last, part, began, ended in told:
        campaign = Campaign.objects.create(
            code=code,
            **named(names),
            model=catalogue.models[model],
            serial_from=first,
            serial_to=last,
            starts_on=today - timedelta(days=began),
            ends_on=None if ended is None else today - timedelta(days=ended),
        )
        campaign.parts.add(catalogue.parts[part])


def machines_load(catalogue: Catalogue, people: People, now: datetime, draw: Random) -> list[SampleMachine]:
    """The machines with their dealers, readings, notes, contracts and earlier repairs."""
    drafts = [(owner, dealer) for owner, (count, dealer) in _OWNERS.items() for _ in range(count)]
    machines = [
        _machine(number, owner, dealer, catalogue, people, now, draw) for number, (owner, dealer) in enumerate(drafts)
    ]
    Equipment.objects.bulk_create(machine.row for machine in machines)
    rows = _Rows()
    for number, machine in enumerate(machines):
        _link(machine, people, now, rows)
        _read(machine, now, rows, draw)
        _remark(machine, now, rows)
        _insure(machine, number, people, now, rows)
        _repair(machine, catalogue, now, rows)
        _serviced(machine, number, catalogue, now, rows)
    EquipmentDealer.objects.bulk_create(rows.links)
    Reading.objects.bulk_create(rows.readings)
    EquipmentNote.objects.bulk_create(rows.notes)
    MaintenanceContract.objects.bulk_create(rows.contracts)
    Replacement.objects.bulk_create(rows.replacements)
    return machines


def _machine(
    number: int, owner: str, dealer: str, catalogue: Catalogue, people: People, now: datetime, draw: Random
) -> SampleMachine:
    """States go round, so that every owner of many machines has most of them; models go round at another pace."""
    state = STATES[number % len(STATES)]
    model = MODELS[(number * 3) % len(MODELS)]
    serial = f"{model.code}-{_serial(model, number, draw)}"
    today = now.date()
    started = None if state.months is None else today - timedelta(days=round(state.months * 30.4) + draw.randrange(12))
    sold = None if started is None else started - timedelta(days=draw.randrange(3, 20))
    known = sold or today - timedelta(days=6)
    company = people.companies[owner] if owner else None
    row = Equipment(
        serial=serial,
        normalised=normalise(serial),
        sequence=serial_sequence(serial),
        model=catalogue.models[model.code],
        owner=company,
        registered_by=people.companies[dealer] if number % 7 == 0 else None,
        sold_on=sold,
        in_service_on=None if state.sold_only else started,
        site=_site(company, number % 4 + 1) if company else "",
        registered_at=now - (today - known),
    )
    return SampleMachine(row, state, model, owner, granted=number % 3 != 2, dealer=dealer)


def _site(company: Company, number: int) -> str:
    """Where a machine works, in the words of the place."""
    address = company.address
    return _SITES.get(address["country"], "{city}, site {number}").format(city=address["city"], number=number)


def _serial(model: SampleModel, number: int, draw: Random) -> int:
    """On both sides of the serial break by turns; the number keeps it unique."""
    first, last = (FIRST_SERIAL, model.revised_from) if number % 2 else (model.revised_from, LAST_SERIAL)
    return draw.randrange(first, last - 100) // 100 * 100 + number + 1


def _link(machine: SampleMachine, people: People, now: datetime, rows: _Rows) -> None:
    since = machine.row.sold_on or now.date()
    rows.links.append(
        EquipmentDealer(
            equipment=machine.row,
            dealer=people.companies[machine.dealer],
            granted_by_owner=machine.granted,
            since=since,
        )
    )


def _read(machine: SampleMachine, now: datetime, rows: _Rows, draw: Random) -> None:
    """A reading every few months up to this week; one machine's meter was changed for one that shows less."""
    months = machine.state.months or 0
    step = max(1, months // 6)
    for month in range(0, months, step):
        hours = round((months - month) * machine.state.pace) + draw.randrange(20)
        rows.readings.append(Reading(equipment=machine.row, hours=hours, read_at=now - timedelta(days=month * 30 + 3)))
    if machine.state.lower:
        rows.readings.append(
            Reading(
                equipment=machine.row,
                hours=120,
                read_at=now - timedelta(days=2),
                suspicious=True,
                note="Hour meter replaced",
            )
        )


def _remark(machine: SampleMachine, now: datetime, rows: _Rows) -> None:
    words = {
        NoteKind.MISUSE: "Bucket used as a hammer: boom foot bent.",
        NoteKind.SERVICE_OVERDUE: "500 h service not done.",
        NoteKind.NON_GENUINE: "Oil filter of another make found.",
    }
    if machine.state.note:
        day = now.date() - timedelta(days=25)
        rows.notes.append(
            EquipmentNote(
                equipment=machine.row, kind=machine.state.note, recorded_on=day, note=words[machine.state.note]
            )
        )


def _insure(machine: SampleMachine, number: int, people: People, now: datetime, rows: _Rows) -> None:
    state = machine.state
    if state.contract is None or not machine.owner:
        return
    currency = {"KR": "KRW", "JP": "JPY", "EU": "EUR"}[people.companies[machine.owner].market]
    cap = {"KRW": 250_000, "JPY": 30_000, "EUR": 190}[currency] * (1 if state.capped else 40)
    starts = now.date() - timedelta(days=420 if state.ended else 150)
    rows.contracts.append(
        MaintenanceContract(
            number=f"MC-{starts:%Y}-{number + 1:03}",
            equipment=machine.row,
            starts_on=starts,
            ends_on=starts + timedelta(days=365),
            groups=list(state.contract),
            customer_share=Decimal("0.20"),
            yearly_cap=Decimal(cap),
            currency=currency,
        )
    )


def _repair(machine: SampleMachine, catalogue: Catalogue, now: datetime, rows: _Rows) -> None:
    """What was fitted before the portal began."""
    kind = machine.state.replaced
    if not kind:
        return
    day = now.date() - timedelta(days=30 if kind == "water-pump" else 430)
    part = catalogue.parts[f"{kind}/{machine.model.size}"]
    rows.replacements.append(
        Replacement(
            equipment=machine.row,
            part=part,
            quantity=1,
            replaced_on=day,
            how=HowReplaced.FITTED,
            ref=f"service report {machine.row.serial}",
        )
    )


def _serviced(machine: SampleMachine, number: int, catalogue: Catalogue, now: datetime, rows: _Rows) -> None:
    """The services that were done; whose service is overdue has none."""
    started = machine.row.in_service_on or machine.row.sold_on
    if started is None or machine.state.note == NoteKind.SERVICE_OVERDUE:
        return
    for kit, days in (("service-500", 10 + number * 17 % 170), ("service-1000", 25 + number * 23 % 330)):
        day = now.date() - timedelta(days=days)
        if day > started:
            part, ref = catalogue.parts[f"{kit}/{machine.model.size}"], f"{kit} {machine.row.serial}"
            rows.replacements.append(
                Replacement(
                    equipment=machine.row, part=part, quantity=1, replaced_on=day, how=HowReplaced.FITTED, ref=ref
                )
            )
