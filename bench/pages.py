"""The three heaviest pages beside a bare Django page with the same SQL: what our templates, rules and words cost on top."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from rich.progress import track

from bench import bare_page
from bench.measure import Row, interleaved, ratios
from bench.world import Shop
from catalog.models import Part
from orders.services.carts import cart_add
from portal import clock
from portal.accounts.actor import Actor
from portal.accounts.models import User
from tests.orders.world import line

ROUNDS, TIMES, ORDERS, LINES = 9, 6, 60, 100
_OF_THE_SESSION = ('"django_session"', '"accounts_user"."password"')  # the bare page's own middleware asks these too


def run(shop: Shop, url: str) -> list[Row]:
    """Each in one process through the same middleware, in turns; the ratio is of the time a page takes."""
    people = shop.world.people
    for number in track(range(ORDERS), description="orders"):
        shop.world.paid(*[line(part) for part in shop.parts[: 1 + number % 3]])
    plenty = Part.objects.filter(levels__on_hand__gt=0).order_by("pk").distinct()[:LINES]
    cart_add(actor=people.customer, lines=[line(part, 2) for part in plenty], now=clock.now())
    pages = {
        "queue": (people.manager, "/queue/", f"{ORDERS} orders"),
        "cart": (people.customer, "/cart/", f"{LINES} lines"),
        "search": (people.customer, f"/search/?q=part&serial={shop.machine.serial}", "24 parts for a machine"),
    }
    with _served():
        return [_row(name, *page) for name, page in pages.items()]


@contextmanager
def _served() -> Iterator[None]:
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ROOT_URLCONF="bench.bare_page", STORAGES=static, ALLOWED_HOSTS=["*"]):
        yield


def _row(name: str, who: Actor, path: str, what: str) -> Row:
    browser = Client()
    browser.force_login(User.objects.get(pk=who.user_id), "django.contrib.auth.backends.ModelBackend")
    answer = browser.get(path, secure=True)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    with CaptureQueriesContext(connection) as seen:
        browser.get(path, secure=True)
    asked = [one["sql"] for one in seen.captured_queries]
    bare_page.ASKED[name] = [
        sql for sql in asked if sql.startswith(("SELECT", "WITH")) and not any(one in sql for one in _OF_THE_SESSION)
    ]
    first, second = interleaved(
        lambda: _seconds(browser, path), lambda: _seconds(browser, f"/bare/{name}/"), rounds=ROUNDS, name=f"page {name}"
    )
    middle, low, high = ratios(first, second)
    return Row(
        f"page {name}, {what}", f"{_middle(first):.0f} ms", f"{_middle(second):.0f} ms bare, same SQL", middle, low, high,
        facts={"rounds": ROUNDS, "pages a round": TIMES, "queries": len(asked), "bytes": len(answer.content)},
    )  # fmt: skip


def _seconds(browser: Client, path: str) -> float:
    began = time.perf_counter()
    for _ in range(TIMES):
        assert browser.get(path, secure=True).status_code == 200
    return (time.perf_counter() - began) / TIMES


def _middle(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2] * 1000
