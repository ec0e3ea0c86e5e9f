"""What search counts beforehand: the words of names with how rare they are, and what stands of each part besides its name."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from catalog.models.part import Part


class SearchTerm(models.Model):
    """A word of English names; rare words weigh more, and a word nobody used is mended to the nearest one that is here."""

    word = models.CharField(max_length=100, unique=True)
    stem = models.CharField(max_length=100, db_index=True)
    documents = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_term_trgm")]

    def __str__(self) -> str:
        return self.word


class SearchPart(models.Model):
    """What ranking knows of a part beforehand; a part without a row is found all the same and counts as an ordinary one.

    `weight`: the rarity of all words of its name; `family`: words its variants, its kits of one piece and what it replaced share;
    `boost`: how likely it is wanted (1: ordinary); `variant`: a print or execution of a plainer part.
    """

    part = models.OneToOneField(Part, models.CASCADE, primary_key=True, related_name="+")
    weight = models.FloatField()
    boost = models.FloatField(default=1)
    variant = models.BooleanField(default=False)
    family = SearchVectorField()
    category = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["family"], name="search_part_family")]

    def __str__(self) -> str:
        return str(self.part_id)
