"""Two long works, as people ask for them: a spreadsheet of two thousand trainees, the report of a day of two thousand people."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import perf_counter, sleep

from django.urls import resolve, reverse
from django.utils import timezone

from assises.models import Edition, EditionReport, Registration
from assises.models.report import REPORT_KIND
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from tests.bench.figures import CannotMeasure, Figure
from tests.bench.scene import Scene
from trainees.management.crowd.loading import BASE
from trainees.models import TraineeImport
from trainees.reads.import_columns import guess

IMPORT, REPORT = "import.2000_lines.seconds", "report.2000_people.seconds"
PATIENCE_SECONDS = 600
TITLES = ("Nom", "Prénom", "Date de naissance", "Adresse électronique", "Date d’entrée", "Date de fin prévue")


def import_names() -> list[str]:
    """Return the figure promised."""
    return [IMPORT]


def report_names() -> list[str]:
    """Return the figure promised."""
    return [REPORT]


def measure_import(scene: Scene) -> Iterator[Figure]:
    """Yield the seconds from the file sent to the last trainee written: reading, check of every line, import."""
    scene.worker  # noqa: B018  at work before anything is sent
    visitor = scene.visitor(User.objects.get(pk=BASE + 1))
    content = _spreadsheet(scene.sizes.import_lines)
    began = perf_counter()
    columns = visitor.send_file(reverse("trainees:imports"), "file", "stagiaires.csv", content).location
    asked = TraineeImport.objects.get(public_id=resolve(columns).kwargs["public_id"])
    mapping = {f"column_{rank}": name for rank, name in guess(list(TITLES), {}).items()}
    visitor.post(columns, mapping | {"trial_weeks": "6", "records_arrivals": "on"})
    _wait(lambda: _state(asked) == TraineeImport.Status.READY, "La vérification du tableau", asked)
    visitor.post(reverse("trainees:import_apply", args=[asked.public_id]), {})
    _wait(lambda: _state(asked) == TraineeImport.Status.APPLIED, "L’import du tableau", asked)
    seconds = perf_counter() - began
    if (made := asked.lines.filter(outcome="done").count()) != scene.sizes.import_lines:
        raise CannotMeasure(f"{made} lignes importées sur {scene.sizes.import_lines}.")
    yield Figure(IMPORT, seconds, "s")


def measure_report(scene: Scene) -> Iterator[Figure]:
    """Yield the seconds from the click that closes an edition to its sealed report, workbook inside."""
    scene.worker  # noqa: B018  the same
    edition = Edition.objects.latest("held_on")
    if (people := Registration.objects.filter(edition=edition).count()) < scene.sizes.people:
        raise CannotMeasure(f"L’édition n’a que {people} personnes, il en faut {scene.sizes.people}.")
    visitor = scene.visitor(scene.officer)
    began = perf_counter()
    visitor.post(reverse("assises:report_close", args=[edition.year]), {"seen": edition.status})
    report = EditionReport.objects.filter(edition=edition).first()
    if report is None:
        raise CannotMeasure("L’édition n’a pas pu être clôturée.")
    asked = Document.objects.filter(kind=REPORT_KIND, subject=subject_of(report))
    _wait(lambda: asked.filter(status=Status.SEALED).exists(), "Le bilan scellé", asked.first())
    yield Figure(REPORT, perf_counter() - began, "s")


def _spreadsheet(lines: int) -> bytes:
    today = timezone.localdate()
    entered, ends = today - timedelta(days=20), today + timedelta(days=180)
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";")
    sheet.writerow(TITLES)
    for number in range(lines):
        born = today - timedelta(days=20 * 365 + number % 300)
        days = [f"{day:%d/%m/%Y}" for day in (born, entered, ends)]
        letters = "".join(chr(97 + int(digit)) for digit in str(number))
        sheet.writerow([f"Mesure-{letters}", "Camille", days[0], f"mesure{number}@exemple.invalid", days[1], days[2]])
    return written.getvalue().encode("utf-8-sig")


def _state(asked: TraineeImport) -> str:
    asked.refresh_from_db(fields=["status", "failure"])
    return asked.status


def _wait(done: Callable[[], bool], what: str, row: object) -> None:
    limit = perf_counter() + PATIENCE_SECONDS
    while not done():
        if getattr(row, "status", "") == "failed":
            raise CannotMeasure(f"{what} a échoué : {getattr(row, 'failure', '')}")
        if perf_counter() > limit:
            raise CannotMeasure(f"{what} n’a pas abouti en {PATIENCE_SECONDS} s.")
        sleep(0.02)
