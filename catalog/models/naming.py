"""What a thing is called in languages other than English."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def names_check(value: Any) -> None:
    """Names by language: an object of texts."""
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValidationError(_('Give names by language, for example {"ko": "…", "ja": "…"}.'))


class Named(models.Model):
    """A thing with an English `name` and `names` in other languages. They stand on the row itself, so that a page that has the thing has
    its name, without a question more."""

    name: models.CharField[str, str]  # of each heir, as long as it may be
    names = models.JSONField(
        _("names in other languages"),
        default=dict,
        db_default={},
        blank=True,
        validators=[names_check],
        help_text=_('by language, for example {"ko": "…", "ja": "…"}; without one the English name stands'),
    )

    class Meta:
        abstract = True

    def names_told(self) -> dict[str, str]:
        """Its names by language, the English one too: for what is told now and read later, in the reader's language."""
        return {**self.names, "en": self.name}

    def called(self, language: str) -> str:
        """Its name for a reader of `language`, else the English one."""
        return str(self.names.get(language) or self.name)


class CategoryName(models.Model):
    """What a category, which is a word of its parts, is called in another language."""

    category = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("name of a category")
        verbose_name_plural = _("names of categories")
        constraints: ClassVar = [models.UniqueConstraint(fields=["category", "language"], name="category_name_once")]

    def __str__(self) -> str:
        return self.name
