"""Pick list and slips as PDF, A4: the walk first, then a page for each parcel with its code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from fpdf import FontFace
from fpdf.enums import TableBordersLayout, XPos, YPos

from orders.papers.bars import code_bars
from orders.papers.fonts import Sheet, fonts_add
from orders.selectors.picking import Batch, Round, Slip
from portal.languages.addresses import address_lines
from portal.languages.writing import number, plain_day

_INK, _SOFT, _LINE = (28, 28, 30), (110, 110, 115), (200, 200, 205)
_MODULE = 0.33  # mm: what a hand scanner reads from an arm's length
_HEIGHT = 15.0


def batch_pdf(batch: Batch, *, language: str, made_at: datetime) -> bytes:
    """The printed batch in the reader's language; `made_at` in the reader's zone."""
    sheet = _Sheet(format="A4")
    sheet.set_margins(14, 14)
    sheet.set_auto_page_break(auto=True, margin=18)
    sheet.set_lang(language)
    sheet.set_title(_("Pick list"))
    fonts_add(sheet, "".join(_texts(batch)), language)
    sheet.foot = f"{plain_day(made_at.date())} {made_at:%H:%M}"
    for one in batch.rounds:
        sheet.walk(one)
        for slip in one.slips:
            sheet.slip(slip, language)
    if not batch.rounds:
        sheet.add_page()
        sheet.say(_("Nothing to pick."))
    return bytes(sheet.output())


def _texts(batch: Batch) -> Iterable[str]:
    """Every text that may be in letters of its own."""
    for one in batch.rounds:
        yield from (one.warehouse.name, *one.warehouse.names.values())
        for stop in one.stops:
            yield from (stop.name, stop.shelf)
        for slip in one.slips:
            yield from (slip.order.company.name, *map(str, slip.order.deliver_to.values()))


class _Sheet(Sheet):
    """A4 with the moment and the page below."""

    foot = ""

    def footer(self) -> None:
        """When it was made: a list goes stale."""
        self.set_y(-13)
        self._text(8, soft=True)
        self.cell(0, 5, f"{self.foot}  ·  {self.page_no()}/{{nb}}", align="C")

    def walk(self, one: Round) -> None:
        """A warehouse's stops, by shelf."""
        self.add_page()
        self._bold(18)
        self.say(_("Pick list"), 9)
        self._text(10.5)
        told = {
            "place": one.warehouse.called(get_language() or "en"),
            "pieces": number(one.pieces),
            "orders": number(len(one.slips)),
        }
        self.say(_("%(place)s, pieces: %(pieces)s, orders: %(orders)s") % told, 6)
        self.ln(2)
        heads = [_("Shelf"), _("Part"), _("Pieces"), pgettext("orders", "For")]
        rows = [
            [
                stop.shelf or "–",
                f"{stop.number}\n{stop.name}",
                number(stop.pieces),
                ", ".join(f"{order}: {pieces}" if len(stop.shares) > 1 else order for order, pieces in stop.shares),
            ]
            for stop in one.stops
        ]
        self._table(heads, rows, (30, 82, 18, 52), ("LEFT", "LEFT", "RIGHT", "LEFT"))

    def slip(self, slip: Slip, language: str) -> None:
        """A parcel's page: to whom, what, and the code that hands it over."""
        self.add_page()
        top = self.get_y()
        self._code(slip.code)
        self.set_y(top)
        self._bold(18)
        self.say(_("Packing slip"), 9)
        self._bold(12)
        self.say(slip.order.number, 6)
        self._text(10)
        facts = [slip.warehouse.called(language), slip.order.po_number, slip.order.get_type_display()]
        self.say(" · ".join(str(one) for one in facts if one))
        self.ln(4)
        if slip.order.deliver_to.get("name") != slip.order.company.name:
            self._bold(11)
            self.say(slip.order.company.name, 5.5)
        self._text(10.5)
        for row in address_lines(slip.order.deliver_to, language):
            self.say(row)
        if slip.order.deliver_to.get("note"):
            self._text(9, soft=True)
            self.say(str(slip.order.deliver_to["note"]))
        self.ln(4)
        rows = [
            [str(one.position), f"{one.number}\n{one.name}", one.shelf or "–", number(one.pieces)] for one in slip.lines
        ]
        self._table(
            ["#", _("Part"), _("Shelf"), _("Pieces")], rows, (12, 110, 34, 26), ("LEFT", "LEFT", "LEFT", "RIGHT")
        )
        if slip.later:
            self.ln(3)
            self._text(9.5, soft=True)
            self.say(_("%(pieces)s more pieces of this order come later.") % {"pieces": number(slip.later)})

    def say(self, text: str, height: float = 5) -> None:
        """A line of text."""
        self.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _code(self, code: str) -> None:
        bars, width = code_bars(code)
        left = self.w - self.r_margin - width * _MODULE
        self.set_fill_color(0, 0, 0)
        for at, wide in bars:
            self.rect(left + at * _MODULE, self.get_y(), wide * _MODULE, _HEIGHT, style="F")
        self.set_xy(left, self.get_y() + _HEIGHT)
        self._text(9)
        self.cell(width * _MODULE, 5, code, align="C")

    def _table(self, heads: list[str], rows: list[list[str]], widths: tuple[int, ...], aligns: tuple[str, ...]) -> None:
        self._text(9.5)
        self.set_draw_color(*_LINE)
        style = FontFace(size_pt=8, color=_SOFT, emphasis="")
        with self.table(
            width=182, col_widths=widths, text_align=aligns, line_height=5, padding=(1.3, 2), headings_style=style,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, first_row_as_headings=True,
        ) as table:  # fmt: skip
            table.row(heads)
            for row in rows:
                table.row(row)

    def _text(self, size: float, *, soft: bool = False) -> None:
        self.set_font("text", size=size)
        self.set_text_color(*(_SOFT if soft else _INK))

    def _bold(self, size: float) -> None:
        self.set_font("text", "B", size=size)
        self.set_text_color(*_INK)
