"""What the survey adds to a report: each question, how many answered, the mean, and how many of each mark."""

from assises.life.survey import HIGHEST, LOWEST
from assises.reads.report_rows import Rows
from assises.reads.report_sections import TEXT, Column, Line, Section
from assises.reads.survey import survey_results
from e2c_portal.kernel.french import counted, number

MARKS = range(HIGHEST, LOWEST - 1, -1)
COLUMNS = (
    Column("answers", "Réponses", "Les personnes qui ont répondu à la question."),
    Column("mean", f"Moyenne sur {HIGHEST}", "La moyenne des notes, à une décimale.", TEXT),
    *(Column(f"mark-{mark}", f"Note {mark}", f"Les personnes qui ont donné la note {mark}.") for mark in MARKS),
)


def survey(rows: Rows) -> Section | None:
    """Tell the anonymous survey for the whole; nothing under five replies, nor for the free words."""
    results = [(result, result.mean) for result in survey_results(rows.edition) if result.mean is not None]
    if not results:
        return None
    lines = tuple(
        Line(str(rank), told.question, (told.n, number(mean), *(told.distribution[mark] for mark in MARKS)))
        for rank, (told, mean) in enumerate(results, start=1)
    )
    return Section(
        "survey", "Avis des participants", "L’enquête anonyme envoyée après la journée, dite pour l’ensemble à partir de cinq réponses.",
        "Question", COLUMNS, lines, counted(results[0][0].n, "réponse", "réponses"),
        rows=tuple((rank, *line.values) for rank, line in enumerate(lines)),
    )  # fmt: skip
