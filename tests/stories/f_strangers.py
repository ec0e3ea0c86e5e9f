"""Another company's order, machine, card, token, notice, exported file: not there, everywhere."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.stories import documents as docs
from tests.stories.browser import Visitor, forms
from tests.stories.casting import drawn_machine
from tests.stories.client import Client, Json, fresh
from tests.stories.finding import first_part, models_of
from tests.stories.world import World, order_input, packed

OWNER, STRANGERS = "other_customer", ("customer", "other_dealer")
NOBODY = 987_654_321


@dataclass
class Secrets:
    """What belongs to the owner alone."""

    order: Json
    card: Json
    machine: Json
    call: Json
    shipment: Json
    returned: str
    words: list[str]


def tell(world: World) -> None:
    """Story (f)."""
    secrets = _secrets(world)
    for role in STRANGERS:
        world.tell.step(f"What the {role.replace('_', ' ')} finds of it by the API")
        _questions(world, role, secrets)
        _lists(world, role, secrets)
        _acts(world, role, secrets)
    _tokens(world, secrets)
    _pages(world, secrets)


def _secrets(world: World) -> Secrets:
    """The owner's machine, card, call, order, shipment, notices."""
    world.tell.step(f"Set-up: a machine, a call, a card, an order and its parcel of {world.who(OWNER).company}")
    mark = fresh("SECRET").upper()
    machine = (
        drawn_machine(world, OWNER, world.drawn.machines["strangers'"].serial)
        if world.drawn
        else world.new_machine(models_of(world, OWNER)[0], OWNER)
    )
    call = world.who(OWNER).do("repairCallOpen", serial=machine["serial"], fault=f"{mark} noise", contact="Gate 3")
    card = world.who("service_desk").do("repairCardOpen", serial=machine["serial"], fault=f"{mark} noise")
    part = first_part(world, OWNER, lambda it: packed(it) == 1, drawn="f")
    world.ready_stock(part["number"], OWNER, 3)
    asked = order_input([{"partNumber": part["number"], "quantity": 2}], payment="TRANSFER", poNumber=mark[:40])
    order = world.who(OWNER).do("orderPlace", input=asked)
    world.who("accountant").do("orderPay", order=order["id"], method="TRANSFER")
    line = [{"line": order["lines"][0]["id"], "quantity": 1}]
    shipment = world.who("parts_manager").do(
        "shipmentCreate", order=order["id"], lines=line, carrier="CJ", trackingNumber=f"T-{mark}"
    )
    returned = world.who(OWNER).do("returnCreate", order=order["id"], lines=line, reason="DAMAGED")
    order = world.order(order["number"], OWNER)
    world.tell.check(
        "the owner sees all of it",
        mark[:40] == order["poNumber"] and order["notices"] and order["shipments"],
        order["number"],
    )
    words = [mark, order["reference"], machine["serial"], card["number"], f"T-{mark}"]
    return Secrets(order, card, machine, call, shipment, returned["id"], words)


def ids_of(kind: str) -> str:
    """The id of a thing of this kind that never was."""
    return base64.b64encode(f"{kind}:{NOBODY}".encode()).decode()


def _questions(world: World, role: str, secrets: Secrets) -> None:
    client, tell = world.who(role), world.tell
    for name, document, variables in (
        ("order by number", docs.ORDER_OF, {"number": secrets.order["number"]}),
        ("order by reference", docs.ORDER_OF, {"reference": secrets.order["reference"]}),
        ("machine", docs.EQUIPMENT_OF, {"serial": secrets.machine["serial"]}),
        ("card", docs.CARD_OF, {"number": secrets.card["number"]}),
    ):
        tell.same(f"the {name} is not there", list(client.ask(document, **variables).values()), [None])
    part = secrets.order["lines"][0]["part"]["number"]
    serials = (secrets.machine["serial"], "ZZ-NOBODY-1")
    covers = [world.coverage(role, serial, part) for serial in serials]
    tell.same("its serial is answered as one nobody knows: cover", covers[0], covers[1])
    fits = [world.fit(role, part, serial) for serial in serials]
    tell.same("fit", fits[0], fits[1])
    found = [client.ask(docs.PARTS, serial=serial, first=5)["parts"]["totalCount"] for serial in serials]
    tell.same("search by it", found[0], found[1])
    quotes = [_quote(client, part, serial) for serial in serials]
    tell.same("quote", quotes[0], quotes[1])
    carded = [_quote(client, part, "", number) for number in (secrets.card["number"], "RC-999999")]
    tell.same("quote on its card", *carded)


