"""The least a Django view can do: run the statements that were noted for a query, fetch what they answer, say how many rows there were."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

django.setup()  # with the middleware some apps insist on; nothing of it stands around the bare view
settings.ROOT_URLCONF, settings.MIDDLEWARE = "bench.bare", []
application = WSGIHandler()

_SAID = pickle.loads(Path(os.environ["BENCH_SAID"]).read_bytes())  # written by the bench itself a moment ago


def view(request: HttpRequest) -> HttpResponse:
    """See above."""
    rows = 0
    with connection.cursor() as cursor:
        for sql, params in _SAID[request.GET["q"]]:
            cursor.execute(sql, params)
            rows += len(cursor.fetchall()) if cursor.description else 0
    return HttpResponse(str(rows))


urlpatterns = [path("", view)]
