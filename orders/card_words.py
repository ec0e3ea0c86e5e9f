"""A bank's refusal in words: what it said, and what the buyer can do (Stripe's list of decline codes)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Promise | str

_OTHER_CARD = _("Use another card, or ask your bank.")
_AGAIN = _("Check what you typed and try again.")
_LATER = _("Try again in some minutes, or use another card.")
_BANK = _("Your bank does not say why. Ask it, or use another card.")

_WORDS: dict[str, tuple[Words, Words]] = {
    "insufficient_funds": (_("The card has not enough money."), _OTHER_CARD),
    "card_velocity_exceeded": (_("The card's limit is reached."), _OTHER_CARD),
    "withdrawal_count_limit_exceeded": (_("The card's limit is reached."), _OTHER_CARD),
    "expired_card": (_("The card has expired."), _("Use another card.")),
    "incorrect_number": (_("The card number is wrong."), _AGAIN),
    "invalid_number": (_("The card number is wrong."), _AGAIN),
    "incorrect_cvc": (_("The security code is wrong."), _AGAIN),
    "invalid_cvc": (_("The security code is wrong."), _AGAIN),
    "incorrect_zip": (_("The postal code does not match the card."), _AGAIN),
    "invalid_expiry_month": (_("The expiry date is wrong."), _AGAIN),
    "invalid_expiry_year": (_("The expiry date is wrong."), _AGAIN),
    "incorrect_pin": (_("The PIN is wrong."), _AGAIN),
    "authentication_required": (
        _("Your bank wants you to confirm the payment yourself."),
        _("Pay again here and confirm it with your bank."),
    ),
    "payment_intent_authentication_failure": (
        _("Your bank could not confirm that it is you."),
        _("Try again and confirm the payment with your bank, or use another card."),
    ),
    "card_not_supported": (_("This card cannot be used for this kind of payment."), _("Use another card.")),
    "currency_not_supported": (_("This card cannot be charged in this currency."), _("Use another card.")),
    "lost_card": (_("The bank refused the card."), _OTHER_CARD),  # never say more: the holder may be a thief
    "stolen_card": (_("The bank refused the card."), _OTHER_CARD),
    "pickup_card": (_("The bank refused the card."), _OTHER_CARD),
    "fraudulent": (_("The bank refused the card."), _OTHER_CARD),
    "processing_error": (_("Something went wrong on the way to the bank; nothing was charged."), _LATER),
    "issuer_not_available": (_("The bank cannot be reached."), _LATER),
    "try_again_later": (_("The bank could not decide now."), _LATER),
    "reenter_transaction": (_("The bank could not decide now."), _LATER),
    "do_not_honor": (_("The bank refused the card."), _BANK),
    "generic_decline": (_("The bank refused the card."), _BANK),
    "transaction_not_allowed": (_("The bank does not allow this payment."), _OTHER_CARD),
    "testmode_decline": (_("This is a test card."), _("Use a real card.")),
}
_UNKNOWN: tuple[Words, Words] = (_("The bank refused the card."), _BANK)


def decline_words(code: str) -> tuple[Words, Words]:
    """What the bank said and what to do, for a decline code; general words for one we do not know."""
    return _WORDS.get(code, _UNKNOWN)


def decline_message(code: str) -> str:
    """Both as one text; empty for no refusal."""
    return " ".join(str(one) for one in decline_words(code)) if code else ""
