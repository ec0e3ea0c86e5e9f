"""What settings refuse, and what they make of the environment. Each in a Python of its own: settings load once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STRONG = "a-long-and-random-enough-secret-0123456789-ABCDEFGHIJKLMNOP"
ASK = """
import json
from django.conf import settings
names = ("DEBUG", "DEMO", "SECRET_KEY", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
         "ALLOWED_HOSTS", "EMBEDDED_DATABASE", "CELERY_BROKER_URL", "ALLAUTH_TRUSTED_PROXY_COUNT", "STRIPE_SECRET_KEY", "STRIPE_TEST_SERVER")
print(json.dumps({name: getattr(settings, name) for name in names} | {"engine": settings.DATABASES["default"]["ENGINE"]}))
"""


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    # DEBUG and the empty names keep a developer's own .env out of these tests.
    quiet = {"DEBUG": "0", "DATABASE_URL": "", "SECRET_KEY": "", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    return subprocess.run(
        [sys.executable, *command], env=bare | quiet | environment, capture_output=True, text=True, cwd=ROOT, timeout=60
    )


def _settings(**environment: str) -> dict:
    done = _run("-c", ASK, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("secret", "word"),
    [("", "missing"), ("short", "weak"), ("a" * 80, "weak"), (f"django-insecure-{STRONG}", "weak")],
)
def test_without_a_good_secret_it_does_not_start_and_says_why(tmp_path, secret, word):
    done = _run("-m", "portal", "check", SECRET_KEY=secret, PORTAL_DATA=str(tmp_path))
    assert done.returncode != 0
    assert f"SECRET_KEY is {word}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_production_speaks_https_only():
    found = _settings(SECRET_KEY=STRONG)
    assert found["DEMO"] is False
    assert [found[name] for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")] == [
        True
    ] * 3
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "*" not in found["ALLOWED_HOSTS"]


def test_a_proxy_is_believed_only_when_named():
    assert _settings(SECRET_KEY=STRONG)["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert _settings(SECRET_KEY=STRONG, TRUSTED_PROXIES="1")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_another_database_than_postgresql_is_refused(tmp_path):
    done = _run("-m", "portal", "check", SECRET_KEY=STRONG, DATABASE_URL=f"sqlite:///{tmp_path}/db")
    assert "must name a PostgreSQL database" in done.stderr


def test_commands_beside_a_demo_share_its_secret_and_its_flag(tmp_path):
    first = _settings(DEMO="1", PORTAL_DATA=str(tmp_path))
    beside = _settings(PORTAL_DATA=str(tmp_path))
    assert beside["DEMO"] is True
    assert beside["SECRET_KEY"] == first["SECRET_KEY"] != ""
    assert (tmp_path / "environment").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("named", [{"DATABASE_URL": "postgresql://u@h/d"}, {"SECRET_KEY": STRONG}])
def test_a_demos_flag_never_reaches_an_installation_with_a_database_or_secret_of_its_own(tmp_path, named):
    _settings(DEMO="1", PORTAL_DATA=str(tmp_path))
    assert _settings(**({"SECRET_KEY": STRONG} | named), PORTAL_DATA=str(tmp_path))["DEMO"] is False


def test_the_letters_of_a_demo_lie_beside_its_data_wherever_it_is_started(tmp_path):
    _run("-m", "portal", "demo", "--help", PORTAL_DATA=str(tmp_path))
    ask = "import django.conf as c; print(c.settings.EMAIL_FILE_PATH)"
    done = _run("-c", ask, PORTAL_DATA=str(tmp_path), DJANGO_SETTINGS_MODULE="portal.settings")
    assert done.stdout.strip() == str(tmp_path / "mail"), done.stderr


def test_two_demos_have_different_secrets(tmp_path):
    secrets = {_settings(DEMO="1", PORTAL_DATA=str(tmp_path / name))["SECRET_KEY"] for name in "ab"}
    assert len(secrets) == 2


def test_a_demo_that_cannot_write_says_so(tmp_path):
    (tmp_path / "var").write_text("a file where a folder should be")
    done = _run("-m", "portal", "demo", PORTAL_DATA=str(tmp_path / "var"))
    assert done.returncode == 1
    assert f"Cannot write to {tmp_path / 'var'}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_without_a_database_says_how_to_get_one(tmp_path):
    done = _run("-m", "portal", "migrate", "--check", SECRET_KEY=STRONG, PORTAL_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "make demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_variable_counts_as_not_set():
    found = _settings(SECRET_KEY=STRONG, CELERY_BROKER_URL="", TRUSTED_PROXIES="", ALLOWED_HOSTS="")
    assert found["CELERY_BROKER_URL"].startswith("filesystem:")
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_a_demos_fake_stripe_is_used_in_a_demo_alone_and_never_beside_a_real_key():
    fake = {"SECRET_KEY": STRONG, "DEMO_STRIPE_PORT": "1234"}
    real = {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_PUBLISHABLE_KEY": "pk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    assert _settings(**fake)["STRIPE_TEST_SERVER"] == ""
    assert _settings(**fake)["STRIPE_SECRET_KEY"] == ""
    assert _settings(**fake, **real)["STRIPE_TEST_SERVER"] == ""


def test_a_secret_key_without_the_others_is_refused():
    done = _run("-m", "portal", "check", SECRET_KEY=STRONG, STRIPE_SECRET_KEY="sk_live_1")
    assert done.returncode != 0
    assert "STRIPE_WEBHOOK_SECRET" in done.stderr
