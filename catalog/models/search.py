"""What search counts beforehand: the words of names with how rare they are, and what stands of each part besides its name."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
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

    Of its English name: `named` (md5 of it as counted), `words` and those in brackets `aside`, the stem of its first word `head`,
    `weight` (the rarity of all its words). Of its company: the `plain` part it is a print or execution of (`variant`: a print),
    `family` (words its variants, its kits of one piece and what it replaced share), `reach` (its own words and theirs; empty without
    a family). Of the part: the words of its `category`, `boost` (how likely it is wanted, 1: ordinary).
    """

    part = models.OneToOneField(Part, models.CASCADE, primary_key=True, related_name="+")
    named = models.CharField(max_length=32, default="")
    words = ArrayField(models.CharField(max_length=100), default=list)
    aside = ArrayField(models.CharField(max_length=100), default=list)
    head = models.CharField(max_length=100, default="")
    weight = models.FloatField(default=0)
    boost = models.FloatField(default=1)
    plain = models.ForeignKey(Part, models.SET_NULL, null=True, related_name="+")
    variant = models.BooleanField(default=False)
    family = SearchVectorField(default="")
    reach = SearchVectorField(default="")
    category = SearchVectorField(default="")

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["reach"], name="search_part_reach")]

    def __str__(self) -> str:
        return str(self.part_id)
