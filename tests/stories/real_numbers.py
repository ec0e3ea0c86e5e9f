"""Every number a part ever had leads to it; of several meanings none is guessed; prices and packs are as imported."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tests.stories import documents as docs
from tests.stories.browser import Visitor
from tests.stories.casting import drawn_part
from tests.stories.client import Json
from tests.stories.world import World, amount, odd_dress, order_input

ONE, KINDS = Decimal(1), ("customer", "dealer", "other_dealer")


def tell(world: World) -> None:
    """Told on a real catalogue alone: its numbers are what the sample's are not."""
    _own_and_foreign(world)
    _several(world)
    _ours_and_theirs(world)
    _old(world)
    _priced(world)
    _packed(world)
    _kit(world)


def _found(world: World, text: str) -> list[tuple[str, str]]:
    """What a search answers first: numbers, and how each was found."""
    edges = world.who("customer").ask(docs.PARTS, search=text, first=10)["parts"]["edges"]
    return [(edge["node"]["number"], edge["node"]["foundAs"]) for edge in edges]


def _own_and_foreign(world: World) -> None:
    tell, drawn = world.tell, world.drawing
    tell.step("A part's own number in odd dress, and another catalogue's number for it")
    part = drawn_part(world, "customer", drawn.parts["i"])
    worn = world.who("customer").ask(docs.PART_OF, number=odd_dress(part["number"]))["part"]
    tell.same("in odd dress it is the same part", worn and worn["number"], part["number"])
    tell.same("search has it first", _found(world, part["number"])[:1], [(part["number"], "EXACT")])
    typed, number = drawn.asked_by["foreign"], drawn.parts["foreign"]
    other = world.who("customer").ask(docs.PART_OF, number=typed)["part"]
    tell.same(f"{typed} is another's number", other and (other["number"], other["foundAs"]), (number, "FOREIGN"))
    tell.same("search says so", _found(world, typed)[:1], [(number, "FOREIGN")])
    quote = _quote(world, "customer", typed, 1)
    tell.same("it can be ordered by it", [one["part"]["number"] for one in quote["lines"]], [number])


def _several(world: World) -> None:
    tell = world.tell
    typed, meant = world.drawing.ambiguous
    tell.step(f"{typed} means {len(meant)} parts")
    quote = _quote(world, "customer", typed, 1)
    told = tell.refused("an ambiguous number", quote["problems"], "AMBIGUOUS_PART", "lines[0].partNumber")
    tell.same("naming all of them", sorted((told["details"] or {}).get("candidates", [])), list(meant))
    tell.same("the part itself is not guessed", world.who("customer").ask(docs.PART_OF, number=typed)["part"], None)
    first = _found(world, typed)[: len(meant)]
    tell.same("search shows all of them first", sorted(first), [(one, "FOREIGN") for one in meant])


def _ours_and_theirs(world: World) -> None:
    tell = world.tell
    typed, ours, theirs = world.drawing.both
    tell.step(f"{typed} is a number of ours and another catalogue's number for {theirs}")
    tell.same("search shows both, ours first", [one for one, _ in _found(world, typed)[:2]], [ours, theirs])
    part = world.who("customer").ask(docs.PART_OF, number=ours)["part"]
    tell.same("as an address it is ours", (part["number"], part["foundAs"]), (ours, "EXACT"))


def _old(world: World) -> None:
    tell = world.tell
    old, between, last = world.drawing.chain
    tell.step(f"{old} became {between} became {last}")
    for number in (old, between):
        hits = [one for one in _found(world, number) if one[0] == last]
        tell.check(f"search for {number} shows {last}", hits, _found(world, number)[:4])
        quote = _quote(world, "customer", number, 1, allowSubstitute=True)
        tell.same("it is sold as the last one", [one["part"]["number"] for one in quote["lines"]], [last])


def _quote(world: World, role: str, number: str, quantity: int, **more: object) -> Json:
    asked = order_input([{"partNumber": number, "quantity": quantity}], payment="TRANSFER", **more)
    return dict(world.who(role).ask(docs.QUOTE_OF, input=asked)["quote"])


def _priced(world: World) -> None:
    """The line total of every tier, of prices for a hundred and for a thousand too: amount x quantity / per, rounded once."""
    tell, drawn = world.tell, world.drawing
    tell.step("Prices per piece, ten, hundred, thousand, with tiers, for each kind of buyer")
    by_per = {price.per: part for part, price in sorted(drawn.prices.items()) if part in drawn.dealer_lines}
    for role in KINDS:
        _, rate = drawn.rate(role)
        for part in (*by_per.values(), drawn.parts["small"]):
            price, seen, wanted = drawn.prices[part], [], []
            for quantity in (1, 9, 10, 99, 100, 1000):
                line = _quote(world, role, part, quantity)["lines"][0]
                seen.append(amount(line["lineTotal"]))
                wanted.append((price.at(quantity, rate) * quantity / price.per).quantize(ONE, ROUND_HALF_UP))
            tell.same(f"{role}: {part}, {price.amount} per {price.per}, {len(price.tiers)} tiers", seen, wanted)
    small = _quote(world, "customer", drawn.parts["small"], 1000)["lines"][0]
    tell.check(
        "a thousand pieces far below the smallest coin are not free", amount(small["lineTotal"]) > 0, small["lineTotal"]
    )


def _packed(world: World) -> None:
    tell, number = world.tell, world.drawing.parts["pack"]
    pack = world.drawing.packs[number]
    tell.step(f"{number} is sold in packs of {pack}")
    told = tell.refused(
        "half a pack", _quote(world, "customer", number, pack + 1)["problems"], "PACK_QUANTITY", "lines[0].quantity"
    )
    tell.same("the next whole quantity is named", (told["details"] or {}).get("quantity"), 2 * pack)
    tell.same("which is sold", _quote(world, "customer", number, 2 * pack)["problems"], [])


def _kit(world: World) -> None:
    tell, demo = world.tell, world.demo
    kit, held = world.drawing.kit
    tell.step(f"The page of {kit} names what it holds")
    account = next(one for one in demo["accounts"] if one["role"] == "customer")
    visitor = Visitor(demo["url"], account["email"], account["password"])
    tell.need("the customer logs in", visitor.log_in())
    seen = {
        path: text for path, (_, text) in visitor.near(f"/search/?q={kit}").items() if "/parts/" in path and kit in text
    }
    told = [text for text in seen.values() if all(one in text for one in held)]
    tell.check(f"its {len(held)} parts stand on it", told, sorted(seen))
