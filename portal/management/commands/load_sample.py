"""`python -m portal load_sample`: the sample data, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal import clock
from portal.sample.load import sample_load


class Command(BaseCommand):
    """Write the sample; harmless when it is there already."""

    help = "Load the sample data: an invented maker with parts, machines, dealers, customers and orders. Once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load as of now."""
        loaded = sample_load(clock.now())
        self.stdout.write(_("The sample data is loaded.") if loaded else _("The sample data was there already."))
