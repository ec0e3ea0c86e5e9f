"""The bank: our accounts, how its files are written, its statements and the sums that came."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("orders", "0005_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "columns",
                    models.JSONField(
                        default=dict,
                        help_text="date, amount, currency, text, payer, account, id: the heading of each; delimiter, encoding, decimal, date_format, default_currency",
                        verbose_name="columns",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank's CSV",
                "verbose_name_plural": "banks' CSV",
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(help_text="SHA-256 of the file", max_length=64, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("form", models.CharField(help_text="CAMT053 or CSV", max_length=10)),
                ("read_at", models.DateTimeField()),
                ("read_by", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "market",
                    models.CharField(
                        blank=True, default="", help_text="empty: every market", max_length=8, verbose_name="market"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("holder", models.CharField(max_length=200, verbose_name="account holder")),
                ("bank", models.CharField(max_length=200, verbose_name="bank")),
                ("number", models.CharField(max_length=40, verbose_name="account number or IBAN")),
                ("bic", models.CharField(blank=True, default="", max_length=11, verbose_name="BIC")),
            ],
            options={
                "verbose_name": "bank account",
                "verbose_name_plural": "bank accounts",
                "constraints": [models.UniqueConstraint(fields=("market", "currency"), name="bank_account_once")],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("position", models.PositiveIntegerField()),
                ("value_on", models.DateField(help_text="the bank's value date")),
                ("amount", models.DecimalField(decimal_places=3, max_digits=16)),
                ("currency", models.CharField(max_length=3)),
                ("text", models.CharField(blank=True, default="", max_length=500)),
                ("payer", models.CharField(blank=True, default="", max_length=200)),
                ("payer_account", models.CharField(blank=True, default="", max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "waits for a person"),
                            ("BOOKED", "booked"),
                            ("CREDITED", "kept as credit"),
                            ("SENT_BACK", "sent back"),
                        ],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("UNKNOWN", "no order is named"),
                            ("OVER", "more than is open"),
                            ("UNDER", "less than is open"),
                            ("CURRENCY", "another currency than the order's"),
                            ("CLOSED", "the order is cancelled or paid"),
                            ("SEVERAL", "several orders are named"),
                            ("DATE", "dated before the order"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        help_text="whose money it was",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        help_text="the one it may mean",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="orders.order",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="orders.bankstatement"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "WAITING")), fields=["value_on"], name="bank_line_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="bank_line_positive")
                ],
            },
        ),
    ]
