"""The ways in: the parts of the portal that this person opens most, and what to do when nothing presses."""

from django.urls import reverse

from e2c_portal.accounts.models import Role
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.home.panels.desk import COMPANIES, TEACHES, Desk
from e2c_portal.home.panels.page import Next, Way
from e2c_portal.privacy.permissions import PrivacyPermission
from partnerships.permissions import PartnershipPermission
from schools.permissions import SchoolPermission
from trainees.permissions import TraineePermission

# A right (empty for anybody), a title, the name of the address, a sentence, an icon.
PLACES = {
    "board": (
        TraineePermission.VIEW_TRAINEE, "Stagiaires", "trainees:board",
        "Le tableau du jour, les parcours, les stages, les présences.", "users",
    ),
    "hosts": (TraineePermission.SEARCH_HOSTS, "Accueils", "trainees:hosts", "Trouver une entreprise qui accueille.", "map-pin"),
    "conventions": (
        PartnershipPermission.VIEW_CONVENTION, "Conventions", "partnerships:conventions",
        "Ce que la Région et les entreprises ont signé, et ce que chacune a promis.", "handshake",
    ),
    "companies": (
        PartnershipPermission.VIEW_COMPANY, "Entreprises", "companies:companies",
        "Leurs établissements, leurs contacts, ce qui a été dit.", "building-2",
    ),
    "figures": (FigurePermission.VIEW, "Chiffres", "figures:index", "Les indicateurs par année, avec leur règle.", "chart-column"),
    "reports": (
        "", "Rapports d’activité", "figures:reports", "Les chiffres du réseau, publiés chaque année par la Région.", "file-text",
    ),
    "network": (SchoolPermission.VIEW_NETWORK, "Réseau", "schools:schools", "Écoles, sites et équipes.", "school"),
    "assises": ("", "Assises", "assises:index", "La journée annuelle du réseau, et ses bilans.", "calendar-days"),
    "people": (
        PrivacyPermission.HANDLE_PEOPLE, "Données personnelles", "privacy:index",
        "Trouver une personne qui exerce ses droits.", "shield-check",
    ),
    "rules": (
        PrivacyPermission.VIEW_RULES, "Durées de conservation", "privacy:rules",
        "Combien de temps chaque chose est gardée, et pourquoi.", "hourglass",
    ),
    "verify": (
        "", "Vérifier un document", "documents:verify",
        "Dire si un document du portail est authentique et encore en vigueur.", "shield-check",
    ),
}  # fmt: skip
OF_NOBODY = ("assises", "reports", "verify")
OF_THE_DATA_OFFICER = ("people", "rules", "board", "conventions", "network", "verify")
OF_THE_NETWORK = ("conventions", "companies", "board", "figures", "reports", "assises", "network", "rules", "verify")
OF_A_SCHOOL = ("board", "hosts", "companies", "conventions", "figures", "assises", "network", "verify")


def ways_of(desk: Desk) -> list[Way]:
    """Return the parts of the portal that this person may open, the most useful first."""
    places = (PLACES[key] for key in _order_of(desk))
    return [
        Way(title, reverse(address), text, icon)
        for right, title, address, text, icon in places
        if not right or desk.may(right)
    ]


def _order_of(desk: Desk) -> tuple[str, ...]:
    if desk.scope.empty:
        return OF_NOBODY
    if desk.user.role == Role.DATA_OFFICER:
        return OF_THE_DATA_OFFICER
    return OF_THE_NETWORK if desk.scope.whole_network else OF_A_SCHOOL


def next_of(desk: Desk) -> Next:
    """Return what this person naturally does when nothing presses."""
    if desk.user.role == Role.DATA_OFFICER:
        return Next(
            "Personne n’attend ses données, et rien ne doit être effacé.",
            reverse("privacy:index"),
            "Rechercher une personne",
        )
    if desk.reads_only:
        return Next(
            "Rien de ce que la loi surveille n’est en retard.",
            reverse("schools:schools"),
            "Lire le réseau, école par école",
        )
    if desk.scope.whole_network:
        return Next(
            "Aucune convention, aucune demande n’attend.",
            reverse("companies:companies"),
            "Prendre des nouvelles d’un partenaire",
        )
    if desk.holds(TEACHES):
        today = reverse("trainees:attendance_day", args=[desk.today.isoformat()])
        return Next("Rien n’attend dans votre école.", today, "Noter les présences d’aujourd’hui")
    if desk.holds(COMPANIES):
        return Next("Rien n’attend dans votre école.", reverse("trainees:hosts"), "Chercher un accueil")
    return Next("Rien n’attend.", reverse("trainees:board"), "Ouvrir le tableau du jour")
