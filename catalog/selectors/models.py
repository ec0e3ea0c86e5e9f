"""Models of machines, their parts books, and where a part is used."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from catalog.models import Assembly, Callout, Drawing, DrawingSpot, EquipmentModel, Part
from catalog.rules.fit import Serials
from catalog.rules.numbers import normalise
from catalog.selectors.parts import part_names


@dataclass(frozen=True)
class FigureLine:
    """A callout of a figure, its part and the part's name in the reader's language."""

    callout: Callout
    part: Part
    name: str


@dataclass(frozen=True)
class Figure:
    """A figure of the parts book with its lines."""

    assembly: Assembly
    lines: tuple[FigureLine, ...]


@dataclass(frozen=True)
class FigureSheet:
    """A figure opened: its drawing and the balloons of callouts it has (none without a drawing), the figures before and after it."""

    figure: Figure
    drawing: Drawing | None
    spots: tuple[DrawingSpot, ...]
    before: Assembly | None
    after: Assembly | None


def model_by_code(code: str) -> EquipmentModel | None:
    """A model by its code as written, or in any dress when only one model has it."""
    exact = EquipmentModel.objects.filter(code=code.strip().replace("\x00", "")).first()
    bare = normalise(code)
    if exact or not bare:
        return exact
    alike = list(EquipmentModel.objects.filter(normalised=bare)[:2])
    return alike[0] if len(alike) == 1 else None


def figures_of(model_id: int, *, language: str = "en", serial_sequence: int | None = None) -> list[Figure]:
    """The parts book of a model, for one serial or for all; three queries. Figures that hold nothing for the serial are left out."""
    callouts = Callout.objects.select_related("part").order_by("position", "pk")
    assemblies = list(
        Assembly.objects.filter(model=model_id)
        .prefetch_related(Prefetch("callouts", callouts))
        .order_by("position", "pk")
    )
    kept = {assembly.pk: _callouts(assembly, serial_sequence) for assembly in assemblies}
    names = part_names({callout.part_id for lines in kept.values() for callout in lines}, language)
    figures = (
        Figure(assembly, tuple(FigureLine(line, line.part, names.get(line.part_id, "")) for line in kept[assembly.pk]))
        for assembly in assemblies
    )
    return [figure for figure in figures if figure.lines or serial_sequence is None]


def figure_open(
    model_id: int, assembly_id: int, *, language: str = "en", serial_sequence: int | None = None
) -> FigureSheet | None:
    """One figure of a model's parts book; None when the book has no such figure for the serial. Five queries at most."""
    figures = figures_of(model_id, language=language, serial_sequence=serial_sequence)
    place = next((at for at, one in enumerate(figures) if one.assembly.pk == assembly_id), None)
    if place is None:
        return None
    figure, around = figures[place], [None, *(one.assembly for one in figures), None]
    labels = {line.callout.label for line in figure.lines}
    spots = DrawingSpot.objects.filter(drawing=figure.assembly.drawing_id, label__in=labels).order_by("pk")
    return FigureSheet(figure, figure.assembly.drawing, tuple(spots), around[place], around[place + 2])


def where_used(part_id: int) -> QuerySet[EquipmentModel]:
    """Models that have the part on a bill or on an application list, by code."""
    listed = Q(assemblies__callouts__part=part_id) | Q(fitments__part=part_id, fitments__fits=True)
    return EquipmentModel.objects.filter(listed).distinct().order_by("code")


def _callouts(assembly: Assembly, sequence: int | None) -> list[Callout]:
    lines = assembly.callouts.all()
    return [line for line in lines if sequence is None or Serials(line.serial_from, line.serial_to).holds(sequence)]
