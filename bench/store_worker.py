"""Run by bench.store in a process of its own: hands over to Saleor what is placed, as the worker of a house does, until it is killed."""

from __future__ import annotations

import time

import django


def main() -> None:
    """Look for work, do it, rest a moment."""
    from portal.outbox.services import outbox_drain  # noqa: PLC0415  Django is set up first

    while True:
        if not outbox_drain(limit=5):
            time.sleep(0.2)


if __name__ == "__main__":
    django.setup()
    main()
