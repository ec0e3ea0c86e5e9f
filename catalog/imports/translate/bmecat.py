"""BMEcat 1.2 and 2005: articles (products), prices, references, pictures. The names differ, the shape does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from catalog.imports.read import Fault, UnreadableError
from catalog.imports.translate.mapping import EXACT, with_price_per
from catalog.imports.translate.tables import Translated
from catalog.imports.translate.xml import Node, records

RECORDS = ("HEADER", "ARTICLE", "PRODUCT")
# Net prices are without tax, as ours are; others are told and left out.
KINDS = {"net_list": "CUSTOMER", "net_customer": "DEALER", "net_customer_exp": "DEALER"}
_LANGUAGES = {"ko": "name_ko", "kor": "name_ko", "ja": "name_ja", "jpn": "name_ja"}
_ENGLISH = ("en", "eng")
_MOST_DIGITS = 20
_RELATIONS = {"similar": "alternate", "sparepart": "sub-part"}
COLUMNS = {
    "parts": (
        "part_number", "name", "name_ko", "name_ja", "category", "status", "unit", "pack_quantity", "minimum_quantity", "weight_g",
        "origin", "hs_code",
    ),
    "prices": ("part_number", "market", "currency", "kind", "amount", "per_quantity", "from_quantity", "valid_from", "valid_to"),
    "xref": ("part_number", "other_catalogue", "other_number"),
    "supersession": ("old", "new", "date", "quantity"),
    "kits": ("assembly", "component", "qty"),
    "relationships": ("type", "child", "parent"),
    "documents": ("part_number", "file", "kind", "title", "position"),
}  # fmt: skip


def bmecat_rows(path: Path) -> Iterator[Translated]:
    """Rows of our tables from a catalogue. Raises UnreadableError."""
    header = _Header(Node("HEADER", {}, 0))
    for node in records(path, RECORDS):
        if node.tag == "HEADER":
            header = _Header(node)
        elif node.tag in ("ARTICLE", "PRODUCT"):
            yield from _article(node, header)
    if not header.seen:
        raise UnreadableError("not_a_table", "HEADER")


class _Header:
    """What holds for the whole catalogue."""

    def __init__(self, node: Node) -> None:
        catalog = next(iter(node.all("CATALOG")), node)
        self.seen = bool(node.line)
        self.currency, self.territory = catalog.get("CURRENCY"), catalog.get("TERRITORY")
        self.language = _default_language(catalog)
        self.day = _dated(catalog, "generation_date") or catalog.get("GENERATION_DATE")[:10]


def _default_language(catalog: Node) -> str:
    told = catalog.all("LANGUAGE")
    return next(
        (one.text for one in told if one.attributes.get("default") == "true"), told[0].text if told else ""
    ).lower()


def _dated(node: Node, kind: str) -> str:
    """A day in one of BMEcat's DATETIME elements."""
    return next((one.get("DATE") for one in node.all("DATETIME") if one.attributes.get("type") == kind), "")


def _article(node: Node, header: _Header) -> Iterator[Translated]:
    number = node.get("SUPPLIER_AID") or node.get("SUPPLIER_PID")
    if node.too_long or not number:
        fault = Fault("row_too_long") if node.too_long else Fault("missing", "SUPPLIER_AID")
        yield "parts", node.line, {}, fault
        return
    details = _one(node, "ARTICLE_DETAILS", "PRODUCT_DETAILS")
    if details or node.attributes.get("mode"):
        yield "parts", node.line, _part(node, number, details or node, header), None
    yield from _prices(node, number, header)
    for catalogue, other in _numbers(details or node):
        yield "xref", node.line, {"part_number": number, "other_catalogue": catalogue, "other_number": other}, None
    yield from _references(node, number, header)
    for place, mime in enumerate(node.all("MIME_INFO", "MIME"), start=1):
        yield "documents", mime.line, _document(mime, number, place), None


def _one(node: Node, *names: str) -> Node | None:
    return next((child for child in node.children if child.tag in names), None)


def _part(node: Node, number: str, details: Node, header: _Header) -> dict[str, str]:
    order = _one(node, "ARTICLE_ORDER_DETAILS", "PRODUCT_ORDER_DETAILS") or node
    logistic = _one(node, "PRODUCT_LOGISTIC_DETAILS") or node
    features = _one(node, "ARTICLE_FEATURES", "PRODUCT_FEATURES") or node
    group = features.get("REFERENCE_FEATURE_GROUP_NAME") or features.get("REFERENCE_FEATURE_GROUP_ID")
    return {
        "part_number": number,
        **_names(details, header),
        "category": group[:120],
        "status": "retired" if node.attributes.get("mode") == "delete" else "",
        "unit": order.get("ORDER_UNIT"),
        "pack_quantity": _whole(order.get("QUANTITY_INTERVAL")),
        "minimum_quantity": _whole(order.get("QUANTITY_MIN")),
        "weight_g": _grams(logistic.get("PRODUCT_DIMENSIONS", "WEIGHT")),
        "origin": logistic.get("COUNTRY_OF_ORIGIN")[:2],
        "hs_code": logistic.get("CUSTOMS_TARIFF_NUMBER", "CUSTOMS_NUMBER"),
    }


