"""Fitting sheets of some parts: one page of A4 in each language, made here and brought in as any delivery of documents is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from catalog.imports.media.bring import documents_bring
from orders.papers.fonts import Sheet, fonts_add
from portal.accounts.actor import SYSTEM
from portal.sample.catalogue import Catalogue

LANGUAGES = ("en", "ko", "ja")


@dataclass(frozen=True)
class SampleSheet:
    """A sheet for the parts whose key begins with `key`: title, what to have at hand, and the steps, by language."""

    key: str
    titles: tuple[str, str, str]
    steps: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


SHEETS = (
    SampleSheet(
        "seal-kit/boom/",
        ("Fitting a cylinder seal kit", "실린더 씰 키트 장착", "シリンダー用シールキットの組付け"),
        (
            (
                "Lower the boom, stop the engine and let the pressure off at the lever.",
                "Take the cylinder apart on a clean bench. Note which way each lip points.",
                "Look at rod and bore. A score that a fingernail feels needs a new rod or tube first.",
                "Oil every seal with the machine's own hydraulic oil. Never use grease or a sharp tool.",
                "Fit the piston seal, wait ten minutes until it has its size again, then the rod seal and the wiper.",
                "Work the cylinder ten times without a load, then check for leaks and fill up the tank.",
            ),
            (
                "붐을 내리고 엔진을 끈 다음 레버를 움직여 압력을 뺍니다.",
                "깨끗한 작업대에서 실린더를 분해합니다. 립의 방향을 기록해 둡니다.",
                "로드와 튜브 안쪽을 살핍니다. 손톱에 걸리는 흠이 있으면 로드나 튜브부터 교체합니다.",
                "씰마다 이 기계의 작동유를 바릅니다. 그리스나 날카로운 공구는 쓰지 않습니다.",
                "피스톤 씰을 끼우고 크기가 돌아오도록 10분 기다린 뒤 로드 씰과 와이퍼를 끼웁니다.",
                "부하 없이 열 번 움직인 다음 누유를 확인하고 작동유를 보충합니다.",
            ),
            (
                "ブームを下ろし、エンジンを止め、レバーを動かして圧力を抜きます。",
                "清潔な作業台でシリンダーを分解します。リップの向きを控えておきます。",
                "ロッドとチューブ内面を点検します。爪に掛かる傷があれば、先にロッドかチューブを交換します。",
                "シールにはこの機械の作動油を塗ります。グリースや鋭い工具は禁物です。",
                "ピストンシールをはめ、寸法が戻るまで10分待ってから、ロッドシールとワイパーをはめます。",
                "無負荷で10回動かし、油漏れを確認して作動油を補給します。",
            ),
        ),
    ),
    SampleSheet(
        "oil-filter/",
        ("Changing the engine oil filter", "엔진 오일 필터 교체", "エンジンオイルフィルターの交換"),
        (
            (
                "Let the engine cool until the filter can be touched. Oil at work burns.",
                "Put a tray below, unscrew the old filter and see that its gasket has come off with it.",
                "Wipe the seat. Oil the new gasket with a finger; do not fill the filter beforehand.",
                "Screw it on by hand until the gasket touches, then three quarters of a turn more.",
                "Run the engine for a minute, look for leaks, wait five minutes and read the dipstick.",
                "Write the hours on the filter. The old one and its oil go to the collection point.",
            ),
            (
                "필터를 만질 수 있을 때까지 엔진을 식힙니다. 작업 중의 오일은 화상을 입힙니다.",
                "받침을 놓고 헌 필터를 풉니다. 개스킷이 함께 떨어졌는지 확인합니다.",
                "접촉면을 닦습니다. 새 개스킷에 손가락으로 오일을 바르고, 필터를 미리 채우지 않습니다.",
                "개스킷이 닿을 때까지 손으로 조인 다음 4분의 3바퀴 더 돌립니다.",
                "엔진을 1분 돌리고 누유를 살핀 뒤 5분 기다려 게이지를 읽습니다.",
                "필터에 가동 시간을 적습니다. 헌 필터와 오일은 수거함에 넣습니다.",
            ),
            (
                "フィルターに触れる温度までエンジンを冷まします。作業中の油はやけどの原因になります。",
                "受け皿を置いて古いフィルターを外します。ガスケットも一緒に外れたか確認します。",
                "取付面を拭きます。新しいガスケットに指で油を塗り、フィルターには前もって油を入れません。",
                "ガスケットが当たるまで手で締め、さらに4分の3回転締めます。",
                "エンジンを1分回して油漏れを調べ、5分待ってから油量を読みます。",
                "フィルターに稼働時間を書きます。古いフィルターと油は回収場所へ出します。",
            ),
        ),
    ),
)


def documents_load(catalogue: Catalogue, now: datetime) -> None:
    """Write the sheets as files and bring them in, so that they go the way a real delivery goes."""
    with TemporaryDirectory() as place:
        rows = ["part_number,file,kind,language,title,position"]
        for number, sheet in enumerate(SHEETS, 1):
            parts = [
                part
                for key, part in catalogue.parts.items()
                if key.startswith(sheet.key) and key.count("/") == sheet.key.count("/")
            ]
            for place_of, language in enumerate(LANGUAGES):
                name = f"fitting-{number}-{language}.pdf"
                Path(place, name).write_bytes(sheet_pdf(sheet, language, now))
                rows += [
                    f'{part.number},{name},MANUAL,{language},"{sheet.titles[place_of]}",{place_of}' for part in parts
                ]
        Path(place, "documents.csv").write_text("\n".join(rows), encoding="utf-8")
        report = documents_bring(source=Path(place), actor=SYSTEM)
    assert not report.refused, report.refused  # noqa: S101


def sheet_pdf(sheet: SampleSheet, language: str, now: datetime) -> bytes:
    """One page: the title, and the steps in large letters, to be read on a bench."""
    which = LANGUAGES.index(language)
    title, steps = sheet.titles[which], sheet.steps[which]
    page = Sheet(format="A4")
    page.set_margins(20, 20)
    page.set_lang(language)
    page.set_title(title)
    page.set_creation_date(now)
    fonts_add(page, title + "".join(steps), language)
    page.add_page()
    page.set_font("text", "B", 22)
    page.multi_cell(0, 11, title, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(6)
    for number, step in enumerate(steps, 1):
        page.set_font("text", "B", 13)
        page.cell(10, 8, str(number))
        page.set_font("text", "", 13)
        page.multi_cell(0, 8, step, align="L", new_x="LMARGIN", new_y="NEXT")
        page.ln(3)
    return bytes(page.output())
