"""Finer words for refusals about accounts."""

from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words

register_words(
    {
        (Code.INVALID, "email"): _("This is no e-mail address. Correct it."),
        (Code.INVALID, "member_count"): _("A company has at most {limit} people here. End a membership first."),
        (Code.INVALID, "member_limit"): _("Give the limit as an amount of zero or more, or leave it empty."),
        (Code.INVALID, "member_roles"): _("Choose at least one role that buyers have."),
        (Code.INVALID, "member_there"): _("This person is in your company already; see the list."),
        (Code.WRONG_STATE, "last_admin"): _(
            "Somebody has to look after the company: make a colleague administrator first."
        ),
        (Code.INVALID, "too_long"): _("This text is too long: at most {limit} characters."),
        (Code.INVALID, "too_many_tokens"): _("You have {limit} tokens. Revoke one you no longer need."),
        (Code.NOT_ALLOWED, "log_in"): _("Log in first, or send a valid API token."),
        (Code.WRONG_STATE, "tax_number"): _("There is no well-formed tax number to confirm ({state}). Enter it first."),
    }
)
