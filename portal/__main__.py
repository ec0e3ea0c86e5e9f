"""`python -m portal <command>`: Django's own commands and ours, with the settings preset."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured


def main() -> None:
    """Run the command named on the command line; settings that cannot be used end it with their own words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ |= {"DEMO": "1", "DEBUG": "0"}  # the only place that turns the demo on
    from django.conf import settings  # noqa: PLC0415  reads the environment set above
    from django.core.management import ManagementUtility  # noqa: PLC0415

    try:
        _ = settings.DEBUG  # reads them all now
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    ManagementUtility(["python -m portal", *sys.argv[1:]]).execute()


if __name__ == "__main__":
    main()
