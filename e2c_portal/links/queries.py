"""Read links: those of a record, and where each stands."""

from collections.abc import Collection

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink


def links_of(subject: Model, *, purpose: str = "") -> QuerySet[PersonalLink]:
    """Return the links to a record, latest first, those of one purpose when it is named."""
    links = PersonalLink.objects.filter(subject=subject_of(subject))
    return links.filter(purpose=purpose) if purpose else links


def holders_of(keys: Collection[int]) -> dict[int, str]:
    """Return who holds these links; those deleted at their term are missing."""
    return dict(PersonalLink.objects.filter(pk__in=keys).values_list("pk", "holder_label"))


def state_of(link: PersonalLink) -> State:
    """Return where the link stands now, in words for staff. An opening may be that of a mail scanner."""
    if link.revoked_at:
        return State("Retiré", f"Retiré le {_moment(link.revoked_at)} : {link.revoked_reason}", "danger")
    if link.replaced_by_id:
        return State("Remplacé", "Un lien plus récent mène à la version d’aujourd’hui.", "neutral")
    if link.issued_at is None or link.expires_at is None:
        return State("Pas encore envoyé", "Le message qui le porte n’est pas encore parti.", "neutral")
    end = min(link.expires_at, link.not_after or link.expires_at)
    if timezone.now() >= end:
        return State(
            "Expiré", f"Il s’ouvrait jusqu’au {_moment(end)}. Son destinataire peut en demander un nouveau.", "warning"
        )
    if link.last_opened_at:
        times = "une fois" if link.open_count == 1 else f"{link.open_count} fois"
        return State("Ouvert", f"Ouvert {times}, la dernière le {_moment(link.last_opened_at)}.", "success")
    return State("Envoyé", f"Envoyé le {_moment(link.issued_at)}, pas encore ouvert.", "info")


def _moment(moment: object) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")  # type: ignore[arg-type]
