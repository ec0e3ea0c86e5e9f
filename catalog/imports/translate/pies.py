"""PIES: parts with descriptions, prices, packages, other makers' numbers and files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from catalog.imports.read import Fault
from catalog.imports.translate.mapping import EXACT, with_price_per
from catalog.imports.translate.tables import Translated
from catalog.imports.translate.xml import Node, records

COLUMNS = {
    "parts": (
        "part_number", "name", "name_ko", "name_ja", "category", "status", "minimum_quantity", "weight_g", "origin", "hs_code",
    ),
    "prices": ("part_number", "market", "currency", "kind", "amount", "per_quantity", "from_quantity", "valid_from", "valid_to"),
    "xref": ("part_number", "other_catalogue", "other_number"),
    "documents": ("part_number", "file", "kind", "language", "title", "position"),
}  # fmt: skip
# Retail and list prices are what a customer pays, jobber and distributor prices what dealers pay.
KINDS = {"RET": "CUSTOMER", "RT1": "CUSTOMER", "LST": "CUSTOMER", "JBR": "DEALER", "WD1": "DEALER", "DLR": "DEALER"}
_PIECES = {"": "1", "EA": "1", "PE": "1", "PC": "1", "C": "100", "HU": "100", "M": "1000", "TH": "1000"}
_POUNDS, _KILOGRAMS = ("PG", "LB"), ("GT", "KG")
_NAMES = ("SHO", "DES", "INV", "EXT")  # which description is the name, the best first
_LANGUAGES = {"KO": "name_ko", "JA": "name_ja"}


def pies_rows(path: Path) -> Iterator[Translated]:
    """Rows of our tables from items. Raises UnreadableError."""
    for node in records(path, ("Item",)):
        if node.tag != "Item":
            continue
        number = node.get("PartNumber")
        if node.too_long or not number:
            yield "parts", node.line, {}, Fault("row_too_long") if node.too_long else Fault("missing", "PartNumber")
            continue
        yield "parts", node.line, _part(node, number), None
        yield from _prices(node, number)
        for one in node.all("PartInterchangeInfo", "PartInterchange"):
            catalogue = one.get("BrandLabel") or one.get("BrandAAIAID") or one.attributes.get("BrandLabel", "")
            for other in one.all("PartNumber"):
                cells = {"part_number": number, "other_catalogue": catalogue[:60], "other_number": other.text}
                yield "xref", one.line, cells, None
        for place, asset in enumerate(node.all("DigitalAssets", "DigitalFileInformation"), start=1):
            yield "documents", asset.line, _document(asset, number, place), None


def _part(node: Node, number: str) -> dict[str, str]:
    more = {
        one.attributes.get("EXPICode", ""): one.text
        for one in node.all("ExtendedInformation", "ExtendedProductInformation")
    }
    return {
        "part_number": number,
        **_names(node),
        "category": node.get("PartTerminologyName") or node.get("PartTerminologyID"),
        "status": "retired" if node.attributes.get("MaintenanceType", "").upper() == "D" else "",
        "minimum_quantity": node.get("MinimumOrderQuantity"),
        "weight_g": _weight(node),
        "origin": more.get("CTO", "")[:2],
        "hs_code": more.get("HTS", "")[:12],
    }


def _names(node: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    best: dict[str, int] = {}
    for one in node.all("Descriptions", "Description"):
        code = one.attributes.get("DescriptionCode", "").upper()
        column = _LANGUAGES.get(one.attributes.get("LanguageCode", "EN").upper()[:2], "name")
        rank = _NAMES.index(code) if code in _NAMES else len(_NAMES)
        if code in _NAMES and rank < best.get(column, len(_NAMES)):
            found[column], best[column] = one.text, rank
    return found


def _prices(node: Node, number: str) -> Iterator[Translated]:
    for one in node.all("Prices", "Pricing"):
        price = next(iter(one.all("Price")), Node("Price", {}, one.line))
        kind, unit = one.attributes.get("PriceType", "").upper(), price.attributes.get("UOM", "").upper()
        cells = {
            "part_number": number,
            "kind": KINDS.get(kind, ""),
            "currency": one.get("CurrencyCode"),
            "amount": price.text,
            "per_quantity": _PIECES.get(unit, "1"),
            "from_quantity": one.get("PriceBreak"),
            "valid_from": one.get("EffectiveDate"),
            "valid_to": one.get("ExpirationDate"),
        }
        if kind not in KINDS:
            yield "prices", one.line, cells, Fault("price_type", "PriceType", kind)
        elif unit not in _PIECES:
            yield "prices", one.line, cells, Fault("unknown_value", "UOM", unit)
        else:
            yield "prices", one.line, *with_price_per(cells, EXACT)


def _weight(node: Node) -> str:
    """Grams of the package of one piece."""
    for package in node.all("Packages", "Package"):
        if package.get("PackageUOM").upper() in ("EA", "PE") and (package.get("QuantityofEaches") or "1") == "1":
            for weights in package.all("Weights"):
                unit = weights.attributes.get("UOM", "").upper()
                grams = Decimal("453.59237") if unit in _POUNDS else Decimal(1000) if unit in _KILOGRAMS else None
                try:
                    return str(round(Decimal(weights.get("Weight")) * grams)) if grams else ""
                except (ArithmeticError, ValueError):
                    return weights.get("Weight")
    return ""


def _document(asset: Node, number: str, place: int) -> dict[str, str]:
    pdf = asset.get("FileType").upper() == "PDF" or asset.get("FileName").lower().endswith(".pdf")
    language = asset.get("LanguageCode") or asset.attributes.get("LanguageCode", "")
    return {
        "part_number": number,
        "file": asset.get("FileName"),
        "kind": "MANUAL" if pdf else "",
        "language": language.lower()[:2],
        "title": asset.get("AssetDescriptions", "Description")[:200],
        "position": str(place),
    }
