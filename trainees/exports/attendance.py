"""What the lists of presences give as files: each column is declared here once, for every format."""

from e2c_portal.exports.lists import Column
from trainees.models.attendance import Half


def _justified(row: object) -> str:
    return {True: "justifiée", False: "non justifiée", None: "à justifier"}[row.justified]  # type: ignore[attr-defined]


def _hours(minutes: int) -> float:
    """Return hours as a number, so that a spreadsheet may add them."""
    return round(minutes / 60, 2)


def _half(row: object) -> str:
    return str(Half(row.half).label)  # type: ignore[attr-defined]


# Reasons are not exported: they may tell of health, and a file travels.
ABSENCE_COLUMNS = (
    Column("Stagiaire", lambda row: row.trainee.sorted_name, 30),
    Column("Jour", lambda row: row.day, 12),
    Column("Moment", _half, 12),
    Column("Lieu", lambda row: row.get_place_display(), 14),
    Column("Entreprise", lambda row: str(row.internship.establishment) if row.internship else "", 34),
    Column("Décision", _justified, 16),
    Column("Justificatif", lambda row: bool(row.proof_id), 12),
    Column("Durée (heures)", lambda row: _hours(row.minutes), 12),
)
REPORT_COLUMNS = (
    Column("Signalé le", lambda row: row.reported_at, 18),
    Column("Signalement", lambda row: row.get_kind_display(), 14),
    Column("Stagiaire", lambda row: row.internship.trainee.sorted_name, 30),
    Column("Jour", lambda row: row.day, 12),
    Column("Moment", lambda row: row.get_halves_display(), 16),
    Column("Retard (minutes)", lambda row: row.late_minutes, 12),
    Column("Entreprise", lambda row: str(row.internship.establishment), 34),
    Column("Tuteur", lambda row: row.contact.full_name, 26),
    Column("État", lambda row: row.state.label, 14),
    Column("Traité par", lambda row: str(row.decided_by or ""), 26),
)
ACCIDENT_COLUMNS = (
    Column("Dossier", lambda row: row.reference, 16),
    Column("École", lambda row: row.school.name, 30),
    Column("Stagiaire", lambda row: row.trainee.sorted_name, 30),
    Column("Survenu le", lambda row: row.occurred_at, 18),
    Column("Lieu", lambda row: row.get_place_display(), 16),
    Column("Régime", lambda row: row.get_regime_display(), 34),
    Column("Connu de l’école le", lambda row: row.known_at, 18),
    Column("À déclarer au plus tard le", lambda row: row.deadline_at, 22),
    Column("Déclaré le", lambda row: row.declared_at, 18),
    Column("Référence", lambda row: row.declaration_reference, 24),
    Column("État", lambda row: row.state.label, 14),
)
STATEMENT_COLUMNS = (
    Column("École", lambda row: row.school.name, 34),
    Column("Mois", lambda row: row.month_words, 18),
    Column("Version", lambda row: row.version, 8),
    Column("État", lambda row: row.state.label, 12),
    Column("Référence", lambda row: row.reference, 24),
    Column("Figé le", lambda row: row.frozen_at, 18),
    Column("Figé par", lambda row: str(row.frozen_by or ""), 26),
    Column("Transmis le", lambda row: row.sent_on, 12),
    Column("Transmis à", lambda row: row.sent_to, 30),
    Column("Stagiaires", lambda row: row.totals.get("trainees"), 10),
    Column("Motif de la correction", lambda row: row.reason, 44),
)
LINE_COLUMNS = (
    Column("Stagiaire", lambda line: line["name"], 30),
    Column("Né le", lambda line: line["birth_date"], 12),
    Column("Site", lambda line: line["site"], 20),
    Column("Financement", lambda line: line["funding"], 20),
    Column("Entrée", lambda line: line["entered_on"], 12),
    Column("Sortie", lambda line: line["ended_on"] or "", 12),
    Column("Fin du parcours", lambda line: line["exit"], 18),
    Column("Demi-journées à l’école", lambda line: line["half_days"]["school"], 12),
    Column("Heures à l’école", lambda line: _hours(line["minutes"]["school"]), 12),
    Column("Demi-journées en entreprise", lambda line: line["half_days"]["company"], 12),
    Column("Heures en entreprise", lambda line: _hours(line["minutes"]["company"]), 12),
    Column("Retards", lambda line: line["late"], 10),
    Column("Absences autorisées", lambda line: line["half_days"]["leave"], 12),
    Column("Absences justifiées", lambda line: line["half_days"]["justified"], 12),
    Column("Absences non justifiées", lambda line: line["half_days"]["unjustified"], 12),
    Column("Absences à justifier", lambda line: line["half_days"]["to_justify"], 12),
)
