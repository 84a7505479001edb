"""What the lists of around the day give as files: attestations, messages, results of the survey."""

from assises.life.survey import HIGHEST, LOWEST
from e2c_portal.exports.lists import Column

ATTESTATION_COLUMNS = (
    Column("Nom", lambda row: row.name, 30),
    Column("École, entreprise ou organisme", lambda row: row.comes_from, 36),
    Column("Catégorie", lambda row: row.registration.get_category_display(), 20),
    Column("Demi-journées", lambda row: row.half_days, 26),
    Column("Attestation", lambda row: row.document.reference if row.document else "", 18),
    Column("État de l’attestation", lambda row: row.state.label, 22),
)
# One line is a message with how far it is.
MESSAGE_COLUMNS = (
    Column("Objet", lambda row: row[0].subject_line, 44),
    Column("État", lambda row: row[0].state.label, 18),
    Column("Écrit le", lambda row: row[0].written_at, 18),
    Column("Terminé le", lambda row: row[0].finished_at, 18),
    Column("Destinataires", lambda row: row[0].recipients, 14),
    Column("Envoyés", lambda row: row[1].sent, 12),
    Column("En attente", lambda row: row[1].waiting, 12),
    Column("En échec", lambda row: row[1].failed, 12),
)
SURVEY_COLUMNS = (
    Column("Question", lambda row: row.question, 60),
    Column("Réponses", lambda row: row.answers, 12),
    Column("Moyenne sur 5", lambda row: row.mean, 14),
    *(
        Column(f"Note {mark}", lambda row, mark=mark: row.marks.get(mark), 10)  # type: ignore[misc]
        for mark in range(LOWEST, HIGHEST + 1)
    ),
)
WORDS_COLUMNS = (Column("Ce que les personnes disent", lambda row: row, 100),)
