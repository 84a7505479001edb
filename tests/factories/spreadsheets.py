"""Spreadsheets of the tests, as coordinators really keep them: accents, doubles, dates of every kind, holes and mistakes."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date

from django.core.files.base import ContentFile
from xlsxwriter import Workbook

from e2c_portal.accounts.models import User
from schools.models import School
from trainees.models import Prescriber, TraineeImport
from trainees.operations.import_applying import apply_import
from trainees.operations.import_checking import check_import
from trainees.operations.import_undoing import undo_import
from trainees.operations.imports import bring_spreadsheet, request_application, request_check, request_undo

TITLES = [
    "Date naiss.", "NOM", "Prénom", "Civilité", "Mail", "Tél. portable", "Adresse", "CP", "Ville", "Site", "Entrée le", "Date de fin",
    "Prescripteur", "Niveau", "Permis B", "Observations",
]  # fmt: skip
LAST_NAMES = ["Pons", "GARCIA", "D’Arc", "Nuñez", "El Fassi", "Le Goff", "Müller", "Œuvrard", "Ben Amor", "Castelnau"]
FIRST_NAMES = [
    "Léa",
    "Jean-Noël",
    "Inès",
    "Zoé",
    "Mohamed",
    "Anaïs",
    "Théo",
    "Chloé",
    "Noé",
    "Maëlys",
    "Kévin",
    "Yanis",
]
SITE, PRESCRIBER = "Site principal", "Mission locale des Essais"


def prescriber() -> Prescriber:
    return Prescriber.objects.get_or_create(
        name=PRESCRIBER, defaults={"kind": Prescriber.Kind.LOCAL_MISSION, "city": "Montpellier"}
    )[0]


def messy_rows(count: int) -> list[list[object]]:
    """Return so many rows, one in five of them wrong, double or odd; always the same ones."""
    return [_row(number, count) for number in range(count)]


def _row(number: int, count: int) -> list[object]:
    born = date(2003 + number % 6, 1 + number % 12, 1 + number % 28)
    if number % 40 == 39:  # the same person as thirty lines above, written otherwise
        number -= 30
        born = date(2003 + number % 6, 1 + number % 12, 1 + number % 28)
        last, first = _names(number)
        return _cells(number, born, [last.upper(), first.replace("-", " ").lower()])
    cells = _cells(number, born, list(_names(number)))
    mistakes: dict[int, Callable[[], None]] = {
        5: lambda: cells.__setitem__(0, "31/02/2006"),
        11: lambda: cells.__setitem__(1, ""),
        17: lambda: cells.__setitem__(0, "14/07/1990"),
        23: lambda: cells.__setitem__(4, "pas une adresse"),
        29: lambda: cells.__setitem__(15, "NIR 2 06 01 34 172 123 45"),
        31: lambda: cells.__setitem__(12, "Mission inconnue"),
    }
    mistakes.get(number % 40, lambda: None)()
    return cells


def _names(number: int) -> tuple[str, str]:
    letters = "".join(chr(97 + int(digit)) for digit in str(number))
    return f"{LAST_NAMES[number % 10]}-{letters}", FIRST_NAMES[number % 12]


def _cells(number: int, born: date, names: list[str]) -> list[object]:
    written: list[object] = [
        f"{born:%d/%m/%Y}", f"{born:%d.%m.%y}", f"{born.day} {MONTHS[born.month - 1]} {born.year}", born, (born - date(1899, 12, 30)).days,
    ]  # fmt: skip
    return [
        written[number % 5], *names, ["Mme", "M.", "F", "Homme", ""][number % 5], f"Personne.{number}@exemple.invalid" if number % 3 else "",
        [f"06 12 34 {number // 100 % 100:02d} {number % 100:02d}", 612340000 + number, f"+33 6 12 34 {number // 100 % 100:02d} {number % 100:02d}"][number % 3],
        f"{number} rue de l’Église", [34000, "9000", "30 000"][number % 3], ["Montpellier", "Foix", "Nîmes"][number % 3], SITE,
        date(2026, 9, 1), "31/03/2027", PRESCRIBER if number % 2 else "", ["infra 3", "CAP", "Bac", ""][number % 4],
        ["oui", "NON", ""][number % 3], ["", "à rappeler", "très motivée"][number % 3],
    ]  # fmt: skip


MONTHS = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
]  # fmt: skip


def xlsx(
    rows: Sequence[Sequence[object]], titles: Sequence[str] = TITLES, name: str = "stagiaires.xlsx"
) -> ContentFile:
    """Return a workbook: days are true dates of Excel, numbers are numbers."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    sheet, day = book.add_worksheet("Stagiaires"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, titles)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, column, cell, day)  # type: ignore[arg-type]
            elif cell != "":
                sheet.write(line, column, cell)
    book.close()
    return ContentFile(target.getvalue(), name=name)


def csv_file(
    rows: Sequence[Sequence[object]],
    titles: Sequence[str] = TITLES,
    *,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    name: str = "stagiaires.csv",
) -> ContentFile:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows])
    return ContentFile(target.getvalue().encode(encoding, errors="replace"), name=name)


def brought(content: ContentFile, school: School, actor: User) -> TraineeImport:
    return bring_spreadsheet(content, school, actor)


def checked(content: ContentFile, school: School, actor: User, mapping: dict[str, str] | None = None) -> TraineeImport:
    """Bring a spreadsheet and check it, here and now, with the columns as they are guessed unless `mapping` is given."""
    asked = bring_spreadsheet(content, school, actor)
    request_check(asked.pk, mapping or asked.mapping, actor)
    return _run(asked, "checking", check_import)


def applied(asked: TraineeImport, actor: User) -> TraineeImport:
    request_application(asked.pk, actor)
    return _run(asked, "applying", apply_import)


def undone(asked: TraineeImport, actor: User) -> TraineeImport:
    request_undo(asked.pk, actor)
    return _run(asked, "undoing", undo_import)


def _run(asked: TraineeImport, status: str, work: Callable[[int], bool]) -> TraineeImport:
    asked.refresh_from_db()
    while asked.status == status:
        work(asked.pk)
        asked.refresh_from_db()
    return asked
