"""The files of a paper: made from its snapshot outside any transaction, each language once, and kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from orders.models import Paper, PaperFile
from orders.papers.pdf import paper_pdf


def paper_file(*, paper: Paper, now: datetime, language: str = "") -> bytes:
    """The PDF as it was first made; in another language than its own a translation, marked as one.

    The same snapshot gives the same bytes, so that two who make it at once agree.
    """
    copied = "" if language == paper.snapshot["language"] else language
    known = PaperFile.objects.filter(paper=paper, language=copied).first()
    if known is not None:
        return bytes(known.content)
    made = paper_pdf(paper.snapshot, copied)
    facts = {"content": made, "sha256": hashlib.sha256(made).hexdigest(), "made_at": now}
    try:
        with transaction.atomic():
            PaperFile.objects.create(paper=paper, language=copied, **facts)
    except IntegrityError:
        return bytes(PaperFile.objects.get(paper=paper, language=copied).content)
    return made
