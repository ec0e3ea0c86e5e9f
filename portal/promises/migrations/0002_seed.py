"""The policies of rules.md section 1 and the calendars they are counted in."""

from typing import Any

from django.db import migrations

from portal.promises import seed


def plant(apps: Any, schema_editor: Any) -> None:
    seed.plant(*(apps.get_model("promises", name) for name in ("Policy", "Calendar", "Holiday")))


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial")]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
