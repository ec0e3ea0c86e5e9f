"""The settings of the tests: the portal's own, with an environment of their own."""

import os
from pathlib import Path

OWN_DATA = Path(__file__).resolve().parent.parent / "var" / f"test-{os.getpid()}"
if "PORTAL_TESTS" not in os.environ:  # set once; pytest-xdist's workers inherit it
    from portal import embedded

    OWN_SERVER = "DATABASE_URL" not in os.environ
    os.environ |= {
        "PORTAL_TESTS": str(OWN_DATA),
        "PORTAL_DATA": str(OWN_DATA),
        "DATABASE_URL": os.environ.get("DATABASE_URL") or embedded.url(OWN_DATA),
        "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz for tests alone",
        "DEBUG": "0",
        "DEMO": "0",
        "HTTPS": "0",
        "CELERY_BROKER_URL": "memory://",
        "EMAIL_URL": "memorymail://",
        "ALLOWED_HOSTS": "*",
    }
    if OWN_SERVER:
        os.environ["PORTAL_TESTS_TEMPLATE"] = "portal_migrated"  # tests/template.py
else:
    OWN_SERVER = False

from portal.settings import *  # noqa: E402, F403

if os.environ.get("PORTAL_TESTS_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["PORTAL_TESTS_TEMPLATE"]}  # noqa: F405

# A search server that the environment names is for the contract of search alone (tests/catalog/test_search_contract.py).
CATALOG_SEARCH = "catalog.search.postgres"

# A Saleor that the environment names is for tests/saleor and for recordings alone; they connect by themselves.
SALEOR_API_URL = SALEOR_PUBLIC_API_URL = ""

# Argon2 is slow on purpose, and tests make many people.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
