"""The machine-readable invoice of the Union: EN 16931 as Cross Industry Invoice, made from a paper's snapshot by factur-x."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from facturx import generate_cii_xml

from orders.papers.words import word
from orders.rules.tax import EU

Snapshot = Mapping[str, Any]
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LEVEL = "en16931"
XML_NAME = "factur-x.xml"
_TYPES = {"INVOICE": "380", "CREDIT_NOTE": "381"}
# Why nothing is charged: category, code and the words of EN 16931's list of exemptions.
_UNTAXED = {"REVERSE_CHARGE": ("K", "VATEX-EU-IC"), "EXPORT": ("G", "VATEX-EU-G")}
_UNITS = {"PCE": "H87", "M": "MTR", "L": "LTR", "KG": "KGM", "SET": "SET"}


def einvoice_wanted(snapshot: Snapshot) -> bool:
    """Invoices and credit notes under a tax of the Union."""
    return snapshot["kind"] in _TYPES and snapshot["tax_country"] in EU


def xml_safe(told: Any) -> Any:
    """The same without letters that XML cannot hold, such as those a form brings along from a spreadsheet."""
    if isinstance(told, str):
        return _NO_XML.sub("", told)
    if isinstance(told, Mapping):
        return {name: xml_safe(value) for name, value in told.items()}
    return [xml_safe(one) for one in told] if isinstance(told, list) else told


def einvoice_xml(snapshot: Snapshot) -> bytes:
    """The XML, checked against the schema that comes with the library; nothing is asked of any server."""
    snapshot = xml_safe(snapshot)
    data = _head(snapshot) | _parties(snapshot) | _payment(snapshot) | _sums(snapshot)
    data["BG-25"] = [_line(snapshot, line) for line in snapshot["lines"]]
    if Decimal(snapshot["freight_net"]):
        data["BG-21"] = [_charge(snapshot)]
    if fee := _fee_net(snapshot):
        data["BG-20"] = [_fee(snapshot, fee)]
    made: bytes = generate_cii_xml(data, level=LEVEL, check_xsd=True, check_schematron=None)
    return made


def _head(snapshot: Snapshot) -> dict[str, Any]:
    note = snapshot["tax_note"] if snapshot["treatment"] in _UNTAXED else ""
    data: dict[str, Any] = {
        "BT-1": snapshot["number"],
        "BT-2": date.fromisoformat(snapshot["issued_on"]),
        "BT-3": _TYPES[snapshot["kind"]],
        "BT-5": snapshot["currency"],
        "BT-13": snapshot["po_number"] or None,
        "BT-14": snapshot["order"],
        "BT-16": snapshot["shipment"] or None,
        "BT-72": date.fromisoformat(snapshot["supplied_on"]),
        "BG-1": [{"BT-22": word(note, "en", "EU")}] if note else [],
    }
    if snapshot["corrects"]:
        data["BG-3"] = [
            {"BT-25": one["number"], "BT-26": date.fromisoformat(one["issued_on"])} for one in snapshot["corrects"]
        ]
    return {key: value for key, value in data.items() if value}


def _parties(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "BG-4": _party(snapshot["seller"]),
        "BG-7": _party(snapshot["buyer"]),
        "BG-13": {key: value for key, value in _party(snapshot["deliver_to"]).items() if not key.startswith("vat")},
    }


def _party(told: Mapping[str, Any]) -> dict[str, Any]:
    address = told["address"]
    found = {
        "name": told["name"],
        "addr_l1": address.get("street"),
        "postcode": address.get("postalCode"),
        "city": address.get("city"),
        "country_code": str(address.get("country", "")).upper(),
    }
    number = str(told.get("tax_number", ""))
    if number[:2].isalpha():
        found["vat_identifier"] = number
    if told.get("email"):
        found |= {"einvoicing_addr": told["email"], "einvoicing_addr_schemeid": "EM"}
    return {key: value for key, value in found.items() if value}


def _payment(snapshot: Snapshot) -> dict[str, Any]:
    bank = snapshot["bank"]
    data: dict[str, Any] = {"BT-83": snapshot["pay_reference"]}
    if snapshot["payment"] == "CARD":
        data["BT-81"] = "48"
    elif bank:
        data |= {"BT-81": "58", "BT-84": bank["number"].replace(" ", ""), "BT-85": bank["holder"], "BT-86": bank["bic"]}
    else:
        data["BT-81"] = "1"  # not said
    if snapshot["due_on"]:
        data["BT-9"] = date.fromisoformat(snapshot["due_on"])
    return {key: value for key, value in data.items() if value}


def _sums(snapshot: Snapshot) -> dict[str, Any]:
    goods = sum((Decimal(line["net"]) for line in snapshot["lines"]), Decimal(0))
    before = Decimal(snapshot["total"] if snapshot["paid"] else snapshot.get("settled", 0))
    data = {
        "BT-106": _money(snapshot, goods),
        "BT-109": _money(snapshot, snapshot["net"]),
        "BT-110": _money(snapshot, snapshot["tax"]),
        "BT-112": _money(snapshot, snapshot["total"]),
        "BT-115": _money(snapshot, Decimal(snapshot["total"]) - before),
        "BG-23": [_rate(snapshot, rate) for rate in snapshot["rates"]],
    }
    if Decimal(snapshot["freight_net"]):
        data["BT-108"] = _money(snapshot, snapshot["freight_net"])
    if fee := _fee_net(snapshot):
        data["BT-107"] = _money(snapshot, fee)
    if before:
        data["BT-113"] = _money(snapshot, before)
    return data


def _rate(snapshot: Snapshot, rate: Mapping[str, str]) -> dict[str, str]:
    category, code = _category(snapshot, Decimal(rate["rate"]))
    found = {
        "BT-116": _money(snapshot, rate["net"]),
        "BT-117": _money(snapshot, rate["tax"]),
        "BT-118": category,
        "BT-119": _percent(rate["rate"]),
    }
    if code:
        found |= {"BT-120": word(snapshot["treatment"], "en", "EU"), "BT-121": code}
    return found


def _line(snapshot: Snapshot, line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "BT-126": f"{line['position']}C" if line.get("core") else str(line["position"]),
        "BT-129": str(line["quantity"]),
        "BT-130": _UNITS.get(line["unit"], "H87"),
        "BT-131": _money(snapshot, line["net"]),
        "BT-146": f"{Decimal(line['unit_net']):.4f}",
        "BT-149": str(line["per"]),
        "BT-151": _category(snapshot, Decimal(line["rate"]))[0],
        "BT-152": _percent(line["rate"]),
        "BT-153": f"{word('core', 'en')}: {line['names']['en']}" if line.get("core") else line["names"]["en"],
        "BT-155": line["part"],
    }


def _charge(snapshot: Snapshot) -> dict[str, str]:
    return {
        "amount": _money(snapshot, snapshot["freight_net"]),
        "reason_code": "FC",
        "reason": "Freight service",
        "vat_category_code": _category(snapshot, Decimal(snapshot["freight_rate"]))[0],
        "vat_rate": _percent(snapshot["freight_rate"]),
    }


def _fee_net(snapshot: Snapshot) -> Decimal:
    """What is kept of the credit, without tax: on shelf prices the printed fee is with it."""
    if not Decimal(snapshot["fee"]):
        return Decimal(0)
    goods = sum((Decimal(line["net"]) for line in snapshot["lines"]), Decimal(0))
    return goods + Decimal(snapshot["freight_net"]) - Decimal(snapshot["net"])


def _fee(snapshot: Snapshot, amount: Decimal) -> dict[str, str]:
    """The restocking fee lessens what is credited; it is taxed as the goods that came back are."""
    rate = snapshot["lines"][0]["rate"]
    return {
        "amount": _money(snapshot, amount),
        "reason": word("fee", "en"),
        "vat_category_code": _category(snapshot, Decimal(rate))[0],
        "vat_rate": _percent(rate),
    }


def _category(snapshot: Snapshot, rate: Decimal) -> tuple[str, str]:
    if snapshot["treatment"] in _UNTAXED:
        return _UNTAXED[snapshot["treatment"]]
    return ("S", "") if rate else ("Z", "")


def _percent(rate: str) -> str:
    return f"{Decimal(rate) * 100:.2f}"


def _money(snapshot: Snapshot, amount: Decimal | str) -> str:
    """With two decimals, as the standard writes all amounts."""
    return f"{Decimal(amount):.2f}"