def _names(details: Node, header: _Header) -> dict[str, str]:
    """Names by language; one in another language than ours stands in for the English one."""
    found: dict[str, str] = {}
    for one in details.all("DESCRIPTION_SHORT"):
        language = one.attributes.get("lang", header.language).lower()
        column = _LANGUAGES.get(language, "name")
        if column not in found or language in _ENGLISH:
            found[column] = one.text
    return found


def _prices(node: Node, number: str, header: _Header) -> Iterator[Translated]:
    order = _one(node, "ARTICLE_ORDER_DETAILS", "PRODUCT_ORDER_DETAILS") or node
    per = _whole(order.get("PRICE_QUANTITY")) or "1"
    for details in [*node.all("ARTICLE_PRICE_DETAILS"), *node.all("PRODUCT_PRICE_DETAILS")]:
        days = {
            "valid_from": _dated(details, "valid_start_date") or details.get("VALID_START_DATE") or header.day,
            "valid_to": _day_after(_dated(details, "valid_end_date") or details.get("VALID_END_DATE")),
        }
        for price in [*details.all("ARTICLE_PRICE"), *details.all("PRODUCT_PRICE")]:
            kind = price.attributes.get("price_type", "")
            for territory in [one.text for one in price.all("TERRITORY")] or [header.territory]:
                cells = {
                    "part_number": number,
                    "market": territory,
                    "kind": KINDS.get(kind, ""),
                    "per_quantity": per,
                    **days,
                }
                cells["currency"] = price.get("PRICE_CURRENCY") or header.currency
                cells["from_quantity"] = _whole(price.get("LOWER_BOUND"))
                cells["amount"] = _amount(price)
                if kind not in KINDS:
                    yield "prices", price.line, cells, Fault("price_type", "price_type", kind)
                else:
                    yield "prices", price.line, *with_price_per(cells, EXACT)


def _amount(price: Node) -> str:
    """The amount times its factor; what is no number stays, to be refused with its own text."""
    amount, factor = price.get("PRICE_AMOUNT"), price.get("PRICE_FACTOR")
    if not factor:
        return amount
    try:
        return format(Decimal(amount) * Decimal(factor), "f")
    except (ArithmeticError, ValueError):
        return amount


def _numbers(details: Node) -> Iterator[tuple[str, str]]:
    maker = details.get("MANUFACTURER_NAME") or "OEM"
    if other := details.get("MANUFACTURER_AID") or details.get("MANUFACTURER_PID"):
        yield maker[:60], other
    if ean := details.get("EAN"):
        yield "EAN", ean
    for one in details.all("INTERNATIONAL_PID"):
        yield one.attributes.get("type", "EAN").upper()[:60], one.text


def _references(node: Node, number: str, header: _Header) -> Iterator[Translated]:
    for one in [*node.all("ARTICLE_REFERENCE"), *node.all("PRODUCT_REFERENCE")]:
        other, kind = one.get("ART_ID_TO") or one.get("PROD_ID_TO"), one.attributes.get("type", "")
        quantity = _whole(one.attributes.get("quantity", ""))
        if kind == "followup":
            yield (
                "supersession",
                one.line,
                {"old": number, "new": other, "date": header.day, "quantity": quantity},
                None,
            )
        elif kind == "consists_of":
            yield "kits", one.line, {"assembly": number, "component": other, "qty": quantity}, None
        elif kind in _RELATIONS:
            yield "relationships", one.line, {"type": _RELATIONS[kind], "child": other, "parent": number}, None


def _document(mime: Node, number: str, place: int) -> dict[str, str]:
    kinds = {"application/pdf": "MANUAL"}
    kind = "SAFETY" if mime.get("MIME_PURPOSE") == "safety_data_sheet" else kinds.get(mime.get("MIME_TYPE"), "")
    source = mime.get("MIME_SOURCE").replace("\\", "/")
    return {
        "part_number": number,
        "file": source,
        "kind": kind,
        "title": mime.get("MIME_DESCR")[:200],
        "position": str(place),
    }


def _whole(text: str) -> str:
    """`1.0` as `1`; anything else stays, to be judged."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:  # 1e999999999 written out fills any memory
        return text
    return str(int(number)) if number == number.to_integral_value() else text


def _grams(kilograms: str) -> str:
    try:
        return str(round(Decimal(kilograms) * 1000)) if kilograms else ""
    except (ArithmeticError, ValueError):
        return kilograms


def _day_after(day: str) -> str:
    """BMEcat names the last day of a price, we the first one without it."""
    try:
        return (date.fromisoformat(day[:10]) + timedelta(days=1)).isoformat() if day else ""
    except (ValueError, OverflowError):
        return day
