"""Names in settings lead to what they should: a wrong one would be found by a buyer."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from portal.celery import app
from portal.outbox.handlers import handler_for


@pytest.mark.parametrize("kind", sorted(settings.OUTBOX_ROUTES))
def test_every_kind_of_message_has_a_handler(kind):
    assert callable(handler_for(kind).function)


def test_everything_beat_rings_for_is_a_task():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.parametrize("path", settings.DEMO_ADVANCE)
def test_what_a_moved_clock_runs_can_be_called(path):
    assert callable(import_string(path))


def test_the_commerce_engine_exists():
    assert isinstance(import_string(settings.COMMERCE_ENGINE), type)
