"""Connecting to the store from the terminal, and bringing a connection up to date. A second run finds all in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from portal import clock
from portal.saleor.addresses import Addresses, api_url_read
from portal.saleor.client import SaleorClient
from portal.saleor.errors import NotConnected, SaleorDenied, SaleorError, SaleorRefused
from portal.saleor.manifest import IDENTIFIER, PERMISSIONS, extensions, version_supported, webhook_plan
from portal.saleor.models import Connection, StoreLink
from portal.saleor.registration import registration_expect
from portal.saleor.secrets import reseal
from portal.saleor.services import app_of, client, connection_get

PATIENCE = 60.0  # seconds for the store to install us
_GLANCE = 0.5
_OF_ORDERS = ("order", "line", "shipment")
Say = Callable[[str], None]


class ConnectFailed(SaleorError):  # noqa: N818
    """It could not be done; the message says what to do."""

    code = "STORE_CONNECT_FAILED"


@dataclass(frozen=True)
class Terms:
    """What a connection is made with. `staff`: signs in when it is needed, and only then. `replace`: an app of ours there may go."""

    api_url: str
    where: Addresses
    staff: Callable[[], SaleorClient]
    say: Say
    replace: bool = False


def staff_sign_in(api_url: str, email: str, password: str) -> SaleorClient:
    """A client that acts for the store's staff, good for five minutes. Raises SaleorRefused for a wrong password."""
    stranger = SaleorClient(api_url)
    try:
        token = stranger.call("token_create", email=email, password=password)["token"]
    except SaleorDenied as error:
        raise ConnectFailed(
            _(
                "The store's storefront is closed, and with it log-in by password. Open it in its Dashboard, or connect first and close it later. ({error})"
            ).format(error=error)
        ) from error
    finally:
        stranger.close()
    return SaleorClient(api_url, token)


def connect(terms: Terms) -> int:
    """Connect, or bring the connection up to date; answers how many things were changed. Raises SaleorError."""
    changed = 0
    alive, mended = _alive(terms)
    if not alive:
        _install(terms)
    changed += not alive or mended
    state = client().call("app_state")
    changed += _permissions_mend(terms, state) + _webhooks_mend(terms, state)
    if _extensions_differ(terms, state):
        terms.say(
            _(
                "The Dashboard's places differ from ours. Saleor can renew them only with the app: run again with --replace."
            )
        )
    return changed


def public_url(shop: Mapping[str, Any]) -> str:
    """What the store calls its API itself (its PUBLIC_URL): this stands in its requests and in its Dashboard's tokens."""
    return api_url_read(urljoin(shop["domain"]["url"], "/graphql/"))


def _alive(terms: Terms) -> tuple[bool, bool]:
    """Whether the connection may stay, and whether something of it was mended."""
    mended = False
    try:
        found = connection_get()
    except NotConnected:
        return False, mended
    if found.api_url != terms.api_url:
        raise ConnectFailed(
            _(
                "This portal is connected to {url}. One portal has one store: forget that one first (saleor_connect --forget)."
            ).format(url=found.api_url)
        )
    try:
        app_of(client())
    except (SaleorDenied, NotConnected):
        mended = _switched_on_again(terms, found)
        if not mended:
            terms.say(_("The store does not know our token any more."))
            return False, mended
    shop = client().call("shop_version")
    if public_url(shop) != found.public_url:
        mended = True
        terms.say(_("The store calls itself {url} now.").format(url=public_url(shop)))
    Connection.objects.filter(pk=1).update(
        version=shop["version"], public_url=public_url(shop), token_sealed=reseal(found.token_sealed)
    )
    return not terms.replace, mended


def _switched_on_again(terms: Terms, found: Connection) -> bool:
    """An app that staff switched off is known no more than one they removed; it only needs switching on."""
    staff = terms.staff()
    apps = [node for page in staff.pages("apps_all") for node in page.nodes]
    if not any(node["id"] == found.app_id and not node["isActive"] for node in apps):
        return False
    staff.call("app_activate", id=found.app_id)
    terms.say(_("The app was switched off in the store; it is on again."))
    return True


def _install(terms: Terms) -> None:
    staff = terms.staff()
    shop = staff.call("shop_version")
    version = shop["version"]
    if not version_supported(version):
        raise ConnectFailed(_("Saleor {version} is not supported: 3.23 and 3.24 are.").format(version=version))
    in_the_way = _in_the_way(terms, staff)
    ticket = registration_expect(api_url=terms.api_url, public_url=public_url(shop), now=clock.now())
    manifest_url = f"{terms.where.store}/saleor/manifest/?ticket={ticket}"
    _reached(terms, staff, manifest_url)
    _clear_the_way(terms, staff, in_the_way)
    permissions = list(PERMISSIONS)
    asked = {
        "appName": "Parts portal",
        "manifestUrl": manifest_url,
        "activateAfterInstallation": True,
        "permissions": permissions,
    }
    job = staff.call("app_install", input=asked)["appInstallation"]["id"]
    terms.say(_("The store installs us ..."))
    _wait(staff, job)
    terms.say(_("Connected to Saleor {version} at {url}.").format(version=version, url=terms.api_url))


