from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import F

import portal.digits


class Migration(migrations.Migration):
    dependencies = [
        ("warranty", "0004_service_interval"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="repaircall",
            index=GinIndex(
                OpClass(portal.digits.digits(F("contact")), name="gin_trgm_ops"),
                name="repair_call_phone",
                fastupdate=False,
            ),
        ),
    ]