def _quote(client: Client, part: str, serial: str, card: str = "") -> Any:
    line = {
        "partNumber": part,
        "quantity": 1,
        **({"serial": serial} if serial else {}),
        **({"repairCard": card} if card else {}),
    }
    quote = client.ask(docs.QUOTE_OF, input=order_input([line], payment="TRANSFER"))["quote"]
    quote.pop("id")
    quote.pop("expiresAt")
    return scrubbed(quote, [serial, card])


def scrubbed(value: Any, asked: list[str]) -> Any:
    """An answer without what the caller itself asked for."""
    text = json.dumps(value)
    for one in asked:
        if one:
            text = text.replace(one, "<asked>")
    return json.loads(text)


def _lists(world: World, role: str, secrets: Secrets) -> None:
    """Every list a query offers, to its end, has none of the owner's secrets in it."""
    client, tell = world.who(role), world.tell
    company = world.who(OWNER).me["company"]["id"]
    lists = {
        "orders": "{ orders(first: 100, after: $after) { edges { node { id number reference poNumber company { id name } lines { serial } shipments { trackingNumber } notices { id subject } } } pageInfo { hasNextPage endCursor } } }",
        "orders of its company": f'{{ orders(company: "{company}", first: 100, after: $after) {{ edges {{ node {{ id number reference poNumber company {{ id }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}',
        "promises": "{ promises(first: 100, after: $after) { edges { node { id policy } } pageInfo { hasNextPage endCursor } } }",
        "machines": "{ equipments(first: 100, after: $after) { edges { node { id serial owner { id } repairCards { number } orders { number } } } pageInfo { hasNextPage endCursor } } }",
        "cards": "{ repairCards(first: 100, after: $after) { edges { node { id number fault equipment { serial } call { id fault } orders { number } } } pageInfo { hasNextPage endCursor } } }",
        "cards of its serial": f'{{ repairCards(serial: "{secrets.machine["serial"]}", first: 100, after: $after) {{ edges {{ node {{ id number }} }} pageInfo {{ hasNextPage endCursor }} }} }}',
        "notices": "{ notices(first: 100, after: $after) { edges { node { id kind subject about text } } pageInfo { hasNextPage endCursor } } }",
    }
    theirs = [*secrets.words, f'"{secrets.order["number"]}"', secrets.order["id"], secrets.call["id"], company]
    theirs += [
        one["id"] for key in ("promises", "notices", "shipments", "lines", "payments") for one in secrets.order[key]
    ]
    for name, document in lists.items():
        text = _all(client, document)
        tell.same(f"the list of {name} has nothing of it", [one for one in theirs if one in text], [])


def _all(client: Client, document: str) -> str:
    """Every page of a list, as text."""
    pages, after = [], None
    while True:
        page = next(iter(client.ask(f"query ($after: String) {document}", after=after).values()))
        if page is None:
            return ""
        pages.append(json.dumps(page["edges"]))
        if not page["pageInfo"]["hasNextPage"]:
            return "".join(pages)
        after = page["pageInfo"]["endCursor"]


def _acts(world: World, role: str, secrets: Secrets) -> None:
    """Every mutation answers for the owner's thing as for one that never was."""
    client, tell, order = world.who(role), world.tell, secrets.order
    serial = secrets.machine["serial"]
    when = (world.clock.now() - timedelta(hours=1)).isoformat()
    for name, (argument, theirs, more) in _calls(secrets, when).items():
        nobody = "ZZ-NOBODY-1" if theirs == serial else ids_of(base64.b64decode(theirs).decode().split(":")[0])
        found, absent = (client.refused(name, **{argument: thing, **more}) for thing in (theirs, nobody))
        same = scrubbed(found, [serial]) == scrubbed(absent, ["ZZ-NOBODY-1"])
        seen = [one["code"] for one in found] if same else [found, absent]
        tell.check(f"{name} answers as for what never was", bool(found) and same, seen)
    tell.same("nothing has happened to it", _facts(world.order(order["number"], OWNER)), _facts(order))


