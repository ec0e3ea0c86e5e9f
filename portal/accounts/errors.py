"""Finer words for refusals about accounts."""

from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words

register_words(
    {
        (Code.INVALID, "too_long"): _("This text is too long: at most {limit} characters."),
        (Code.INVALID, "too_many_tokens"): _("You have {limit} tokens. Revoke one you no longer need."),
        (Code.NOT_ALLOWED, "log_in"): _("Log in first, or send a valid API token."),
        (Code.WRONG_STATE, "tax_number"): _("There is no well-formed tax number to confirm ({state}). Enter it first."),
    }
)
