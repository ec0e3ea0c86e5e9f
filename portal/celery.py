"""The Celery app. Its broker is a doorbell only: what must happen stands in the outbox (docs/adr/0003)."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# As root (a container) Celery warns at length; its reason, pickled messages from strangers, is none here: we take JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)