def _calls(secrets: Secrets, when: str) -> dict[str, tuple[str, str, Json]]:
    """Mutation: the argument that names a thing, the owner's thing, the other arguments."""
    order, shipment, card = secrets.order["id"], secrets.shipment["id"], secrets.card["id"]
    serial, line = secrets.machine["serial"], secrets.order["lines"][0]["id"]
    pieces = [{"line": line, "quantity": 1}]
    return {
        "orderCancel": ("order", order, {"reason": "no"}),
        "orderPay": ("order", order, {"method": "TRANSFER"}),
        "orderApprove": ("order", order, {}),
        "orderHold": ("order", order, {"reason": "CUSTOMER_ASKED", "note": "no"}),
        "orderRelease": ("order", order, {}),
        "shipmentCreate": ("order", order, {"carrier": "X"}),
        "shipmentDeliver": ("shipment", shipment, {}),
        "shipmentCorrect": ("shipment", shipment, {"shippedAt": when, "evidence": "x"}),
        "returnCreate": ("order", order, {"lines": pieces, "reason": "UNUSED"}),
        "returnReceive": ("return", secrets.returned, {}),
        "readingRecord": ("serial", serial, {"hours": 99999}),
        "repairCallOpen": ("serial", serial, {"fault": "x", "contact": "y"}),
        "repairCardOpen": ("serial", serial, {"fault": "x"}),
        "repairCardUse": ("card", card, {"parts": [{"orderLine": line, "quantity": 1}]}),
        "repairCardConfirm": ("card", card, {}),
        "repairCardClose": ("card", card, {"minutes": 1}),
        "noticeRead": ("notice", secrets.order["notices"][0]["id"], {}),
        "coverageReview": ("line", line, {"payer": "WARRANTY", "note": "x"}),
    }


def _facts(order: Json) -> Any:
    return [order[key] for key in ("state", "paymentState", "hold", "total", "expectedReturns")] + [
        len(order["events"]),
        len(order["shipments"]),
    ]


def _tokens(world: World, secrets: Secrets) -> None:
    tell, mine = world.tell, world.who(STRANGERS[0])
    tell.step("Tokens")
    question = "query ($n: String!) { me { email } order(number: $n) { id } repairCard(number: $n) { id } }"
    for name, token in (
        ("no", ""),
        ("a made-up", "x" * 43),
        ("half of a", world.who(OWNER).token[:20]),
        ("an account's password as", world.demo["accounts"][1]["password"]),
    ):
        status, got = Client(mine.graphql, f"{name} token", token).send(question, n=secrets.order["number"])
        data = got.get("data") if isinstance(got, dict) else None
        tell.check(f"{name} token opens nothing", status == 401 or not any((data or {}).values()), [status, data])
    status, got = Client(mine.graphql, "no token", "").send(
        "mutation ($h: Int!) { clockAdvance(hours: $h) { errors { code } } }", h=1
    )
    tell.check(
        "without a token no act is done",
        status != 200 or got["data"] is None or got["data"]["clockAdvance"]["errors"],
        got,
    )
    refused = mine.refused("clockAdvance", hours=1)
    tell.refused("a customer who moves the clock", refused, "NOT_ALLOWED")
    _, got = mine.send('{ __type(name: "User") { fields { name } } }')
    names = {one["name"] for one in ((got.get("data") or {}).get("__type") or {}).get("fields", [])}
    tell.same(
        "no query tells a token or a password",
        [one for one in names if re.search("token|password|digest", one, re.IGNORECASE)],
        [],
    )


def _visitor(world: World, role: str) -> Visitor:
    account = next(one for one in world.demo["accounts"] if one["role"] == role)
    visitor = Visitor(world.demo["url"], account["email"], account["password"])
    world.tell.need(f"the {role.replace('_', ' ')} logs in", visitor.log_in())
    return visitor


