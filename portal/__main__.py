"""`python -m portal <command>`: Django's own commands and ours, with the settings preset."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import ManagementUtility  # noqa: PLC0415  the settings' name must be set first

    arguments = ManagementUtility(["python -m portal", *sys.argv[1:]])
    arguments.execute()


if __name__ == "__main__":
    main()
