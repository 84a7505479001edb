"""What the measures share: two databases, the people who ask, and the programs of the portal, each made when first needed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from dev.processes import Child
from e2c_portal.accounts.models import Role, User
from e2c_portal.figures.refreshing import count_all
from tests.bench import databases
from tests.bench.crowd import fill
from tests.bench.figures import CannotMeasure, note
from tests.bench.kinds import every_kind
from tests.bench.programs import Programs
from tests.bench.visitor import Visitor
from trainees.management.commands.seed_network import acting_officer
from trainees.management.crowd.consistency import broken
from trainees.management.crowd.loading import BASE, load
from trainees.operations.doubles import find_doubles
from trainees.operations.news import count_school_days

STAFF = {"director": 0, "coordinator": 1, "referent": 2, "company_relations": 4}
REGION = {"auditor": Role.AUDITOR, "data_officer": Role.DATA_OFFICER, "door_staff": Role.DOOR_STAFF}


@dataclass(frozen=True)
class Sizes:
    """How much a run measures. `QUICK` gives no figure worth reading: it proves that each can be measured."""

    few: int = 2_000
    # Seven hundred thousand internships: three and a half each.
    many: int = 200_000
    rounds: int = 15
    documents: int = 40
    naive: int = 20
    turns: int = 3
    clicks: int = 15
    coordinators: int = 50
    load_seconds: float = 60
    rush_seconds: float = 20
    import_lines: int = 2_000
    people: int = 2_000


QUICK = Sizes(
    few=40, many=80, rounds=1, documents=2, naive=2, turns=1, clicks=1, coordinators=2, load_seconds=1, rush_seconds=0.5,
    import_lines=12, people=8,
)  # fmt: skip


class Scene:
    """Made for one run and taken down with it."""

    def __init__(self, sizes: Sizes, migrated: str = "", *, keep: bool = False) -> None:
        self.sizes, self._migrated, self._keep = sizes, migrated, keep
        self.folder = Path(settings.VAR_DIR)
        self.programs = Programs(self.folder)
        self.server = str(connection.settings_dict["NAME"])
        mark = settings.MARK
        self._few, self._many = f"bench_few_{mark}", f"bench_many_{mark}"
        self._made: list[str] = []

    @cached_property
    def few(self) -> str:
        """The name of the database with few people, filled."""
        self.trust  # noqa: B018  rows are sealed as documents are
        databases.make(self._few, self._migrated)
        self._made.append(self._few)
        self._filled(self._few, self.sizes.few)
        return self._few

    @cached_property
    def many(self) -> str:
        """The name of the database of the size of the country: the first one, grown."""
        databases.make(self._many, self.few)
        self._made.append(self._many)
        self._filled(self._many, self.sizes.many)
        return self._many

    @cached_property
    def trust(self) -> None:
        """Start the services of trust."""
        self.programs.start_trust()

    @cached_property
    def officer(self) -> User:
        """The officer in whose name everything is written, on the database of the size of the country."""
        databases.use(self.many)
        return acting_officer()

    def opened(self) -> "Scene":
        """Return the scene, this process at work on the database of the size of the country."""
        self.files, self.officer  # noqa: B018  made at the first call
        return self

    @cached_property
    def files(self) -> None:
        """Gather and compress the files of pages, as an installation does: their names are written in every page."""
        if not getattr(settings, "WHITENOISE_USE_FINDERS", False):
            call_command("collectstatic", interactive=False, verbosity=0)

    @cached_property
    def people(self) -> dict[str, int]:
        """Who asks for pages: one person of each role, by number; those of the school are those of the first one."""
        return (
            {"officer": self.officer.pk}
            | {name: BASE + number for name, number in STAFF.items()}
            | {name: User.objects.get(email=_address(name)).pk for name in REGION}
        )

    @cached_property
    def worker(self) -> Child:
        """The worker of documents, at work on the size of the country."""
        return self.programs.start_worker()

    @cached_property
    def web(self) -> tuple[str, int]:
        """Where the pages answer, at the size of the country."""
        return self.programs.start_web()

    def visitor(self, user: User) -> Visitor:
        """Return a browser in which this person is signed in."""
        return Visitor(*self.web, user)

    def take_down(self) -> None:
        """Stop the programs and remove the databases."""
        self.programs.stop()
        databases.use(self.server)
        if not self._keep:
            databases.drop(*self._made)

    def _filled(self, name: str, trainees: int) -> None:
        databases.use(name)
        began = monotonic()
        officer = acting_officer()
        for who, role in REGION.items():
            User.objects.get_or_create(email=_address(who), defaults={"full_name": f"Essai {who}", "role": role})
        load(trainees, officer, note)
        fill(trainees, every_kind(officer))
        find_doubles()
        count_all()
        count_school_days()
        if found := list(broken()):
            raise CannotMeasure(f"Les lignes chargées ne respectent pas toutes les règles : {found}")
        note(f"base de {trainees} stagiaires prête en {monotonic() - began:.0f} s")


def _address(who: str) -> str:
    return f"mesure.{who}@exemple.invalid"
