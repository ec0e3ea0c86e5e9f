"""The portal's addresses, and beside them a bare page that asks the database the same and writes every row into a table."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from portal.urls import urlpatterns as ours

ASKED: dict[str, list[str]] = {}
_PAGE = Engine().from_string(
    "<!doctype html><title>{{ name }}</title>{% for rows in tables %}<table>{% for row in rows %}<tr>{% for cell in row %}"
    "<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"
)


def bare(request: HttpRequest, name: str) -> HttpResponse:
    """The statements of the page of this name, one after the other, and their rows as they come."""
    with connection.cursor() as cursor:
        tables = [_rows(cursor, sql) for sql in ASKED[name]]
    return HttpResponse(_PAGE.render(Context({"name": name, "tables": tables})))


def _rows(cursor: object, sql: str) -> list[tuple]:
    cursor.execute(sql)
    return cursor.fetchall()


urlpatterns = [*ours, path("bare/<str:name>/", bare)]
