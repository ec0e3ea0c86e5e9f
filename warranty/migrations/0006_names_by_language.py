from django.db import migrations, models

import catalog.models.naming


class Migration(migrations.Migration):
    dependencies = [
        ("warranty", "0005_repair_call_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="names",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text='by language, for example {"ko": "…", "ja": "…"}; without one the English name stands',
                validators=[catalog.models.naming.names_check],
                verbose_name="names in other languages",
            ),
        ),
        migrations.AddField(
            model_name="serviceinterval",
            name="names",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text='by language, for example {"ko": "…", "ja": "…"}; without one the English name stands',
                validators=[catalog.models.naming.names_check],
                verbose_name="names in other languages",
            ),
        ),
    ]
