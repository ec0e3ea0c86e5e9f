"""The ledger in double entry: its tables, the triggers that keep it, and what the single-entry credit ledger said."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import orders.models.money_policy

# fmt: off
KINDS = [
    ("RECEIVABLE", "owed to us"),
    ("CREDIT", "spendable credit"),
    ("BANK", "bank"),
    ("CARD", "card clearing"),
    ("UNASSIGNED", "money not assigned yet"),
    ("GOODS", "goods sold"),
    ("FREIGHT", "freight"),
    ("TAX", "tax"),
    ("RESTOCKING", "restocking fees"),
    ("LATE_DAYS", "compensation for late days"),
    ("GOODWILL", "goodwill"),
]
ENTRIES = [
    ("BILLED", "Goods shipped"),
    ("PAID", "Payment received"),
    ("REFUNDED", "Money paid back"),
    ("LATE", "Credit for late days"),
    ("LATE_REVERSED", "Credit taken back: late proof that we were in time"),
    ("GOODWILL", "Goodwill credit"),
    ("RETURNED", "Goods sent back"),
    ("CREDIT_USED", "Paid with credit"),
    ("CREDIT_FREED", "Credit given back"),
    ("CREDITED", "Kept as credit"),
    ("PAID_OUT", "Credit paid out"),
    ("MONEY_IN", "Money received, not assigned yet"),
    ("MONEY_BACK", "Money sent back to the payer"),
]
TABLES = ("orders_ledgerentry", "orders_ledgerposting")
# Debit is positive. An entry balances at the commit, has at least two sides, and each side's account is of the entry's currency.
# The balance of an account is kept here, so that nothing that writes a posting can forget it.
TRIGGERS = """
CREATE FUNCTION ledger_posting_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_ledgeraccount SET balance = balance + NEW.amount
     WHERE id = NEW.account_id AND currency = (SELECT currency FROM orders_ledgerentry WHERE id = NEW.entry_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger entry % has another currency than its account', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry bigint := CASE TG_TABLE_NAME WHEN 'orders_ledgerentry' THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'entry_id')::bigint END;
    total numeric;
    sides integer;
BEGIN
    SELECT coalesce(sum(amount), 0), count(*) INTO total, sides FROM orders_ledgerposting WHERE entry_id = entry;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'ledger entry % does not balance: % sides, sum %', entry, sides, total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_adds BEFORE INSERT ON orders_ledgerposting FOR EACH ROW EXECUTE FUNCTION ledger_posting_add();
CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON orders_ledgerposting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON orders_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();
"""


def _append_only(table: str) -> str:
    name = table.removeprefix("orders_")
    return (
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )


class _Books:
    """What was known before, told as entries."""

    def __init__(self, apps: Any) -> None:
        self.apps = apps
        self.accounts: dict[tuple[int, str, str], int] = {}

    def account(self, company: int, currency: str, kind: str) -> int:
        key = (company, currency, kind)
        if key not in self.accounts:
            row, _ = self.apps.get_model("orders", "LedgerAccount").objects.get_or_create(
                company_id=company, currency=currency, kind=kind
            )
            self.accounts[key] = row.pk
        return self.accounts[key]

    def post(self, sides: dict[str, Decimal], **given: Any) -> None:
        entry = self.apps.get_model("orders", "LedgerEntry").objects.create(recorded_at=given["at"], **given)
        self.apps.get_model("orders", "LedgerPosting").objects.bulk_create(
            self.apps.get_model("orders", "LedgerPosting")(
                entry=entry, account_id=self.account(given["company_id"], given["currency"], kind), amount=amount
            )
            for kind, amount in sides.items()
            if amount
        )


def tell(apps: Any, schema_editor: Any) -> None:
    """Credits, payments and shipped goods of before become entries."""
    books = _Books(apps)
    orders = apps.get_model("orders", "Order")
    by_number = dict(orders.objects.values_list("number", "pk"))
    for row in apps.get_model("orders", "CreditLedger").objects.order_by("pk").iterator():
        books.post(
            {"LATE_DAYS": row.amount, "CREDIT": -row.amount},
            key=row.key,
            kind="LATE" if row.amount > 0 else "LATE_REVERSED",
            company_id=row.company_id,
            order_id=by_number.get(row.order_number),
            currency=row.currency,
            promise_id=row.promise_id,
            actor="system",
            at=row.at,
        )
    for row in apps.get_model("orders", "Payment").objects.select_related("order").order_by("pk").iterator():
        books.post(
            {"CARD" if row.method == "CARD" else "BANK": row.amount, "RECEIVABLE": -row.amount},
            key=f"payment:{row.pk}",
            kind="PAID",
            company_id=row.order.company_id,
            order_id=row.order_id,
            currency=row.order.currency,
            actor="system",
            at=row.received_at,
        )
    for order in (
        orders.objects.filter(shipments__isnull=False).distinct().select_related("company").iterator(chunk_size=500)
    ):
        _bill(books, order)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _bill(books: _Books, order: Any) -> None:
    unit = Decimal(1).scaleb(
        -{"KRW": 0, "JPY": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}.get(
            order.currency, 2
        )
    )
    goods = Decimal(0)
    for line in order.lines.filter(shipped__gt=0):
        goods += (line.net * line.shipped / (line.quantity - line.cancelled)).quantize(unit, rounding=ROUND_HALF_UP)
    freight = order.freight if goods else Decimal(0)
    if not goods + freight:
        return
    at = order.shipments.order_by("shipped_at").first().shipped_at
    terms = order.company.terms_days if order.payment_method == "ACCOUNT" else 0
    books.post(
        {"RECEIVABLE": goods + freight, "GOODS": -goods, "FREIGHT": -freight},
        key=f"billed:{order.number}:1",
        kind="BILLED",
        company_id=order.company_id,
        order_id=order.pk,
        currency=order.currency,
        actor="system",
        at=at,
        due_on=at.astimezone(ZoneInfo(order.company.zone)).date() + datetime.timedelta(days=terms),
    )


def plant(apps: Any, schema_editor: Any) -> None:
    """The first policy: the values a row begins with, for every market and day."""
    apps.get_model("orders", "MoneyPolicy").objects.create(market="", valid_from=datetime.date(2020, 1, 1))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0001_initial"),
        ("catalog", "0001_extensions"),
        ("orders", "0004_order_freight_rate_alter_quote_prices"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("balance", models.DecimalField(decimal_places=3, default=0, max_digits=18)),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "currency", "kind"), name="ledger_account_once", nulls_distinct=False
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("kind", models.CharField(choices=ENTRIES, max_length=14)),
                ("currency", models.CharField(max_length=3)),
                ("promise_id", models.BigIntegerField(db_index=True, null=True)),
                ("due_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("actor", models.CharField(help_text="membership:7, or system: no personal data", max_length=80)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_entries",
                        to="accounts.company",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_entries",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ledger entries",
                "indexes": [models.Index(fields=["company", "-at"], name="ledger_of_company")],
            },
        ),
        migrations.CreateModel(
            name="LedgerPosting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=3, max_digits=16)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="orders.ledgeraccount"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="orders.ledgerentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="ledger_posting_moves"
                    ),
                    models.UniqueConstraint(fields=("entry", "account"), name="ledger_posting_once"),
                ]
            },
        ),
        migrations.RunSQL(
            TRIGGERS + "".join(_append_only(table) for table in TABLES),
            "DROP FUNCTION ledger_posting_add() CASCADE; DROP FUNCTION ledger_balances() CASCADE;",
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
        migrations.DeleteModel(name="CreditLedger"),
        migrations.CreateModel(
            name="MoneyPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("market", models.CharField(blank=True, default="", help_text="empty: every market", max_length=8, verbose_name="market")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("restocking_rate", models.DecimalField(decimal_places=4, default=Decimal("0.15"), help_text="a fraction: 0.15", max_digits=5, verbose_name="restocking fee of dealers")),
                ("transfer_remind_days", models.PositiveSmallIntegerField(default=3, verbose_name="days until a transfer is asked after")),
                ("transfer_cancel_days", models.PositiveSmallIntegerField(default=7, verbose_name="days until an unpaid order is cancelled")),
                ("overdue_grace_days", models.PositiveSmallIntegerField(default=30, verbose_name="days overdue before the account is stopped")),
                ("credit_stop", models.CharField(choices=[("NONE", "nothing"), ("PROPOSE", "an accountant is told"), ("STOP", "it is stopped")], default="PROPOSE", max_length=8, verbose_name="what then happens")),
                ("dunning_days", django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=orders.models.money_policy._dunning, size=None, verbose_name="reminders, days after the due day")),
            ],
            options={
                "verbose_name": "money policy",
                "verbose_name_plural": "money policies",
                "constraints": [
                    models.UniqueConstraint(fields=("market", "valid_from"), name="money_policy_once"),
                    models.CheckConstraint(
                        condition=models.Q(("restocking_rate__gte", 0), ("restocking_rate__lte", 1), ("transfer_cancel_days__gt", models.F("transfer_remind_days"))),
                        name="money_policy_sane",
                    ),
                ],
            },
        ),
        migrations.RunPython(plant, migrations.RunPython.noop),
    ]
