"""The policies of rules.md section 1 and the calendars they are counted in."""

from typing import Any

from django.db import migrations

from portal.promises import seed


def plant(apps: Any, schema_editor: Any) -> None:
    policy, calendar, holiday = (apps.get_model("promises", name) for name in ("Policy", "Calendar", "Holiday"))
    for code, name, allowance, unit, credited, alarm, wired in seed.POLICIES:
        rates = {"late_rate": seed.ONE_PERCENT, "late_cap": seed.TEN_PERCENT} if credited else {}
        policy.objects.create(
            code=code,
            name=name,
            allowance=allowance,
            unit=unit,
            alarm=alarm,
            wired=wired,
            valid_from=seed.FROM,
            **rates,
        )
    for code, (name, weekdays) in seed.CALENDARS.items():
        row = calendar.objects.create(code=code, name=name, closed_weekdays=list(weekdays))
        holiday.objects.bulk_create(
            holiday(calendar=row, day=day, name="Public holiday") for day in seed.holidays(code)
        )


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial")]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
