"""A part's picture or paper, and the small forms of pictures; seen by who sees the part's page."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from catalog.rules.media import WIDTHS, stored_name
from catalog.selectors.documents import document_get
from frontend.pages import Asked, found, page

_FOREVER = 365 * 24 * 3600


@require_safe
@page()
def document(request: Asked, pk: int) -> HttpResponseBase:
    """The file; `?width=` is one of its small pictures, `?v=` its content's hash: with it the answer never changes and may be kept."""
    one = found(document_get(pk, actor=request.actor))
    asked = request.GET.get("width", "")
    width = next((width for width in WIDTHS if str(width) == asked and one.file.width), None)
    if asked and width is None:
        raise Http404
    path = Path(settings.MEDIA_ROOT) / stored_name(one.file.sha256, one.file.content_type, width)
    if not path.is_file():
        raise Http404
    picture = bool(one.file.width)
    response = FileResponse(
        path.open("rb"),
        as_attachment=not picture,
        filename=f"{Path(one.name).stem}.webp" if width else f"{Path(one.name).stem}{path.suffix}",
        content_type="image/webp" if width else one.file.content_type,
    )
    kept = request.GET.get("v", "") == one.file.sha256[:16]
    response["Cache-Control"] = f"private, max-age={_FOREVER}, immutable" if kept else "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
