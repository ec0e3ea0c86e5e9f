"""What runs under the supervisor, as command lines."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping

from django.conf import settings

from portal import demo_stripe
from portal.supervisor.folder import MARK


def environment(*, host: str, port: int) -> dict[str, str]:
    """What the children find in their environment: ours, and every setting they must share with us, spelt out."""
    return {
        **os.environ,
        MARK: str(settings.PORTAL_DATA),
        "PORTAL_DATA": str(settings.PORTAL_DATA),
        "DATABASE_URL": settings.DATABASE_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEMO": str(int(settings.DEMO)),
        "HOST": host,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def cards_of_the_demo() -> dict[str, str]:
    """The environment of a demo that takes test cards: the free port its fake Stripe gets; empty when there is a real one, or none."""
    if not settings.DEMO or settings.STRIPE_SECRET_KEY or not demo_stripe.available():
        return {}
    with socket.create_server(("127.0.0.1", 0)) as found:
        return {"DEMO_STRIPE_PORT": str(found.getsockname()[1])}


def commands(*, host: str, port: int, cards: bool = False) -> Mapping[str, list[str]]:
    """Web, worker and beat; with `cards` a fake Stripe, too."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "portal.celery"]
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--log-level",
        "warning",
        "--respawn-failed-workers",
    ]
    web += ["--host", host, "--port", str(port), "--workers", str(settings.WEB_WORKERS)]
    web += ["--blocking-threads", str(settings.WEB_THREADS), "--backpressure", "256", "portal.wsgi:application"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    fake = {"cards": [sys.executable, "-m", "portal", "demo_stripe"]} if cards else {}
    return {
        **fake,
        "web": web,
        "worker": [*celery, "worker", "--pool", "threads", "--concurrency", str(settings.CELERY_WORKERS), *quiet],
        "beat": [
            *celery,
            "beat",
            "--schedule",
            settings.CELERY_BEAT_SCHEDULE_FILENAME,
            "--pidfile",
            "",
            "--loglevel",
            "WARNING",
        ],
    }
