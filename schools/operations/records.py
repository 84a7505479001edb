"""Keep the records of the network up to date, one at a time, with their trace."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending, once
from schools.models import Membership, Network, School, Site

Row = TypeVar("Row", bound=Network | School | Site | Membership)
OVERTAKEN = (
    "Quelqu’un a enregistré cette école pendant que vous la modifiiez. Votre saisie est conservée ci-dessous : "
    "comparez-la avec la version enregistrée, puis enregistrez de nouveau."
)


@transaction.atomic
def save_record(row: Row, actor: User) -> Row:
    """Create or change the network, a school, a site or a membership.

    Raises NotAllowed, ValidationError with French messages by field, and Refused for a second network.
    """
    adding = row._state.adding
    _require(actor, row, adding)
    if adding and isinstance(row, Network) and Network.objects.exists():
        raise Refused("Ce portail a déjà un réseau : modifiez-le au lieu d’en créer un second.")
    return save_with_trace(row, actor)


@transaction.atomic
def save_school(
    school: School,
    lines: Sequence[Site | Membership],
    actor: User,
    *,
    seen: int | None = None,
    sending: Sending | None = None,
) -> School:
    """Create or change a school with its sites and its team, as one page shows them; `lines` are those that change.

    `seen` is the revision that was on screen; a form that creates one, sent twice (`sending`), gives back the one it made.
    Raises NotAllowed, AlreadySent, Overtaken when somebody saved it meanwhile, ValidationError by field.
    """
    if school._state.adding:
        return once(sending, actor, School, lambda: _with_lines(save_record(school, actor), lines, actor))
    _require(actor, school, adding=False)
    save_over_what_was_seen(school, seen, lambda: save_record(school, actor), overtaken=OVERTAKEN)
    return _with_lines(school, lines, actor)


def _with_lines(school: School, lines: Sequence[Site | Membership], actor: User) -> School:
    for line in lines:
        line.school = school
        save_record(line, actor)
    return school


def _require(actor: User, row: Row, adding: bool) -> None:
    verb = "add" if adding and not isinstance(row, Network) else "change"
    if not actor.has_perm(f"schools.{verb}_{row._meta.model_name}"):  # type: ignore[attr-defined]
        raise NotAllowed("Seul un chargé de mission régional peut modifier le réseau.")
