"""What the list of agreements to sign gives as a file: each column is declared here once, for every format."""

from e2c_portal.exports.lists import Column
from partnerships.diffusion import exported_name
from trainees.models import Internship, InternshipAgreement
from trainees.sheets.waiting_line import NOT_DRAFTED


def _agreement(row: Internship) -> InternshipAgreement | None:
    living: list[InternshipAgreement] = row.living_agreements  # type: ignore[attr-defined]
    return living[0] if living else None


def _state(row: Internship) -> str:
    agreement = _agreement(row)
    return agreement.state.label if agreement else NOT_DRAFTED.label


def _is_late(row: Internship) -> bool:
    agreement = _agreement(row)
    return agreement is not None and agreement.is_late


WAITING_COLUMNS = (
    Column("Stage", lambda row: row.reference, 16),
    Column("École", lambda row: row.school.name, 34),
    Column("Stagiaire", lambda row: row.trainee.sorted_name, 30),
    Column("Entreprise", lambda row: exported_name(row.establishment.company), 34),
    Column("Premier jour", lambda row: row.starts_on, 14),
    Column("Dernier jour", lambda row: row.ends_on, 14),
    Column("Convention", _state, 26),
    Column("Signée le", lambda row: getattr(_agreement(row), "signed_on", None), 14),
    Column("Signée en retard", _is_late, 16),
    Column("Motif du retard", lambda row: getattr(_agreement(row), "late_reason", ""), 44),
    Column("Tuteur", lambda row: str(row.tutor or ""), 26),
    Column("Référent", lambda row: str(row.referent or ""), 26),
)
