"""A paper as PDF/A-3 from its snapshot alone: the same snapshot gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel import dates, numbers
from facturx import generate_xmp_object
from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, XPos, YPos
from lxml import etree

from orders.papers.breaking import broken
from orders.papers.einvoice import XML_NAME, einvoice_wanted, einvoice_xml, xml_safe
from orders.papers.fonts import Sheet, fonts_add
from orders.papers.words import word
from portal.languages.addresses import address_lines
from portal.money import exponent

Snapshot = Mapping[str, Any]
_MAKER = "After-sales portal"
_LOCALES = {"en": "en_GB", "ko": "ko_KR", "ja": "ja_JP"}
_SLIP, _PRICED = (10, 86, 24, 62), (10, 80, 22, 28, 14, 28)  # widths of the columns in mm
_INK, _SOFT, _LINE = (28, 28, 30), (110, 110, 115), (200, 200, 205)


def paper_pdf(snapshot: Snapshot, language: str = "") -> bytes:
    """The printed paper; in another language than its own it is marked as a translation, and carries no XML."""
    language = language or snapshot["language"]
    made = _Paper(snapshot, language)
    made.draw()
    if einvoice_wanted(snapshot) and language == snapshot["language"]:
        made.attach(einvoice_xml(snapshot))
    return bytes(made.pdf.output())


class _Sheet(Sheet):
    """A4 with a page number below."""

    footing = ""

    def footer(self) -> None:
        """Number of the paper and of the page."""
        self.set_y(-14)
        self.set_font("text", size=8)
        self.set_text_color(*_SOFT)
        self.cell(0, 5, f"{self.footing}  {self.page_no()}/{{nb}}", align="C")


def _pattern(places: int) -> str:
    return "#,##0" + (f".{'0' * places}" if places else "")


class _Paper:
    """One paper being drawn; amounts and days as its language writes them."""

    def __init__(self, snapshot: Snapshot, language: str) -> None:
        self.data, self.language = snapshot, language
        self.digits = exponent(snapshot["currency"])
        self.pdf = _sheet(snapshot, language)
        self.pdf.footing = f"{self.word(snapshot['kind'])} {snapshot['number']}  ·  {self.word('page')}"

    def word(self, name: str) -> str:
        return word(name, self.language, self.data["tax_country"])

    def money(self, amount: str | Decimal) -> str:
        return str(numbers.format_decimal(Decimal(amount), _pattern(self.digits), locale=_LOCALES[self.language]))

    def price(self, amount: str) -> str:
        exact = Decimal(amount).normalize()
        places = max(-int(exact.as_tuple().exponent), 0)
        return str(numbers.format_decimal(exact, _pattern(max(places, self.digits)), locale=_LOCALES[self.language]))

    def day(self, iso: str) -> str:
        return (
            str(dates.format_date(datetime.fromisoformat(iso).date(), "long", locale=_LOCALES[self.language]))
            if iso
            else ""
        )

    def draw(self) -> None:
        self._title()
        self._parties()
        self._facts()
        self._lines()
        if self.data["kind"] != "PACKING_SLIP":
            self._sums()
            self._payment()
        self._notes()

    def attach(self, xml: bytes) -> None:
        """The machine-readable invoice, as Factur-X names and relates it."""
        self.pdf.embed_file(
            bytes=xml,
            basename=XML_NAME,
            desc="Factur-X",
            mime_type="text/xml",
            associated_file_relationship="ALTERNATIVE",
            creation_date=self.pdf.creation_date,
            modification_date=self.pdf.creation_date,
        )

    def _title(self) -> None:
        pdf = self.pdf
        pdf.set_text_color(*_INK)
        self._bold(18)
        pdf.cell(0, 9, self.word(self.data["kind"]), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if self.language != self.data["language"]:
            self._text(8, soft=True)
            pdf.cell(0, 5, self.word("copy"), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(3)

    def _parties(self) -> None:
        pdf, top = self.pdf, self.pdf.get_y()
        bottoms = []
        for place, side in enumerate(("seller", "buyer")):
            pdf.set_xy(pdf.l_margin + place * 95, top)
            bottoms.append(self._party(side, pdf.l_margin + place * 95))
        pdf.set_y(max(bottoms) + 4)

    def _party(self, side: str, left: float) -> float:
        told, pdf = self.data[side], self.pdf
        address = told["address"]
        self._text(8, soft=True)
        pdf.set_x(left)
        pdf.cell(85, 4.5, self.word(side), new_y=YPos.NEXT)
        pdf.set_x(left)
        self._bold(11)
        pdf.multi_cell(85, 5.5, told["name"], align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._text(9)
        rows = address_lines(address, self.language)
        rows += [
            f"{self.word(name)}: {told[name]}"
            for name in ("tax_number", "representative", "business")
            if told.get(name)
        ]
        rows += [told[name] for name in ("register_entry", "phone", "email") if told.get(name)]
        for row in rows:
            if row:
                pdf.set_x(left)
                pdf.multi_cell(85, 4.6, str(row), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        return float(pdf.get_y())

    def _facts(self) -> None:
        """Numbers and days in pairs, three to a row."""
        data = self.data
        corrects = ", ".join(f"{one['number']} ({self.day(one['issued_on'])})" for one in data["corrects"])
        pairs = [
            ("number", data["number"]), ("issued_on", self.day(data["issued_on"])),
            ("supplied_on", self.day(data["supplied_on"]) if data["kind"] in ("INVOICE", "CREDIT_NOTE", "PACKING_SLIP") else ""),
            ("order", data["order"]), ("po_number", data["po_number"]), ("shipment", data["shipment"]),
            ("carrier", data["carrier"]), ("due_on", self.day("" if data["paid"] else data["due_on"] or "")), ("corrects", corrects),
            ("deliver_to", self._deliver_to()),
            *((one["policy"], self.day(one["on"])) for one in data.get("promises", ())),
        ]  # fmt: skip
        told = [(self.word(name), value) for name, value in pairs if value]
        pdf = self.pdf
        for start in range(0, len(told), 3):
            top, bottom = pdf.get_y(), pdf.get_y()
            for place, (name, value) in enumerate(told[start : start + 3]):
                left = pdf.l_margin + place * 61
                pdf.set_xy(left, top)
                self._text(8, soft=True)
                pdf.cell(59, 4, name, new_x=XPos.LEFT, new_y=YPos.NEXT)
                self._text(9.5)
                pdf.multi_cell(59, 4.8, value, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
                bottom = max(bottom, pdf.get_y())
            pdf.set_y(bottom + 1.5)
        pdf.ln(2)

    def _deliver_to(self) -> str:
        told = self.data["deliver_to"]
        if told["address"] == self.data["buyer"]["address"]:
            return ""
        return ", ".join(address_lines({**told["address"], "name": told["name"]}, self.language))

    def _lines(self) -> None:
        slip = self.data["kind"] == "PACKING_SLIP"
        names = (
            ["position", "part", "quantity", "codes"]
            if slip
            else ["position", "part", "quantity", "price", "rate", self._amount_name()]
        )
        aligns = ("LEFT", "LEFT", "RIGHT", "LEFT") if slip else ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")
        self._text(9)
        self.pdf.set_draw_color(*_LINE)
        style = FontFace(size_pt=8, color=_SOFT, emphasis="")
        with self.pdf.table(
            width=182, col_widths=_SLIP if slip else _PRICED, text_align=aligns, line_height=4.8, padding=(1.2, 1), headings_style=style,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, first_row_as_headings=True,
        ) as table:  # fmt: skip
            table.row([self.word(name) for name in names])
            for line in self.data["lines"]:
                table.row(self._slip_row(line) if slip else self._row(line))
            if not slip and Decimal(self.data["freight"]):
                table.row(
                    [
                        "",
                        self.word("freight"),
                        "",
                        "",
                        _percent(self.data["freight_rate"]),
                        self.money(self.data["freight"]),
                    ]
                )
            if not slip and Decimal(self.data["fee"]):
                table.row(["", self.word("fee"), "", "", "", "-" + self.money(self.data["fee"])])

    def _amount_name(self) -> str:
        return "amount_gross" if self.data["includes_tax"] else "amount"

    def _row(self, line: Mapping[str, Any]) -> list[str]:
        per = f" {self.word('per')} {line['per']}" if line["per"] > 1 else ""
        reduced = f" {self.word('reduced').split()[0]}" if _is_reduced(line) else ""
        return [
            str(line["position"]), self._named(line) + reduced, f"{line['quantity']:,}", self.price(line["price"]) + per,
            _percent(line["rate"]), self.money(line["amount"]),
        ]  # fmt: skip

    def _slip_row(self, line: Mapping[str, Any]) -> list[str]:
        return [str(line["position"]), self._named(line), f"{line['quantity']:,}", ", ".join(line["units"])]

    def _named(self, line: Mapping[str, Any]) -> str:
        beside = [f"{self.word(name)} {line[name]}" for name in ("machine", "card") if line[name]]
        if line["payer"] != "PAID":
            share = Decimal(line["share"])
            beside.append(self.word(line["payer"]) + (f" {_percent(line['share'])}" if share else ""))
        if line.get("pending"):
            beside.append(self.word("pending"))
        core = f"{self.word('core')}: " if line.get("core") else ""
        room = (_SLIP if self.data["kind"] == "PACKING_SLIP" else _PRICED)[1] - 3  # without the cell's padding
        name = broken(f"{core}{line['part']}  {line['names'][self.language]}", room, self.pdf.get_string_width)
        return "\n".join([name, *([" · ".join(beside)] if beside else [])])

    def _sums(self) -> None:
        """What each rate taxes, then the total."""
        pdf, data = self.pdf, self.data
        pdf.ln(3)
        self._text(9)
        style = FontFace(size_pt=8, color=_SOFT, emphasis="")
        with pdf.table(
            width=110, col_widths=(20, 30, 30, 30), align="RIGHT", text_align="RIGHT", line_height=4.8, padding=(1, 1),
            headings_style=style, borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        ) as table:  # fmt: skip
            table.row([self.word(name) for name in ("rate", "net", "tax", "gross")])
            for rate in data["rates"]:
                table.row([_percent(rate["rate"]), *(self.money(rate[name]) for name in ("net", "tax", "gross"))])
            if len(data["rates"]) != 1:
                table.row(["", *(self.money(data[name]) for name in ("net", "tax", "total"))])
        pdf.ln(2)
        self._bold(13)
        self._sum("total", data["total"], 8)
        settled = Decimal(data.get("settled", 0))
        if data["kind"] in ("PROFORMA", "INVOICE") and settled:
            self._text(9.5)
            self._sum("settled", data["settled"], 5)
            self._bold(13)
            self._sum("open", Decimal(data["total"]) - settled, 8)
        pdf.ln(2)

    def _sum(self, name: str, amount: str | Decimal, height: float) -> None:
        told = f"{self.word(name)}   {self.data['currency']} {self.money(amount)}"
        self.pdf.cell(0, height, told, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _payment(self) -> None:
        data, pdf = self.data, self.pdf
        if data["kind"] == "CONFIRMATION":
            return
        self._text(9.5)
        if data["kind"] == "CREDIT_NOTE":
            self._say(self.word("credited"))
        elif not Decimal(data["total"]):
            self._say(self.word("free"))
        elif data["paid"]:
            self._say(self.word("by_card" if data["payment"] == "CARD" else "paid"))
        else:
            if data["due_on"] and data["kind"] in ("INVOICE", "PROFORMA"):
                self._say(self.word("pay_by").format(day=self.day(data["due_on"])))
            if data["kind"] == "PROFORMA":
                self._say(self.word("pay_before"))
            if bank := data["bank"]:
                account = "  ".join(one for one in (bank["bank"], bank["number"], bank["bic"], bank["holder"]) if one)
                self._say(f"{self.word('pay_to')}: {account}")
            self._say(f"{self.word('pay_reference')}: {data['pay_reference']}")
        pdf.ln(1)

    def _notes(self) -> None:
        data = self.data
        self._text(8.5, soft=True)
        if data["treatment"] in ("REVERSE_CHARGE", "EXPORT") and data["kind"] != "PACKING_SLIP":
            from_union = data["seller"]["address"].get("country") != "JP" and data["eu"]
            self._say(word(data["treatment"], self.language, "EU" if from_union else ""))
        if data["kind"] != "PACKING_SLIP" and any(_is_reduced(line) for line in data["lines"]):
            self._say(self.word("reduced"))
        if data["kind"] == "CONFIRMATION":
            self._say(self.word("promised"))

    def _say(self, text: str) -> None:
        self.pdf.multi_cell(0, 5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _text(self, size: float, *, soft: bool = False) -> None:
        self.pdf.set_font("text", size=size)
        self.pdf.set_text_color(*(_SOFT if soft else _INK))

    def _bold(self, size: float) -> None:
        self.pdf.set_font("text", "B", size=size)
        self.pdf.set_text_color(*_INK)


def _is_reduced(line: Mapping[str, Any]) -> bool:
    """Is it taxed at the reduced rate? Where no tax is charged no rate is."""
    return line["tax_class"] == "REDUCED" and bool(Decimal(line["rate"]))


def _percent(rate: str) -> str:
    return f"{(Decimal(rate) * 100).normalize():f} %"


def _sheet(snapshot: Snapshot, language: str) -> _Sheet:
    pdf = _Sheet(format="A4", enforce_compliance="PDF/A-3B")
    pdf.set_creation_date(datetime.fromisoformat(snapshot["issued_at"]))
    pdf.set_title(f"{word(snapshot['kind'], language, snapshot['tax_country'])} {snapshot['number']}")
    pdf.set_author(snapshot["seller"]["name"])
    pdf.set_subject(snapshot["order"])
    pdf.set_lang(language)
    pdf.set_producer(_MAKER)
    pdf.set_creator(_MAKER)
    pdf.set_margins(14, 14)
    pdf.set_auto_page_break(auto=True, margin=20)
    fonts_add(pdf, json.dumps(snapshot, ensure_ascii=False), language)
    pdf.set_xmp_metadata(_xmp(pdf, snapshot, language))
    pdf.add_page()
    return pdf


def _xmp(pdf: FPDF, snapshot: Snapshot, language: str) -> str:
    """What the file says of itself: PDF/A-3, and Factur-X where the XML goes with it. Only the snapshot's own time, so that bytes repeat."""
    told = {
        "pdfa3_flavor": "B",
        "title": pdf.title,
        "author": snapshot["seller"]["name"],
        "subject": snapshot["order"],
        "producer": _MAKER,
        "creator_tool": _MAKER,
        "timestamp": snapshot["issued_at"],
    }
    if einvoice_wanted(snapshot) and language == snapshot["language"]:
        told |= {
            "documenttype": "INVOICE",
            "xml_filename": XML_NAME,
            "xmp_level": "EN 16931",
            "urn": "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
            "version": "1.0",
        }
    return str(etree.tostring(generate_xmp_object(xml_safe(told)), encoding="unicode"))
