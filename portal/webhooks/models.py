"""What other systems told us, as they told it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeliveryState(models.TextChoices):
    """NEW until it is applied. IGNORED: of a kind, or about a thing, we have nothing to do with. MALFORMED: a person must look.

    REFUSED: not from whom it says, or not expected; kept once a day, for whoever sets things up.
    """

    NEW = "NEW", _("new")
    APPLIED = "APPLIED", _("applied")
    IGNORED = "IGNORED", _("nothing to do")
    MALFORMED = "MALFORMED", _("cannot be read")
    REFUSED = "REFUSED", _("refused")


class Delivery(models.Model):
    """One event, stored before it is answered; the same event again is the same row. Bodies go after OUTBOX_KEEP_DAYS."""

    source = models.CharField(_("from"), max_length=20)
    event_id = models.CharField(_("event"), max_length=120)
    kind = models.CharField(_("kind"), max_length=80)
    body = models.JSONField(_("what it says"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.NEW)
    note = models.CharField(_("note"), max_length=500, default="", blank=True)
    asked = models.BooleanField(
        _("asked for"), default=False, help_text=_("it never came by itself: we asked what we had missed")
    )
    happened_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(pgettext_lazy("webhook", "received"))

    class Meta:
        verbose_name = pgettext_lazy("webhook", "delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "event_id"], name="delivery_once")]
        indexes: ClassVar = [models.Index(fields=["received_at"], name="delivery_received")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.event_id}"


class Asked(models.Model):
    """How far we have asked a system for what it may have told in vain, in the world's time."""

    source = models.CharField(max_length=20, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source} until {self.until:%Y-%m-%d %H:%M}"
