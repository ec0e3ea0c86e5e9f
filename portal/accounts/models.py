"""Who may act: people, companies, memberships with roles, API tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.digits import digits


class Role(models.TextChoices):
    """What a membership may do; the first two belong to buyers, the rest to the house."""

    BUYER = "BUYER", _("Buyer")
    COMPANY_ADMIN = "COMPANY_ADMIN", _("Company administrator")
    PARTS_MANAGER = "PARTS_MANAGER", _("Parts manager")
    SERVICE_DESK = "SERVICE_DESK", _("Service desk")
    TECHNICIAN = "TECHNICIAN", _("Technician")
    APPROVER = "APPROVER", _("Approver")
    ACCOUNTANT = "ACCOUNTANT", _("Accountant")
    ADMIN = "ADMIN", _("Administrator")


class CompanyKind(models.TextChoices):
    """Which price lists and promises apply."""

    CUSTOMER = "CUSTOMER", _("Customer")
    DEALER = "DEALER", _("Dealer")
    HOUSE = "HOUSE", _("House")


class TaxNumberState(models.TextChoices):
    """What is known of a company's tax number."""

    NONE = "", _("none given")
    FAILED = "FAILED", _("not a number of that country")
    WELL_FORMED = "WELL_FORMED", _("well formed, not confirmed")
    CONFIRMED = "CONFIRMED", _("confirmed")


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A person who can log in; without a password only by token."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A person who may use Django's admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """E-mail addresses differ by more than case, for us."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; may belong to several companies."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_ci")]

    def __str__(self) -> str:
        return self.name or self.email


class Company(models.Model):
    """A buyer or the house; market, kind and discount class find its price list."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=CompanyKind.choices)
    market = models.CharField(_("market"), max_length=8, help_text=_("for example KR, JP, EU"))
    discount_class = models.CharField(_("discount class"), max_length=20, default="STANDARD")
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Seoul")
    calendar = models.CharField(_("calendar"), max_length=20, default="KR")
    credit_limit = models.DecimalField(_("credit limit"), max_digits=14, decimal_places=3, default=0)
    credit_stopped = models.BooleanField(_("account stopped"), default=False)
    terms_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    contract_signed_on = models.DateField(_("dealer contract signed on"), null=True, blank=True)
    contract_ends_on = models.DateField(_("dealer contract ends on"), null=True, blank=True)
    contact = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("named contact")
    )
    address = models.JSONField(
        _("address"), default=dict, blank=True, help_text=_("name, street, city, postalCode, country, region, phone")
    )
    is_consumer = models.BooleanField(_("buys as a private person"), default=False, db_default=False)
    tax_number = models.CharField(
        _("tax number"),
        max_length=20,
        default="",
        blank=True,
        help_text=_("in the Union with its letters: DE136695976"),
    )
    tax_number_state = models.CharField(
        _("state of the tax number"),
        max_length=12,
        choices=TaxNumberState.choices,
        default=TaxNumberState.NONE,
        blank=True,
    )
    tax_number_checked_at = models.DateTimeField(_("tax number checked at"), null=True, blank=True)
    tax_number_checked_by = models.CharField(_("tax number checked by"), max_length=200, default="", blank=True)
    tax_number_means = models.CharField(_("tax number checked by which means"), max_length=120, default="", blank=True)
    import_key = models.CharField(max_length=60, null=True, blank=True, unique=True)

    class Meta:
        verbose_name_plural = "companies"
        indexes: ClassVar = [
            GinIndex(
                OpClass(digits(KeyTextTransform("phone", "address")), name="gin_trgm_ops"),
                name="company_phone",
                fastupdate=False,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tax_number_country(self) -> str:
        """Whose number it is: a number of the Union begins with its country (EL for Greece), else the company's own."""
        letters = self.tax_number[:2].upper()
        if letters.isalpha():
            return {"EL": "GR"}.get(letters, letters)
        return str(self.address.get("country", "")).upper()

    def under_dealer_contract(self, on: Any) -> bool:
        """Is this a dealer whose contract runs on that day?"""
        return (
            self.kind == CompanyKind.DEALER
            and self.contract_signed_on is not None
            and self.contract_signed_on <= on
            and (self.contract_ends_on is None or on < self.contract_ends_on)
        )


class Membership(models.Model):
    """One person in one company, with roles; tokens and sessions act for a membership."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    is_active = models.BooleanField(default=True)
    order_limit = models.DecimalField(
        _("limit of an order"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("with tax, in the company's currency; empty: none. A colleague approves what is above it."),
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "company"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} / {self.company}"


class ApiToken(models.Model):
    """A key for programs, shown once; only its SHA-256 is stored (the secret has 256 bits, so no slow hash is needed)."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}...)"


class CallReference(models.Model):
    """A caller's own key of one creating call; the same key with another body is refused, with the same body answers what it made."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    operation = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    object_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "operation", "reference"], name="call_reference_once")
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.reference}"
