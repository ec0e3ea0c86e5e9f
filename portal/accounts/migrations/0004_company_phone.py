from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.fields.json import KeyTextTransform

import portal.digits


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_order_limit"),
        ("catalog", "0001_extensions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="company",
            index=GinIndex(
                OpClass(portal.digits.digits(KeyTextTransform("phone", "address")), name="gin_trgm_ops"),
                name="company_phone",
                fastupdate=False,
            ),
        ),
    ]
