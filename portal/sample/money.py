"""Money of the sample: where buyers pay to, a goodwill credit, and a bank's statement that an accountant has to look at."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from orders.models import BankAccount, BankProfile
from orders.services.banking import statement_read
from orders.services.dunning import dunning_sweep
from orders.services.spending import credit_grant
from portal.sample.world import World

_ACCOUNTS = (
    ("KR", "KRW", "Baramsan Bank", "110-2240-7781-03", ""),
    ("JP", "JPY", "Baramsan Ginko, Yokohama", "031 2207719", "BRSNJPJT"),
    ("EU", "EUR", "Baramsan Bank Europe", "DE02120300000000202051", "BRSNDEFF"),
)
_COLUMNS = {
    "date": "거래일자",
    "amount": "입금액",
    "text": "적요",
    "payer": "보낸분",
    "default_currency": "KRW",
    "date_format": "%Y.%m.%d",
}


def banks_load() -> None:
    """Where buyers pay to: there before the first order, for its papers say so."""
    for market, currency, bank, number, bic in _ACCOUNTS:
        BankAccount.objects.create(
            market=market, currency=currency, holder="Baramsan Parts & Service", bank=bank, number=number, bic=bic
        )
    BankProfile.objects.create(name="Baramsan Bank (KR)", columns=_COLUMNS)


def money_load(world: World, at: datetime) -> None:
    """Write it as of that moment."""
    credit_grant(
        actor=world.house("approver"), company_id=world.company("yeongdong").pk, currency="KRW", amount=Decimal(45_000),
        reason="The crate was broken and had to be repacked at your gate.", now=at,
    )  # fmt: skip
    statement_read(actor=world.house("accountant"), data=_statement(world), name="november.csv", now=at)
    dunning_sweep(at)


def _statement(world: World) -> bytes:
    """A sum too small for its order, one that names none, and one for the dealer's overdue order that is rounded up."""
    short, overdue = world.orders["unpaid"], world.orders["overdue"]
    day = (world.now - timedelta(days=1)).date().isoformat()
    rows = (
        f"{day},{int(short.total) - 1000},KRW,{short.number},Hangyeol Earthworks",
        f"{day},180000,KRW,parts november,Namdo Machinery",
        f"{day},{int(overdue.total) + 500},KRW,INV {overdue.number},Yeongdong Heavy Trade",
    )
    return "\n".join(("date,amount,currency,text,payer", *rows)).encode()
