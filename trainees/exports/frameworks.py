"""A version of a framework as a file that may be loaded again, the template to fill in, the list of versions."""

import tempfile
from collections.abc import Iterable, Iterator

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook

from e2c_portal.exports.cells import cell
from e2c_portal.exports.formats import FORMATS, XLSX_MIME
from e2c_portal.exports.lists import Column
from e2c_portal.kernel.french import typeset
from trainees.reads import framework_columns as columns
from trainees.reads.framework_content import DomainSaid, FrameworkSaid, LevelSaid, SkillSaid

FILE_FORMATS = ("xlsx", "csv")
WIDTHS = {columns.LINE: 13, columns.CODE: 16, columns.NAME: 42, columns.TEXT: 60, columns.SOURCE: 40}
Line = dict[str, str]
FRAMEWORK_COLUMNS = (
    Column("Code", lambda row: row.code, 20),
    Column("Version", lambda row: row.version, 9),
    Column("Nom", lambda row: row.name, 44),
    Column("Nature", lambda row: row.get_kind_display(), 30),
    Column("Exemple", lambda row: row.is_example, 9),
    Column("Source", lambda row: row.source, 50),
    Column("Métiers ROME", lambda row: ", ".join(row.rome_codes), 24),
    Column("Compétences", lambda row: row.skill_count, 12),
    Column("État", lambda row: row.state.label, 14),
    Column("En vigueur depuis le", lambda row: row.published_on, 14),
    Column("Fermé le", lambda row: row.retired_on, 14),
)
NOTES = (
    "Une ligne par élément. La colonne « Ligne » dit ce qu’elle décrit : référentiel, niveau, domaine ou compétence.",
    "Ligne « référentiel » (une seule) : code (le même d’une version à l’autre), nom, nature (réseau, métier, CléA, autre), source, "
    "exemple (oui ou non), métiers ROME séparés par des espaces (vide : tous les métiers).",
    "Lignes « niveau » : le code est le rang (1, 2, 3…), l’explication dit ce que le niveau veut dire, « Acquis » vaut oui à partir du "
    "niveau où la compétence est acquise.",
    "Lignes « domaine » : code et nom.",
    "Lignes « compétence » : code, nom, explication (la compétence en situation de travail), domaine (son code ; vide : le domaine "
    "écrit au-dessus). « Niveau 1 », « Niveau 2 »… disent, si vous le voulez, ce que l’on voit à ce niveau pour cette compétence.",
    "Exemple : oui pour tout ce qui n’est pas un référentiel adopté. Le portail l’affiche partout.",
    "Rien ne s’enregistre au dépôt : le portail montre d’abord chaque ligne à corriger, puis ce qui changerait.",
)
TEMPLATE = FrameworkSaid(
    "mon-referentiel", "Nom du référentiel", "network", "Qui l’a écrit, et où le lire", True, (),
    (
        LevelSaid(1, "Découvre", "Regarde faire et aide.", False),
        LevelSaid(2, "Fait avec de l’aide", "Fait en étant guidé.", False),
        LevelSaid(3, "Fait seul", "Fait sans aide les jours ordinaires.", True),
    ),
    (
        DomainSaid("D1", "Premier domaine", (
            SkillSaid("C1", "Arriver à l’heure", "Est prêt à son poste à l’heure prévue.", ((3, "Prévient lui-même d’un retard."),)),
        )),
    ),
)  # fmt: skip


def lines_of(said: FrameworkSaid) -> Iterator[Line]:
    """Yield the lines of a framework, each as texts by title of column."""
    yield {
        columns.LINE: columns.FRAMEWORK, columns.CODE: said.code, columns.NAME: said.name,
        columns.KIND: columns.KIND_WORDS[said.kind], columns.SOURCE: said.source,
        columns.EXAMPLE: _yes(said.is_example), columns.TRADES: " ".join(said.rome_codes),
    }  # fmt: skip
    for level in said.levels:
        yield {
            columns.LINE: columns.LEVEL, columns.CODE: str(level.rank), columns.NAME: level.name,
            columns.TEXT: level.meaning, columns.ACQUIRED: _yes(level.is_acquired),
        }  # fmt: skip
    for domain in said.domains:
        yield {columns.LINE: columns.DOMAIN_LINE, columns.CODE: domain.code, columns.NAME: domain.name}
        for skill in domain.skills:
            yield {
                columns.LINE: columns.SKILL, columns.CODE: skill.code, columns.NAME: skill.name,
                columns.TEXT: skill.description, columns.DOMAIN: domain.code,
            } | {columns.level_title(rank): words for rank, words in skill.words}  # fmt: skip


def framework_answer(said: FrameworkSaid, version: int, extension: str) -> HttpResponseBase:
    """Answer a version as the file that loads it."""
    titles = _titles(said)
    rows = [[cell(line.get(title, "")) for title in titles] for line in lines_of(said)]
    answer = FORMATS[extension].answer("Référentiel", _columns(titles), rows)
    name = f"referentiel-{said.code}-v{version}.{extension}"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def template_answer() -> FileResponse:
    """Answer the template: a short example, then the notes on a second sheet."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it once it is sent
    book = Workbook(file, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"title": "Référentiel de compétences", "author": "Portail des Écoles de la 2e chance"})
    bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@", "text_wrap": True})
    sheet = book.add_worksheet("Référentiel")
    titles = _titles(TEMPLATE)
    for number, title in enumerate(titles):
        sheet.set_column(number, number, WIDTHS.get(title, 20), text)
        sheet.write_string(0, number, title, bold)
    for row, line in enumerate(lines_of(TEMPLATE), 1):
        for number, title in enumerate(titles):
            sheet.write_string(row, number, line.get(title, ""), text)
    sheet.freeze_panes(1, 0)
    _write_notes(book)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="modele-referentiel.xlsx", content_type=XLSX_MIME)


def _write_notes(book: Workbook) -> None:
    notes = book.add_worksheet("Mode d’emploi")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    notes.set_column(0, 0, 110, wrap)
    for row, note in enumerate(NOTES):
        notes.write_string(row, 0, typeset(note), wrap)


def _titles(said: FrameworkSaid) -> list[str]:
    return [*columns.TITLES, *(columns.level_title(level.rank) for level in said.levels)]


def _columns(titles: Iterable[str]) -> list[Column]:
    return [Column(title, lambda row: row, WIDTHS.get(title, 20)) for title in titles]


def _yes(said: bool) -> str:
    return "oui" if said else "non"
