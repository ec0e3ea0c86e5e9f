"""Run by the bench in a process of its own, on the database DATABASE_URL names: one import, or searches; prints JSON."""

from __future__ import annotations

import importlib
import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    work = importlib.import_module("bench.imports_work")  # models cannot be imported before the set-up
    print(json.dumps(getattr(work, sys.argv[1])(*sys.argv[2:])))
