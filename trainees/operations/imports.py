"""Bring a coordinator’s spreadsheet, settle its columns, ask for the check, the import, the undoing. Jobs do the rest."""

from collections.abc import Mapping
from datetime import timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.nir import holds_nir
from e2c_portal.tables.reading import Bounds, Table, read_table
from schools.models import School
from trainees.models import RememberedColumn, TraineeImport, TraineeImportLine
from trainees.permissions import TraineePermission
from trainees.reads.import_columns import BY_NAME, LINE_TITLE, REASON_TITLE, REQUIRED, guess, key_of, names_a_nir

CHECK, APPLY, UNDO = "trainees.check_import", "trainees.apply_import", "trainees.undo_import"
BOUNDS = Bounds()
NOT_YOURS = "L’import de stagiaires est réservé à la direction et à la coordination de l’école."
NIR_COLUMN = (
    "La colonne « {title} » contient des numéros de sécurité sociale. Le portail n’a pas le droit d’en garder : supprimez cette "
    "colonne de votre fichier, puis déposez-le de nouveau. Rien de ce fichier n’a été conservé."
)
# Beyond this share of its cells, a column is one of social security numbers whatever its title says.
NIR_SHARE = 0.5
UNDONE_WITHIN = timedelta(days=30)
Status = TraineeImport.Status


@transaction.atomic
def bring_spreadsheet(content: File, school: School, actor: User) -> TraineeImport:
    """Read a spreadsheet and keep its lines, not the file. Nothing of the trainees changes yet.

    Raises NotAllowed, Refused for what is no table, or for a column of social security numbers: nothing is kept then.
    """
    _require(actor, school)
    table = read_table(content.file or content, BOUNDS)  # type: ignore[arg-type]
    _refuse_nir_columns(table)
    titles = [title[:200] for title in table.titles]
    asked = TraineeImport.objects.create(
        school=school, file_name=_name_of(content), titles=titles, requested_by=actor, lines_read=len(table.rows),
        mapping=guess(titles, remembered_columns(school)),
    )  # fmt: skip
    TraineeImportLine.objects.bulk_create(
        [_line(asked, number, cells, titles) for number, cells in table.rows], batch_size=1000
    )
    lines = counted(len(table.rows), "ligne", "lignes")
    record(actor, "trainee_import.brought", asked, f"Tableau déposé : {asked.file_name}, {lines}")
    return asked


@transaction.atomic
def request_check(
    import_id: int, mapping: Mapping[str, str], actor: User, *, trial_weeks: int = 6, records_arrivals: bool = True
) -> TraineeImport:
    """Settle which columns are kept, remember it for the school, and ask for the check of every line.

    Raises NotAllowed, Refused when a needed column is missing or when the import is past that.
    """
    asked = _locked(import_id, actor)
    if asked.status not in (Status.MAPPING, Status.READY):
        raise Refused("Les colonnes de cet import ne peuvent plus changer.")
    chosen = {number: name for number, name in mapping.items() if name}
    _refuse_wrong_mapping(chosen, asked)
    _remember(asked, chosen)
    if asked.status == Status.READY:
        # The lines are checked anew: what was said of them under other columns is forgotten.
        asked.lines.update(action="", reason="", changes=[], key="", name="", trainee=None)
    asked.mapping, asked.trial_weeks, asked.records_arrivals = chosen, trial_weeks, records_arrivals
    _queue(asked, Status.CHECKING, CHECK)
    return asked


@transaction.atomic
def request_application(import_id: int, actor: User) -> TraineeImport:
    """Ask for the import of the lines that may be, once. Raises NotAllowed, and Refused unless it waits for that."""
    asked = _locked(import_id, actor)
    if asked.status in (Status.APPLYING, Status.APPLIED):
        raise Refused("Cet import est déjà fait ou en cours.", code="already_applied")
    if asked.status != Status.READY:
        raise Refused("Cet import ne peut pas être lancé : vérifiez d’abord le fichier.")
    if not asked.lines.filter(action__in=TraineeImportLine.TO_APPLY).exists():
        raise Refused("Rien à importer : aucune ligne ne crée ni ne complète une fiche.")
    asked.applied_by = actor
    _queue(asked, Status.APPLYING, APPLY)
    record(actor, "trainee_import.applied", asked, f"Import lancé : {asked.file_name}")
    return asked


