"""What every GraphQL schema here stands on: ids, pages, mutations that call a service, limits, the view."""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

import graphene
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from graphene.types.generic import GenericScalar
from graphene.types.resolver import dict_or_attr_resolver
from graphene.utils.str_converters import to_camel_case
from graphene_django.views import GraphQLView, HttpError
from graphql import ExecutionResult, GraphQLError, specified_rules
from graphql_relay import from_global_id, to_global_id

from portal import clock
from portal.accounts.actor import Actor
from portal.accounts.requests import has_token, request_actor
from portal.errors import Code, PortalError, Problem, refusal
from portal.graphql_limits import LIMITS, MAX_BODY

logger = logging.getLogger(__name__)
PAGE_CAP = 100
Key = TypeVar("Key")
Value = TypeVar("Value")
PAGE_DEFAULT = 20


# --- ids -------------------------------------------------------------------------------------------------------------


def row_id(global_id: str | None, kind: str, field: str = "id") -> int:
    """The key behind a Relay id of `kind`. Raises NOT_FOUND for anything else: a wrong type does not exist either."""
    try:
        found, key = from_global_id(global_id or "")
        number = int(key)
    except (ValueError, TypeError, UnicodeError, binascii.Error):
        raise refusal(Code.NOT_FOUND, field) from None
    if found != kind or not 0 < number < 2**63:
        raise refusal(Code.NOT_FOUND, field)
    return number


def _attribute(name: str, default: Any, root: Any, info: graphene.ResolveInfo, **given: Any) -> Any:
    """An attribute or key; a member of a model's choices as its word."""
    found = dict_or_attr_resolver(name, default, root, info, **given)
    return found.value if isinstance(found, Enum) else found


class Node(graphene.ObjectType):
    """An object with a Relay id made of its GraphQL type and its key."""

    id = graphene.ID(required=True)

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, **options: Any) -> None:
        options.setdefault("default_resolver", _attribute)
        super().__init_subclass_with_meta__(**options)

    @staticmethod
    def resolve_id(root: Any, info: graphene.ResolveInfo) -> str:
        """Relay's global id."""
        return to_global_id(info.parent_type.name, str(root.pk))


class MoneyType(graphene.ObjectType):
    """An amount in major units."""

    amount = graphene.Decimal(required=True)
    currency = graphene.String(required=True)

    class Meta:
        name = "Money"


# --- pages -----------------------------------------------------------------------------------------------------------


class PageInfo(graphene.ObjectType):
    """Relay's page info."""

    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


def connection_of(node: type[graphene.ObjectType]) -> type[graphene.ObjectType]:
    """The Relay connection type of a node type."""
    name = node._meta.name
    edge = type(
        f"{name}Edge", (graphene.ObjectType,), {"node": graphene.Field(node), "cursor": graphene.String(required=True)}
    )
    fields = {
        "edges": graphene.List(graphene.NonNull(edge), required=True),
        "page_info": graphene.Field(PageInfo, required=True),
        "total_count": graphene.Int(),
        "resolve_total_count": staticmethod(_total),
    }
    return type(f"{name}Connection", (graphene.ObjectType,), fields)


def _total(root: dict[str, Any], info: graphene.ResolveInfo) -> int:
    """Counted only when asked for."""
    count = root["total_count"]
    return int(count() if callable(count) else count)


def page(
    rows: QuerySet[Any] | Sequence[Any],
    *,
    first: int | None,
    after: str | None,
    total: int | None = None,
    offset_done: bool = False,
) -> dict[str, Any]:
    """One Relay page of `rows`; `total` and `offset_done` when the rows were cut by whoever found them."""
    size, start = page_size(first), page_start(after)
    cut = list(rows) if offset_done else list(rows[start : start + size + 1])
    more = (start + len(cut) < total) if (offset_done and total is not None) else len(cut) > size
    edges = [{"node": row, "cursor": _cursor(start + place + 1)} for place, row in enumerate(cut[:size])]
    info = {
        "has_next_page": more,
        "has_previous_page": start > 0,
        "start_cursor": edges[0]["cursor"] if edges else None,
        "end_cursor": edges[-1]["cursor"] if edges else None,
    }
    count: Any = total if total is not None else (rows.count if isinstance(rows, QuerySet) else len(rows))
    return {"edges": edges, "page_info": info, "total_count": count}


