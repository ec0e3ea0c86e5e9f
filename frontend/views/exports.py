"""Every table a person sees, as a file."""

from __future__ import annotations

from django.http import Http404, StreamingHttpResponse
from django.views.decorators.http import require_GET

from frontend.exports import company, csv_answer, orders, service, stock, work
from frontend.pages import Asked, page

EXPORTS = {
    one.name: one for one in (*orders.EXPORTS, *stock.EXPORTS, *service.EXPORTS, *work.EXPORTS, *company.EXPORTS)
}


@require_GET
@page()
def table(request: Asked, name: str) -> StreamingHttpResponse:
    """The table as CSV, narrowed as its page is; to whom its page does not exist, it does not either."""
    export = EXPORTS.get(name)
    if export is None or not export.may(request.actor):
        raise Http404
    return csv_answer(export, request)
