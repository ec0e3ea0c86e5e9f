"""The link in a letter that stops letters like it (RFC 8058): signed, so that nobody stops another person's, and without an end."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from portal.accounts.models import User
from portal.errors import Code, refusal
from portal.notices.groups import Group

_SIGNER = Signer(salt="portal.notices.stop", sep=".")


def stop_token(person: User, group: str) -> str:
    """What stands in the link of this person's letters of this group."""
    return _SIGNER.sign(f"{person.pk}.{group}")


def stop_read(token: str) -> tuple[User, Group]:
    """Whose letters and of which group. Raises NOT_FOUND for a token that is not ours, or of a person who left."""
    try:
        key, group = _SIGNER.unsign(token).split(".")
        return User.objects.get(pk=int(key), is_active=True), Group(group)
    except (BadSignature, ValueError, User.DoesNotExist):
        raise refusal(Code.NOT_FOUND, "token") from None
