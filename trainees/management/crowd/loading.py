"""Write the crowd by statements over whole sets. Row by row the operations would take days; what they hold is checked after.

Triggers and foreign keys are asleep while it is written (session_replication_role); CHECK, UNIQUE and EXCLUDE are not.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.operations.network import name_network
from schools.queries import current_network
from trainees.management.crowd.limits import ensure_limits
from trainees.operations.news import tell_every_school

SQL = Path(__file__).parent / "sql"
# Identifiers of the crowd start here: each is found from its number, and none meets those of the demonstration.
BASE = 10_000_000
SCHOOL_SIZE = 1667
SCALES = {"small": 2000, "national": 200_000}
CHUNK = 20_000
TABLES = (
    "schools_school", "schools_site", "schools_membership", "accounts_user", "partnerships_company", "partnerships_establishment",
    "partnerships_companycontact", "trainees_prescriber", "trainees_trainee", "trainees_legalrepresentative", "trainees_referral",
    "trainees_pathway", "trainees_pathwaymove", "trainees_trainingcontract", "trainees_entryprofile", "trainees_exit",
    "trainees_followup", "trainees_internship", "trainees_internshipmove", "trainees_internshipagreement", "trainees_agreementmove",
    "documents_document", "signing_envelope", "signing_signatory", "trainees_scheduleday", "audit_entry",
)  # fmt: skip
Say = Callable[[str], None]


def loaded() -> int:
    """Return how many trainees of the crowd are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id) - %s, 0) FROM trainees_trainee WHERE id > %s", [BASE, BASE])
        return int(cursor.fetchone()[0])


def load(trainees: int, actor: User, say: Say, *, today: date | None = None) -> int:
    """Bring the crowd to so many trainees, three and a half internships each. Returns how many trainees were added.

    What is there stays: a crowd grows, the same person bears the same number at every size.
    """
    network = current_network() or name_network("Réseau de la foule", "Région d’essai", "", actor)
    ensure_limits()
    day = today or timezone.localdate()
    first = loaded() + 1
    added = max(0, trainees - first + 1)
    for start in range(first, trainees + 1, CHUNK):
        last = min(trainees, start + CHUNK - 1)
        began = monotonic()
        _write(start, last, {"base": BASE, "network": network.pk, "today": day, "school_size": SCHOOL_SIZE})
        say(f"{last} stagiaires ({monotonic() - began:.1f} s)")
    if added:
        _settle(say)
    return added


def _write(first: int, last: int, facts: dict[str, object]) -> None:
    schools = {"first_school": (first - 1) // SCHOOL_SIZE, "last_school": (last - 1) // SCHOOL_SIZE}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        for statement in _statements():
            cursor.execute(statement, {**facts, **schools, "first": first, "last": last})
        # The triggers that tell the news of the schools slept too.
        tell_every_school()


def _statements() -> Iterator[str]:
    for file in sorted(SQL.glob("*.sql")):
        for statement in file.read_text(encoding="utf-8").split(";\n\n"):
            if statement.strip():
                yield statement


def _settle(say: Say) -> None:
    """Let the planner know the crowd. The sequences stay where they are: real rows keep numbers under those of the crowd."""
    began = monotonic()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
    say(f"tables analysées ({monotonic() - began:.1f} s)")
