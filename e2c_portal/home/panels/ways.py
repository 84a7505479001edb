"""The ways in: the parts of the portal that this person opens most, and what to do when nothing presses."""

from django.urls import reverse

from assises.permissions import AssisesPermission
from e2c_portal.accounts.models import Role
from e2c_portal.home.panels.desk import COMPANIES, TEACHES, Desk
from e2c_portal.home.panels.page import Next, Way
from e2c_portal.privacy.permissions import PrivacyPermission
from partnerships.permissions import PartnershipPermission
from schools.permissions import SchoolPermission
from trainees.permissions import TraineePermission


def ways_of(desk: Desk) -> list[Way]:
    """Return the parts of the portal that this person may open, the most useful first."""
    verify = Way(
        "Vérifier un document", reverse("documents:verify"),
        "Dire si un document du portail est authentique et encore en vigueur.", "shield-check",
    )  # fmt: skip
    return [Way(*way) for permission, *way in _places(desk) if not permission or desk.may(permission)] + [verify]


def _places(desk: Desk) -> list[tuple[str, str, str, str, str]]:
    board = (
        TraineePermission.VIEW_TRAINEE,
        "Stagiaires",
        reverse("trainees:board"),
        "Le tableau du jour, les parcours, les stages, les présences.",
        "users",
    )
    conventions = (
        PartnershipPermission.VIEW_CONVENTION,
        "Conventions",
        reverse("partnerships:conventions"),
        "Ce que la Région et les entreprises ont signé, et ce que chacune a promis.",
        "handshake",
    )
    companies = (
        PartnershipPermission.VIEW_COMPANY,
        "Entreprises",
        reverse("companies:companies"),
        "Leurs établissements, leurs contacts, ce qui a été dit.",
        "building-2",
    )
    network = (
        SchoolPermission.VIEW_NETWORK,
        "Réseau",
        reverse("schools:schools"),
        "Écoles, sites et équipes.",
        "school",
    )
    assises = (
        AssisesPermission.VIEW_EDITION,
        "Assises",
        reverse("assises:index"),
        "La journée annuelle du réseau.",
        "calendar-days",
    )
    people = (
        PrivacyPermission.HANDLE_PEOPLE,
        "Données personnelles",
        reverse("privacy:index"),
        "Trouver une personne qui exerce ses droits.",
        "shield-check",
    )
    rules = (
        PrivacyPermission.VIEW_RULES,
        "Durées de conservation",
        reverse("privacy:rules"),
        "Combien de temps chaque chose est gardée, et pourquoi.",
        "hourglass",
    )
    if desk.scope.empty:
        return [
            ("", "Assises", reverse("assises:index"), "Les éditions, leur programme et leur bilan.", "calendar-days")
        ]
    if desk.user.role == Role.DATA_OFFICER:
        return [people, rules, board, conventions, network]
    if desk.scope.whole_network:
        return [conventions, companies, board, assises, network, rules]
    hosts = (
        TraineePermission.SEARCH_HOSTS,
        "Accueils",
        reverse("trainees:hosts"),
        "Trouver une entreprise qui accueille.",
        "map-pin",
    )
    return [board, hosts, companies, conventions, assises, network]  # fmt: skip


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
