"""The file of a paper: made from its snapshot outside any transaction, once, and kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from orders.models import Paper, PaperFile
from orders.papers.pdf import paper_pdf


def paper_file(*, paper: Paper, now: datetime) -> bytes:
    """The PDF as it was first made; the same snapshot gives the same bytes, so that two who make it at once agree."""
    known = PaperFile.objects.filter(paper=paper).first()
    if known is not None:
        return bytes(known.content)
    made = paper_pdf(paper.snapshot)
    try:
        with transaction.atomic():
            PaperFile.objects.create(paper=paper, content=made, sha256=hashlib.sha256(made).hexdigest(), made_at=now)
    except IntegrityError:
        return bytes(PaperFile.objects.get(paper=paper).content)
    return made


def paper_copy(*, paper: Paper, language: str) -> bytes:
    """A translation, marked as one; not kept."""
    return paper_pdf(paper.snapshot, language)
