"""The store we are connected to, what its things are called there, and where its books differ from ours."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Connection(models.Model):
    """The one store: a second is refused by the key. `api_url` is where we ask, `public_url` what the store calls itself.

    The token is sealed (portal.saleor.secrets). A row without a token waits for the store to register us.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    api_url = models.URLField(_("API"), max_length=500)
    public_url = models.URLField(_("its own name for that"), max_length=500)
    app_id = models.CharField(_("app"), max_length=100, blank=True)
    token_sealed = models.TextField(_("token, encrypted"), blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    ticket = models.CharField(_("one-time ticket, hashed"), max_length=64, blank=True)
    ticket_until = models.DateTimeField(_("ticket good until"), null=True, blank=True)
    connected_at = models.DateTimeField(_("connected"), null=True, blank=True)
    findings = models.JSONField(_("what the last check found"), default=list, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="saleor_one_store")]

    def __str__(self) -> str:
        return self.api_url


class StoreLink(models.Model):
    """The store's id of a thing of ours: `kind` and `key` are our words (`channel`, `kr-dealer`; `order`, `10001`)."""

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=200)
    store_id = models.CharField(_("id in the store"), max_length=200)

    class Meta:
        verbose_name = _("store link")
        verbose_name_plural = _("store links")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="store_link_key"),
            models.UniqueConstraint(fields=["kind", "store_id"], name="store_link_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} = {self.store_id}"


class Difference(models.Model):
    """The books differ: found by a sweep, open until `mended_at`. `kind` is a word of the one who found it (`stock.held`, `order`).

    `facts` of an order: `gaps` (orders.rules.mirror.Gap) and `why`, refusals as data; words are made for who reads them.
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("about"), max_length=200)
    ours = models.CharField(_("ours"), max_length=500, blank=True)
    theirs = models.CharField(_("the store's"), max_length=500, blank=True)
    facts = models.JSONField(_("more about it"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    found_at = models.DateTimeField(_("found"))
    mended_at = models.DateTimeField(_("mended"), null=True, blank=True)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(mended_at=None), name="difference_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.ours} / {self.theirs}"


def sweep_lock(kind: str) -> str:
    """The lock a sweep of this kind holds while it runs."""
    return f"store.sweep:{kind}"


class Sweep(models.Model):
    """The last sweep of each kind (`stock`, `prices`, `orders`): what webhooks told in vain is found by these."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    broken_by = models.CharField(
        _("broken off by"), max_length=60, default="", blank=True
    )  # a code, or a class of error
    seen = models.PositiveIntegerField(_("seen"), default=0)
    differences = models.PositiveIntegerField(_("differences"), default=0)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at:%Y-%m-%d %H:%M}"
