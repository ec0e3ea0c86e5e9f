"""Recordings hold no secret and name no machine; what is recorded is replayed without one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from portal.saleor.client import SaleorClient
from portal.saleor.services import app_of
from tests import store

CASSETTES = Path(__file__).parent / "cassettes"
LOOKS_SECRET = re.compile(
    r'"(?:token|authToken|refreshToken|accessToken|password|p)": "(?!\*\*\*")|eyJ[\w-]{20,}\.|Bearer '
)


@pytest.mark.vcr
def test_a_recorded_store_answers(recorded: SaleorClient):
    assert app_of(recorded)["isActive"] is True


def test_no_recording_holds_a_secret_or_a_machine():
    found = sorted(CASSETTES.rglob("*.yaml"))
    assert found
    for path in found:
        text = path.read_text()
        assert not LOOKS_SECRET.search(text), path.name
        for exchange in yaml.safe_load(text)["interactions"]:
            assert exchange["request"]["uri"] == store.RECORDED_URL, path.name
            assert [name.lower() for name in exchange["request"]["headers"]] == ["content-type"], path.name
            json.loads(exchange["response"]["body"]["string"])
