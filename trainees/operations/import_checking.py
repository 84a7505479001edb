"""The worker’s check of a spreadsheet: some hundreds of lines at a time, from where it stopped. No trainee changes."""

from time import monotonic
from uuid import UUID

from e2c_portal.kernel.nir import unreadable_nir
from trainees.models import TraineeImport, TraineeImportLine
from trainees.operations.import_planning import Plan, plan_of
from trainees.operations.import_turns import end, held, turn
from trainees.reads.import_cells import Person, key_of_person, person_in
from trainees.reads.import_directory import Directory

LINES_AT_ONCE = 200
Status = TraineeImport.Status
NIR_FOUND = "Un numéro de sécurité sociale se trouvait dans cette ligne ({columns}). Il n’a pas été conservé : retirez-le du fichier."
DOUBLE = "Même personne que la ligne {line} : gardez une seule des deux lignes."
LETTERS = str.maketrans("0123456789", "abcdefghij")
CHECKED = ["action", "name", "key", "reason", "changes", "trainee"]


def check_import(import_id: int) -> bool:
    """Check for one turn. Returns whether every line is checked by this call."""
    return turn(import_id, Status.CHECKING, _check)


def _check(import_id: int, claim: UUID, until: float) -> bool:
    directory = Directory(TraineeImport.objects.select_related("school").get(pk=import_id).school)
    while True:
        with held(import_id, claim) as asked:
            lines = list(asked.lines.filter(action="").order_by("number")[:LINES_AT_ONCE])
            if not lines:
                end(asked, Status.READY)
                return True
            _check_lines(asked, lines, directory)
        if monotonic() > until:
            return False


def _check_lines(asked: TraineeImport, lines: list[TraineeImportLine], directory: Directory) -> None:
    people = [person_in(line.cells, asked.mapping) for line in lines]
    directory.load(people)
    seen = _seen_before(asked, people)
    for line, person in zip(lines, people, strict=True):
        plan = plan_of(person, asked, directory)
        _refuse_what_the_file_says_twice(line, plan, seen)
        line.action, line.reason, line.trainee = plan.action, unreadable_nir(plan.reason), plan.trainee
        line.changes = [] if plan.faults else plan.changes
        line.name = unreadable_nir(person.name)[:210]
    TraineeImportLine.objects.bulk_update(lines, CHECKED)


def _refuse_what_the_file_says_twice(line: TraineeImportLine, plan: Plan, seen: dict[str, int]) -> None:
    if line.erased:
        plan.faults.insert(0, NIR_FOUND.format(columns=", ".join(f"« {title} »" for title in line.erased)))
    line.key = _key(plan.person)
    if not line.key or plan.faults:
        line.key = ""
        return
    if line.key in seen:
        plan.faults.append(DOUBLE.format(line=seen[line.key]))
        line.key = ""
    else:
        seen[line.key] = line.number


def _seen_before(asked: TraineeImport, people: list[Person]) -> dict[str, int]:
    """Return the lines of this file already accepted for the same people, by key."""
    keys = {_key(person) for person in people} - {""}
    return dict(asked.lines.filter(key__in=keys).values_list("key", "number"))


def _key(person: Person) -> str:
    if person.birth_date is None or not person.name:
        return ""
    key = f"{person.birth_date.isoformat()} {key_of_person(person.texts['last_name'], person.texts['first_name'])}"
    # Digits become letters: put side by side they could look like a social security number.
    return key.translate(LETTERS)[:260]
