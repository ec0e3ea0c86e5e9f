"""What the reader was told, what comes by e-mail too, and the link in a letter that stops letters like it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from frontend.pages import Asked, found, page, with_query
from portal import clock
from portal.errors import PortalError
from portal.notices.groups import Group
from portal.notices.selectors import choices_for, notices_for, notices_in, unread_by_group
from portal.notices.services import notice_choose, notice_mail_stop, notice_read, notices_read
from portal.notices.stopping import stop_read
from portal.notices.words import notice_path

PER_PAGE = 30


@require_http_methods(["GET", "POST"])
@page()
def notices(request: Asked) -> HttpResponse:
    """Newest first, all or of one group; a POST marks all as read."""
    if request.method == "POST":
        notices_read(actor=request.actor, now=request.now)
        return HttpResponseRedirect(reverse("notices"))
    groups, unread = [one.group for one in choices_for(request.actor)], unread_by_group(request.actor)
    group = next((one for one in groups if one == request.GET.get("group")), None)
    part = Paginator(notices_in(notices_for(request.actor), group or ""), PER_PAGE).get_page(request.GET.get("page"))
    path = reverse("notices")
    context = {
        "part": part,
        "group": group,
        "unread": sum(unread.values()),
        "groups": [(one.label, unread.get(one, 0), with_query(path, group=one.value), one == group) for one in groups],
    }
    return render(request, "notices.html", context)


@require_POST
@page()
def notice(request: Asked, pk: int) -> HttpResponse:
    """Mark one as read, and go to what it is about."""
    read = notice_read(actor=request.actor, notice_id=pk, now=request.now)
    to = notice_path(read.kind, read.subject_kind, read.subject) if "open" in request.POST else ""
    return HttpResponseRedirect(to or reverse("notices"))


@require_http_methods(["GET", "POST"])
@page()
def notice_settings(request: Asked) -> HttpResponse:
    """Which groups come by e-mail too; what is owed stands there with its reason."""
    if request.method == "POST":
        wanted = request.POST.getlist("by_mail")
        for one in choices_for(request.actor):
            if not one.why_always and (one.group in wanted) != one.by_mail:
                notice_choose(actor=request.actor, group=one.group, by_mail=one.group in wanted, now=request.now)
        messages.success(request, _("Your choice is kept."))
        return HttpResponseRedirect(reverse("notice_settings"))
    return render(request, "notice_settings.html", {"choices": choices_for(request.actor)})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def notice_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop letters of a group, by whoever holds one: a mail program posts once and is done (RFC 8058); a person presses a button.

    A GET changes nothing: programs that look for viruses open every link. The token alone says whose letters these are.
    """
    try:
        if request.method == "POST":
            again = "again" in request.POST
            person, group = notice_mail_stop(token=token, by_mail=again, now=clock.now())
            state = "again" if again else "stopped"
        else:
            (person, group), state = stop_read(token), "asked"
    except PortalError:
        found(None)
        raise
    with translation.override(person.language):
        return render(
            request, "notice_stop.html", {"group": Group(group).label, "state": state, "email": _hidden(person.email)}
        )


def _hidden(email: str) -> str:
    """An address that its owner knows again and nobody else learns from a letter passed on."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
