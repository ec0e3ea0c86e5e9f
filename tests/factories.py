"""Things to test with, made with as few words as the test needs. Each app has its own part; add to the end of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from PIL import Image

from catalog.imports.media.store import file_keep
from catalog.models import (
    Assembly,
    Callout,
    CrossReference,
    EquipmentModel,
    ExpectedReceipt,
    Fitment,
    FreightRate,
    MarketWarehouse,
    MediaFile,
    Part,
    PartDocument,
    PartGroup,
    PartName,
    Price,
    PriceList,
    StockLevel,
    Supersession,
    Warehouse,
)
from catalog.rules.numbers import normalise, serial_sequence
from catalog.services.stock import Movement, stock_post
from orders.models import TaxRate
from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import Company, Membership, User
from warranty.models import Campaign, Equipment, EquipmentDealer, MaintenanceContract, WarrantyTerm

_counter = itertools.count(1)


# --- catalog -------------------------------------------------------------------------------------------------------


def part_row(number: str = "", **extra: Any) -> Part:
    """A current genuine part, not saved."""
    number = number or f"TP-{next(_counter):05d}"
    return Part(number=number, normalised=normalise(number), **extra)


def make_part(number: str = "", *, name: str = "", **extra: Any) -> Part:
    """A current genuine part; `name` is its English one."""
    part = part_row(number, **extra)
    part.save(force_insert=True)
    if name:
        PartName.objects.create(part=part, language="en", name=name)
    return part


def make_document(part: Part, **extra: Any) -> PartDocument:
    """A paper of a part, and its file on disk; the same one for every part."""
    file, _ = file_keep(b"%PDF-1.4\n%%EOF\n")
    said = {"kind": "MANUAL", "name": "manual.pdf", **extra}
    return PartDocument.objects.get_or_create(part=part, file=file, defaults=said)[0]


def make_photo(size: tuple[int, int] = (4, 3), form: str = "PNG", **saved: Any) -> MediaFile:
    """A photo, taken in."""
    return file_keep(photo_bytes(size, form, **saved))[0]


def photo_bytes(size: tuple[int, int] = (4, 3), form: str = "PNG", **saved: Any) -> bytes:
    """A small picture as a camera would send it."""
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **saved)
    return out.getvalue()


def make_supersession(
    old: Part, new: Part, *, on: date = date(2020, 1, 1), quantity: int = 1, **extra: Any
) -> Supersession:
    """`old` became `quantity` x `new` on a day."""
    return Supersession.objects.create(old=old, new=new, quantity=quantity, effective_on=on, **extra)


def make_cross_reference(part: Part, number: str, *, catalogue: str = "OTHER") -> CrossReference:
    """Somebody else's number for our part."""
    return CrossReference.objects.create(part=part, number=number, normalised=normalise(number), catalogue=catalogue)


def make_model(code: str = "", **extra: Any) -> EquipmentModel:
    """A model of machine."""
    code = code or f"TM{next(_counter)}"
    return EquipmentModel.objects.create(
        code=code, normalised=normalise(code), name=extra.pop("name", f"Machine {code}"), **extra
    )


def make_assembly(model: EquipmentModel, *, quantity: int = 1, **extra: Any) -> Assembly:
    """A figure of the model's parts book."""
    code = f"A{next(_counter)}"
    return Assembly.objects.create(
        model=model, code=code, name=extra.pop("name", f"Figure {code}"), quantity=quantity, **extra
    )


def make_callout(
    assembly: Assembly,
    part: Part,
    *,
    label: str = "1",
    quantity: int = 1,
    first: int | None = None,
    last: int | None = None,
) -> Callout:
    """A bill line for serials `first` to `last`."""
    return Callout.objects.create(
        assembly=assembly, part=part, label=label, quantity=quantity, serial_from=first, serial_to=last
    )


def make_fitment(
    part: Part, model: EquipmentModel, *, first: int | None = None, last: int | None = None, **extra: Any
) -> Fitment:
    """A row of an application list."""
    return Fitment.objects.create(part=part, model=model, serial_from=first, serial_to=last, **extra)


def make_price_list(
    *,
    market: str = "KR",
    kind: str = "CUSTOMER",
    currency: str = "KRW",
    start: date = date(2020, 1, 1),
    end: date | None = None,
    **extra: Any,
) -> PriceList:
    """A price list valid from `start` to before `end`."""
    return PriceList.objects.create(
        market=market, kind=kind, currency=currency, name=f"{market} {kind}", valid=DateRange(start, end), **extra
    )


def make_price(
    price_list: PriceList, part: Part, amount: str = "1000", *, from_quantity: int = 1, per_quantity: int = 1
) -> Price:
    """One tier of a part's price."""
    return Price.objects.create(
        price_list=price_list, part=part, amount=Decimal(amount), from_quantity=from_quantity, per_quantity=per_quantity
    )


# --- accounts ------------------------------------------------------------------------------------------------------


def make_company(
    name: str = "", *, kind: str = "CUSTOMER", market: str = "EU", zone: str = "Europe/Berlin", **extra: Any
) -> Company:
    """A company; a customer in Europe unless told otherwise."""
    return Company.objects.create(
        name=name or f"Company {next(_counter)}", kind=kind, market=market, zone=zone, **extra
    )


def make_actor(company: Company, *roles: str) -> Actor:
    """Somebody of a company with these roles; a buyer when none is told and the company is not the house."""
    if not roles and company.kind != "HOUSE":
        roles = ("BUYER",)
    return make_actors((company, roles))[0]


