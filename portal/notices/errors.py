"""Finer words for refusals about notices."""

from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words

register_words({(Code.INVALID, "always_by_mail"): _("These letters cannot be switched off. {reason}")})
