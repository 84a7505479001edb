"""Load the sample frameworks that ship with the demonstration, and plan their skills in its internships."""

from pathlib import Path

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.internship_facts import HOSTS, STAYS, Stay
from e2c_portal.demo.seed.trainees import coordinator_at, trainee_named
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import typeset
from trainees.life.frameworks import PUBLISHED
from trainees.models import Internship, Skill, SkillFramework
from trainees.operations.frameworks import load_framework, publish_framework
from trainees.operations.planned_skills import plan_skills
from trainees.reads.framework_files import read_framework

DATA = Path(__file__).parents[1] / "data" / "referentiels"
# What the stays of the demonstration train: eight skills of every trade, those of the trade when there is a sample of it.
COMMON = ("A1", "A2", "B2", "B3", "C1", "C2", "D1", "D2")
OF_THE_TRADE = {"I1604": ("V1", "V2", "V3", "A1", "S2")}


def load_frameworks(officer: User) -> int:
    """Load and put in force the samples that are missing. Returns how many. Raises Refused when one that ships here is wrong."""
    return sum(_load(path, officer) for path in sorted(DATA.glob("*.csv")))


def _load(path: Path, officer: User) -> int:
    with path.open("rb") as file:
        read = read_framework(file)
    if read.said is None:
        raise Refused(f"Le fichier {path.name} de la démonstration est illisible.", details=read.errors)
    if SkillFramework.objects.filter(code=read.said.code).exists():
        return 0
    publish_framework(load_framework(read.said, officer).pk, officer)
    return 1


def plan_example_skills() -> int:
    """Plan skills in the stays of the demonstration that plan none. Returns in how many."""
    return sum(_plan(stay) for stay in STAYS if stay.stage != "prospected")


def _plan(stay: Stay) -> int:
    host, trainee = HOSTS[stay.host], trainee_named(stay.first_name, stay.last_name)
    stays = Internship.objects.filter(trainee=trainee, establishment__company__legal_name=typeset(host.name))
    internship = stays.filter(planned_skills=None).first()
    if internship is None:
        return 0
    in_force = Skill.objects.filter(framework__status=PUBLISHED)
    common = in_force.filter(framework__code="gestes-communs", code__in=COMMON)
    of_trade = in_force.filter(framework__rome_codes__contains=[host.trade], code__in=OF_THE_TRADE.get(host.trade, ()))
    plan_skills(internship.pk, [skill.pk for skill in (*common, *of_trade)], coordinator_at(host.city))
    return 1
