"""`python -m portal <command>`: Django's own commands and ours, with the settings preset."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured


def main() -> None:
    """Run the command named on the command line; what cannot be used ends it in clear words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ |= {"DEMO": "1", "DEBUG": "0"}  # the only place that turns the demo on
    from django.conf import settings  # noqa: PLC0415  reads the environment set above
    from django.core.management import ManagementUtility  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415

    try:
        _ = settings.DEBUG  # reads them all now
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    try:
        ManagementUtility(["python -m portal", *sys.argv[1:]]).execute()
    except OperationalError as error:
        if not settings.EMBEDDED_DATABASE or "connection" not in str(error):
            raise
        sys.exit("No database answers. Start ours with `make demo` or `python -m portal up`, or set DATABASE_URL.")


if __name__ == "__main__":
    main()
