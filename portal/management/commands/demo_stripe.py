"""`python -m portal demo_stripe`: the demo's fake Stripe. The supervisor starts it; nobody else can."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal import demo_stripe


class Command(BaseCommand):
    """Cards that cost nothing, on this machine alone."""

    help = "A fake Stripe for the demo's cards, on this machine alone. `make demo` starts it by itself."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until told to stop."""
        if not settings.STRIPE_TEST_SERVER:
            raise CommandError(_("There is a fake Stripe in a demo only; `make demo` starts it."))
        port = urlsplit(settings.STRIPE_TEST_SERVER).port or 0
        tell = f"http://127.0.0.1:{settings.PORT}/webhooks/stripe/"
        demo_stripe.serve(port, Path(settings.PORTAL_DATA) / "cards", tell=tell, secret=settings.STRIPE_WEBHOOK_SECRET)
