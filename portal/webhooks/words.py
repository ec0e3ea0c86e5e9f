"""What staff read about deliveries."""

from django.utils.translation import gettext_lazy as _

from portal.notices.groups import Group
from portal.notices.words import register_notice_words, register_value_words

# What of an event, or of what it is about, is not as its sender writes it.
_UNREAD = {
    "unread:body": _("it is not written as an event is"),
    "unread:object": _("a part of it is missing or of another kind"),
    "unread:name": _("it names a thing as nothing can be named"),
    "unread:time": _("its time cannot be"),
    "unread:amount": _("an amount in it is no number or cannot be"),
    "unread:currency": _("its currency is none, or another than the order's"),
}


def why_words(why: str) -> str:
    """Why something cannot be read, in the reader's language; what the program gave no code stays as it was said."""
    return str(_UNREAD.get(why, why))


register_value_words("why", why_words)

register_notice_words(
    "webhook.malformed",
    _("An event of {subject} cannot be read"),
    _("{subject} sent an event we cannot read ({why}). It is kept under Deliveries in the administration."),
    group=Group.WORK,
)
