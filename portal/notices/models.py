"""What somebody was told."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Role
from portal.notices.groups import Group


class Notice(models.Model):
    """Something a company, or a role of the house, is told once. Its words are made from `kind` and `data` at the edge.

    With `company`: for its people (`user` narrows it to one of them). With `role`: for those of the house who have it.
    """

    key = models.CharField(max_length=200, unique=True, help_text=_("the same key is never told twice"))
    company = models.ForeignKey("accounts.Company", models.CASCADE, null=True, blank=True, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="notices")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(_("about"), max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("sent by e-mail"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes: ClassVar = [
            models.Index(fields=["company", "-created_at"], name="notice_company"),
            models.Index(fields=["role", "-created_at"], condition=~Q(role=""), name="notice_role"),
            models.Index(fields=["subject_kind", "subject"], name="notice_subject"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(company__isnull=False) & Q(role=""))
                | (Q(company__isnull=True, user__isnull=True) & ~Q(role="")),
                name="notice_has_one_audience",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class NoticeMail(models.Model):
    """One person's e-mail of a notice, so that a delivery broken off goes on where it stopped."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice by e-mail")
        verbose_name_plural = _("notices by e-mail")
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "user"], name="notice_mail_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.user_id}"


class NoticeChoice(models.Model):
    """What a person chose for a group of notices; without a row they come by e-mail too."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices")
    group = models.CharField(max_length=10, choices=Group.choices)
    by_mail = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "group"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group}"
