"""What the lists of registrations give as files. No ticket leaves in a list: it would open the door for its holder."""

from typing import Any

from assises.models import Question
from e2c_portal.exports.lists import Column

CONSENT = {None: "pas demandé", True: "oui", False: "non"}

REGISTRATION_COLUMNS = (
    Column("Nom", lambda row: row.last_name, 22),
    Column("Prénom", lambda row: row.first_name, 18),
    Column("Catégorie", lambda row: row.get_category_display(), 18),
    Column("État", lambda row: row.state.label, 20),
    Column("École", lambda row: row.school.name if row.school else "", 28),
    Column("Organisme", lambda row: row.organisation, 30),
    Column("Fonction", lambda row: row.job_title, 24),
    Column("Adresse électronique", lambda row: row.email, 30),
    Column("Inscrite", lambda row: row.get_origin_display(), 20),
    Column("Le", lambda row: row.created_at, 18),
    Column("Place gardée jusqu’au", lambda row: row.offered_until, 18),
    Column("Photos", lambda row: CONSENT[row.image_consent], 12),
    Column("Accord donné par", lambda row: row.image_consent_by, 24),
    # Empty for whoever may not read it: the row says so itself (reads.registrations).
    Column("Besoins pour venir et participer", lambda row: row.access_needs if row.reads_needs else "", 40),
    Column("Ateliers", lambda row: ", ".join(place.session.title for place in row.session_places.all()), 40),
)

ANSWER_COLUMNS = (
    Column("Question", lambda line: line[0], 40),
    Column("Réponse", lambda line: line[1], 30),
    Column("Personnes avec une place", lambda line: line[2], 14),
)


def columns_of(questions: list[Question]) -> list[Column]:
    """Return a column for each question of an edition, under another title when a column of the list has its own."""
    taken = {column.title for column in REGISTRATION_COLUMNS}
    return [
        Column(f"Réponse : {row.label}" if row.label in taken else row.label, _answer_to(row.pk), 24)
        for row in questions
    ]


def _answer_to(question_id: int) -> Any:
    def value(row: Any) -> str:
        return next((answer.value for answer in row.answers.all() if answer.question_id == question_id), "")

    return value
