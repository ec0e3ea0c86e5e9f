"""ACES: which part fits which vehicle. Vehicles are named by the keys of the shared vehicle database, which nobody may copy: the keys are our model codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalog.imports.read import Fault
from catalog.imports.translate.tables import Translated
from catalog.imports.translate.xml import Node, records

COLUMNS = {
    "models": ("set_num", "name", "year", "maker"),
    "applicability": ("part_number", "set_num", "quantity", "note"),
}
# What says where on the vehicle, or how, and not which vehicle.
_NO_VEHICLE = {"BaseVehicle", "Years", "Make", "Model", "Qty", "Part", "PartType", "Position", "Note", "Qual", "MfrLabel", "DisplayOrder", "AssetName", "AssetItemOrder"}  # fmt: skip


def aces_rows(path: Path) -> Iterator[Translated]:
    """Rows of models and applicability. Raises UnreadableError."""
    seen: set[str] = set()
    for node in records(path, ("App",)):
        if node.tag != "App":
            continue
        wrong = _wrong(node)
        cells = {} if wrong else _application(node)
        if not wrong and cells["set_num"] not in seen:
            seen.add(cells["set_num"])
            yield "models", node.line, _model(node, cells["set_num"]), None
        yield "applicability", node.line, cells, wrong


def _wrong(node: Node) -> Fault | None:
    if node.too_long:
        return Fault("row_too_long")
    if node.attributes.get("action", "A").upper() == "D":
        return Fault("aces_delete", "action", "D")
    if not node.get("Part"):
        return Fault("missing", "Part")
    return None if _vehicle(node) else Fault("missing", "BaseVehicle")


def _application(node: Node) -> dict[str, str]:
    return {
        "part_number": node.get("Part"),
        "set_num": _code(node),
        "quantity": node.get("Qty"),
        "note": "; ".join(text for text in _notes(node) if text)[:300],
    }


def _vehicle(node: Node) -> str:
    base = next(iter(node.all("BaseVehicle")), None)
    if base is not None:
        return f"BV{_key(base)}" if _key(base) else ""
    make, model = (next(iter(node.all(name)), None) for name in ("Make", "Model"))
    if make is None or model is None:
        return ""
    years = next(iter(node.all("Years")), None)
    between = f"/{years.attributes.get('from', '')}-{years.attributes.get('to', '')}" if years else ""
    return f"{_key(make)}/{_key(model)}{between}"


def _code(node: Node) -> str:
    """The vehicle with everything that narrows it (engine, body, submodel): each is a model of its own."""
    narrower = sorted(f"{child.tag}={_key(child)}" for child in node.children if child.tag not in _NO_VEHICLE)
    return ";".join([_vehicle(node), *narrower])[:80]


def _key(node: Node) -> str:
    return node.attributes.get("id", "") or node.text


def _model(node: Node, code: str) -> dict[str, str]:
    """Some senders write names between the tags; the key stands in where they do not."""
    told = [child.text for name in ("BaseVehicle", "Make", "Model") for child in node.all(name) if child.text]
    years = next(iter(node.all("Years")), None)
    return {
        "set_num": code,
        "name": " ".join(told) or code,
        "year": years.attributes.get("from", "") if years else "",
        "maker": node.get("Make"),
    }


def _notes(node: Node) -> Iterator[str]:
    for position in node.all("Position"):
        yield position.text or f"position {_key(position)}"
    yield node.get("MfrLabel")
    yield from (one.get("text") or one.text for one in node.all("Qual"))
    yield from (one.text for one in node.all("Note"))