@transaction.atomic
def request_undo(import_id: int, actor: User) -> TraineeImport:
    """Ask for an import to be taken back. What was used or changed since stays. Raises NotAllowed, Refused."""
    asked = _locked(import_id, actor)
    if asked.status in (Status.UNDOING, Status.UNDONE):
        raise Refused("Cet import est déjà annulé, ou en cours d’annulation.", code="already_undone")
    if asked.status != Status.APPLIED:
        raise Refused("Seul un import terminé s’annule.")
    if not may_be_undone(asked):
        raise Refused("Cet import a plus de 30 jours : le détail de ses lignes est effacé, il ne s’annule plus.")
    asked.undone_by = actor
    _queue(asked, Status.UNDOING, UNDO)
    record(actor, "trainee_import.undone", asked, f"Annulation demandée : {asked.file_name}")
    return asked


def may_be_undone(asked: TraineeImport) -> bool:
    """Say whether an import can still be taken back: its lines are there, and some were imported."""
    recent = asked.requested_at > timezone.now() - UNDONE_WITHIN
    return asked.status == Status.APPLIED and recent and asked.lines.filter(outcome="done").exists()


def remembered_columns(school: School) -> dict[str, str]:
    """Return what the school said before of its columns, by key of title."""
    return dict(RememberedColumn.objects.filter(school=school).values_list("title", "field"))


def _line(asked: TraineeImport, number: int, cells: list[str], titles: list[str]) -> TraineeImportLine:
    """Return a line without the social security numbers that its cells held."""
    erased = [titles[rank] or f"colonne {rank + 1}" for rank, cell in enumerate(cells) if holds_nir(cell)]
    kept = ["" if holds_nir(cell) else cell for cell in cells]
    return TraineeImportLine(owner=asked, number=number, cells=kept, erased=erased)


def _refuse_nir_columns(table: Table) -> None:
    for rank, title in enumerate(table.titles):
        told = [cells[rank] for _, cells in table.rows if cells[rank]]
        many = sum(map(holds_nir, told)) > NIR_SHARE * len(told)
        if holds_nir(title) or (told and many) or (names_a_nir(title) and told):
            raise Refused(NIR_COLUMN.format(title="sans titre" if holds_nir(title) else title or rank + 1), code="nir")


def _refuse_wrong_mapping(chosen: Mapping[str, str], asked: TraineeImport) -> None:
    ranks = {str(rank) for rank in range(len(asked.titles))}
    if not set(chosen) <= ranks or not set(chosen.values()) <= set(BY_NAME):
        raise Refused("Ce choix de colonnes n’est plus celui du fichier : rechargez la page.")
    twice = {name for name in chosen.values() if list(chosen.values()).count(name) > 1}
    lacking = [f"Choisissez la colonne « {BY_NAME[name].label} »." for name in REQUIRED if name not in chosen.values()]
    doubled = [
        f"« {BY_NAME[name].label} » est choisi pour plusieurs colonnes : gardez-en une." for name in sorted(twice)
    ]
    if lacking or doubled:
        raise Refused("Les colonnes sont à corriger.", details=lacking + doubled)


def _remember(asked: TraineeImport, chosen: Mapping[str, str]) -> None:
    """Remember what each title holds, or that it is left aside; the columns we add ourselves are not the school’s."""
    ours = {key_of(LINE_TITLE), key_of(REASON_TITLE), ""}
    said = {key_of(title): chosen.get(str(rank), "") for rank, title in enumerate(asked.titles)}
    kept = {key: name for key, name in said.items() if key not in ours and not holds_nir(key)}
    rows = [RememberedColumn(school=asked.school, title=key, field=name) for key, name in kept.items()]
    RememberedColumn.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["school", "title"], update_fields=["field"]
    )


def _queue(asked: TraineeImport, status: str, task: str) -> None:
    asked.status, asked.queued_at, asked.attempts, asked.finished_at = status, timezone.now(), 0, None
    asked.figures = {}
    asked.save()
    enqueue_on_commit(task, import_id=asked.pk)


def _locked(import_id: int, actor: User) -> TraineeImport:
    asked = TraineeImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=import_id)
    _require(actor, asked.school)
    return asked


def _require(actor: User, school: School) -> None:
    if not actor.has_perm(TraineePermission.IMPORT_TRAINEES, school):
        raise NotAllowed(NOT_YOURS)


def _name_of(content: File) -> str:
    name = (content.name or "tableau").replace("\\", "/").rsplit("/", 1)[-1]
    return "tableau" if holds_nir(name) else name[-200:]
