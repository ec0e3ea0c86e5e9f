"""Checked files on disk, named by their content, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from catalog.imports.media.checks import checked
from catalog.models import MediaFile
from catalog.rules.media import stored_name


def file_keep(content: bytes) -> tuple[MediaFile, bool]:
    """The file of a content, and whether it is new; checked and stored when it is. Raises RefusedError."""
    source = hashlib.sha256(content).hexdigest()
    known = MediaFile.objects.filter(source=source).first()
    if known and (Path(settings.MEDIA_ROOT) / known.path).is_file():
        return known, False
    made = checked(content)
    sha256 = hashlib.sha256(made.content).hexdigest()
    _write(stored_name(sha256, made.content_type), made.content)
    for width, small in made.small.items():
        _write(stored_name(sha256, made.content_type, width), small)
    kept = {"sha256": sha256, "content_type": made.content_type, "size": len(made.content)}
    return MediaFile.objects.update_or_create(
        source=source, defaults={**kept, "width": made.width, "height": made.height}
    )


def _write(name: str, content: bytes) -> None:
    path = Path(settings.MEDIA_ROOT) / name
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
