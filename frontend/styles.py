"""The stylesheets of every page, a file a block; collected, they become one file, so that a phone asks once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/portal.css"
BLOCKS = ("top", "layout", "button", "field", "tag", "card", "message", "table", "facts", "tally", "promise", "cart")
SHEETS = ("css/tokens.css", "css/base.css", *(f"css/blocks/{name}.css" for name in BLOCKS))


class BundledStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the bundle written beside the files it is made of."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the bundle, then give it its hash and its compressed copy like any file."""
        if not dry_run:
            parts = []
            for sheet in SHEETS:
                storage, path = paths[sheet]
                with storage.open(path) as file:
                    parts.append(file.read())
            if self.exists(BUNDLE):
                self.delete(BUNDLE)
            self._save(BUNDLE, ContentFile(b"\n".join(parts)))
            paths = {**paths, BUNDLE: (self, BUNDLE)}
        yield from super().post_process(paths, dry_run, **options)
