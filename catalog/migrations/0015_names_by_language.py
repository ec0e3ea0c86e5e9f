from django.db import migrations, models

import catalog.models.naming


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0014_core_deposits"),
    ]

    operations = [
        migrations.AddField(
            model_name="assembly",
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
            model_name="equipmentmodel",
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
            model_name="partgroup",
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
            model_name="warehouse",
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
        migrations.CreateModel(
            name="CategoryName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(max_length=120)),
                ("language", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "name of a category",
                "verbose_name_plural": "names of categories",
                "constraints": [models.UniqueConstraint(fields=("category", "language"), name="category_name_once")],
            },
        ),
    ]
