"""What templates say through Python: money, days, promise bars, tags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.imports import reasons
from catalog.selectors import documents
from frontend import formats, words
from frontend.bars import awaited, bar_view, offer_view
from frontend.differences import difference_gaps, difference_reasons
from frontend.forms.base import said as said_problem
from orders.papers.bars import code_bars
from portal.errors import Problem
from portal.languages.addresses import address_lines
from portal.notices import words as words_of_notices
from portal.notices.words import Words, notice_words
from portal.promises.words import policy_words
from warranty.errors import reason_message

register = template.Library()


@register.filter
def file_url(document: Any, width: int | None = None) -> str:
    """The address of a part's file, or of its small picture; it changes with the content, so that browsers may keep it."""
    return documents.file_url(document, width)


@register.filter
def file_size(document: Any, width: int) -> SafeString:
    """`width` and `height` of the small picture, so that the page does not jump when it comes."""
    across, high = documents.file_size(document, width)
    return format_html('width="{}" height="{}"', across, high)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`{{ order.total|money:order.currency }}`"""
    return "" if amount is None else formats.money(amount, currency)


@register.filter
def exact_money(amount: Decimal, currency: str) -> str:
    """A published price, with all its decimals."""
    return formats.exact_money(amount, currency)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day with its weekday; of a moment, its day in the zone in force."""
    if isinstance(value, datetime):
        return formats.moment(value).rsplit(" ", 1)[0]
    return formats.day(value) if value else ""


@register.filter
def plain_day(value: date | None) -> str:
    """A day with its year."""
    return formats.plain_day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A day and time."""
    return formats.moment(value) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For `<time datetime>` and date inputs."""
    return value.isoformat() if value else ""


@register.filter
def iso_day(text: str) -> str:
    """A day written in ISO, as refusals carry it."""
    return formats.plain_day(date.fromisoformat(text))


@register.filter
def said(problem: Problem) -> str:
    """A refusal in the reader's words."""
    return said_problem(problem)


@register.filter
def percent(share: Decimal | None) -> str:
    """A fraction as per cent."""
    return "" if share is None else formats.percent(share)


@register.filter
def round_percent(share: Decimal | None) -> str:
    """A fraction as whole per cent, where the picture is what counts."""
    return "" if share is None else formats.percent(round(share, 2))


@register.filter
def number(value: int | None) -> str:
    """A number with its thousands apart; nothing for none."""
    return "" if value is None else formats.number(value)


@register.filter
def about(value: Decimal) -> str:
    """A number with one decimal at most."""
    return formats.about(value)


@register.filter
def css(value: float) -> str:
    """A number as drawings want it, in any language: a point and no thousands."""
    return f"{value:g}"


@register.filter
def unlocalized(value: int) -> str:
    """A year or another number that has no thousands."""
    return str(value)


@register.filter
def places(numbers: list[int]) -> str:
    """Places of lines: "1–3, 7"."""
    return formats.places(numbers)


@register.filter
def country(code: str) -> str:
    """A country's name."""
    return formats.country(code)


@register.filter
def shelf_life(days: int) -> str:
    """In years where they are whole, else in days."""
    return formats.shelf_life(days)


@register.filter
def hours(value: int | None) -> str:
    """Hours of an hour meter, with their unit."""
    return "" if value is None else formats.hours(value)


@register.filter
def called(thing: Any) -> str:
    """What a warehouse, a model, a figure, a group, a service or a campaign is called in the reader's language."""
    return str(thing.called(get_language() or "en")) if thing else ""


@register.filter
def postal(address: Mapping[str, Any]) -> list[str]:
    """The lines of an address, in the order of its country."""
    return address_lines(address, get_language() or "en")


@register.filter
def word(code: str, kind: str) -> Any:
    """The words of a code: `{{ line.payer|word:"payers" }}`; the code itself when there are none."""
    table: Mapping[str, Any] = getattr(words, kind.upper())
    return table.get(code, code)


@register.filter
def gaps(facts: Mapping[str, Any], side: str) -> list[str]:
    """What one side says where the books of an order differ: `{{ one.facts|gaps:"ours" }}`."""
    return difference_gaps(facts, side)


@register.filter
def why(facts: Mapping[str, Any]) -> list[str]:
    """Why they could not be made the same."""
    return difference_reasons(facts)


@register.filter
def tone(code: str, kind: str) -> str:
    """The tone of a code's tag."""
    table: Mapping[str, str] = getattr(words, f"{kind.upper()}_TONES")
    return table.get(code, "")


@register.filter
def policy(code: str) -> str:
    """What a promise policy promises."""
    return policy_words(code)


@register.filter
def reason(one: Any) -> str:
    """A reason of cover in words, from evidence ({code, data}) or from a verdict."""
    if isinstance(one, Mapping):
        return reason_message(one["code"], one.get("data", {}))
    return reason_message(one.code, one.data)


@register.filter
def decisive(reasons: Any) -> Any:
    """The reason that decided."""
    return next((one for one in reasons if (one["decisive"] if isinstance(one, Mapping) else one.decisive)), None)


@register.filter
def notice(one: Any) -> Words:
    """A notice's title and text."""
    return notice_words(one.kind, one.subject, one.data)


@register.filter
def notice_path(one: Any) -> str:
    """The page a notice leads to; empty when there is none."""
    return words_of_notices.notice_path(one.kind, one.subject_kind, one.subject)


@register.filter
def event_note(event: Any) -> str:
    """What a history row adds."""
    return words.event_note(event.kind, event.data, event.order.currency)


@register.filter
def entry_reason(entry: Any) -> str:
    """Why a ledger entry was written."""
    return words.entry_reason(entry.reason)


@register.filter
def why_left_out(reason: str) -> str:
    """Why an import left a row out."""
    return reasons.why(reason)


@register.filter
def what_to_do(reason: str) -> str:
    """What to do about it."""
    return reasons.what_to_do(reason)


@register.filter
def get(table: Mapping[Any, Any], key: Any) -> Any:
    """`table[key]`, or nothing."""
    return table.get(key)


@register.inclusion_tag("components/promise.html", takes_context=True)
def promise_bar(
    context: template.Context, promise: Any, earned: SafeString | str = "", order: Any = None
) -> dict[str, Any]:
    """The bar of a promise at the page's `now`; `earned`: what its late days earned, in words; `order`: it is of."""
    waits = awaited(order.state, order.total) if order else ""
    return {"bar": bar_view(promise, context["request"].now, waits), "earned": earned}


@register.inclusion_tag("components/promise.html")
def offer_bar(offer: Any, begins: str = "payment") -> dict[str, Any]:
    """The bar of a promise that would be made now, were there what it `begins` with."""
    return {"bar": offer_view(offer, begins)}


@register.simple_tag
def bar_code(code: str) -> SafeString:
    """A code as bars for a scanner (Code 128), a module a third of a millimetre wide, with the code below."""
    bars, width = code_bars(code)
    path = "".join(f"M{at} 0h{wide}v1h-{wide}z" for at, wide in bars)
    return format_html(
        '<figure class="coded"><svg class="bars" role="img" aria-label="{}" width="{}mm" height="15mm" viewBox="0 0 {} 1" preserveAspectRatio="none">'
        '<path d="{}"/></svg><figcaption class="number">{}</figcaption></figure>',
        code, round(width * 0.33, 2), width, path, code,
    )  # fmt: skip