def page_size(first: int | None) -> int:
    """The page's size; refuses more than the cap and less than one."""
    if first is None:
        return PAGE_DEFAULT
    if not 1 <= first <= PAGE_CAP:
        raise GraphQLError(f"first must lie between 1 and {PAGE_CAP}", extensions={"code": Code.INVALID})
    return first


def page_start(after: str | None) -> int:
    """How many rows lie before the page; a cursor nobody gave out is refused."""
    if not after:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(after.encode()).decode().removeprefix("at:"))
    except (ValueError, UnicodeError, binascii.Error):
        start = -1
    if not 0 <= start < 10**9:
        raise GraphQLError("after is not a cursor of ours", extensions={"code": Code.INVALID})
    return start


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"at:{place}".encode()).decode()


# --- mutations -------------------------------------------------------------------------------------------------------


class ErrorType(graphene.ObjectType):
    """A business refusal."""

    field = graphene.String(description="the input's path, for example lines[3].partNumber")
    code = graphene.String(required=True)
    message = graphene.String(required=True)
    details = GenericScalar(description="JSON")

    class Meta:
        name = "Error"


class ServiceMutation(graphene.Mutation):
    """A mutation that calls one service: `serve(actor, now, **input)` answers the payload's fields, refusals become `errors`."""

    class Meta:
        abstract = True

    errors = graphene.List(graphene.NonNull(ErrorType), required=True)

    @classmethod
    def __init_subclass_with_meta__(cls, **options: Any) -> None:
        super().__init_subclass_with_meta__(**options)
        cls._meta.fields["errors"] = graphene.Field(graphene.List(graphene.NonNull(ErrorType)), required=True)

    # Each mutation says its own arguments; a common signature would only pretend.
    serve: ClassVar[Callable[..., dict[str, Any]]]

    @classmethod
    def mutate(cls, root: Any, info: graphene.ResolveInfo, **given: Any) -> ServiceMutation:
        """Actor in, service, refusals out."""
        try:
            actor = request_actor(info.context)
            if actor is None:
                raise refusal(Code.NOT_ALLOWED, why="log_in")
            given = plain(given)
            _no_nul(given)
            return cls(errors=[], **cls.serve(actor, clock.now(), **given))
        except PortalError as refused:
            return cls(errors=[error_dict(problem) for problem in refused.problems])


def error_dict(problem: Problem) -> dict[str, Any]:
    """The shape of one error in the API."""
    details = json.loads(json.dumps(dict(problem.details), default=str))
    return {"field": problem.field or None, "code": problem.code.value, "message": problem.message, "details": details}


def plain(value: Any) -> Any:
    """Input with enum members as their words, all the way down."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def _no_nul(value: Any, path: str = "") -> None:
    """PostgreSQL keeps no NUL in text: refuse it by its path as the caller wrote it (`lines[3].partNumber`), before anything is done."""
    if isinstance(value, str) and "\x00" in value:
        raise refusal(Code.INVALID, path)
    if isinstance(value, dict):
        for key, one in value.items():
            name = "" if key == "input" else to_camel_case(key.removesuffix("_"))
            _no_nul(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            _no_nul(one, f"{path}[{place}]")


def extend(target: type[graphene.ObjectType], name: str, field: Any, resolver: Callable[..., Any]) -> None:
    """A higher app adds a field to a lower app's type, before the root schema is built."""
    target._meta.fields[name] = field
    setattr(target, f"resolve_{name}", staticmethod(resolver))


def reader(info: graphene.ResolveInfo) -> Actor | None:
    """The actor who reads, or None for a stranger."""
    return request_actor(info.context)


