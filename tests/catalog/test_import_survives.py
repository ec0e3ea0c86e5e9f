"""An import killed at any statement, or at any moment, goes on where it was and ends in the same tables; people order meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from psycopg import errors as pg

from catalog.imports import apply, run
from catalog.imports.run import import_apply, import_resume
from catalog.models import ImportChange, ImportRun, Part, PartName, Price
from portal.accounts.actor import SYSTEM
from portal.errors import PortalError
from tests.catalog.equal import fingerprints
from tests.catalog.folder import NOW, applied, prepared, write
from tests.catalog.real import CATALOGUE, needs_catalogue
from tests.promises.test_sweep_survives import database_url

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small delivery of everything an import does: new rows, changed rows, lists, stock, bad rows."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    write(folder, "warehouses", "code,name,country,zone,calendar,markets", "SEL,Seoul,KR,Asia/Seoul,KR,KR:1")
    write(folder, "parts", "part_number,name,status", *(f"A-{n},part {n}," for n in range(30)), "-,nameless,")
    write(folder, "supersession", "old,new,date", "A-1,A-2,2024-01-01", "OLD,A-3,2024-01-01", "A-1,NO,2024-01-01")
    write(folder, "models", "code,name", "HX,digger")
    write(folder, "bom", "code,assembly,label,part_number", *(f"HX,Boom,{n},A-{n}" for n in range(10)))
    prices = (f"A-{n},KR,CUSTOMER,KRW,{1000 + n},202{year}-01-01" for year in (4, 5) for n in range(20))
    write(folder, "prices", "part_number,market,kind,currency,amount,valid_from", *prices)
    write(folder, "stock", "part_number,warehouse,on_hand", *(f"A-{n},SEL,{n}" for n in range(10)))
    return folder


def emptied() -> None:
    """Everything an import or a test wrote is gone."""
    from django.core.management import call_command

    connections.close_all()
    call_command("flush", interactive=False, verbosity=0, allow_cascade=True)


def environment(tmp_path: Path) -> dict[str, str]:
    own = {"DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT), "PORTAL_DATA": str(tmp_path / "var")}
    return os.environ | own


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(600)
def test_killed_after_any_statement_it_ends_in_the_same_tables(folder: Path, tmp_path: Path):
    applied(folder)
    undisturbed = fingerprints()
    emptied()
    program = [sys.executable, str(ROOT / "tests/catalog/import_kill.py"), str(folder), "7"]
    done = subprocess.run(program, env=environment(tmp_path), capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10  # it truly died in all its phases
    assert fingerprints() == undisturbed
    applied(folder)
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"APPLIED"}
    # One that was killed in its last words was applied already, and the next had nothing left to do.
    wrote = ImportChange.objects.values_list("step__file__run", flat=True).distinct()
    assert list(wrote) == [ImportRun.objects.order_by("pk")[0].pk]


@needs_catalogue
@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.django_db(transaction=True)
def test_the_real_catalogue_killed_twenty_times_at_random_ends_in_the_same_tables(tmp_path: Path):
    began = time.monotonic()
    applied(CATALOGUE)
    took = time.monotonic() - began
    undisturbed = fingerprints()
    emptied()
    draw, killed = random.Random(20), 0
    program = [sys.executable, "-m", "portal", "import_catalogue", str(CATALOGUE)]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    while True:
        child = subprocess.Popen(
            program, env=environment(tmp_path) | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT
        )
        try:
            told, _ = child.communicate(timeout=2 + draw.random() * took / 10 if killed < 20 else None)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            killed += 1
            continue
        if child.returncode == 0 and killed >= 20:
            break
        if (
            child.returncode == 0
        ):  # so quick that it was done before the twentieth: the rest is killed in a run that changes nothing
            continue
        assert b"Another import is running" in told, told  # the server has not noticed yet that its client is dead
        time.sleep(1)
    assert fingerprints() == undisturbed


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_in_words_and_the_run_goes_on_when_there_is_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    run_ = prepared(folder)
    left = [4]

    def full(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "catalog_importchange" in str(sql):
            left[0] -= 1
            if left[0] == 0:
                raise_disk_full(context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full), pytest.raises(PortalError) as refused:
        import_apply(actor=SYSTEM, run_id=run_.pk, now=NOW)
    assert "Make room" in refused.value.problems[0].message
    run_.refresh_from_db()
    assert (run_.state, run_.stopped, Part.objects.exists(), Price.objects.exists()) == (
        "APPLYING",
        "disk_full",
        True,
        False,
    )
    assert import_resume(actor=SYSTEM, run_id=run_.pk, now=NOW).state == "APPLIED"
    assert (Part.objects.count(), Price.objects.count(), PartName.objects.count()) == (31, 40, 30)


def raise_disk_full(context: Any) -> None:
    """As psycopg raises it, through Django's own translation."""
    with context["connection"].wrap_database_errors:
        raise pg.DiskFull("could not extend file: No space left on device")


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_for_a_portion_and_given_free(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """A part that an import changes can be changed by somebody else as soon as its portion is in."""
    applied(folder)
    write(folder, "parts", "part_number,category", *(f"A-{n},Pumps" for n in range(30)))
    run_ = prepared(folder)
    monkeypatch.setattr(apply, "BATCH", 10)
    stopped: list[str] = []

    def meanwhile(tick: Any) -> None:
        if tick.phase == "APPLYING" and not stopped and 10 <= tick.done < 30:
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
                cursor.execute(
                    "UPDATE catalog_part SET weight_g = 5 WHERE number IN ('A-1', 'A-29') RETURNING category"
                )
                stopped.extend(sorted(category for (category,) in cursor.fetchall()))
            other.close()

    import_apply(actor=SYSTEM, run_id=run_.pk, now=NOW, progress=meanwhile)
    assert stopped == ["", "Pumps"]  # one was in already, the other not yet: neither was waited for
    assert set(Part.objects.filter(number__startswith="A-").values_list("category", flat=True)) == {"Pumps"}
    assert Part.objects.get(number="A-29").weight_g == 5


@pytest.mark.django_db(transaction=True)
def test_who_holds_a_row_too_long_stops_the_import_and_nothing_is_lost(folder: Path, monkeypatch: pytest.MonkeyPatch):
    applied(folder)
    write(folder, "parts", "part_number,category", "A-1,Pumps")
    run_ = prepared(folder)
    monkeypatch.setattr(apply, "_TRIES", 1)
    monkeypatch.setattr(apply, "_PATIENCE", "100ms")
    other = connections.create_connection("default")
    try:
        with transaction.atomic(), other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT FROM catalog_part WHERE number = 'A-1' FOR UPDATE")
            with pytest.raises(PortalError) as refused:
                import_apply(actor=SYSTEM, run_id=run_.pk, now=NOW)
    finally:
        other.close()
    assert refused.value.problems[0].why == "import_waits"
    import_resume(actor=SYSTEM, run_id=run_.pk, now=NOW)
    assert Part.objects.get(number="A-1").category == "Pumps"


@pytest.mark.django_db(transaction=True)
def test_plans_a_crashed_server_emptied_are_made_anew(folder: Path):
    run_ = prepared(folder)
    step = run_.files.get(stem="parts").steps.first()
    assert step is not None
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {step.plan}")
    with pytest.raises(PortalError) as refused:
        import_apply(actor=SYSTEM, run_id=run_.pk, now=NOW)
    assert refused.value.problems[0].why == "judged_anew"
    assert import_apply(actor=SYSTEM, run_id=run_.pk, now=NOW).state == "APPLIED"
    assert Part.objects.count() == 31


@pytest.mark.django_db(transaction=True)
def test_counting_words_that_was_cut_short_is_done_by_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch):
    run_ = prepared(folder)

    def gone(*parts: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(run, "terms_count", gone)
        import_apply(actor=SYSTEM, run_id=run_.pk, now=NOW)
    assert ImportRun.objects.get().state == "APPLYING"
    assert applied(folder).counted_at == NOW
