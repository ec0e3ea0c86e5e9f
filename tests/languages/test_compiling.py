"""Catalogues are compiled where the program starts, whole, and again when their source changed."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils import translation

from portal.languages import compiling
from portal.languages.compiling import catalogues_compile

PO = 'msgid ""\nmsgstr ""\n"Language: ko\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Warehouse"\nmsgstr "{}"\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO.format("창고"))
    return path


def _read(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as compiled:
        return GNUTranslations(compiled).gettext("Warehouse")


def test_a_changed_source_is_compiled_again_an_unchanged_one_is_not(source: Path, tmp_path: Path):
    assert catalogues_compile(tmp_path) == [source.with_suffix(".mo")]
    assert catalogues_compile(tmp_path) == []
    source.write_text(PO.format("물류 창고"))
    os.utime(source, (source.stat().st_atime, source.stat().st_mtime + 10))
    assert catalogues_compile(tmp_path) == [source.with_suffix(".mo")]
    assert _read(source) == "물류 창고"


def test_many_processes_at_once_leave_one_whole_catalogue(source: Path, tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: catalogues_compile(tmp_path), range(24)))
    assert _read(source) == "창고"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_a_folder_that_cannot_be_written_is_told_and_stops_nobody(
    source: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(compiling.tempfile, "mkstemp", refuse)
    with caplog.at_level(logging.WARNING):
        assert catalogues_compile(tmp_path) == []
    assert "cannot be compiled" in caplog.text


@pytest.mark.parametrize(("code", "told"), [("ko", "품번"), ("ja", "品番"), ("en", "Part number")])
def test_the_program_speaks_each_language(code: str, told: str):
    with translation.override(code):
        assert translation.gettext("Part number") == told
        assert translation.ngettext("%(days)d day", "%(days)d days", 1) in {"%(days)d일", "%(days)d日", "%(days)d day"}
