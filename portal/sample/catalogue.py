"""Writes groups, parts, names, other numbers, models and their books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from catalog.models import (
    Assembly,
    Callout,
    CategoryName,
    CrossReference,
    Drawing,
    DrawingSpot,
    EquipmentModel,
    Fitment,
    Part,
    PartGroup,
    PartName,
    PartRelation,
    RelationKind,
    SerialBreak,
    Supersession,
)
from catalog.models.part import OldPartPolicy, PartStatus, SupersessionDirection
from catalog.rules.numbers import normalise
from catalog.search.words import terms_count
from portal.sample.drawings.sheet import sheet_draw
from portal.sample.fleet import FIRST_SERIAL, MODELS, SampleCallout, SampleModel, figures
from portal.sample.history import OldPart, foreign_numbers, old_parts
from portal.sample.parts import CATEGORIES, MAKER, SamplePart, sample_parts
from portal.sample.words import named

_RETURN, _HOLD, _PHOTO, _SCRAP = OldPartPolicy.RETURN, OldPartPolicy.HOLD, OldPartPolicy.PHOTO, OldPartPolicy.SCRAP
# Group: names, what happens to the old part, within how many days.
GROUPS = {
    "SEALS": (("Seals", "씰", "シール"), _RETURN, 30), "FILTERS": (("Filters", "필터", "フィルター"), _SCRAP, 0), "WEAR": (("Wear parts", "마모 부품", "消耗部品"), _SCRAP, 0), "FLUIDS": (("Oils and fluids", "오일 및 유체", "油脂・液体"), _SCRAP, 0),
    "HYDRAULICS": (("Hydraulics", "유압", "油圧"), _RETURN, 30), "ENGINE": (("Engine", "엔진", "エンジン"), _RETURN, 30), "ELECTRICS": (("Electrics", "전장", "電装"), _HOLD, 45),
    "BATTERIES": (("Batteries", "배터리", "バッテリー"), _RETURN, 14), "GLASS": (("Glass", "유리", "ガラス"), _PHOTO, 14), "PAINT": (("Paint", "도료", "塗料"), _SCRAP, 0), "CAB": (("Cab", "캡", "キャブ"), _PHOTO, 30),
    "STRUCTURE": (("Structure", "구조물", "構造物"), _RETURN, 30), "UNDERCARRIAGE": (("Undercarriage", "하부 주행체", "足回り"), _PHOTO, 30), "HOSES": (("Hoses", "호스", "ホース"), _RETURN, 30),
    "HARDWARE": (("Hardware", "체결 부품", "締結部品"), _SCRAP, 0),
}  # fmt: skip
_ORIGINS = ("KR", "KR", "KR", "JP", "DE", "CN", "IT")
STOPPED = {"joystick/M": "Batch under inspection: the detent may stick.", "seat-belt/L": "Buckle under recall."}
_ENDING = {"turbocharger/S": 400, "monitor/L": 120, "swing-motor/S": 2200}  # supplied for so many days more
# Said outright in the application list: not on these serials, this one instead.
_MISFITS = (
    ("BX85", "controller/M", "controller/M/2"),
    ("BX220", "monitor/L", "monitor/L/2"),
    ("BX35", "main-pump-kit/S", "main-pump-kit/S/2"),
    ("BL55", "seal-kit/lift/W", "seal-kit/lift/W/2"),
)


@dataclass(frozen=True)
class Catalogue:
    """What was written, by key (parts, old ones included) and by code."""

    plans: dict[str, SamplePart]
    olds: dict[str, OldPart]
    parts: dict[str, Part]
    groups: dict[str, PartGroup]
    models: dict[str, EquipmentModel]

    def priced(self) -> dict[str, SamplePart]:
        """What has a published price: every current part, and old ones while they last, a little cheaper."""
        last = {
            old.key: replace(self.plans[old.like], won=self.plans[old.like].won * 92 // 100)
            for old in self.olds.values()
            if old.left
        }
        return self.plans | last


def catalogue_load(today: date, draw: Random) -> Catalogue:
    """Everything that can be bought and what it fits."""
    groups = {
        code: PartGroup.objects.create(code=code, **named(names), old_part=policy, old_part_days=days)
        for code, (names, policy, days) in GROUPS.items()
    }
    plans = {part.key: part for part in sample_parts(draw)}
    rows = {key: _part(part, groups, today, draw) for key, part in plans.items()}
    olds = old_parts(draw)
    rows |= {old.key: _old_part(old, plans[old.like], groups) for old in olds}
    Part.objects.bulk_create(rows.values())
    _names(rows, plans, olds)
    _category_names()
    _successions(rows, olds, today)
    _other_numbers(rows, plans, draw)
    _relations(rows, plans)
    models = {model.code: _model(model) for model in MODELS}
    _books(models, rows, plans)
    _fitments(models, rows)
    terms_count()
    return Catalogue(plans, {old.key: old for old in olds}, rows, groups, models)


def _part(part: SamplePart, groups: dict[str, PartGroup], today: date, draw: Random) -> Part:
    ends = _ENDING.get(part.key)
    return Part(
        number=part.number,
        normalised=normalise(part.number),
        maker=MAKER,
        category=part.category,
        group=groups[part.group],
        pack_quantity=part.pack,
        minimum_quantity=part.minimum,
        unit=part.unit,
        weight_g=part.grams,
        hazard=part.hazard,
        shelf_life_days=part.shelf_life_days,
        origin=draw.choice(_ORIGINS),
        hs_code=part.hs_code,
        core_charge=part.core_charge,
        core_currency="KRW" if part.core_charge else "",
        supplied_until=today + timedelta(days=ends) if ends else None,
        stop_sale=part.key in STOPPED,
        stop_sale_reason=STOPPED.get(part.key, ""),
    )


def _old_part(old: OldPart, like: SamplePart, groups: dict[str, PartGroup]) -> Part:
    return Part(
        number=old.number,
        normalised=normalise(old.number),
        maker=MAKER,
        category=like.category,
        group=groups[like.group],
        status=PartStatus.ACTIVE if old.left else PartStatus.RETIRED,
        weight_g=like.grams,
        hs_code=like.hs_code,
        origin="KR",
    )


def _names(rows: dict[str, Part], plans: dict[str, SamplePart], olds: list[OldPart]) -> None:
    named = {key: plan.names for key, plan in plans.items()} | {old.key: plans[old.like].names for old in olds}
    PartName.objects.bulk_create(
        PartName(part=rows[key], language=language, name=name)
        for key, names in named.items()
        for language, name in zip(("en", "ko", "ja"), names, strict=True)
    )


def _category_names() -> None:
    CategoryName.objects.bulk_create(
        CategoryName(category=english, language=language, name=name)
        for english, korean, japanese in CATEGORIES
        for language, name in (("ko", korean), ("ja", japanese))
    )


def _successions(rows: dict[str, Part], olds: list[OldPart], today: date) -> None:
    Supersession.objects.bulk_create(
        Supersession(
            old=rows[old.key],
            new=rows[new],
            quantity=quantity,
            mode=old.mode,
            direction=SupersessionDirection.BOTH if old.both else SupersessionDirection.FORWARD,
            effective_on=today - timedelta(days=old.days_ago),
        )
        for old in olds
        for new, quantity in old.became
    )


def _other_numbers(rows: dict[str, Part], plans: dict[str, SamplePart], draw: Random) -> None:
    CrossReference.objects.bulk_create(
        CrossReference(part=rows[key], catalogue=catalogue, number=number, normalised=normalise(number))
        for key, catalogue, number in foreign_numbers(list(plans.values()), draw)
    )


def _relations(rows: dict[str, Part], plans: dict[str, SamplePart]) -> None:
    PartRelation.objects.bulk_create(
        PartRelation(part=rows[key], other=rows[held], kind=RelationKind.COMPONENT)
        for key, plan in plans.items()
        for held in plan.holds
    )


def _model(model: SampleModel) -> EquipmentModel:
    row = EquipmentModel.objects.create(
        code=model.code,
        normalised=normalise(model.code),
        **named(model.names),
        maker=MAKER,
        family=model.family,
        year=model.year,
    )
    starts = (FIRST_SERIAL, *model.breaks)
    SerialBreak.objects.bulk_create(
        SerialBreak(model=row, version=version, serial_from=start)
        for version, start in zip("ABC", starts, strict=False)
    )
    return row


def _books(models: dict[str, EquipmentModel], rows: dict[str, Part], plans: dict[str, SamplePart]) -> None:
    assemblies, callouts = [], []
    drawings: dict[tuple[tuple[str, str], ...], Drawing] = {}
    for model in MODELS:
        for place, (code, names, times, bill) in enumerate(figures(model, plans)):
            assembly = Assembly(
                model=models[model.code],
                code=f"{model.code}-{code}",
                **named(names),
                figure=code,
                quantity=times,
                drawing=_drawing(code, bill, plans, drawings),
                position=place,
            )
            assemblies.append(assembly)
            callouts += [
                Callout(
                    assembly=assembly,
                    label=line.label,
                    part=rows[line.part],
                    quantity=line.quantity,
                    serial_from=line.first,
                    serial_to=line.last,
                    position=spot,
                )
                for spot, line in enumerate(bill)
            ]
    Assembly.objects.bulk_create(assemblies)
    Callout.objects.bulk_create(callouts)


def _drawing(
    code: str,
    bill: list[SampleCallout],
    plans: dict[str, SamplePart],
    drawings: dict[tuple[tuple[str, str], ...], Drawing],
) -> Drawing:
    """The drawing of a bill; bills of the same kinds of part share theirs."""
    pieces = tuple({line.label: plans[line.part].kind for line in bill}.items())
    if pieces not in drawings:
        sheet = sheet_draw(pieces)
        drawing = Drawing.objects.create(
            code=f"{code}-{len(drawings) + 1}", width=sheet.width, height=sheet.height, art=sheet.shapes
        )
        DrawingSpot.objects.bulk_create(
            DrawingSpot(drawing=drawing, label=spot.label, x=spot.x, y=spot.y, to_x=spot.to_x, to_y=spot.to_y)
            for spot in sheet.spots
        )
        drawings[pieces] = drawing
    return drawings[pieces]


def _fitments(models: dict[str, EquipmentModel], rows: dict[str, Part]) -> None:
    """Application lists: service kits fit by size of machine; some parts outright do not."""
    kits = [
        Fitment(model=models[model.code], part=rows[f"{kit}/{model.size}"], quantity=1)
        for model in MODELS
        for kit in ("service-500", "service-1000")
    ]
    first = {model.code: model.revised_from for model in MODELS}
    misfits = [
        Fitment(
            model=models[code],
            part=rows[part],
            fits=False,
            serial_from=first[code],
            instead=rows[instead],
            note="Changed with the serial break",
        )
        for code, part, instead in _MISFITS
    ]
    Fitment.objects.bulk_create([*kits, *misfits])
