"""The letters of papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import font_source_sans_pro
import pylopdf_fonts_jp
import pylopdf_fonts_ko
from fpdf import FPDF

_WORDS_OF = {"ko": "가", "ja": "請"}
_CJK = 0x1100  # where Hangul, kana and ideographs begin


class Sheet(FPDF):
    """A document whose letters never lose their font.

    fpdf2 names the font of a line that begins in a fallback font within that line alone, and takes it as named for the page: a line
    of Latin letters that followed was written in no font, and nobody saw it.
    """

    def _set_font_for_page(self, font: Any, font_size_pt: float, wrap_in_text_object: bool = True) -> str:
        first = not wrap_in_text_object and not self.current_font_is_set_on_page
        told: str = super()._set_font_for_page(font, font_size_pt, wrap_in_text_object)
        if first:
            self._out(f"BT {told} ET")
        return told


def fonts_add(pdf: FPDF, text: str, language: str) -> None:
    """Source Sans, and Noto Sans KR and JP, whose Latin it is; all under the Open Font License. Only what the text needs is read and embedded."""
    text += _WORDS_OF.get(language, "")
    folder = Path(font_source_sans_pro.font_directory)
    pdf.add_font("text", "", str(folder / "SourceSansPro-Regular.ttf"))
    pdf.add_font("text", "B", str(folder / "SourceSansPro-Semibold.ttf"))
    asian = {"ko": pylopdf_fonts_ko.sans_path(), "ja": pylopdf_fonts_jp.sans_path()}
    first = language if language in asian else "ko" if any("\uac00" <= one <= "\ud7a3" for one in text) else "ja"
    others = [] if all(ord(one) < _CJK for one in text) else [first, "ja" if first == "ko" else "ko"]
    if first == "ja" and not any("\uac00" <= one <= "\ud7a3" for one in text):
        others = others[:1]  # without Hangul the Korean font has nothing to add
    for name in others:
        pdf.add_font(name, "", str(asian[name]))
    pdf.set_fallback_fonts(others, exact_match=False)
