"""Late pieces are kept per promise, so that proof against one policy leaves the days of another."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0002_numbers_and_history")]
    operations: ClassVar = [
        migrations.AddField(
            "creditaccrual",
            "rate",
            models.DecimalField(
                max_digits=6,
                decimal_places=5,
                default=Decimal("0.01"),
                help_text="a fraction of the published price a day",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "creditaccrual",
            "cap",
            models.DecimalField(max_digits=6, decimal_places=5, default=Decimal("0.10"), help_text="the most of it"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("creditaccrual", "credit_once_a_day"),
        migrations.AddConstraint(
            "creditaccrual",
            models.UniqueConstraint(
                fields=["line", "promise_id", "on"], condition=models.Q(reversed_at=None), name="credit_once_a_day"
            ),
        ),
    ]
