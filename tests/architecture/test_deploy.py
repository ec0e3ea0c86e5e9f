"""What the compose file and its scripts promise: exact versions, no secret of a default, little power, an order that ends."""

from __future__ import annotations

import re
import runpy
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.architecture.source import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {name for name, one in SERVICES.items() if one["restart"] == "no"}
MAKE_ENV = runpy.run_path(str(ROOT / "deploy" / "make_env.py"))
SECRET = re.compile(r"PASSWORD|SECRET|KEY")


def variables() -> dict[str, set[str]]:
    """Name -> how it is asked for: `:?` must be given, `:-` has a default, nothing at all."""
    found: dict[str, set[str]] = {}
    for name, how in re.findall(r"(?<!\$)\$\{([A-Z_]+)(:[?-])?", TEXT):
        found.setdefault(name, set()).add(how)
    return found


def test_every_image_is_an_exact_version():
    images = {one["image"] for one in SERVICES.values() if "build" not in one}
    bases = set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert {image for image in images | bases if not re.search(r":v?\d+\.\d+(\.\d+)?(-[a-z.0-9-]+)?$", image)} == set()
    assert "ghcr.io/saleor/saleor:3.23.28" in images


def test_no_secret_has_a_default_and_each_is_drawn():
    secrets = {name: how for name, how in variables().items() if SECRET.search(name)}
    assert [name for name, how in secrets.items() if ":-" in how] == []
    assert [name for name, how in secrets.items() if ":?" not in how] == []
    assert set(secrets) == set(MAKE_ENV["DRAWN"])
    given = [(name, str(value)) for one in SERVICES.values() for name, value in one.get("environment", {}).items()]
    assert [
        name for name, value in given if SECRET.search(name) and not re.fullmatch(r"\$\{[A-Z_]+(:\?[^}]+)?\}", value)
    ] == []


def test_secrets_are_drawn_once_and_are_the_owners_alone(tmp_path: Path):
    file = tmp_path / ".env"
    assert MAKE_ENV["main"](file) == len(MAKE_ENV["DRAWN"]) + len(MAKE_ENV["GIVEN"])
    first = file.read_text()
    assert MAKE_ENV["main"](file) == 0
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    values = [line.split("=", 1)[1] for line in first.splitlines() if SECRET.search(line)]
    assert len(set(values)) == len(MAKE_ENV["DRAWN"])
    assert all(len(value) >= 50 and len(set(value)) >= 10 for value in values)


def test_what_a_newer_version_asks_for_is_added_and_the_rest_stays(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text("# mine\nPOSTGRES_PASSWORD=kept\n")
    file.chmod(0o644)
    MAKE_ENV["main"](file)
    assert file.read_text().startswith("# mine\nPOSTGRES_PASSWORD=kept\n")
    assert file.read_text().count("POSTGRES_PASSWORD") == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_our_own_commands_do_not_read_what_is_for_containers():
    """The file lies beside the Makefile, where settings look too: its names are others than theirs."""
    from tests.architecture.test_docs import _variables

    shared = {"SALEOR_STAFF_EMAIL", "SALEOR_STAFF_PASSWORD"}  # the same in both, and harmless
    assert (set(MAKE_ENV["DRAWN"]) | set(MAKE_ENV["GIVEN"])) & _variables() == shared


def test_every_setting_given_to_the_portal_is_one():
    from tests.architecture.test_docs import _variables

    given = {name for one in SERVICES.values() if "build" in one for name in one["environment"]}
    assert given - _variables() == set()


def test_saleor_finds_the_portal_at_a_name_it_takes_and_web_answers_to():
    """Saleor 3.23 refuses an app at a host without a dot: `manifestUrl: INVALID Enter a valid URL.` (seen)."""
    web = SERVICES["web"]
    host = urlsplit(web["environment"]["PORTAL_INTERNAL_URL"]).hostname or ""
    assert "." in host
    assert host in web["networks"]["default"]["aliases"]
    assert host in web["environment"]["ALLOWED_HOSTS"].split(",")


def test_ports_are_open_on_this_machine_alone():
    ports = [port for one in SERVICES.values() for port in one.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize(
    "name", sorted(name for name, one in SERVICES.items() if "build" in one or "saleor/saleor:" in one["image"])
)
def test_ours_and_saleors_have_little_power(name: str):
    one = SERVICES[name]
    assert (one["read_only"], one["cap_drop"], one["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert one.get("user") != "root" or (name, one["network_mode"]) == ("keys", "none")


def test_what_stays_has_a_health_check_and_what_ends_is_waited_for():
    assert [name for name in set(SERVICES) - ONCE if "healthcheck" not in SERVICES[name]] == []
    waits = [(other, how["condition"]) for one in SERVICES.values() for other, how in one.get("depends_on", {}).items()]
    assert {other for other, _ in waits} <= set(SERVICES)
    assert {how for other, how in waits if other in ONCE} == {"service_completed_successfully"}
    assert "healthcheck" in SERVICES["web"]
    for other, how in waits:
        assert how != "service_healthy" or "healthcheck" in SERVICES[other]


def test_the_order_of_starting_has_no_circle():
    done: set[str] = set()
    while left := {name for name in SERVICES if name not in done and set(SERVICES[name].get("depends_on", {})) <= done}:
        done |= left
    assert done == set(SERVICES)


def test_volumes_are_named_and_files_brought_in_are_there():
    mounts = [mount.split(":")[0] for one in SERVICES.values() for mount in one.get("volumes", ())]
    assert {mount for mount in mounts if not mount.startswith("./")} == set(COMPOSE["volumes"])
    assert [mount for mount in mounts if mount.startswith("./") and not (ROOT / mount).is_file()] == []


def test_the_image_is_built_in_stages_and_runs_as_nobody_in_particular():
    text = (ROOT / "Dockerfile").read_text()
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
    assert re.findall(r"^USER (\d+)$", text, re.MULTILINE) == ["10001"]
