"""What the house does about money, as data: effective-dated, per market."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def _dunning() -> list[int]:
    return [0, 7, 21]


class CreditStop(models.TextChoices):
    """What happens to an account that is overdue beyond its grace."""

    NONE = "NONE", _("nothing")
    PROPOSE = "PROPOSE", _("an accountant is told")
    STOP = "STOP", _("it is stopped")


class MoneyPolicy(models.Model):
    """One row holds from `valid_from` until the next of its market; a market without a row follows the one without a market."""

    market = models.CharField(_("market"), max_length=8, default="", blank=True, help_text=_("empty: every market"))
    valid_from = models.DateField(_("valid from"))
    restocking_rate = models.DecimalField(
        _("restocking fee of dealers"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.15"),
        help_text=_("a fraction: 0.15"),
    )
    core_return_days = models.PositiveSmallIntegerField(_("days for an old unit to come back"), default=60)
    transfer_remind_days = models.PositiveSmallIntegerField(_("days until a transfer is asked after"), default=3)
    transfer_cancel_days = models.PositiveSmallIntegerField(_("days until an unpaid order is cancelled"), default=7)
    overdue_grace_days = models.PositiveSmallIntegerField(_("days overdue before the account is stopped"), default=30)
    credit_stop = models.CharField(
        _("what then happens"), max_length=8, choices=CreditStop.choices, default=CreditStop.PROPOSE
    )
    dunning_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("reminders, days after the due day"), default=_dunning
    )

    class Meta:
        verbose_name = _("money policy")
        verbose_name_plural = _("money policies")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["market", "valid_from"], name="money_policy_once"),
            models.CheckConstraint(
                condition=Q(restocking_rate__gte=0, restocking_rate__lte=1)
                & Q(transfer_cancel_days__gt=models.F("transfer_remind_days")),
                name="money_policy_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market or '*'} {self.valid_from}"
