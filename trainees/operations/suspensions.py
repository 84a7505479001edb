"""The suspensions of a pathway follow its state: they begin, end and close with its moves, in the same transaction."""

from datetime import date, timedelta

from django.utils import timezone

from e2c_portal.kernel.errors import Refused
from trainees.models import Pathway, Suspension


def begin_suspension(pathway: Pathway, day: date, reason: str) -> None:
    """Open a suspension from a day on. Raises Refused outside the pathway or for a day to come."""
    if day < pathway.entered_on:
        raise Refused("La suspension ne peut pas commencer avant l’entrée.")
    if day > timezone.localdate():
        raise Refused("Une suspension s’enregistre le jour où elle commence, ou après.")
    _save(Suspension(pathway=pathway, starts_on=day, reason=reason.strip()[:250]))


def end_suspension(pathway: Pathway, day: date) -> None:
    """End the suspension under way: the person is back on that day. Raises Refused for a day before or to come."""
    if day > timezone.localdate():
        raise Refused("Une reprise s’enregistre le jour où la personne revient, ou après.")
    suspension = _under_way(pathway)
    if suspension is None:
        return
    if day <= suspension.starts_on:
        raise Refused(f"La reprise vient après le {suspension.starts_on:%d/%m/%Y}, premier jour de la suspension.")
    suspension.ends_on = day - timedelta(days=1)
    _save(suspension)


def close_suspension(pathway: Pathway) -> None:
    """End the suspension under way with its pathway. Raises Refused when the pathway would have ended before it began."""
    suspension = _under_way(pathway)
    if suspension is None:
        return
    if pathway.ended_on is None or pathway.ended_on < suspension.starts_on:
        raise Refused(
            f"Le parcours est suspendu depuis le {suspension.starts_on:%d/%m/%Y} : son dernier jour ne peut pas précéder ce jour."
        )
    suspension.ends_on = pathway.ended_on
    _save(suspension)


def _under_way(pathway: Pathway) -> Suspension | None:
    return pathway.suspensions.filter(ends_on=None).first()


def _save(suspension: Suspension) -> None:
    suspension.full_clean()
    suspension.save()
