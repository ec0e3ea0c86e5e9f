"""Run inside Saleor's image: its first staff account, once; one that is there is left alone, its password too."""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor.settings")
django.setup()

from saleor.account.models import User  # type: ignore[import-not-found]  # noqa: E402

if not User.objects.filter(email=os.environ["DJANGO_SUPERUSER_EMAIL"]).exists():
    call_command("createsuperuser", interactive=False, email=os.environ["DJANGO_SUPERUSER_EMAIL"])
