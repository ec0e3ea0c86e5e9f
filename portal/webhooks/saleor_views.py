"""Where the store knocks: it fetches what we are, gives us a token, and tells us what happened. Every answer is quick."""

from __future__ import annotations

import json
import logging
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal import clock
from portal.saleor.addresses import api_url_read, portal_addresses
from portal.saleor.errors import NotConnected, SaleorAway, SaleorError
from portal.saleor.manifest import manifest_make
from portal.saleor.registration import RegistrationRefused, Why, registration_accept
from portal.saleor.services import connection_get
from portal.saleor.signatures import NotTheStore, body_verify
from portal.webhooks.models import Delivery
from portal.webhooks.saleor import SALEOR, Told, refused_store, told_read, told_store
from portal.webhooks.saleor_doors import DOORS, NoAnswerNow, door_answer
from portal.webhooks.services import malformed_store

logger = logging.getLogger(__name__)
LARGEST = 256 * 1024
LARGEST_TOKEN = 8 * 1024


@require_safe
def saleor_manifest(request: HttpRequest) -> JsonResponse:
    """What we are as an app: nothing here is a secret, so a stranger may read it."""
    return JsonResponse(manifest_make(portal_addresses(), ticket=request.GET.get("ticket", "")[:100]))


@csrf_exempt
@require_POST
def saleor_register(request: HttpRequest) -> JsonResponse:
    """200: we keep the token. 403: it proved nothing, 409: we are connected already, 503: the store cannot be asked; the store shows our words to its staff."""
    now = clock.now()
    try:
        token, told_url = _token(request), api_url_read(request.headers.get("Saleor-Api-Url", ""))
    except ValueError:
        return _refused(400, "INVALID", "This is no registration.")
    try:
        registration_accept(told_url=told_url, token=token, ticket=request.GET.get("ticket", ""), now=now)
    except RegistrationRefused as refused:
        logger.warning("A registration was refused: %s", refused.why)
        refused_store(kind="registration", why=refused.why, now=now)
        return _refused(409 if refused.why == Why.CONNECTED else 403, refused.why, str(refused))
    except SaleorError as error:
        logger.warning("A registration could not be proved: %s", error)
        return _refused(503, error.code, str(error))
    return JsonResponse({"success": True})


def _token(request: HttpRequest) -> str:
    """The token of a registration. ValueError when there is none."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_TOKEN:
        raise ValueError
    said = json.loads(request.body)
    token = said.get("auth_token") if isinstance(said, dict) else None
    if not isinstance(token, str):
        raise ValueError
    return token


def _refused(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"success": False, "error": {"code": code, "message": message}}, status=status)


@csrf_exempt
@require_POST
def saleor_webhook(request: HttpRequest) -> HttpResponse:
    """200: kept, or answered. 401: not the store's signature; 400: cannot be read; 503: come again (its keys cannot be fetched).

    What is answered below 500 Saleor never sends again; what it sends in vain the sweeps find.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    now = clock.now()
    try:
        store = connection_get()
        body_verify(store, request.body, request.headers.get("Saleor-Signature", ""))
    except NotConnected:
        return HttpResponse(status=404)
    except SaleorAway as away:
        logger.warning("A webhook could not be checked: %s", away)
        return HttpResponse(status=503)
    except NotTheStore as forged:
        logger.warning("A webhook was refused: %s", forged)
        refused_store(kind="webhook", why=str(forged), now=now)
        return HttpResponse(status=401)
    try:
        told = told_read(request.body)
        delivery = told_store(told, own_app=store.app_id, now=now)
    except ValueError as error:
        malformed_store(source=SALEOR, body=request.body, why=str(error), now=now)
        return HttpResponse(status=400)
    return _answer(told, delivery, now=now)


def _answer(told: Told, delivery: Delivery, *, now: datetime) -> HttpResponse:
    door = DOORS.get(told.kind)
    if door is None:
        return HttpResponse(status=200)
    try:
        return JsonResponse(dict(door_answer(door, told, delivery, now=now)))
    except NoAnswerNow:
        return HttpResponse(status=503)
