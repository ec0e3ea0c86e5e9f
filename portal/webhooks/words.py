"""What staff read about deliveries."""

from django.utils.translation import gettext_lazy as _

from portal.notices.groups import Group
from portal.notices.words import register_notice_words

register_notice_words(
    "webhook.malformed",
    _("An event of {subject} cannot be read"),
    _("{subject} sent an event we cannot read ({why}). It is kept under Deliveries in the administration."),
    group=Group.WORK,
)
