"""Pictures and papers of parts. Files lie under MEDIA_ROOT, named by their content; two parts may show the same file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.part import Part
from catalog.rules.media import stored_name


class MediaFile(models.Model):
    """A checked file. `source` is the hash of what was delivered, `sha256` of what we keep (a picture without what cameras add)."""

    source = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    width = models.PositiveIntegerField(null=True, blank=True, help_text=_("pixels; pictures only"))
    height = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.content_type} {self.sha256[:12]}"

    @property
    def path(self) -> str:
        """Where it lies under MEDIA_ROOT."""
        return stored_name(self.sha256, self.content_type)


class DocumentKind(models.TextChoices):
    """What a file shows of a part."""

    IMAGE = "IMAGE", _("picture")
    DRAWING = "DRAWING", _("drawing")
    MANUAL = "MANUAL", _("manual")
    SAFETY = "SAFETY", _("safety sheet")


class PartDocument(models.Model):
    """A file of a part. `language` empty: for all; `house_only`: not for buyers; `name` is what the delivered file was called."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="documents")
    file = models.ForeignKey(MediaFile, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=DocumentKind.choices)
    language = models.CharField(max_length=8, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0, help_text=_("the smallest picture comes first"))
    name = models.CharField(max_length=255)
    house_only = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["part", "file"], name="part_document_once")]

    def __str__(self) -> str:
        return self.title or self.name
