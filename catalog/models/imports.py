"""Imports as records: a run, its files, what it writes step by step, the rows left out, and what each changed row was before."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where a run stands. Only APPLYING and REVERTING have part of their work in the catalogue."""

    PREPARING = "PREPARING", _("being read and judged")
    PREPARED = "PREPARED", _("judged, waiting to be applied")
    APPLYING = "APPLYING", _("being applied")
    APPLIED = "APPLIED", _("applied")
    REVERTING = "REVERTING", _("being taken back")
    REVERTED = "REVERTED", _("taken back")
    DISCARDED = "DISCARDED", _("dropped before it was applied")


class ImportRun(models.Model):
    """One delivery: who brought it, from where, when it was judged, applied, taken back.

    `complete` names the stems of files that are whole: what they lack is retired. `stopped` is the reason (reasons.py) an unfinished run stands
    still. `judged` counts how often it was judged, so that who confirms a summary confirms the one that was seen.
    """

    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.PREPARING)
    folder = models.TextField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("nobody: the command line"),
    )
    encoding = models.CharField(max_length=40, default="", blank=True, help_text=_("of text that is not Unicode"))
    mapping = models.CharField(
        max_length=60, default="", blank=True, help_text=_("the saved mapping the uploaded files are read by")
    )
    complete = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True, help_text=_("search has counted the words anew"))
    reverted_at = models.DateTimeField(null=True, blank=True)
    judged = models.PositiveSmallIntegerField(default=0)
    basis = models.PositiveIntegerField(
        default=0, help_text=_("how many runs had been applied or taken back when it was judged")
    )
    stopped = models.CharField(max_length=40, default="", blank=True)
    stopped_details = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at"], name="import_run_latest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class FileState(models.TextChoices):
    """What became of a file when it was read."""

    WAITING = "WAITING", _("not read yet")
    JUDGED = "JUDGED", _("judged")
    FAILED = "FAILED", _("cannot be read")


class ImportFile(models.Model):
    """A file of a run. A FAILED one keeps nothing out but itself; `failure` is a reason of reasons.py, `failure_details` what it was about."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    stem = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    path = models.TextField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.WAITING)
    rows = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=40, default="", blank=True)
    failure_details = models.TextField(default="", blank=True)
    asks = models.CharField(
        max_length=40, default="", blank=True, help_text=_("a question that needs a yes before it is applied")
    )
    asks_details = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class StepKind(models.TextChoices):
    """How a step comes into the catalogue."""

    WRITE = "WRITE", _("new and changed rows")
    REMOVE = "REMOVE", _("rows taken out of a list")
    POST = "POST", _("movements posted to a ledger")


class ImportStep(models.Model):
    """What one file writes into one table. The rows wait in the table `import_plan_<id>` until they are applied; `applied` says how far that got.

    `columns` are written for new rows, `updates` for known ones; `guards` (column: value) must stand as written when a new row is taken back.
    """

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind.choices, default=StepKind.WRITE)
    table = models.CharField(max_length=63)
    columns = models.JSONField(default=list)
    updates = models.JSONField(default=list)
    guards = models.JSONField(default=dict)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    facts = models.JSONField(
        default=dict, help_text=_("counted for the summary: changed columns, retired, dearer, cheaper")
    )
    applied = models.PositiveIntegerField(default=0)
    closed = models.BooleanField(default=False, help_text=_("applied as far as it will be"))
    revert_position = models.BigIntegerField(
        null=True, blank=True, help_text=_("the last change looked at by taking back; 0: all were")
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "number"], name="import_step_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.table}"

    @property
    def planned(self) -> int:
        """How many rows it writes or takes out."""
        return self.new + self.changed

    @property
    def plan(self) -> str:
        """The table its rows wait in."""
        return f"import_plan_{self.pk}"


class Rejection(models.Model):
    """A row, or a cell of it, that was left out; `reason` has its words in catalog/imports/reasons.py. `reverting`: a row that could not be taken back."""

    # Written by the million and never looked at one by one: checking each against its file would cost more than it tells.
    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="rejections", db_constraint=False)
    line = models.BigIntegerField()
    column = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    reason = models.CharField(max_length=40)
    reverting = models.BooleanField(default=False)

    class Meta:
        db_table = "catalog_importrejection"

    def __str__(self) -> str:
        return f"{self.line} {self.column} {self.reason}"


class ImportChange(models.Model):
    """A row a step wrote: new when `before` is null, else what it was. `after` is a hash of what was written, by which later changes are seen."""

    step = models.ForeignKey(ImportStep, models.CASCADE, related_name="changes", db_constraint=False)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.step_id}: {self.row_id}"


class WorkAct(models.TextChoices):
    """What a worker may be asked to do with a run."""

    PREPARE = "PREPARE", _("read and judge")
    APPLY = "APPLY", _("apply")
    RESUME = "RESUME", _("go on")
    REVERT = "REVERT", _("take back")


class WorkState(models.TextChoices):
    """Where that stands."""

    WAITING = "WAITING", _("waiting for its turn")
    RUNNING = "RUNNING", _("at work")
    ENDED = "ENDED", _("ended")


class ImportWork(models.Model):
    """The last thing a page asked a worker to do with a run, and how far it is. `problems`: why it came to nothing, as `work_problems` reads them.

    Beside the run, not in it: the run is written by the engine alone, this by whoever asks and by the worker's second connection.
    """

    run = models.OneToOneField(ImportRun, models.CASCADE, primary_key=True, related_name="work")
    act = models.CharField(max_length=8, choices=WorkAct.choices)
    state = models.CharField(max_length=8, choices=WorkState.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    problems = models.JSONField(default=list, blank=True)
    phase = models.CharField(max_length=10, default="", blank=True)
    file = models.CharField(max_length=255, default="", blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.run_id} {self.act} {self.state}"

    @property
    def busy(self) -> bool:
        """Is a worker at it, or will be?"""
        return self.state != WorkState.ENDED
