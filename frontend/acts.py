"""Acts on a thing (an order, a repair card, a machine): who may, when, by which form, and what is done.

A page offers the acts that are possible now; one view performs them. A refusal comes back beside the form, nothing typed lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.functional import Promise

from frontend.forms.base import PortalForm
from frontend.pages import Asked
from portal.accounts.actor import Actor
from portal.errors import Code, PortalError, refusal

BUYERS = ("BUYER", "COMPANY_ADMIN")
Words = Promise | str


class ActForm(PortalForm):
    """A form about `thing`."""

    def __init__(self, *args: Any, thing: Any = None, **kwargs: Any) -> None:
        self.thing = thing
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Make the fields that depend on the thing."""


@dataclass(frozen=True)
class Act:
    """`do(request, thing, form)` calls the service and answers what to say. `house`: its roles that may; `buyers`: may they too?"""

    name: str
    title: Words
    button: Words
    form: type[ActForm]
    do: Callable[[Asked, Any, Any], Words]
    house: tuple[str, ...] = ()
    buyers: bool = False
    when: Callable[[Any], bool] = field(default=lambda thing: True)
    tone: str = ""
    leads: str = ""  # the address's name where one is afterwards; else where one was

    def may(self, actor: Actor) -> bool:
        """Has the actor a role for this?"""
        return actor.has(*self.house) if actor.is_house else self.buyers and actor.has(*BUYERS)


@dataclass(frozen=True)
class Offered:
    """An act on a page, with its form; `open` when it was refused a moment ago."""

    act: Act
    form: ActForm
    open: bool


def offered(acts: Sequence[Act], request: Asked, thing: Any, tried: tuple[str, ActForm] | None = None) -> list[Offered]:
    """The acts possible now; the one just tried comes with its refusal even if it is possible no more."""
    name, bound = tried or ("", None)
    shown = []
    for act in acts:
        if bound is not None and act.name == name:
            shown.append(Offered(act, bound, open=True))
        elif act.may(request.actor) and act.when(thing):
            asked = request.GET.get("act") == act.name
            form = act.form(thing=thing, prefix=act.name, initial=_given(request, act) if asked else None)
            shown.append(Offered(act, form, open=asked))
    return shown


def _given(request: Asked, act: Act) -> dict[str, str]:
    """What a link to an act (`?act=card&fault=...`) knows already of its form."""
    return {name: request.GET[name] for name in act.form.base_fields if request.GET.get(name)}


def act_named(acts: Sequence[Act], name: str, actor: Actor, allowed: Sequence[Act] | None = None) -> Act:
    """The act; 404 when there is none of that name, NOT_ALLOWED without a role for it or outside `allowed`."""
    act = next((one for one in acts if one.name == name), None)
    if act is None:
        raise Http404
    if not act.may(actor) or (allowed is not None and act not in allowed):
        raise refusal(Code.NOT_ALLOWED)
    return act


def perform(act: Act, request: Asked, thing: Any) -> tuple[Words, ActForm | None]:
    """Do it: what to say, or the form with its refusal."""
    form = act.form(request.POST, thing=thing, prefix=act.name)
    if not form.is_valid():
        return "", form
    try:
        return act.do(request, thing, form), None
    except PortalError as error:
        form.refuse(error)
        return "", form