def make_actors(*wanted: tuple[Company, tuple[str, ...]]) -> list[Actor]:
    """Somebody for each of these companies and roles."""
    numbers = [next(_counter) for _ in wanted]
    users = User.objects.bulk_create(
        User(email=f"person{number}@example.org", name=f"Person {number}", password="!") for number in numbers
    )
    members = Membership.objects.bulk_create(
        Membership(user=user, company=company, roles=list(roles))
        for user, (company, roles) in zip(users, wanted, strict=True)
    )
    return [actor_for(one) for one in members]


# --- warranty ------------------------------------------------------------------------------------------------------


def make_equipment(
    serial: str = "",
    *,
    model: EquipmentModel | None = None,
    owner: Company | None = None,
    in_service: date | None = date(2026, 5, 4),
    **extra: Any,
) -> Equipment:
    """A machine, in service since 4 May 2026 unless told otherwise."""
    serial = serial or f"SN-{next(_counter):05d}"
    return Equipment.objects.create(
        serial=serial,
        normalised=normalise(serial),
        sequence=serial_sequence(serial),
        model=model or make_model(),
        owner=owner,
        in_service_on=in_service,
        registered_at=extra.pop("registered_at", datetime(2026, 5, 4, tzinfo=UTC)),
        **extra,
    )


def make_dealer_link(
    equipment: Equipment,
    dealer: Company,
    *,
    granted: bool = True,
    since: date = date(2026, 1, 1),
    until: date | None = None,
) -> EquipmentDealer:
    """A dealer services a machine, and may ask for cover on it unless told otherwise."""
    return EquipmentDealer.objects.create(
        equipment=equipment, dealer=dealer, granted_by_owner=granted, since=since, until=until
    )


def make_warranty_term(
    *,
    months: int = 12,
    model: EquipmentModel | None = None,
    group: PartGroup | None = None,
    start: date = date(2020, 1, 1),
    **extra: Any,
) -> WarrantyTerm:
    """A term of every model and the whole machine unless told otherwise."""
    return WarrantyTerm.objects.create(
        months=months, model=model, part_group=group, valid=DateRange(start, None), **extra
    )


def make_contract(
    equipment: Equipment,
    *,
    start: date = date(2026, 1, 1),
    end: date = date(2027, 1, 1),
    share: str = "0.20",
    **extra: Any,
) -> MaintenanceContract:
    """A maintenance contract over 2026 in euro: the customer pays a fifth."""
    return MaintenanceContract.objects.create(
        number=extra.pop("number", f"MC-{next(_counter)}"),
        equipment=equipment,
        starts_on=start,
        ends_on=end,
        customer_share=Decimal(share),
        currency=extra.pop("currency", "EUR"),
        **extra,
    )


def make_campaign(model: EquipmentModel, *parts: Part, start: date = date(2026, 1, 1), **extra: Any) -> Campaign:
    """An open campaign for these parts on every serial of a model."""
    campaign = Campaign.objects.create(code=f"C-{next(_counter)}", name="Recall", model=model, starts_on=start, **extra)
    campaign.parts.set(parts)
    return campaign


# --- stock and orders ----------------------------------------------------------------------------------------------


def make_warehouse(
    code: str = "", *, zone: str = "Asia/Seoul", market: str = "", rank: int = 1, **extra: Any
) -> Warehouse:
    """A warehouse that is never closed; `market` and `rank` make it serve a market."""
    code = code or f"WH{next(_counter)}"
    values = {"name": code, "country": "KR", "calendar": "ALWAYS"} | extra
    warehouse = Warehouse.objects.create(code=code, zone=zone, **values)
    if market:
        MarketWarehouse.objects.create(market=market, warehouse=warehouse, rank=rank)
    return warehouse


def make_stock(part: Part, warehouse: Warehouse, quantity: int) -> None:
    """Opening stock, through the ledger."""
    make_stocks(warehouse, {part: quantity})


def make_stocks(warehouse: Warehouse, pieces: Mapping[Part, int]) -> None:
    """Opening stock of many parts."""
    with transaction.atomic():
        stock_post(
            movements=[Movement(part.pk, warehouse.pk, quantity, "OPENING") for part, quantity in pieces.items()],
            now=datetime(2026, 1, 1, tzinfo=UTC),
            actor="system",
        )


def make_expected(part: Part, warehouse: Warehouse, quantity: int, on: date) -> ExpectedReceipt:
    """Goods on their way, with the level that `stock_expect` would make."""
    StockLevel.objects.get_or_create(part=part, warehouse=warehouse)
    return ExpectedReceipt.objects.create(
        part=part, warehouse=warehouse, quantity=quantity, expected_on=on, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def make_freight(amount: str, *, market: str = "KR", currency: str = "KRW", up_to_g: int | None = None) -> FreightRate:
    """Published freight, of any weight unless told otherwise."""
    return FreightRate.objects.create(
        market=market,
        currency=currency,
        up_to_g=up_to_g,
        amount=Decimal(amount),
        valid=DateRange(date(2020, 1, 1), None),
    )


def make_tax_rate(
    country: str, rate: str, *, tax_class: str = "STANDARD", start: date = date(2020, 1, 1), end: date | None = None
) -> TaxRate:
    """A country's only rate for a class of goods; what was known of it before is gone."""
    TaxRate.objects.filter(country=country, tax_class=tax_class).delete()
    return TaxRate.objects.create(country=country, tax_class=tax_class, rate=Decimal(rate), valid=DateRange(start, end))
