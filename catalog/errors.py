"""Finer words for refusals about the catalogue."""

from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words

register_words(
    {
        (Code.INVALID, "range"): _("The last day lies before the first."),
        (Code.INVALID, "other_currency"): _(
            "The price list of that day is in {currency}. Use that currency, or another first day."
        ),
        (Code.INVALID, "reason_missing"): _("Say why, so that the next person knows."),
        (Code.OUT_OF_STOCK, "held"): _(
            "{held} pieces are held for open orders, {onHand} are there. Release orders first, or take less away."
        ),
    }
)