class Batch(Generic[Key, Value]):
    """Loads many at once without an event loop: a list resolver says what it wants, the first `get` loads all of it."""

    def __init__(self, load: Callable[[set[Key]], dict[Key, Value]]) -> None:
        self._load, self._wanted, self._found = load, set[Key](), dict[Key, Value | None]()

    def want(self, keys: Iterable[Key]) -> None:
        """Announce keys that will be read soon."""
        self._wanted.update(key for key in keys if key not in self._found)

    def get(self, key: Key) -> Value | None:
        """The value of a key, or None."""
        if key not in self._found:
            wanted = self._wanted | {key}
            self._found.update(dict.fromkeys(wanted))
            self._found.update(self._load(wanted))
            self._wanted = set()
        return self._found[key]


def batch(info: graphene.ResolveInfo, name: str, load: Callable[[set[Key]], dict[Key, Value]]) -> Batch[Key, Value]:
    """The request's batch of this name, made at its first use."""
    batches: dict[str, Any] = info.context.__dict__.setdefault("_graphql_batches", {})
    found: Batch[Key, Value] = batches.setdefault(name, Batch(load))
    return found


# --- the view --------------------------------------------------------------------------------------------------------


@method_decorator(csrf_exempt, name="dispatch")
class PortalGraphQLView(GraphQLView):
    """GraphQL over POST; a signed-in session needs a CSRF token, a bearer token does not."""

    validation_rules: ClassVar = (*specified_rules, *LIMITS)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check origin and size before the document is read."""
        if request.method == "GET" and not (settings.DEBUG and self.graphiql):
            return JsonResponse(
                {"errors": [{"message": "POST a GraphQL document.", "extensions": {"code": Code.INVALID}}]}, status=405
            )
        if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
            return JsonResponse(
                {"errors": [{"message": "Too large.", "extensions": {"code": Code.INVALID}}]}, status=413
            )
        if not has_token(request):
            refused = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(
                request, lambda *_: HttpResponse(), (), {}
            )
            if refused is not None and request.user.is_authenticated:
                return JsonResponse(
                    {"errors": [{"message": "CSRF token missing or wrong.", "extensions": {"code": Code.NOT_ALLOWED}}]},
                    status=403,
                )
        actor = request_actor(request)
        if has_token(request) and actor is None:
            return JsonResponse(
                {
                    "errors": [
                        {
                            "message": str(Problem(Code.NOT_ALLOWED, why="log_in").message),
                            "extensions": {"code": Code.NOT_ALLOWED},
                        }
                    ]
                },
                status=401,
            )
        language = (
            actor.language
            if actor and has_token(request) and "Accept-Language" not in request.headers
            else translation.get_language()
        )
        with translation.override(language):
            return super().dispatch(request, *args, **kwargs)

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The call's JSON; refused when it is nested without end or holds text that is no Unicode (half a surrogate pair)."""
        try:
            body: dict[str, Any] = super().parse_body(request)
            json.dumps(body, ensure_ascii=False).encode()
        except RecursionError:
            raise HttpError(HttpResponseBadRequest("The body is nested too deep.")) from None
        except UnicodeEncodeError:
            raise HttpError(HttpResponseBadRequest("The body holds text that is not Unicode.")) from None
        return body

    def execute_graphql_request(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Run the document; one that nests its fragments without end is refused like any other malformed one."""
        try:
            return super().execute_graphql_request(*args, **kwargs)
        except RecursionError:
            return ExecutionResult(errors=[GraphQLError("The document is nested too deep.")])

    @staticmethod
    def format_error(error: Exception) -> dict[str, Any]:
        """Refusals keep their code, mistakes in the document are INVALID, everything else is ours and is logged, not shown."""
        original = getattr(error, "original_error", None)
        if isinstance(original, PortalError):
            told = error_dict(original.problems[0])
            return {"message": told.pop("message"), "path": getattr(error, "path", None), "extensions": told}
        if isinstance(error, HttpError):
            return {"message": error.message, "extensions": {"code": Code.INVALID}}
        if original is None or isinstance(original, GraphQLError):
            shown = GraphQLView.format_error(error)
            shown.setdefault("extensions", {}).setdefault("code", Code.INVALID)
            return shown
        logger.error("GraphQL resolver failed", exc_info=original)
        return {
            "message": "Something went wrong on our side; it was recorded.",
            "path": getattr(error, "path", None),
            "extensions": {"code": "INTERNAL"},
        }
