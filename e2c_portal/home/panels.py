"""What somebody finds on the first page: only here are the reads of several apps put side by side."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.french import counted
from partnerships.delivery_reads import deliveries_to_confirm
from partnerships.permissions import PartnershipPermission
from partnerships.queries import ENDING, conventions_visible_to, in_situation
from partnerships.request_queries import waiting_requests
from partnerships.sleeping import sleeping_companies
from schools.queries import schools_visible_to
from schools.scope import Scope, scope_of
from trainees.permissions import TraineePermission
from trainees.reads.accidents import accidents_to_declare
from trainees.reads.day import counts_by_school
from trainees.reads.visible import own_schools


@dataclass(frozen=True)
class Task:
    """Something that waits for this person: how many, in words, and where to do it."""

    words: str
    url: str
    tone: str = "info"


@dataclass(frozen=True)
class Tile:
    """A part of the portal, with its figure."""

    title: str
    url: str
    text: str
    icon: str
    figure: str = ""


@dataclass(frozen=True)
class Today:
    """The whole first page of one person."""

    belongs: bool
    tasks: list[Task] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)


def today_of(user: User) -> Today:
    """Return what this person has to do and where to go, within their scope."""
    scope = scope_of(user)
    if scope.empty:
        return Today(belongs=False, tiles=[_verify_tile()])
    counts = _convention_counts(scope)
    tasks = _school_tasks(user, scope) + _convention_tasks(user, counts) + _partner_tasks(user, scope)
    tasks += _request_tasks(user, scope)
    return Today(belongs=True, tasks=tasks, tiles=_tiles(user, scope, counts))


def _convention_counts(scope: Scope) -> dict[str, int]:
    conventions = conventions_visible_to(scope)
    counts = conventions.aggregate(
        all=Count("pk"),
        in_force=Count("pk", filter=Q(situation__in=["active", "leaving"])),
        to_sign=Count("pk", filter=Q(situation="to_sign")),
        deliberated=Count("pk", filter=Q(situation="deliberated")),
        approved=Count("pk", filter=Q(situation="approved")),
    )
    return counts | {ENDING: in_situation(conventions, ENDING).count()}


def _school_tasks(user: User, scope: Scope) -> list[Task]:
    """Whoever works in a school is told first who has no internship and which agreements wait for a signature."""
    if not user.has_perm(TraineePermission.WRITE_INTERNSHIP):
        return []
    rows = counts_by_school(own_schools(scope), timezone.localdate()).values()
    without, to_sign = (sum(row[name] for row in rows) for name in ("without", "to_sign"))
    board, tasks = reverse("trainees:board"), []
    if late := accidents_to_declare(scope).count():
        tasks.append(
            Task(counted(late, "accident à déclarer", "accidents à déclarer"), reverse("trainees:accidents"), "danger")
        )
    if to_sign:
        words = counted(to_sign, "convention de stage à signer", "conventions de stage à signer")
        tasks.append(Task(words, f"{board}#a-signer", "warning"))
    if without:
        words = counted(
            without, "stagiaire sans stage en cours ni à venir", "stagiaires sans stage en cours ni à venir"
        )
        tasks.append(Task(words, f"{board}#sans-stage"))
    return tasks


def _convention_tasks(user: User, counts: dict[str, int]) -> list[Task]:
    """Only those who may move a convention are told what waits; the order is that of urgency."""
    if not user.has_perm(PartnershipPermission.MOVE_CONVENTION):
        return []
    rows = (
        ("to_sign", "convention à signer", "conventions à signer", "warning"),
        ("deliberated", "convention délibérée à mettre à la signature", "conventions délibérées à mettre à la signature", "info"),
        ("approved", "projet de convention qui attend le vote", "projets de convention qui attendent le vote", "info"),
        (ENDING, "convention qui se termine dans les six mois", "conventions qui se terminent dans les six mois", "warning"),
    )  # fmt: skip
    return [
        Task(counted(counts[name], one, many), _conventions_url(name), tone)
        for name, one, many, tone in rows
        if counts[name]
    ]


def _partner_tasks(user: User, scope: Scope) -> list[Task]:
    """What companies say they did waits for those who may count it; so do the partners nobody hears of."""
    if not user.has_perm(PartnershipPermission.WRITE_DELIVERY):
        return []
    waiting, asleep = deliveries_to_confirm(scope).count(), sleeping_companies().count()
    tasks = []
    if waiting:
        words = counted(waiting, "réalisation à confirmer", "réalisations à confirmer")
        tasks.append(Task(words, reverse("partnerships:deliveries_waiting")))
    if asleep:
        words = counted(asleep, "partenaire en sommeil", "partenaires en sommeil")
        tasks.append(Task(words, reverse("companies:companies") + "?sommeil=on", "warning"))
    return tasks


def _request_tasks(user: User, scope: Scope) -> list[Task]:
    """Tell those who answer companies how many wait."""
    waiting = waiting_requests(scope).count() if user.has_perm(PartnershipPermission.ANSWER_REQUEST) else 0
    if not waiting:
        return []
    words = counted(
        waiting, "demande d’entreprise qui attend une réponse", "demandes d’entreprises qui attendent une réponse"
    )
    return [Task(words, f"{reverse('companies:requests')}?status=received", "warning")]


def _tiles(user: User, scope: Scope, counts: dict[str, int]) -> list[Tile]:
    schools = schools_visible_to(scope).count()
    tiles = [
        Tile(
            "Stagiaires", reverse("trainees:board"), "Le tableau du jour, les parcours, les stages, les présences.", "users"
        ),
        Tile(
            "Conventions", _conventions_url(), f"{counts['in_force']} en vigueur aujourd’hui.", "handshake",
            counted(counts["all"], "convention", "conventions"),
        ),
        Tile(
            "Réseau", reverse("schools:schools"), "Écoles, sites et équipes.", "school",
            counted(schools, "école", "écoles"),
        ),
        _verify_tile(),
    ]  # fmt: skip
    if user.is_staff:
        tiles.append(Tile("Gestion", reverse("admin:index"), "Saisir et mettre à jour les dossiers.", "settings-2"))
    return tiles


def _verify_tile() -> Tile:
    text = "Dire si un document du portail est authentique et encore en vigueur."
    return Tile("Vérifier un document", reverse("documents:verify"), text, "shield-check")


def _conventions_url(situation: str = "") -> str:
    address = reverse("partnerships:conventions")
    return f"{address}?situation={situation}" if situation else address
