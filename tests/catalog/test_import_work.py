"""What a worker does about an import bears being killed, repeated and kept waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django import Settings

from catalog import tasks
from catalog.imports import work
from catalog.imports.run import LOCK
from catalog.imports.work import import_ask, import_upload, work_problems
from catalog.models import ImportRun, ImportWork, Part
from portal import clock
from portal.errors import PortalError
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from tests.people import everybody

pytestmark = pytest.mark.django_db


class KilledError(Exception):
    """The process was gone here."""


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> ImportRun:
    """A run that is judged."""
    settings.PORTAL_DATA = tmp_path
    file = SimpleUploadedFile("parts.csv", b"part_number,name\nA-1,Pump\nA-2,Hose\n")
    run, _ = import_upload(actor=everybody().manager, files=[file], now=clock.now())
    outbox_drain()
    run.refresh_from_db()
    return run


def asked(run: ImportRun, act: str) -> OutboxMessage:
    manager = everybody().manager
    import_ask(actor=manager, run_id=run.pk, act=act, now=clock.now(), judged=run.judged, confirmed=True)
    return OutboxMessage.objects.get(done_at=None)


@pytest.mark.parametrize(("act", "state", "many"), [("APPLY", "APPLIED", 2), ("REVERT", "REVERTED", 0)])
def test_a_worker_killed_before_it_could_mark_its_work_finds_it_done(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch, act: str, state: str, many: int
):
    if act == "REVERT":
        asked(run, "APPLY")
        outbox_drain()
    message = asked(run, act)
    handler = {"APPLY": tasks.import_apply, "REVERT": tasks.import_revert}[act]

    def killed(_: OutboxMessage) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(work, "outbox_done", killed)
        with pytest.raises(KilledError):
            handler(message)
    assert ImportWork.objects.get().busy
    handler(message)
    run.refresh_from_db()
    assert (run.state, Part.objects.count(), work_problems(run.work)) == (state, many, [])
    assert OutboxMessage.objects.get(pk=message.pk).done_at


def test_a_message_waits_while_the_command_line_imports(run: ImportRun):
    message = asked(run, "APPLY")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [LOCK])
        with pytest.raises(PortalError, match="BUSY"):
            tasks.import_apply(message)
    finally:
        other.close()
    assert (ImportWork.objects.get().state, OutboxMessage.objects.get(pk=message.pk).done_at) == ("WAITING", None)
    tasks.import_apply(message)
    assert Part.objects.count() == 2


def test_a_refusal_is_kept_and_the_message_is_done_so_that_nobody_waits_behind_it(run: ImportRun):
    message = asked(run, "APPLY")
    ImportRun.objects.update(state="DISCARDED")
    tasks.import_apply(message)
    assert "cannot be done with it now" in work_problems(ImportWork.objects.get())[0]
    assert OutboxMessage.objects.get(pk=message.pk).done_at


def test_only_the_house_parts_managers_may_ask(run: ImportRun):
    people = everybody()
    for actor in (people.customer, people.dealer, people.desk, people.accountant):
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            import_ask(actor=actor, run_id=run.pk, act="APPLY", now=clock.now())
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            work.import_drop(actor=actor, run_id=run.pk)
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            import_upload(actor=actor, files=[], now=clock.now())
