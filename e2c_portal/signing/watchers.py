"""Who is told that the proof itself is in danger: a time-stamp refused, a daily root that no longer matches.

The people come from the floors above, through a registry filled in AppConfig.ready.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils import timezone

from e2c_portal.kernel.french import counted
from e2c_portal.mailing.addresses import Recipient, address_sha256
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.requesting import send_mail_on_commit

PROOF = "signing.proof_in_danger"
NAMED = 20
_watchers: dict[str, Callable[[], Iterable[Recipient]]] = {}


def register(name: str, people: Callable[[], Iterable[Recipient]]) -> None:
    """Add people to tell. Registering the same name again replaces them."""
    _watchers[name] = people


def tell(what: str, lines: Sequence[str]) -> int:
    """Write to each watcher, once a day for the same `what`. Returns how many people were told."""
    today = timezone.localdate()
    context: dict[str, Any] = {
        "what": what, "lines": list(lines[:NAMED]), "count": counted(len(lines), "anomalie", "anomalies"),
        "more": max(0, len(lines) - NAMED),
    }  # fmt: skip
    people = {one.email: one for watch in _watchers.values() for one in watch()}
    for one in people.values():
        key = f"{PROOF}:{what}:{today:%Y%m%d}:{address_sha256(one.email)[:32]}"
        send_mail_on_commit(PROOF, one, None, context, dedup_key=key)
    return len(people)


REFUSED, CHANGED = "refused", "changed"
TYPES = (
    MailType(
        PROOF, "Preuve des signatures : anomalie",
        subject="{% if what == 'refused' %}L’horodatage de la preuve a été refusé{% else %}La preuve des signatures ne concorde plus{% endif %} : {{ count }}",
        sample={
            "what": CHANGED, "count": "1 anomalie", "more": 0,
            "lines": ["Racine du 3 juin 2026 : le maillon n’est plus celui de la racine de ce jour."],
        },
    ),
)  # fmt: skip
