"""The rules' words with labels for people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Payer(models.TextChoices):
    """The four kinds of service (rules.md section 2)."""

    PAID = "PAID", _("paid service")
    CONTRACT = "CONTRACT", _("contract service")
    WARRANTY = "WARRANTY", _("free service")
    INTERNAL = "INTERNAL", _("internal")


class Bearer(models.TextChoices):
    """Who bears what the customer does not pay."""

    HOUSE = "HOUSE", _("house")
    MAKER = "MAKER", _("maker")
    SUPPLIER = "SUPPLIER", _("supplier")
    CAMPAIGN = "CAMPAIGN", _("campaign")
    GOODWILL = "GOODWILL", _("goodwill budget")


class HowReplaced(models.TextChoices):
    """Fitted parts have a longer warranty of their own."""

    FITTED = "FITTED", _("fitted by us or a dealer")
    COUNTER = "COUNTER", _("sold over the counter")


class NoteKind(models.TextChoices):
    """What makes a covered line need a person."""

    MISUSE = "MISUSE", _("misuse recorded")
    SERVICE_OVERDUE = "SERVICE_OVERDUE", _("service overdue")
    NON_GENUINE = "NON_GENUINE", _("non-genuine part found")


class CallState(models.TextChoices):
    """A call is open until its repair is done."""

    OPEN = "OPEN", _("open")
    CLOSED = "CLOSED", _("closed")


class CardState(models.TextChoices):
    """OPEN until parts are used, CONFIRMED by the head of workshop, CLOSED when its quantities reconcile."""

    OPEN = "OPEN", _("open")
    WORKING = "WORKING", _("working")
    CONFIRMED = "CONFIRMED", _("confirmed")
    CLOSED = "CLOSED", _("closed")
    VOID = "VOID", _("void")
