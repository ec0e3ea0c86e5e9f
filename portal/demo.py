"""What makes a demo of an installation: its secret and flag, its sample data, the accounts to try it with."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Account = dict[str, Any]  # role, email, password, token, company


def environment_make(data: Path) -> str:
    """Make the demo's own environment in its data folder if there is none, and answer the file.

    Settings read it for every command typed beside the demo, and call this: nothing here may need them.
    """
    file = data / "environment"
    try:
        if not file.exists():
            # letters go to files beside the data: a terminal full of them would hide what matters
            mail = f"EMAIL_URL=filemail:///{data / 'mail'}"  # the third slash ends the host, a path begins with its own
            write_private(file, f"DEMO=1\nSECRET_KEY={secrets.token_urlsafe(64)}\n{mail}\n")
    except OSError as error:
        why = f"Cannot write to {data}: {error.strerror}. Give the folder to this user, or set PORTAL_DATA."
        raise ImproperlyConfigured(why) from error
    return str(file)


def write_private(file: Path, text: str) -> None:
    """Write a file only its owner may read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.rename(file)


def accounts_kept(data: Path) -> list[Account]:
    """The accounts an earlier start has made; none when there was none."""
    file = data / "accounts.json"
    return json.loads(file.read_text()) if file.exists() else []


def accounts_keep(data: Path, accounts: list[Account]) -> None:
    """Keep them beside the data: the database holds only hashes."""
    write_private(data / "accounts.json", json.dumps(accounts, indent=2))


def announce(data: Path, url: str, accounts: list[Account]) -> None:
    """Write demo.json, which says that the demo is ready, and how to reach it."""
    write_private(
        data / "demo.json", json.dumps({"url": url, "graphql": f"{url}graphql/", "accounts": accounts}, indent=2)
    )


def announce_not(data: Path) -> None:
    """Take demo.json away until the demo is ready (again)."""
    (data / "demo.json").unlink(missing_ok=True)
