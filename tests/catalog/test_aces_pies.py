"""ACES application files and PIES item files become our tables."""

from decimal import Decimal
from pathlib import Path

import pytest

from catalog.imports.mappings import mapping_get, mapping_save
from catalog.imports.translate.delivery import delivery_open
from catalog.models import CrossReference, EquipmentModel, Fitment, Part, Price
from portal.accounts.actor import SYSTEM
from tests.catalog.files import text
from tests.catalog.folder import NOW, Report, bring_in, left_out
from tests.factories import make_part

pytestmark = pytest.mark.django_db

ACES = """<?xml version="1.0" encoding="UTF-8"?>
<ACES version="4.2"><Header><Company>Own</Company></Header>
<App action="A" id="1"><BaseVehicle id="5911"/><EngineBase id="13"/><Note>With towbar</Note><Qty>2</Qty><PartType id="1896"/><Position id="22"/><Part>FD-1</Part></App>
<App action="A" id="2"><BaseVehicle id="5911"/><Qty>1</Qty><PartType id="1896"/><Part>FD-1</Part></App>
<App action="A" id="3"><Years from="2018" to="2021"/><Make id="54">Ownmake</Make><Model id="677">Roadrunner</Model><Qty>1</Qty><Part>FD-2</Part></App>
<App action="D" id="4"><BaseVehicle id="5911"/><Part>FD-1</Part></App>
<App action="A" id="5"><BaseVehicle id="5911"/><Qty>1</Qty></App>
<App action="A" id="6"><Qty>1</Qty><Part>FD-1</Part></App>
<App action="A" id="7"><BaseVehicle id="5912"/><Qty>1</Qty><Part>NOBODY</Part></App>
<App action="A" id="8"><BaseVehicle id="5911"/><Qty>many</Qty><Part>FD-2</Part></App>
<Footer><RecordCount>8</RecordCount></Footer></ACES>
"""
PIES = """<?xml version="1.0" encoding="UTF-8"?>
<PIES xmlns="http://www.autocare.org"><Header><PIESVersion>7.2</PIESVersion></Header><Items>
<Item MaintenanceType="A"><PartNumber>FD-1</PartNumber><BrandAAIAID>ZZZZ</BrandAAIAID><MinimumOrderQuantity UOM="EA">4</MinimumOrderQuantity>
<Descriptions><Description DescriptionCode="DES" LanguageCode="EN">Front brake disc, vented</Description><Description DescriptionCode="SHO" LanguageCode="EN">Brake disc</Description><Description DescriptionCode="MKT" LanguageCode="EN">The best disc</Description></Descriptions>
<Prices><Pricing PriceType="JBR"><CurrencyCode>USD</CurrencyCode><EffectiveDate>2026-01-01</EffectiveDate><Price UOM="PE">31.25</Price></Pricing>
<Pricing PriceType="RET"><CurrencyCode>USD</CurrencyCode><EffectiveDate>2026-01-01</EffectiveDate><Price UOM="C">0.0044</Price></Pricing>
<Pricing PriceType="XYZ"><CurrencyCode>USD</CurrencyCode><EffectiveDate>2026-01-01</EffectiveDate><Price UOM="PE">1</Price></Pricing></Prices>
<ExtendedInformation><ExtendedProductInformation EXPICode="CTO">KR</ExtendedProductInformation><ExtendedProductInformation EXPICode="HTS">870830</ExtendedProductInformation></ExtendedInformation>
<PartInterchangeInfo><PartInterchange BrandLabel="Other"><PartNumber>OT 55</PartNumber></PartInterchange></PartInterchangeInfo>
<Packages><Package><PackageUOM>EA</PackageUOM><QuantityofEaches>1</QuantityofEaches><Weights UOM="PG"><Weight>2</Weight></Weights></Package></Packages>
<DigitalAssets><DigitalFileInformation LanguageCode="EN"><FileName>fd1.jpg</FileName><FileType>JPG</FileType></DigitalFileInformation></DigitalAssets></Item>
<Item MaintenanceType="D"><PartNumber>FD-0</PartNumber></Item>
<Item><BrandAAIAID>ZZZZ</BrandAAIAID></Item>
</Items></PIES>
"""


def brought(tmp_path: Path, content: str, mapping: str = "") -> dict[str, Report]:
    """What came of a delivery of this one file."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    text(folder / "it.xml", content)
    opened = delivery_open(folder, into=tmp_path / "var", mapping=mapping_get(mapping) if mapping else None)
    return {stem.split("@")[0]: one for stem, one in bring_in(opened).items()}


def test_applications_become_what_fits_which_vehicle(tmp_path: Path):
    make_part("FD-1")
    make_part("FD-2")
    reports = brought(tmp_path, ACES)
    assert set(Fitment.objects.values_list("part__number", "model__code", "quantity", "note")) == {
        ("FD-1", "BV5911;EngineBase=13", 2, "position 22; With towbar"),
        ("FD-1", "BV5911", 1, ""),
        ("FD-2", "54/677/2018-2021", 1, ""),
    }
    named = EquipmentModel.objects.get(code="54/677/2018-2021")
    assert (named.name, named.year, named.maker) == ("Ownmake Roadrunner", 2018, "Ownmake")
    assert sorted(left_out(reports["applicability"])) == [
        (6, "action", "aces_delete"),
        (7, "Part", "missing"),
        (8, "BaseVehicle", "missing"),
        (9, "part_number", "unknown_part"),
        (10, "quantity", "not_a_number"),
    ]


def test_items_become_parts_prices_and_numbers_with_the_market_from_a_mapping(tmp_path: Path):
    tables = {"prices": {"constants": {"market": "US"}}}
    mapping_save(name="pies", actor=SYSTEM, now=NOW, pattern="*.xml", tables=tables)
    reports = brought(tmp_path, PIES, "pies")
    disc = Part.objects.get(number="FD-1")
    assert (disc.minimum_quantity, disc.weight_g, disc.origin, disc.hs_code) == (4, 907, "KR", "870830")
    assert [name.name for name in disc.names.all()] == ["Brake disc"]
    assert Part.objects.get(number="FD-0").status == "RETIRED"
    assert CrossReference.objects.get().number == "OT 55"
    assert set(Price.objects.values_list("price_list__kind", "amount", "per_quantity", "price_list__market")) == {
        ("DEALER", Decimal("31.250"), 1, "US"),
        ("CUSTOMER", Decimal("0.044"), 1000, "US"),
    }
    assert left_out(reports["prices"]) == [(7, "PriceType", "price_type")]
    assert left_out(reports["parts"]) == [(13, "PartNumber", "missing")]


def test_prices_without_a_market_are_left_out_and_told(tmp_path: Path):
    reports = brought(tmp_path, PIES)
    assert "market" in reports["prices"].failure or not Price.objects.exists()
    assert Part.objects.filter(number="FD-1").exists()
