"""The figures of skills as files: as small as on the page, so that a file tells no more."""

from dataclasses import dataclass

from e2c_portal.exports.lists import Column
from trainees.models import SkillFramework
from trainees.reads.skill_figures import SkillLine
from trainees.reads.small_cells import Shown
from trainees.sheets.skill_rows import skill_row


@dataclass(frozen=True)
class FigureRow:
    """One figure of one skill."""

    framework: SkillFramework
    line: SkillLine
    what: str
    shown: Shown


def figure_rows(framework: SkillFramework, lines: list[SkillLine]) -> list[FigureRow]:
    """Return the figures one under the other: files of versions with different scales read alike."""
    rows = []
    for line in lines:
        told = [("Prévue", line.planned), ("Pratiquée, tous niveaux", line.practised)]
        told += [(f"Pratiquée, niveau {level.rank} : {level.name}", shown) for level, shown in line.by_level]
        told += [("Non observée", line.unseen), ("Validée", line.validated)]
        rows += [FigureRow(framework, line, what, shown) for what, shown in told]
    return rows


FIGURE_COLUMNS = (
    Column("Référentiel", lambda row: row.framework.name, 40),
    Column("Version", lambda row: row.framework.version, 9),
    Column("Exemple", lambda row: row.framework.is_example, 9),
    Column("Domaine", lambda row: row.line.skill.domain.name, 40),
    Column("Code", lambda row: row.line.skill.code, 10),
    Column("Compétence", lambda row: row.line.skill.name, 50),
    Column("Mesure", lambda row: row.what, 34),
    Column("Stages", lambda row: row.shown.words if row.shown.is_hidden else row.shown.number, 14),
)
COVERAGE_COLUMNS = (
    Column("Référentiel", lambda row: row.framework.name, 44),
    Column("Version", lambda row: row.framework.version, 9),
    Column("Exemple", lambda row: row.framework.is_example, 9),
    Column("État", lambda row: row.framework.state.label, 14),
    Column("Compétences", lambda row: row.skills, 14),
    Column("Prévues au moins une fois", lambda row: row.planned, 16),
    Column("Pratiquées au moins une fois", lambda row: row.practised, 16),
    Column("Validées au moins une fois", lambda row: row.validated, 16),
    Column("Jamais prévues", lambda row: row.never_planned, 16),
    Column("Jamais pratiquées", lambda row: row.never_practised, 16),
)
SKILL_ROW_COLUMNS = (
    Column("Nom", lambda row: skill_row(row).trainee.last_name, 22),
    Column("Prénom", lambda row: skill_row(row).trainee.first_name, 18),
    Column("École", lambda row: skill_row(row).school.name, 28),
    Column("Entreprise", lambda row: skill_row(row).exported_place, 34),
    Column("Référentiel", lambda row: str(row.skill.framework), 40),
    Column("Code", lambda row: row.skill.code, 10),
    Column("Compétence", lambda row: row.skill.name, 50),
    Column("Niveau", lambda row: skill_row(row).level_words, 22),
    Column("Date", lambda row: skill_row(row).on, 12),
)