def _pages(world: World, secrets: Secrets) -> None:
    """What the owner's pages link to, a stranger does not find; his own pages tell nothing of it."""
    tell = world.tell
    tell.step("The pages")
    owner = _visitor(world, OWNER)
    number, card, serial = secrets.order["number"], secrets.card["number"], secrets.machine["serial"]
    named = (number, card, serial, bare(serial))
    seen = owner.walk(*named)
    broken = {path: status for path, (status, _) in seen.items() if status >= 400}
    tell.same("the owner's links lead somewhere", broken, {})
    for name, thing in (("order", number), ("card", card), ("machine", serial)):
        tell.check(f"the owner's pages show the {name}", any(thing in text for _, text in seen.values()), thing)
    private = sorted(path for path in seen if any(thing in path for thing in named))
    tell.check("and have addresses of their own", private, private)
    files = [path for path, (_, text) in seen.items() if number in text and "<html" not in text.lower()]
    tell.check("one of them a file that can be taken away", files, files)
    telling = [
        path for path, (_, text) in seen.items() if path not in private and any(one in text for one in secrets.words)
    ]
    acts = sorted({act for _, text in seen.values() for act in forms(text) if any(one in act for one in named)})
    tell.check("and forms that change them", acts, acts)
    for role in (*STRANGERS, ""):
        visitor = _visitor(world, role) if role else Visitor(world.demo["url"])
        _foreign_pages(world, visitor, role or "anonymous", private, secrets)
        shown = [path for path in telling if any(one in visitor.get(path)[1] for one in secrets.words)]
        tell.same(f"{role or 'a stranger'}: the {len(telling)} other pages that told the owner of it do not", shown, [])
        _foreign_acts(world, visitor, role or "anonymous", acts, secrets)
        pages = visitor.walk()
        told = sorted({path for path, (_, text) in pages.items() for word in secrets.words if word in text})
        tell.same(f"none of the {len(pages)} pages of {role or 'a stranger'} tells of it", told, [])


def bare(serial: str) -> str:
    """The serial without its dress, as addresses have it."""
    return "".join(one for one in serial if one.isalnum())


def _plain(text: str) -> str:
    """A page without what is new at every visit."""
    return re.sub(r'(csrfmiddlewaretoken" value=|reference" value=|X-CSRFToken[^:]*: ?)"[^"]*"', "", text)


def _twin(path: str, secrets: Secrets) -> str:
    """The same address of things that never were."""
    swap = {
        secrets.order["number"]: "99999999",
        secrets.card["number"]: "RC-999999",
        secrets.machine["serial"]: "ZZ-NOBODY-1",
        bare(secrets.machine["serial"]): "ZZNOBODY1",
    }
    for theirs, nobody in swap.items():
        path = path.replace(theirs, nobody)
    return path


def _foreign_pages(world: World, visitor: Visitor, role: str, private: list[str], secrets: Secrets) -> None:
    """The owner's addresses answer word for word as those of things that never were."""
    odd = {}
    for path in private:
        (status, text), (missing, other) = visitor.get(path), visitor.get(_twin(path, secrets))
        alike = _plain(_twin(text, secrets)) == _plain(other)
        if status != missing or not alike or (status == 200 and "?" not in path):
            odd[path] = [status, missing, alike]
    world.tell.same(f"{role}: all {len(private)} addresses are word for word as if they never were", odd, {})


def _foreign_acts(world: World, visitor: Visitor, role: str, acts: list[str], secrets: Secrets) -> None:
    """Forms of the owner's pages, sent by a stranger, change nothing and tell nothing."""
    visitor.get("/search/")
    form = {"reason": "no", "note": "no", "fault": "no", "hours": "9", "contact": "no"}
    odd = {}
    for act in acts:
        (status, text), (missing, _) = visitor.post(act, form), visitor.post(_twin(act, secrets), form)
        leaked = [word for word in secrets.words if word in text and word not in act]
        if status != missing or status in (200, 500) or leaked:
            odd[act] = [status, missing, leaked]
    world.tell.same(f"{role}: none of the {len(acts)} forms is there", odd, {})
    after = world.order(secrets.order["number"], OWNER)
    world.tell.same(f"{role}: nothing has happened to the order", _facts(after), _facts(secrets.order))
