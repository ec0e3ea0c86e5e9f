"""What all tests share: a PostgreSQL of their own, started once for all workers, gone afterwards."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import hypothesis
import psutil
import pytest
from django.utils import translation

from portal import embedded
from tests import settings
from tests.template import template_make

# Data of tests is thrown away, so it need not survive a power cut.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


# Machines are noisy: an absolute time proves nothing, so no drawn example has a deadline.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the process that leads; workers of pytest-xdist find it by DATABASE_URL."""
    if not settings.OWN_SERVER:
        return
    _remove_left_overs()
    settings.OWN_DATA.mkdir(parents=True)
    server = embedded.Server(settings.OWN_DATA, NOT_DURABLE)
    server.start()
    template_make(server)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove its data."""
    if settings.OWN_SERVER:
        _remove(settings.OWN_DATA)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Django leaves the language of the last page active: no test reads in that of the one before it."""
    translation.deactivate()


def _remove(data: Path) -> None:
    embedded.Server(data).wipe()
    shutil.rmtree(data, ignore_errors=True)


def _remove_left_overs() -> None:
    """What a killed run of the tests left behind."""
    for data in settings.OWN_DATA.parent.glob("test-*"):
        with contextlib.suppress(ValueError):
            if not psutil.pid_exists(int(data.name.removeprefix("test-"))):
                _remove(data)
