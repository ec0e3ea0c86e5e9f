"""The defaults of rules.md section 3 as rows: 12 months fitted, 6 over the counter, 24 for consumers in the EU; 30 and 90 days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

ALWAYS = DateRange(date(2000, 1, 1), None)
# Our choice: an old part below the first amount is scrapped, below the second a photo is enough; goodwill up to the third.
AMOUNTS = {
    "EUR": ("5", "25", "500"),
    "USD": ("5", "25", "500"),
    "KRW": ("7000", "35000", "700000"),
    "JPY": ("800", "4000", "80000"),
}


def seed(apps: Any, schema_editor: Any) -> None:
    """Write the default rows."""
    parts_term = apps.get_model("warranty", "PartsWarrantyTerm")
    parts_term.objects.create(
        market="", buyer_kind="", fitted_months=12, counter_months=6, statutory_months=0, valid=ALWAYS
    )
    parts_term.objects.create(
        market="EU", buyer_kind="CUSTOMER", fitted_months=12, counter_months=6, statutory_months=24, valid=ALWAYS
    )
    apps.get_model("warranty", "CoverPolicy").objects.create(report_days=30, repeat_days=90, valid=ALWAYS)
    amounts = apps.get_model("warranty", "CoverAmounts")
    for currency, (scrap, photo, goodwill) in AMOUNTS.items():
        amounts.objects.create(
            currency=currency,
            scrap_below=Decimal(scrap),
            photo_below=Decimal(photo),
            goodwill_limit=Decimal(goodwill),
            valid=ALWAYS,
        )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("warranty", "0002_numbers_and_evidence")]
    operations: ClassVar = [migrations.RunPython(seed, migrations.RunPython.noop)]
