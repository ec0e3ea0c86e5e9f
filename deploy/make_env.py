"""Make `.env` for docker-compose.yml: every secret drawn, none written twice. Standard library only: `python3 deploy/make_env.py`.

A secret that is there stays; one that a newer version asks for is added. Nobody but the owner may read the file.
"""

import os
import secrets
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
# Letters and digits alone: they stand in addresses.
DRAWN = (
    "POSTGRES_PASSWORD",
    "PORTAL_DB_PASSWORD",
    "SALEOR_DB_PASSWORD",
    "VALKEY_PASSWORD",
    "PORTAL_SECRET_KEY",
    "PORTAL_TOKEN_KEYS",
    "SALEOR_SECRET_KEY",
    "SALEOR_STAFF_PASSWORD",
)
GIVEN = {"SALEOR_STAFF_EMAIL": "admin@example.com"}


def known(path: Path) -> dict[str, str]:
    """What the file says already."""
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def main(path: Path) -> int:
    """Add what is missing; answer how many lines that were."""
    have = known(path)
    missing = {name: secrets.token_hex(32) for name in DRAWN if not have.get(name)}
    missing |= {name: value for name, value in GIVEN.items() if not have.get(name)}
    if missing:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "a") as end:
            os.fchmod(file, 0o600)
            end.write("".join(f"{name}={value}\n" for name, value in missing.items()))
    return len(missing)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / ".env"
    print(f"{target}: {main(target)} lines added.")
