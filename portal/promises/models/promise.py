"""A promise, the lines it names, the holds that moved it and the facts that kept it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.promises.models.policy import Policy
from portal.promises.rules.words import ENDS, Cause, State, Unit
from portal.promises.words import CAUSE_WORDS, STATE_WORDS, UNIT_WORDS

_ENDED = Q(state__in=sorted(ENDS))
_STARTED = Q(started_at__isnull=False, promised_at__isnull=False, due_at__isnull=False)
_NOT_STARTED = Q(started_at__isnull=True, promised_at__isnull=True, due_at__isnull=True)


class Promise(models.Model):
    """Something owed to a company by a moment. `next_at` is the next moment the sweep must look; null: never.

    The policy's values, the zone and the calendar are frozen here. `promised_at` is the first due moment: a trigger
    refuses to change it. `due_at` moves by holds, only ever later.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="promises")
    policy_code = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="promises")
    state = models.CharField(_("state"), max_length=10, choices=[(state.value, STATE_WORDS[state]) for state in State])
    zone = models.CharField(max_length=64)
    calendar = models.CharField(max_length=20)
    allowance = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=14, choices=[(unit.value, UNIT_WORDS[unit]) for unit in Unit])
    agreed_on = models.DateField(null=True, blank=True)
    last_collection = models.TimeField(null=True, blank=True, help_text=_("of the warehouse, local time"))
    late_rate = models.DecimalField(max_digits=6, decimal_places=5, default=0)
    late_cap = models.DecimalField(max_digits=6, decimal_places=5, default=0)
    alarm = models.BooleanField(default=True)
    currency = models.CharField(max_length=3)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_day = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True, help_text=_("the first warning"))
    warned_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0, help_text=_("warnings given before this due moment"))
    broken_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    settlement = models.JSONField(null=True, blank=True, help_text=_("the end as it was last told"))

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes: ClassVar = [
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="promise_next"),
            models.Index(fields=["subject_kind", "subject"], name="promise_subject"),
            models.Index(fields=["company", "due_at"], name="promise_company_due"),
            models.Index(fields=["state", "due_at"], name="promise_state_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject", "policy_code", "started_at", "agreed_on"],
                condition=~Q(state=State.CANCELLED.value),
                nulls_distinct=False,
                name="promise_once",
            ),
            models.CheckConstraint(
                condition=_STARTED | (_NOT_STARTED & Q(state__in=["OFFERED", "CANCELLED"])), name="promise_started"
            ),
            models.CheckConstraint(condition=~Q(state="OFFERED") | _NOT_STARTED, name="promise_offered"),
            models.CheckConstraint(
                condition=(_ENDED & Q(stopped_at__isnull=False)) | (~_ENDED & Q(stopped_at__isnull=True)),
                name="promise_ended",
            ),
            models.CheckConstraint(condition=~_ENDED | Q(next_at__isnull=True), name="promise_ended_rests"),
            models.CheckConstraint(condition=~Q(state="BROKEN") | Q(broken_at__isnull=False), name="promise_broken"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("promised_at")), name="promise_never_earlier"
            ),
            models.CheckConstraint(
                condition=Q(promised_at__isnull=True) | Q(promised_at__gte=F("started_at")), name="promise_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_code} {self.subject_kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Is something still owed?"""
        return self.state not in ENDS


class PromiseLine(models.Model):
    """Pieces of one line of the subject. `days_posted` late days (always the first ones) were posted for it."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="lines")
    ref = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField()
    cancelled = models.PositiveIntegerField(default=0)
    base = models.DecimalField(
        max_digits=20, decimal_places=8, help_text=_("published price of one piece, without tax")
    )
    days_posted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promise", "ref"], name="promise_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, cancelled__lte=F("quantity")), name="promise_line_quantities"
            ),
            models.CheckConstraint(condition=Q(base__gte=0), name="promise_line_base"),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id}/{self.ref}"


class PromiseFact(models.Model):
    """Pieces of a promised line that were handed over, or cancelled, at a moment."""

    line = models.ForeignKey(PromiseLine, models.CASCADE, related_name="facts")
    quantity = models.PositiveIntegerField()
    at = models.DateTimeField()
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(quantity__gt=0), name="promise_fact_quantity")]

    def __str__(self) -> str:
        return f"{self.quantity} at {self.at.isoformat()}"


class PromisePause(models.Model):
    """A hold [started_at, ended_at) with its reason; open while `ended_at` is null."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=40)
    cause = models.CharField(_("cause"), max_length=10, choices=[(cause.value, CAUSE_WORDS[cause]) for cause in Cause])
    evidence = models.TextField(_("evidence"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise", "reason"], condition=Q(ended_at__isnull=True), name="pause_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="pause_range"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
            models.CheckConstraint(condition=~Q(cause=Cause.OURS.value), name="pause_never_ours"),
            models.CheckConstraint(
                condition=~Q(cause=Cause.NEITHER.value) | ~Q(evidence=""), name="pause_has_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.reason}"
