"""Exploded drawings: line art, and where its balloons stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

# The art is set into our pages as it is, so nothing but these elements and these plain attributes may be in it.
HARMLESS = r'^(<(g|path|ellipse)( (class|d|cx|cy|rx|ry|transform|stroke-width|data-callout)="[A-Za-z0-9 .,()/-]*")*\s*/?>|</g>)*$'


class Drawing(models.Model):
    """A drawing that one or several figures show. Lengths are the drawing's own units, from its upper left corner."""

    code = models.CharField(max_length=80, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    art = models.TextField(help_text="SVG elements; a piece is a group with the callout's label in data-callout")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(width__gte=1, height__gte=1), name="drawing_has_room"),
            models.CheckConstraint(condition=models.Q(art__regex=HARMLESS), name="drawing_harmless"),
        ]

    def __str__(self) -> str:
        return self.code


class DrawingSpot(models.Model):
    """A balloon with a callout's label, and the point of the piece its leader ends at."""

    drawing = models.ForeignKey(Drawing, models.CASCADE, related_name="spots")
    label = models.CharField(max_length=20)
    x = models.IntegerField()
    y = models.IntegerField()
    to_x = models.IntegerField()
    to_y = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drawing", "label", "x", "y"], name="drawing_spot_once")
        ]

    def __str__(self) -> str:
        return self.label
