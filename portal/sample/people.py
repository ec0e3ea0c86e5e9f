"""The house, its dealers and their customers, and who works there.

Whoever reads Korean or Japanese has a name in those letters, and buyers there their address, as a carrier there needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from orders.models import SellerDetails, TaxRegistration
from portal.accounts.models import Company, CompanyKind, Membership, Role, User
from portal.accounts.tax_numbers import company_tax_number_confirm, company_tax_number_set

HOUSE, CUSTOMER, DEALER = CompanyKind.HOUSE, CompanyKind.CUSTOMER, CompanyKind.DEALER
# Numbers nobody has, of the right form. Who is in CONFIRMED was looked up by the accountant.
REGISTERED = {"KR": "131-81-23450", "JP": "T4480012345678", "DE": "DE314159262"}
TAX_NUMBERS = {
    "baramsan": "131-81-23450",
    "hangyeol": "131-86-78900",
    "duru": "312-81-55550",
    "solgae": "221-81-44440",
    "hamanaka": "T1110001098765",
    "lindental": "DE271828180",
    "veenrijk": "NL823450004B01",
    "namdo": "409-81-12340",
    "yeongdong": "226-81-22220",
    "kitakanto": "T8060001054321",
    "ruhrbau": "DE161803398",
}
CONFIRMED = ("veenrijk", "ruhrbau")
HOTLINE = "+82 32 555 0148"
_KR = ("KR", "Asia/Seoul", "KR")
_JP = ("JP", "Asia/Tokyo", "JP")
_EU = ("EU", "Europe/Berlin", "DE")
_BUYER = (Role.BUYER, Role.COMPANY_ADMIN)


@dataclass(frozen=True)
class SampleCompany:
    """A company; `place` is (market, zone, calendar), `limit` its credit in its market's money, `contact` a key of PEOPLE."""

    key: str
    name: str
    kind: CompanyKind
    place: tuple[str, str, str]
    address: tuple[str, str, str, str, str, str]  # street, city, postal code, country, phone, region
    contact: str = ""
    limit: int = 0
    discount: str = "STANDARD"
    stopped: bool = False
    contract: tuple[int, int | None] | None = None  # signed so many days ago, ends in so many days (None: open)


@dataclass(frozen=True)
class SamplePerson:
    """Somebody who works at a company; `demo` is the role under which `make demo` shows the account."""

    key: str
    name: str
    company: str
    language: str
    roles: tuple[Role, ...] = field(default=_BUYER)
    demo: str = ""

    @property
    def email(self) -> str:
        """Addresses end in `.example`, where no mail ever arrives (RFC 2606)."""
        return f"{self.key}@{self.company}.example"


COMPANIES = (
    SampleCompany(
        "baramsan",
        "Baramsan Parts & Service",
        HOUSE,
        _KR,
        ("41 Seohae-daero", "Incheon", "22342", "KR", HOTLINE, ""),
    ),
    SampleCompany(
        "hangyeol",
        "Hangyeol Earthworks",
        CUSTOMER,
        _KR,
        ("두렁길 12", "김포시", "10058", "KR", "+82 31 555 0110", "경기도"),
        "desk",
        5_000_000,
    ),
    SampleCompany(
        "duru",
        "Duru Construction",
        CUSTOMER,
        _KR,
        ("중앙로 77", "천안시", "31120", "KR", "+82 41 555 0121", "충청남도"),
        "desk",
        12_000_000,
    ),
    SampleCompany(
        "solgae",
        "솔개조경",
        CUSTOMER,
        _KR,
        ("숲속길 5", "춘천시", "24341", "KR", "+82 33 555 0132", "강원특별자치도"),
        "desk",
        2_000_000,
        stopped=True,
    ),
    SampleCompany(
        "hamanaka",
        "浜中建設株式会社",
        CUSTOMER,
        _JP,
        ("南3-14-2", "新潟市中央区", "950-0962", "JP", "+81 25 555 0143", "新潟県"),
        "morita",
        900_000,
    ),
    SampleCompany(
        "lindental",
        "Lindental Tiefbau GmbH",
        CUSTOMER,
        _EU,
        ("Lindenweg 8", "Kassel", "34117", "DE", "+49 561 555 0154", ""),
        "petersen",
        8_000,
        "FLEET",
    ),
    SampleCompany(
        "veenrijk",
        "Veenrijk Verhuur BV",
        CUSTOMER,
        ("EU", "Europe/Amsterdam", "EU"),
        ("Turfkade 21", "Assen", "9401 HA", "NL", "+31 592 555 016", ""),
        "petersen",
        6_000,
        "FLEET",
    ),
    SampleCompany(
        "namdo",
        "Namdo Machinery",
        DEALER,
        _KR,
        ("산단로 210", "북구", "61008", "KR", "+82 62 555 0165", "광주광역시"),
        "manager",
        60_000_000,
        "PREMIUM",
        contract=(640, None),
    ),
    SampleCompany(
        "yeongdong",
        "Yeongdong Heavy Trade",
        DEALER,
        _KR,
        ("항구로 18", "강릉시", "25534", "KR", "+82 33 555 0176", "강원특별자치도"),
        "manager",
        40_000_000,
        contract=(310, 420),
    ),
    SampleCompany(
        "kitakanto",
        "北関東建機株式会社",
        DEALER,
        _JP,
        ("西2-8-1", "宇都宮市", "320-0857", "JP", "+81 28 555 0187", "栃木県"),
        "morita",
        6_000_000,
        contract=(900, None),
    ),
    SampleCompany(
        "ruhrbau",
        "Ruhrbau Maschinenhandel",
        DEALER,
        _EU,
        ("Zechenstr. 140", "Bochum", "44791", "DE", "+49 234 555 0198", ""),
        "petersen",
        40_000,
        contract=(1100, -35),
    ),
)

