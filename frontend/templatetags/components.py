"""The components of the pages: a template each, with typed parameters.

A misspelt or missing parameter is an error when the template is read, not an empty place on the page (docs/adr/0080).
Every component in every state: /styleguide/.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from frontend.styles import BUNDLE, SHEETS

if TYPE_CHECKING:
    from catalog.selectors.listing import ListedPart
    from frontend.charts import Columns

register = template.Library()
Tone = Literal["", "ok", "warn", "bad", "accent"]


@register.simple_tag
def stylesheets() -> SafeString:
    """The stylesheets of every page; while developing, each file by itself."""
    sheets = SHEETS if settings.DEBUG else (BUNDLE,)
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((static(one),) for one in sheets))


@register.inclusion_tag("components/tag.html")
def tag(words: str, tone: Tone = "", *, url: str = "", here: bool = False) -> dict[str, Any]:
    """A word of state; with `url` a way to what it names, `here`: the reader is there."""
    return {"words": words, "tone": tone, "url": url, "here": here}


@register.inclusion_tag("components/tally.html")
def tally(value: Any, words: str, tone: Tone = "", *, url: str = "", here: bool = False) -> dict[str, Any]:
    """A number that says how the day stands, and where to see what it counts. Stands inside `.tallies`."""
    return {"value": value, "words": words, "tone": tone, "url": url, "here": here}


@register.inclusion_tag("components/field.html")
def field(field: BoundField) -> dict[str, Any]:
    """A field with its label, help and what is wrong with it."""
    return {"field": field}


@register.inclusion_tag("components/columns.html")
def columns(chart: Columns) -> dict[str, Any]:
    """Values as columns, each with its number on it; the page shows the same as a table."""
    return {"chart": chart}


@register.inclusion_tag("components/csv.html", takes_context=True)
def csv_link(context: template.Context, name: str, *, query: str = "") -> dict[str, Any]:
    """The page's table as a file, narrowed as the page is; `query` instead of the page's own."""
    asked = query or context["request"].GET.urlencode()
    return {"url": reverse("table", args=[name]) + (f"?{asked}" if asked else "")}


@register.inclusion_tag("components/price.html")
def price(listed: ListedPart, *, tax: bool = True) -> dict[str, Any]:
    """What one piece costs the reader; with `tax`, whether tax is in it: a table says that once, above."""
    return {"listed": listed, "tax": tax}


@register.inclusion_tag("components/stock.html")
def stock(listed: ListedPart) -> dict[str, Any]:
    """How many are free, or when some are expected."""
    return {"listed": listed}


@register.inclusion_tag("components/cover.html")
def cover(payer: str, needs_review: bool, share: Decimal | None, reasons: Iterable[Any]) -> dict[str, Any]:
    """Who pays, and on demand every reason; `share`: the customer's of a contract, a fraction."""
    return {"payer": payer, "needs_review": needs_review, "share": share, "reasons": reasons}


@register.inclusion_tag("components/warranty.html")
def warranty(state: Any, contract: Any = None) -> dict[str, Any]:
    """How a machine's warranty stands, and the contract that runs now."""
    return {"state": state, "contract": contract}


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """What stands where there is nothing yet: what it means (`title`) and what to do (the content)."""
    return format_html('<div class="card empty"><h2>{}</h2>{}</div>', title, content)
