from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0011_paper_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="undone_at",
            field=models.DateTimeField(
                blank=True,
                help_text="it did not leave after all: it has no lines any more, its history names them",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="return",
            name="reason",
            field=models.CharField(
                choices=[
                    ("SHORT", "short delivery"),
                    ("DAMAGED", "damaged"),
                    ("WRONG_PART", "wrong part"),
                    ("DEAD_ON_ARRIVAL", "dead on arrival"),
                    ("HIDDEN_DEFECT", "hidden defect"),
                    ("CHANGE_OF_MIND", "change of mind"),
                    ("OLD_PART", "old part"),
                    ("UNUSED", "unused"),
                    ("CORE", "core"),
                    ("IN_STORE", "taken back in the store"),
                ],
                max_length=16,
            ),
        ),
    ]
