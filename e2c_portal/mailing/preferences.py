"""Who asked for no more of which messages. The link of a message proves the address; nobody signs in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from e2c_portal.kernel.errors import Refused
from e2c_portal.mailing.addresses import address_sha256
from e2c_portal.mailing.message_types import MailType, all_mail_types
from e2c_portal.mailing.models import Preference

SALT = "mailing.stop"
# Stands for all messages that may be stopped: the one-click answer to a message that groups several.
ALL = "*"
BAD_LINK = "Ce lien n’est pas complet. Ouvrez-le depuis le bas du message, sans le recopier à la main."


@dataclass(frozen=True)
class StopLink:
    """What the link at the foot of a message says: whose address, which type it came with, and whether it was for staff."""

    address_sha256: str
    kind: str
    staff: bool = False


def stop_url(email: str, kind: str, *, staff: bool) -> str:
    """Return the address where the recipient of this message says what to stop. Signed, never stored, without end."""
    key = signing.dumps([address_sha256(email), kind, staff], salt=SALT)
    return settings.PORTAL_URL + reverse("mailing:preferences", args=[key])


def read_stop_key(key: str) -> StopLink:
    """Return what the key says. Raises Refused unless the portal wrote it."""
    try:
        address, kind, staff = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refused(BAD_LINK, code="bad_stop_link") from None
    return StopLink(address, kind, staff)


def is_stopped(email: str, kind: MailType) -> bool:
    """Say whether this person asked for no more of these. A type that may not be stopped always goes."""
    if not kind.stoppable:
        return False
    return Preference.objects.filter(address_sha256=address_sha256(email), kind__in=[kind.name, ALL]).exists()


def stoppable_types() -> list[MailType]:
    """Return the types that may be stopped, by label."""
    return [kind for kind in all_mail_types() if kind.stoppable]


def types_offered(link: StopLink) -> list[MailType]:
    """Return the types that whoever holds the link may stop: companies do not choose among the messages of the staff."""
    return [kind for kind in stoppable_types() if kind.staff == link.staff]


def stopped_kinds(address: str) -> set[str]:
    """Return the names of the types this address stopped, "*" written out."""
    names = set(Preference.objects.filter(address_sha256=address).values_list("kind", flat=True))
    return {kind.name for kind in stoppable_types()} if ALL in names else names


def stop(link: StopLink) -> None:
    """Stop the type that the message came with, or all that may be stopped when it grouped several."""
    kind = link.kind if link.kind in {kind.name for kind in stoppable_types()} else ALL
    Preference.objects.get_or_create(address_sha256=link.address_sha256, kind=kind)


@transaction.atomic
def choose(address: str, stopped: Iterable[str], offered: Iterable[MailType]) -> None:
    """Write what this address stops from now on among what was offered; what is not named is received again."""
    names = {kind.name for kind in offered}
    # « All » is written out, so that a choice among some types leaves the others as they were.
    wanted = (set(stopped) & names) | (stopped_kinds(address) - names)
    Preference.objects.filter(address_sha256=address).exclude(kind__in=wanted).delete()
    for name in sorted(wanted):
        Preference.objects.get_or_create(address_sha256=address, kind=name)
