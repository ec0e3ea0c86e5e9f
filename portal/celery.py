"""The Celery app. Its broker is a doorbell only: what must happen stands in the outbox (docs/adr/0003)."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import worker_shutting_down

from portal.ending import end

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_shutting_down.connect
def _told_to_end(**_: object) -> None:
    """What is at work stops between two steps, so that a worker ends in seconds."""
    end()


# As root (a container) Celery warns at length; its reason, pickled messages from strangers, is none here: we take JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)
