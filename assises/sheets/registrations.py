"""What pages say of a registration, prepared in words."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from assises.life import acts
from assises.life import registrations as life
from assises.models import Edition, Registration
from assises.permissions import AssisesPermission
from assises.reads.group_registering import closed_because, is_over
from assises.reads.registrations import (
    CategoryFigures,
    figures_of,
    reads_every_registration,
    reads_registrations,
    schools_registering,
)
from e2c_portal.kernel.french import day_in_letters

P = AssisesPermission
CONSENT = {None: "pas encore demandé", True: "oui", False: "non"}
FIGURES = (("confirmed", life.CONFIRMED), ("offered", life.OFFERED), ("waiting", life.WAITING), ("asked", life.ASKED))


def moment_in_words(moment: Any) -> str:
    """Return a moment by the clock of Paris, "" for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{day_in_letters(local.date())} à {local:%H:%M}"


def facts_of(row: Registration, *, reads_needs: bool) -> list[tuple[str, object]]:
    """Return what is known of a registration, as terms and values; needs only for whoever may read them."""
    by = f", donné par {row.image_consent_by}" if row.image_consent_by else ""
    on = f", le {moment_in_words(row.image_consent_at)}" if row.image_consent_at else ""
    facts: list[tuple[str, object]] = [
        ("Catégorie", row.get_category_display()),
        ("Adresse électronique", row.email),
        ("École", row.school or ""),
        ("Organisme", row.organisation),
        ("Fonction", row.job_title),
        ("Inscrite", row.get_origin_display() + (f" ({row.registered_by})" if row.registered_by else "")),
        ("Le", moment_in_words(row.created_at)),
        ("Photos", f"{CONSENT[row.image_consent]}{by}{on}"),
    ]
    if row.category != "trainee" and row.school is None:
        facts = [fact for fact in facts if fact[0] != "École"]
    if row.category == "trainee":
        facts = [fact for fact in facts if fact[0] not in ("Organisme", "Fonction") or fact[1]]
    if row.status == life.OFFERED:
        facts.append(("Place gardée jusqu’au", moment_in_words(row.offered_until)))
    if row.status == life.WAITING:
        facts += [("En attente depuis le", moment_in_words(row.waiting_since)), ("Priorité", str(row.priority))]
    if reads_needs:
        facts.append(("Besoins pour venir et participer", row.access_needs))
    return facts


@dataclass(frozen=True)
class ActChoice:
    """One button of the page of a registration."""

    name: str
    label: str
    consequence: str
    reason: str = ""
    needs_reason: bool = False
    is_first: bool = False


# From which states, in which order, and with which words.
BUTTONS = (
    (ActChoice(acts.ADMIT, "Accepter la demande", "La place est prise s’il en reste une ; sinon, la personne passe sur "
               "la liste d’attente. Elle est prévenue.", is_first=True), (life.ASKED,)),
    (ActChoice(acts.ACCEPT, "Accepter la place", "À faire avec l’accord de la personne : la place est prise pour de bon.",
               is_first=True), (life.OFFERED,)),
    (ActChoice(acts.CONFIRM, "Inscrire tout de suite", "La place est prise avant le tour de la personne ; elle reçoit sa confirmation.",
               reason="Pourquoi ? (facultatif)"), (life.WAITING,)),
    (ActChoice(acts.OFFER, "Proposer une place", "La place est gardée le temps prévu ; la personne reçoit un message pour l’accepter.",
               reason="Pourquoi avant son tour ? (facultatif)"), (life.WAITING,)),
    (ActChoice(acts.REFUSE, "Refuser la demande", "La personne est prévenue, avec ce motif.", reason="Motif", needs_reason=True),
     (life.ASKED,)),
    (ActChoice(acts.NEW_TICKET, "Faire un nouveau billet", "L’ancien n’ouvre plus rien ; la confirmation est envoyée de nouveau.",
               reason="Pourquoi ? (facultatif)"), (life.CONFIRMED,)),
    (ActChoice(acts.CANCEL, "Annuler l’inscription", "La place est rendue, et proposée à la personne suivante.",
               reason="Motif", needs_reason=True), life.ACTIVE),
)  # fmt: skip


def acts_for(row: Registration, user: Any) -> list[ActChoice]:
    """Return what this person may do of a registration now; nothing once the day is over."""
    if is_over(row.edition):
        return []
    return [
        choice for choice, states in BUTTONS if row.status in states and user.has_perm(acts.RIGHTS[choice.name], row)
    ]


def history_of(row: Registration) -> list[dict[str, Any]]:
    """Return the steps of a registration, the latest first, for the timeline."""
    return [
        {"title": life.STATES[move.target].label, "at": move.at, "who": str(move.actor) if move.actor else "", "text": move.reason,
         "tone": life.STATES[move.target].tone, "icon": ""}
        for move in row.moves.select_related("actor")
    ]  # fmt: skip


@dataclass(frozen=True)
class FigureLine:
    """The figures of a category, each with the address of the rows it counts."""

    figures: CategoryFigures
    cells: list[tuple[str, int, str]]


def figure_lines(edition: Edition) -> list[FigureLine]:
    """Return the figures of each category and of the whole, each opening its rows."""
    listed = reverse("assises:registrations", args=[edition.year])

    def address(category: str, status: str) -> str:
        return f"{listed}?{urlencode({'categorie': category, 'etat': status} if category else {'etat': status})}"

    labels = {"confirmed": "Inscrites", "offered": "Proposées", "waiting": "En attente", "asked": "Demandées"}
    return [
        FigureLine(one, [(labels[name], getattr(one, name), address(one.category, status)) for name, status in FIGURES])
        for one in figures_of(edition)
    ]


def panel_of(edition: Edition, user: Any) -> dict[str, Any]:
    """Return what the page of an edition shows of its registrations: figures for the network, one's own people for a school."""
    everybody = reads_every_registration(user)
    return {
        "shown": reads_registrations(user),
        "lines": figure_lines(edition) if everybody else [],
        "manages": user.has_perm(P.MANAGE_REGISTRATIONS),
        "schools": [] if everybody else list(schools_registering(user)),
        "closed": closed_because(edition),
        "over": is_over(edition),
    }
