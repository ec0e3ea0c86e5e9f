"""Which of a maker's columns is probably which of ours: by our names, by the trade's words in several languages, by likeness."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from catalog.imports.types import Column

_ALIKE = 0.82
# Headings as makers write them. Our own names and aliases are known besides.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "part_number": (
        "part no", "part number", "part #", "item", "item no", "article", "article number", "sku", "material number",
        "artikelnummer", "artikel-nr", "teilenummer", "sachnummer", "bestellnummer", "référence", "reference", "numéro de pièce",
        "número de pieza", "referencia", "codice", "부품번호", "품번", "품목코드", "部品番号", "品番", "商品コード", "零件号", "物料编码",
    ),
    "name": (
        "description", "name", "designation", "part name", "title", "bezeichnung", "benennung", "désignation", "libellé",
        "descripción", "descrizione", "품명", "부품명", "品名", "部品名", "名称",
    ),
    "name_ko": ("name korean", "품명", "한글명"),
    "name_ja": ("name japanese", "品名", "日本語名"),
    "maker": ("manufacturer", "brand", "make", "hersteller", "marke", "fabricant", "fabricante", "marque", "제조사", "브랜드", "メーカー", "制造商"),
    "category": ("category", "product group", "warengruppe", "kategorie", "catégorie", "categoría", "분류", "カテゴリ", "类别"),
    "material": ("material", "werkstoff", "matière", "재질", "材質", "材料"),
    "amount": (
        "price", "unit price", "list price", "net price", "price1", "preis", "listenpreis", "einzelpreis", "prix", "prix unitaire",
        "precio", "prezzo", "단가", "가격", "単価", "価格", "单价",
    ),
    "per_quantity": ("price per", "price unit", "per", "preiseinheit", "pe", "unité de prix", "가격단위", "価格単位"),
    "from_quantity": ("from quantity", "min qty", "break qty", "staffel", "ab menge", "à partir de", "수량부터"),
    "currency": ("currency", "währung", "devise", "moneda", "통화", "通貨", "币种"),
    "valid_from": ("valid from", "effective date", "gültig ab", "valable dès", "válido desde", "적용일", "適用日"),
    "on_hand": ("stock", "on hand", "qty on hand", "quantity", "bestand", "lagerbestand", "en stock", "existencias", "재고", "在庫", "库存"),
    "warehouse": ("warehouse", "location", "lager", "dépôt", "almacén", "창고", "倉庫", "仓库"),
    "weight_g": ("weight g", "weight (g)", "gewicht g", "poids g", "중량(g)", "重量(g)"),
    "pack_quantity": ("pack", "pack size", "pack qty", "packaging unit", "verpackungseinheit", "ve", "포장단위", "入数"),
    "minimum_quantity": ("minimum", "moq", "minimum order", "mindestmenge", "최소주문", "最小発注数"),
    "unit": ("unit", "uom", "einheit", "mengeneinheit", "unité", "단위", "単位", "单位"),
    "origin": ("country of origin", "origin", "ursprungsland", "origine", "원산지", "原産国"),
    "hs_code": ("hs code", "tariff", "customs tariff number", "zolltarifnummer", "code douanier", "hs코드", "hsコード"),
    "status": ("status", "state", "lifecycle", "상태", "状態"),
    "other_number": ("mpn", "manufacturer part number", "oem number", "oe number", "cross reference", "vergleichsnummer", "oe-nummer", "대체번호"),
    "old": ("old number", "superseded number", "alte nummer", "ancienne référence", "구품번", "旧品番"),
    "new": ("new number", "replaced by", "successor", "neue nummer", "ersetzt durch", "nouvelle référence", "신품번", "新品番"),
    "set_num": ("model", "machine model", "typ", "modell", "modèle", "모델", "機種"),
    "quantity": ("qty", "quantity", "menge", "quantité", "수량", "数量"),
}  # fmt: skip


def suggested(titles: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Ours to theirs, the surest first, each of theirs used once; columns without a likely one are left out."""
    scored = sorted(
        (
            (-_likeness(title, column), place, order)
            for order, column in enumerate(columns)
            for place, title in enumerate(titles)
        )
    )
    found: dict[str, str] = {}
    for score, place, order in scored:
        if -score >= _ALIKE and columns[order].name not in found and titles[place] not in found.values():
            found[columns[order].name] = titles[place]
    return found


def _likeness(title: str, column: Column) -> float:
    """1 for our own name, a little less for a known heading, the share of common letters otherwise."""
    asked = _bare(title)
    if not asked:
        return 0.0
    if asked in {_bare(name) for name in (column.name, *column.aliases)}:
        return 1.0
    known = [_bare(name) for name in HEADINGS.get(column.name, ())]
    if asked in known:
        return 0.95
    return max((SequenceMatcher(None, asked, name).ratio() for name in [*known, _bare(column.name)]), default=0) * 0.94


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
