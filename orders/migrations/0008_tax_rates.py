"""The rates of Korea, Japan and the Union's states as rows, with the days they hold; editable in the admin and by the `taxes` file.

As known in autumn 2026 for goods; whoever sells has them confirmed by an accountant (docs/pricing.md).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

SINCE = date(2024, 1, 1)  # before, the portal sold nothing
# country -> per cent, and from which day when it changed since
STANDARD: dict[str, tuple[tuple[date, str], ...]] = {
    "KR": ((date(1977, 7, 1), "10"),),
    "JP": ((date(2019, 10, 1), "10"),),
    "EE": ((SINCE, "22"), (date(2025, 7, 1), "24")),
    "FI": ((SINCE, "24"), (date(2024, 9, 1), "25.5")),
    "RO": ((SINCE, "19"), (date(2025, 8, 1), "21")),
    "SK": ((SINCE, "20"), (date(2025, 1, 1), "23")),
    **{
        country: ((SINCE, rate),)
        for country, rate in {
            "AT": "20", "BE": "21", "BG": "20", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "ES": "21", "FR": "20", "GR": "24", "HR": "25",
            "HU": "27", "IE": "23", "IT": "22", "LT": "21", "LU": "17", "LV": "21", "MT": "18", "NL": "21", "PL": "23", "PT": "23", "SE": "25",
            "SI": "22",
        }.items()
    },
}  # fmt: skip
# What is sold beside parts at a lower rate: printed manuals in the Union, food and drink in Japan.
REDUCED: dict[str, tuple[tuple[date, str], ...]] = {
    "JP": ((date(2019, 10, 1), "8"),),
    "DE": ((SINCE, "7"),),
    "NL": ((SINCE, "9"),),
}


def seed(apps: Any, schema_editor: Any) -> None:
    """Write the rows."""
    model = apps.get_model("orders", "TaxRate")
    for tax_class, table in (("STANDARD", STANDARD), ("REDUCED", REDUCED)):
        for country, steps in table.items():
            ends = [start for start, _ in steps[1:]] + [None]
            for (start, rate), end in zip(steps, ends, strict=True):
                model.objects.create(
                    country=country, tax_class=tax_class, rate=Decimal(rate) / 100, valid=DateRange(start, end)
                )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0007_tax")]
    operations: ClassVar = [migrations.RunPython(seed, migrations.RunPython.noop)]
