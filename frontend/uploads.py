"""A body that is too large is read past, not kept, so that the page can still answer with what was typed."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from catalog.imports.uploads import MOST_BYTES

_AROUND = 1 << 20  # what a form adds to its files


def too_large(request: HttpRequest) -> bool:
    """Is the request larger than any upload may be?"""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return length.isascii() and length.isdigit() and int(length) > MOST_BYTES + _AROUND


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers: of too large a request no file is kept, in memory or on disk."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Let it through, or pass the whole file over."""
        if self.request is not None and too_large(self.request):
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """The next handler keeps it."""
        return None
