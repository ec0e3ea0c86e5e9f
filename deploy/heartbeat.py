"""Is the portal's worker well, and the beat that rings for it? `python heartbeat.py http://web:8000/health/`; ends with 0 when they are. For containers."""

import json
import sys
import urllib.error
import urllib.request


def heard(url: str) -> bool:
    """Ask the health address; an answer 503 tells as well."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  the address is the compose file's
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        said = json.load(error)
    return bool(said["checks"]["worker"]["ok"])


if __name__ == "__main__":
    sys.exit(0 if heard(sys.argv[1]) else 1)
