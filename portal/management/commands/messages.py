"""`python -m portal messages`: bring the catalogues in step with the program, or only tell what they lack."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.languages.checking import Finding, findings
from portal.languages.finding import template
from portal.languages.keeping import catalogue_read, catalogue_update

SHOWN = 20


class Command(BaseCommand):
    """Every language but English, which is what the program is written in."""

    help = "Bring locale/*/LC_MESSAGES/django.po in step with the program and tell what is missing or wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How much may be open."""
        parser.add_argument("--check", action="store_true", help="change nothing, only tell")
        parser.add_argument(
            "--strict", action="store_true", help="fail on a missing or fuzzy message, not only on wrong ones"
        )
        parser.add_argument("--all", action="store_true", help=f"list all, not only the first {SHOWN} of a language")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with 1 on mistakes; with `--strict` also when something is not translated."""
        known, failed = template(), False
        for code, _name in settings.LANGUAGES:
            if code == settings.LANGUAGE_CODE:
                continue
            path = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.po"
            if not options["check"]:
                catalogue_update(path, known)
            found = findings(code, catalogue_read(path), known)
            self._tell(code, len(known), found, None if options["all"] else SHOWN)
            failed = failed or any(options["strict"] or not one.is_open for one in found)
        if failed:
            raise SystemExit(1)

    def _tell(self, code: str, known: int, found: list[Finding], most: int | None) -> None:
        counts = ", ".join(f"{many} {kind}" for kind, many in Counter(one.kind for one in found).items())
        self.stdout.write(f"{code}: {known} messages, {counts or 'all translated'}")
        for one in sorted(found, key=lambda one: one.is_open)[:most]:
            self.stdout.write(f"  {one.kind}: {one.message!r}" + (f" ({one.told})" if one.told else ""))
