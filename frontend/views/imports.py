"""Deliveries of parts, bills, prices: uploaded, judged, applied and taken back by a worker; the pages ask and show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.imports.mappings import mappings_all
from catalog.imports.registry import importers
from catalog.imports.rejected import rejection_rows, rejection_told
from catalog.imports.summary import RunSummary, rejections_first, run_find, run_summary, runs_all
from catalog.imports.uploads import MOST_BYTES
from catalog.imports.work import (
    import_ask,
    import_drop,
    import_read_anew,
    import_upload,
    run_aside,
    run_uploaded,
    work_asks,
    work_encodings,
    work_problems,
)
from frontend.exports import csv_lines
from frontend.forms.imports import ApplyForm, ReadingForm, UploadForm
from frontend.pages import UNPROCESSABLE, Asked, found, page
from frontend.uploads import too_large
from portal.errors import Code, PortalError, Problem

PER_PAGE, SHOWN = 25, 50
_MEGABYTES = MOST_BYTES >> 20


@require_GET
@page("PARTS_MANAGER")
def imports(request: Asked) -> HttpResponse:
    """The history, newest first."""
    part = Paginator(runs_all(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports.html", {"part": part})


@require_http_methods(["GET", "POST"])
@page("PARTS_MANAGER")
def import_new(request: Asked) -> HttpResponse:
    """Upload a delivery."""
    form = UploadForm(request.POST or None, request.FILES or None, mappings=mappings_all())
    if request.method == "POST" and too_large(request):
        form.errors.pop("upload", None)
        form.refuse([Problem(Code.INVALID, "upload", {"most": _MEGABYTES}, "upload_too_large")])
    elif request.method == "POST" and form.is_valid():
        try:
            run, aside = import_upload(
                actor=request.actor, files=form.cleaned_data["upload"], now=request.now, **form.options()
            )
        except PortalError as error:
            form.refuse(error)
        else:
            if aside:
                messages.warning(request, _("No tables, left aside: %(files)s") % {"files": ", ".join(aside[:20])})
            return HttpResponseRedirect(reverse("import_run", args=[run.pk]))
    context = {"form": form, "most": _MEGABYTES, "tables": importers()}
    return render(request, "import_new.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@page("PARTS_MANAGER")
def import_run(request: Asked, pk: int) -> HttpResponse:
    """Where a run stands, what it would do or did, and what can be done with it."""
    return _show(request, pk)


@require_POST
@page("PARTS_MANAGER")
def import_act(request: Asked, pk: int, act: str) -> HttpResponse:
    """Do one of ACTS with a run; what it takes long for is done by a worker."""
    if act not in ACTS:
        raise Http404
    found(run_find(pk))
    try:
        form = ACTS[act](request, pk)
    except PortalError as error:
        return _show(request, pk, problems=[problem.message for problem in error.problems])
    return _show(request, pk, **form) if form else HttpResponseRedirect(reverse("import_run", args=[pk]))


@require_GET
@page("PARTS_MANAGER")
def import_left_out(request: Asked, pk: int) -> StreamingHttpResponse:
    """What was left out, or with `?back=1` could not be taken back, as CSV; with a mark, so that spreadsheets read it."""
    run, back = found(run_find(pk)), bool(request.GET.get("back"))
    lines = csv_lines(rejection_rows(run, reverting=back))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"import-{pk}-{'not-taken-back' if back else 'left-out'}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- acts: each answers the forms to show again, or nothing when it is done ---

Tried = dict[str, Any]


def _apply(request: Asked, pk: int) -> Tried:
    form = ApplyForm(request.POST, questions=run_summary(found(run_find(pk))).questions)
    if not form.is_valid():
        return {"apply": form}
    judged = form.cleaned_data["judged"]
    import_ask(actor=request.actor, run_id=pk, act="APPLY", now=request.now, judged=judged, confirmed=True)
    return {}


def _read(request: Asked, pk: int) -> Tried:
    form = ReadingForm(request.POST, mappings=mappings_all())
    if not form.is_valid():
        return {"reading": form}
    import_read_anew(actor=request.actor, run_id=pk, now=request.now, **form.options())
    return {}


def _resume(request: Asked, pk: int) -> Tried:
    import_ask(actor=request.actor, run_id=pk, act="RESUME", now=request.now)
    return {}


def _revert(request: Asked, pk: int) -> Tried:
    import_ask(actor=request.actor, run_id=pk, act="REVERT", now=request.now)
    return {}


def _drop(request: Asked, pk: int) -> Tried:
    import_drop(actor=request.actor, run_id=pk)
    messages.success(request, _("Import %(run)d is dropped; the catalogue stays as it is.") % {"run": pk})
    return {}


ACTS: dict[str, Callable[[Asked, int], Tried]] = {
    "apply": _apply,
    "drop": _drop,
    "read": _read,
    "resume": _resume,
    "revert": _revert,
}


def _show(
    request: Asked,
    pk: int,
    *,
    problems: Iterable[str] = (),
    apply: ApplyForm | None = None,
    reading: ReadingForm | None = None,
) -> HttpResponse:
    run = found(run_find(pk))
    work, summary = getattr(run, "work", None), run_summary(run)
    told = [*problems, *(work_problems(work) if work and not work.busy else [])]
    if run.stopped and not told:
        told = [Problem(Code.BUSY, "run", {"run": run.pk}, run.stopped).message]
    context = {
        "run": run,
        "work": work,
        "busy": bool(work and work.busy),
        "summary": summary,
        "problems": told,
        "encodings": work_encodings(work) if work else [],
        "aside": run_aside(run),
        "may_read": run_uploaded(run),
        "may_resume": not (work and work_asks(work)),
        "apply": apply or ApplyForm(questions=summary.questions, initial={"judged": run.judged}),
        "reading": reading or ReadingForm(mappings=mappings_all(), initial=_read_as(run)),
        **_left_out(run, summary),
    }
    wrong = bool(list(problems) or (apply and apply.errors) or (reading and reading.errors))
    return render(request, "import_run.html", context, status=UNPROCESSABLE if wrong else 200)


def _left_out(run: Any, summary: RunSummary) -> dict[str, Any]:
    """The first rows that were left out, or could not be taken back."""
    back = bool(summary.stays)
    shown = [rejection_told(one) for one in rejections_first(run, SHOWN, reverting=back)]
    many = sum(summary.stays.values()) if back else summary.left_out
    return {"left_out": shown, "left_out_all": many, "back": back}


def _read_as(run: Any) -> dict[str, Any]:
    return {"mapping": run.mapping, "encoding": run.encoding, "complete_parts": "parts" in run.complete}