PEOPLE = (
    SamplePerson("manager", "Seo Jiwon", "baramsan", "en", (Role.PARTS_MANAGER,), "parts_manager"),
    SamplePerson("desk", "Bae Sumin", "baramsan", "en", (Role.SERVICE_DESK,), "service_desk"),
    SamplePerson("technician", "Noh Taeyang", "baramsan", "en", (Role.TECHNICIAN,), "technician"),
    SamplePerson("approver", "Ryu Haneul", "baramsan", "en", (Role.APPROVER,), "approver"),
    SamplePerson("accountant", "Ma Yerin", "baramsan", "en", (Role.ACCOUNTANT,), "accountant"),
    SamplePerson("admin", "Administrator", "baramsan", "en", (Role.ADMIN,), "admin"),
    SamplePerson("morita", "森田 楓", "baramsan", "ja", (Role.SERVICE_DESK,)),
    SamplePerson("petersen", "Anke Petersen", "baramsan", "en", (Role.SERVICE_DESK,)),
    SamplePerson("parts", "Han Byeol", "hangyeol", "en", demo="customer"),
    SamplePerson("site", "조민재", "hangyeol", "ko", (Role.BUYER,), "limited_buyer"),
    SamplePerson("purchase", "Ok Dahye", "duru", "en", demo="other_customer"),
    SamplePerson("office", "표가람", "solgae", "ko"),
    SamplePerson("buhin", "青山 蓮", "hamanaka", "ja"),
    SamplePerson("einkauf", "Jonas Wetter", "lindental", "en"),
    SamplePerson("inkoop", "Fenna de Wit", "veenrijk", "en"),
    SamplePerson("parts", "Gong Hyeri", "namdo", "en", demo="dealer"),
    SamplePerson("workshop", "탁준서", "namdo", "ko", (Role.BUYER,)),
    SamplePerson("parts", "Eun Siwoo", "yeongdong", "en", demo="other_dealer"),
    SamplePerson("buhin", "酒井 悠斗", "kitakanto", "ja"),
    SamplePerson("ersatzteile", "Mara Holt", "ruhrbau", "en"),
)


@dataclass(frozen=True)
class People:
    """Companies by key, memberships by (company, person)."""

    companies: dict[str, Company]
    memberships: dict[tuple[str, str], Membership]


def people_load(now: datetime) -> People:
    """Companies, people without passwords, memberships; every company but the house has its named contact there."""
    companies = {one.key: _company(one, now) for one in COMPANIES}
    memberships = {}
    for person in PEOPLE:
        admin = Role.ADMIN in person.roles
        user = User.objects.create(
            email=person.email, name=person.name, language=person.language, is_staff=admin, is_superuser=admin
        )
        user.set_unusable_password()
        user.save(update_fields=["password"])
        memberships[person.company, person.key] = Membership.objects.create(
            user=user, company=companies[person.company], roles=[role.value for role in person.roles]
        )
    for one in COMPANIES:
        if one.contact:
            companies[one.key].contact = memberships["baramsan", one.contact].user
            companies[one.key].save(update_fields=["contact"])
    return People(companies, memberships)


def _company(one: SampleCompany, now: datetime) -> Company:
    today = now.date()
    street, city, postal_code, country, phone, region = one.address
    market, zone, calendar = one.place
    signed, ends = one.contract or (None, None)
    company = Company(
        name=one.name,
        kind=one.kind,
        market=market,
        zone=zone,
        calendar=calendar,
        discount_class=one.discount,
        credit_limit=Decimal(one.limit),
        credit_stopped=one.stopped,
        contract_signed_on=None if signed is None else today - timedelta(days=signed),
        contract_ends_on=None if ends is None else today + timedelta(days=ends),
        address={
            "name": one.name,
            "street": street,
            "city": city,
            "postalCode": postal_code,
            "country": country,
            "phone": phone,
            **({"region": region} if region else {}),
        },
        import_key=f"sample:{one.key}",
    )
    company_tax_number_set(company, number=TAX_NUMBERS[one.key], by="sample", now=now)
    if one.key in CONFIRMED:
        return company_tax_number_confirm(company=company, by="Ma Yerin", now=now)
    company.save()
    return company


def registrations_load(house: Company) -> None:
    """The house charges tax in Korea, Japan and Germany, and there for consumers all over the Union; what its papers say of it."""
    SellerDetails.objects.create(
        company=house, representative="Seo Haneul", business="도매 / 건설기계 부품", email="papers@baramsan.example"
    )
    TaxRegistration.objects.bulk_create(
        TaxRegistration(
            country=country, number=number, one_stop=country == "DE", valid=DateRange(date(2020, 1, 1), None)
        )
        for country, number in REGISTERED.items()
    )
