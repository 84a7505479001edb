"""What the lists of people give as files: each column is declared here once. Health data is in none of them."""

from typing import Any

from e2c_portal.exports.lists import Column
from trainees.reads.people import latest_stay, situation_of


def _stay(read: Any) -> Any:
    """Read something of the open or last pathway, empty without any."""

    def value(trainee: Any) -> Any:
        stay = latest_stay(trainee)
        return read(stay) if stay else ""

    return value


TRAINEE_COLUMNS = (
    Column("Nom", lambda row: row.last_name, 24),
    Column("Prénom", lambda row: row.first_name, 20),
    Column("Né(e) le", lambda row: row.birth_date, 12),
    Column("Sexe", lambda row: row.get_gender_display(), 8),
    Column("Adresse électronique", lambda row: row.email, 30),
    Column("Téléphone", lambda row: row.phone, 16),
    Column("Adresse", lambda row: row.address, 34),
    Column("Code postal", lambda row: row.postal_code, 12),
    Column("Ville", lambda row: row.city, 22),
    Column("École", lambda row: row.school.name, 28),
    Column("Situation", lambda row: situation_of(row).label, 22),
    Column("Site", _stay(lambda stay: stay.site.name), 22),
    Column("Formateur référent", _stay(lambda stay: str(stay.referent or "")), 24),
    Column("Entrée le", _stay(lambda stay: stay.entered_on), 12),
    Column("Fin prévue", _stay(lambda stay: stay.planned_ends_on), 12),
    Column("Dernier jour", _stay(lambda stay: stay.ended_on), 12),
)
FOLLOW_UP_COLUMNS = (
    Column("Prévu le", lambda row: row.due_on, 12),
    Column("Suivi à (mois)", lambda row: row.months, 14),
    Column("Nom", lambda row: row.pathway.trainee.last_name, 24),
    Column("Prénom", lambda row: row.pathway.trainee.first_name, 20),
    Column("Téléphone", lambda row: row.pathway.trainee.phone, 16),
    Column("Adresse électronique", lambda row: row.pathway.trainee.email, 30),
    Column("École", lambda row: row.pathway.trainee.school.name, 28),
    Column("Site", lambda row: row.pathway.site.name, 22),
    Column("Dernier jour du parcours", lambda row: row.pathway.ended_on, 14),
)
TRANSFER_COLUMNS = (
    Column("Demandé le", lambda row: row.asked_at, 18),
    Column("Nom", lambda row: row.trainee.last_name, 24),
    Column("Prénom", lambda row: row.trainee.first_name, 20),
    Column("École actuelle", lambda row: row.from_school.name, 28),
    Column("École d’accueil", lambda row: row.to_school.name, 28),
    Column("Dernier jour", lambda row: row.leaves_on, 12),
    Column("Motif", lambda row: row.reason, 44),
    Column("État", lambda row: row.state.label, 14),
    Column("Répondu le", lambda row: row.decided_at, 18),
    Column("Réponse", lambda row: row.answer, 44),
)
DOUBLE_COLUMNS = (
    Column("Né(e) le", lambda row: row.here.birth_date, 12),
    Column("Première fiche", lambda row: row.here.sorted_name, 30),
    Column("École de la première", lambda row: row.here.school.name, 28),
    Column("Deuxième fiche", lambda row: row.there.sorted_name, 30),
    Column("École de la deuxième", lambda row: row.there.school.name, 28),
    Column("Ressemblance (%)", lambda row: round(row.nearness * 100), 12),
)
LIMIT_COLUMNS = (
    Column("Limite", lambda row: row.get_key_display(), 50),
    Column("Valeur", lambda row: row.value, 10),
    Column("Unité", lambda row: row.unit, 14),
    Column("Depuis le", lambda row: row.starts_on, 12),
    Column("Jusqu’au", lambda row: row.ends_on, 12),
    Column("Source", lambda row: row.source, 60),
)