def _in_the_way(terms: Terms, staff: SaleorClient) -> list[str]:
    """An app of ours whose token we do not have keeps its name taken: its id. Raises ConnectFailed unless it may be replaced."""
    known = [node["id"] for page in staff.pages("apps_all") for node in page.nodes if node["identifier"] == IDENTIFIER]
    if known and not terms.replace:
        raise ConnectFailed(
            _(
                "An app of ours is installed there already, and this portal does not have its token. Run again with --replace: it goes, and is installed anew."
            )
        )
    return known


def _reached(terms: Terms, staff: SaleorClient, manifest_url: str) -> None:
    """Whether the store can fetch us, asked before the old app goes: until then nothing is lost. Its name may still be taken."""
    try:
        staff.call("app_fetch_manifest", url=manifest_url)
    except SaleorRefused as refused:
        if any((one.field, one.code) != ("identifier", "UNIQUE") for one in refused.problems):
            raise ConnectFailed(f"{_unreachable(terms)} ({refused})") from refused


def _clear_the_way(terms: Terms, staff: SaleorClient, apps: list[str]) -> None:
    """Take these apps away, and what is left of installations that failed."""
    for app in apps:
        staff.call("app_delete", id=app)
        terms.say(_("The old app was removed."))
    for job in staff.call("app_installations"):
        if job["status"] == "FAILED" and job["manifestUrl"].startswith(terms.where.store):
            staff.call("app_installation_drop", id=job["id"])


def _unreachable(terms: Terms) -> str:
    return _(
        "The store cannot fetch {url}/saleor/manifest/. Is the portal running, and can the store's servers reach that address (PORTAL_INTERNAL_URL)? "
        "Is its host among ALLOWED_HOSTS? Saleor blocks private addresses unless HTTP_IP_FILTER_ENABLED=False, "
        "loopback ones unless HTTP_IP_FILTER_ALLOW_LOOPBACK_IPS=True."
    ).format(url=terms.where.store)


def _wait(staff: SaleorClient, job: str) -> None:
    """Until the store has registered us, which it does through the web process."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = next((one for one in staff.call("app_installations") if one["id"] == job), None)
        if found is None and _registered():
            return
        if found and found["status"] == "FAILED":
            staff.call("app_installation_drop", id=job)
            raise ConnectFailed(_("The store could not install us: {why}").format(why=found["message"]))
        time.sleep(_GLANCE)
    raise ConnectFailed(_("The store did not install us within a minute. Is its Celery worker running?"))


def _registered() -> bool:
    found = Connection.objects.exclude(token_sealed="").first()
    return found is not None and not found.ticket


def _permissions_mend(terms: Terms, state: dict[str, Any]) -> int:
    has = {one["code"] for one in state["permissions"]}
    if has == set(PERMISSIONS):
        return 0
    terms.staff().call("app_permissions", id=state["id"], permissions=list(PERMISSIONS))
    terms.say(
        _("Permissions: {more} given, {less} taken back.").format(
            more=", ".join(sorted(set(PERMISSIONS) - has)) or "-", less=", ".join(sorted(has - set(PERMISSIONS))) or "-"
        )
    )
    return 1


def _webhooks_mend(terms: Terms, state: dict[str, Any]) -> int:
    ours, plan = client(), webhook_plan(state["webhooks"], terms.where)
    for act, store_id, values in plan:
        if act == "create":
            ours.call("webhook_create", input=values)
        elif act == "update":
            ours.call("webhook_update", id=store_id, input=values)
        else:
            ours.call("webhook_delete", id=store_id)
    if plan:
        terms.say(_("{count} webhooks brought up to date.").format(count=len(plan)))
    return len(plan)


def _extensions_differ(terms: Terms, state: dict[str, Any]) -> bool:
    there = {(one["identifier"], one["url"]) for one in state["extensions"]}
    return there != {(one["identifier"], one["url"]) for one in extensions(terms.where)}


def forget() -> bool:
    """Forget the store and what its things are called; answers whether there was one. Its app stays there until its staff remove it.

    Which order, line and shipment is which stays: their names there are of that store alone, and it may be connected again.
    """
    StoreLink.objects.exclude(kind__in=_OF_ORDERS).delete()
    return bool(Connection.objects.all().delete()[0])
