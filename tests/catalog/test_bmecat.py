"""BMEcat catalogues, both generations, become our tables; what is wrong is told by the line of the file."""

import gzip
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.imports.read import UnreadableError
from catalog.imports.translate.delivery import delivery_open
from catalog.models import CrossReference, Part, PartName, PartRelation, Price, Supersession
from tests.catalog.files import text
from tests.catalog.folder import Report, bring_in, left_out
from tests.factories import make_part

pytestmark = pytest.mark.django_db

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog_1_2.dtd">
<BMECAT version="1.2" xmlns="http://www.bmecat.org/XMLSchema/1.2/bmecat_new_catalog">
<HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><CATALOG_ID>K1</CATALOG_ID><DATETIME type="generation_date"><DATE>2026-02-01</DATE></DATETIME>
<TERRITORY>DE</TERRITORY><CURRENCY>EUR</CURRENCY></CATALOG><SUPPLIER><SUPPLIER_NAME>Own</SUPPLIER_NAME></SUPPLIER></HEADER>
"""
OLD = """<T_NEW_CATALOG>
<ARTICLE><SUPPLIER_AID>B-1</SUPPLIER_AID>
<ARTICLE_DETAILS><DESCRIPTION_SHORT>Sechskantschraube</DESCRIPTION_SHORT><EAN>4000000000017</EAN>
<MANUFACTURER_AID>M-77</MANUFACTURER_AID><MANUFACTURER_NAME>Boltmaker</MANUFACTURER_NAME></ARTICLE_DETAILS>
<ARTICLE_ORDER_DETAILS><ORDER_UNIT>PCE</ORDER_UNIT><PRICE_QUANTITY>100</PRICE_QUANTITY><QUANTITY_MIN>50</QUANTITY_MIN><QUANTITY_INTERVAL>25</QUANTITY_INTERVAL></ARTICLE_ORDER_DETAILS>
<ARTICLE_PRICE_DETAILS><DATETIME type="valid_start_date"><DATE>2026-03-01</DATE></DATETIME><DATETIME type="valid_end_date"><DATE>2026-12-31</DATE></DATETIME>
<ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>0.0428</PRICE_AMOUNT><LOWER_BOUND>1</LOWER_BOUND></ARTICLE_PRICE>
<ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>4.00</PRICE_AMOUNT><PRICE_FACTOR>0.9</PRICE_FACTOR><LOWER_BOUND>1000</LOWER_BOUND></ARTICLE_PRICE>
<ARTICLE_PRICE price_type="gros_list"><PRICE_AMOUNT>5.00</PRICE_AMOUNT></ARTICLE_PRICE></ARTICLE_PRICE_DETAILS>
<MIME_INFO><MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>pics\\b1.jpg</MIME_SOURCE><MIME_DESCR>Front</MIME_DESCR></MIME></MIME_INFO>
<ARTICLE_REFERENCE type="followup"><ART_ID_TO>B-2</ART_ID_TO></ARTICLE_REFERENCE>
<ARTICLE_REFERENCE type="consists_of" quantity="2"><ART_ID_TO>B-3</ART_ID_TO></ARTICLE_REFERENCE>
</ARTICLE>
<ARTICLE><SUPPLIER_AID>B-2</SUPPLIER_AID><ARTICLE_DETAILS><DESCRIPTION_SHORT>Schraube neu</DESCRIPTION_SHORT></ARTICLE_DETAILS></ARTICLE>
<ARTICLE mode="delete"><SUPPLIER_AID>B-3</SUPPLIER_AID><ARTICLE_DETAILS><DESCRIPTION_SHORT>Mutter</DESCRIPTION_SHORT></ARTICLE_DETAILS></ARTICLE>
<ARTICLE><ARTICLE_DETAILS><DESCRIPTION_SHORT>ohne Nummer</DESCRIPTION_SHORT></ARTICLE_DETAILS></ARTICLE>
</T_NEW_CATALOG></BMECAT>
"""
NEW = """<?xml version="1.0" encoding="UTF-8"?>
<BMECAT version="2005" xmlns="http://www.bmecat.org/bmecat/2005"><HEADER><CATALOG><LANGUAGE default="true">eng</LANGUAGE><LANGUAGE>kor</LANGUAGE>
<GENERATION_DATE>2026-02-01T10:00:00</GENERATION_DATE><TERRITORY>KR</TERRITORY><CURRENCY>KRW</CURRENCY></CATALOG></HEADER><T_NEW_CATALOG>
<PRODUCT><SUPPLIER_PID>P-1</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT lang="kor">씰 키트</DESCRIPTION_SHORT><DESCRIPTION_SHORT lang="eng">seal kit</DESCRIPTION_SHORT>
<INTERNATIONAL_PID type="gtin">08800000000011</INTERNATIONAL_PID><MANUFACTURER_PID>S9</MANUFACTURER_PID></PRODUCT_DETAILS>
<PRODUCT_PRICE_DETAILS><PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>12000</PRICE_AMOUNT><TERRITORY>KR</TERRITORY><TERRITORY>JP</TERRITORY></PRODUCT_PRICE></PRODUCT_PRICE_DETAILS>
<PRODUCT_LOGISTIC_DETAILS><CUSTOMS_TARIFF_NUMBER><CUSTOMS_NUMBER>848410</CUSTOMS_NUMBER></CUSTOMS_TARIFF_NUMBER><COUNTRY_OF_ORIGIN>KR</COUNTRY_OF_ORIGIN>
<PRODUCT_DIMENSIONS><WEIGHT>0.25</WEIGHT></PRODUCT_DIMENSIONS></PRODUCT_LOGISTIC_DETAILS>
</PRODUCT></T_NEW_CATALOG></BMECAT>
"""


def brought(tmp_path: Path, content: str, name: str = "k.xml") -> dict[str, Report]:
    """What came of a delivery of this one file."""
    folder = tmp_path / "delivery"
    folder.mkdir(exist_ok=True)
    text(folder / name, content)
    return {stem.split("@")[0]: one for stem, one in bring_in(delivery_open(folder, into=tmp_path / "var")).items()}


def test_the_first_generation_makes_parts_prices_numbers_successors_and_kits(tmp_path: Path):
    reports = brought(tmp_path, HEAD + OLD)
    bolt = Part.objects.get(number="B-1")
    assert (bolt.pack_quantity, bolt.minimum_quantity, bolt.unit, bolt.status) == (25, 50, "PCE", "ACTIVE")
    assert Part.objects.get(number="B-3").status == "RETIRED"
    assert PartName.objects.get(part=bolt).name == "Sechskantschraube"
    assert set(CrossReference.objects.values_list("catalogue", "number")) == {
        ("Boltmaker", "M-77"),
        ("EAN", "4000000000017"),
    }
    step = Supersession.objects.get()
    assert (step.old.number, step.new.number, str(step.effective_on)) == ("B-1", "B-2", "2026-02-01")
    assert PartRelation.objects.get().quantity == 2
    prices = set(Price.objects.values_list("from_quantity", "amount", "per_quantity"))
    assert prices == {(1, Decimal("0.428"), 1000), (1000, Decimal("3.600"), 100)}
    assert str(Price.objects.first().price_list.valid) == "[2026-03-01, 2027-01-01)"
    assert left_out(reports["prices"]) == [(14, "price_type", "price_type")]
    assert left_out(reports["parts"]) == [(21, "SUPPLIER_AID", "missing")]


def test_the_second_generation_has_other_names_and_languages(tmp_path: Path):
    reports = brought(tmp_path, NEW)
    assert [left_out(report) for report in reports.values() if report.rejections] == []
    kit = Part.objects.get()
    assert (kit.weight_g, kit.origin, kit.hs_code) == (250, "KR", "848410")
    assert dict(kit.names.values_list("language", "name")) == {"en": "seal kit", "ko": "씰 키트"}
    assert set(CrossReference.objects.values_list("catalogue", "number")) == {("GTIN", "08800000000011"), ("OEM", "S9")}
    assert set(Price.objects.values_list("price_list__market", "price_list__kind", "price_list__currency")) == {
        ("KR", "DEALER", "KRW"),
        ("JP", "DEALER", "KRW"),
    }


def test_numbers_beyond_all_bounds_cost_only_their_own_rows(tmp_path: Path):
    huge = OLD.replace("<QUANTITY_MIN>50<", "<QUANTITY_MIN>1e999999999999<").replace(">0.0428<", ">9e999999999<")
    huge = huge.replace("<PRICE_FACTOR>0.9<", "<PRICE_FACTOR>9e999999<").replace(">4.00<", ">9e999999<")
    reports = brought(tmp_path, HEAD + huge)
    assert (2, "minimum_quantity", "not_a_number") in [(1 + 1, *one[1:]) for one in left_out(reports["parts"])]
    assert [reason for _, _, reason in left_out(reports["prices"])] == ["too_great", "too_great", "price_type"]
    assert set(Part.objects.filter(status="ACTIVE").values_list("number", flat=True)) == {"B-2"}


def test_an_update_of_prices_makes_no_parts_and_tells_prices_of_none(tmp_path: Path):
    make_part("B-1", pack_quantity=7)
    price = '<ARTICLE_PRICE_DETAILS><ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>{}</PRICE_AMOUNT></ARTICLE_PRICE></ARTICLE_PRICE_DETAILS>'
    articles = "".join(
        f"<ARTICLE>\n<SUPPLIER_AID>{number}</SUPPLIER_AID>{price.format(amount)}</ARTICLE>\n"
        for number, amount in (("B-1", "9.50"), ("GONE", "1"), ("B-1 ", "abc"), ("B-1", "0"))
    )
    reports = brought(tmp_path, HEAD + f'<T_UPDATE_PRICES prev_version="1">\n{articles}</T_UPDATE_PRICES></BMECAT>')
    assert list(reports) == ["prices"]
    assert (Part.objects.get().pack_quantity, Price.objects.get().amount) == (7, Decimal("9.500"))
    told = {(line, reason) for line, _, reason in left_out(reports["prices"])}
    assert told == {(10, "unknown_part"), (12, "not_an_amount"), (14, "too_small")}


def test_the_same_catalogue_again_changes_nothing_packed_or_not(tmp_path: Path):
    brought(tmp_path, HEAD + OLD)
    folder = tmp_path / "packed"
    folder.mkdir()
    (folder / "k.xml.gz").write_bytes(gzip.compress((HEAD + OLD).encode()))
    again = bring_in(delivery_open(folder, into=tmp_path / "var"))
    assert [(stem, one.added, one.changed) for stem, one in again.items() if one.added or one.changed] == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD + "<T_NEW_CATALOG><ARTICLE>", "damaged"),
        (HEAD + "<T_NEW_CATALOG></ARTICLE></T_NEW_CATALOG></BMECAT>", "damaged"),
        (HEAD.replace("UTF-8", "klingon") + OLD, "damaged"),
        ('<BMECAT version="1.2"><T_NEW_CATALOG></T_NEW_CATALOG></BMECAT>', "not_a_table"),
        ("<BMECAT>" + "<A>" * 100 + "</A>" * 100 + "</BMECAT>", "damaged"),
    ],
)
def test_a_broken_catalogue_changes_nothing_and_leaves_nothing_behind(tmp_path: Path, content: str, reason: str):
    folder = tmp_path / "delivery"
    folder.mkdir()
    text(folder / "k.xml", content)
    with pytest.raises(UnreadableError) as refused:
        delivery_open(folder, into=tmp_path / "var")
    assert refused.value.reason == reason
    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE BMECAT [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;&a;">]>',
        '<!DOCTYPE BMECAT [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE BMECAT [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>',
    ],
)
def test_entities_and_things_to_fetch_are_refused(tmp_path: Path, document: str):
    folder = tmp_path / "delivery"
    folder.mkdir()
    body = (HEAD + OLD).replace('<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog_1_2.dtd">', document)
    text(folder / "k.xml", body)
    with pytest.raises(UnreadableError, match="XML entities"):
        delivery_open(folder, into=tmp_path / "var")


def test_other_xml_is_left_aside(tmp_path: Path):
    text(tmp_path / "poem.xml", "<?xml version='1.0'?><!-- BMECAT --><poem>roses</poem>")
    assert delivery_open(tmp_path, into=tmp_path / "var") == tmp_path


def test_an_article_without_end_costs_little_memory_and_itself_alone(tmp_path: Path):
    long = "<DESCRIPTION_SHORT>" + "x" * 30_000_000 + "</DESCRIPTION_SHORT>"
    content = (HEAD + OLD).replace("<DESCRIPTION_SHORT>Schraube neu</DESCRIPTION_SHORT>", long)
    folder = tmp_path / "delivery"
    folder.mkdir()
    text(folder / "k.xml", content)
    del content, long
    tracemalloc.start()
    opened = delivery_open(folder, into=tmp_path / "var")
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()
    assert (19, "", "row_too_long") in left_out(bring_in(opened)["parts@k"])
    assert set(Part.objects.values_list("number", flat=True)) == {"B-1", "B-3"}
