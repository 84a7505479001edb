"""The facts of trainees: people, pathways, internships, agreements, and the dated limits they obey."""

from trainees.models.agreements import AgreementAmendment, AgreementAmendmentMove, AgreementMove, InternshipAgreement
from trainees.models.imports import RememberedColumn, TraineeImport, TraineeImportLine
from trainees.models.internships import DangerousWorkDerogation, Internship, InternshipMove
from trainees.models.parameters import LegalParameter
from trainees.models.pathways import (
    AgeDerogation,
    EntryProfile,
    Exit,
    FollowUp,
    Pathway,
    PathwayMove,
    PathwayPhase,
    Suspension,
    TrainingContract,
)
from trainees.models.people import LegalRepresentative, Prescriber, Referral, SensitiveFlag, Trainee
from trainees.models.references import Commune, ReferenceDataset, Trade
from trainees.models.schedules import ScheduleDay

__all__ = [
    "AgeDerogation",
    "AgreementAmendment",
    "AgreementAmendmentMove",
    "AgreementMove",
    "Commune",
    "DangerousWorkDerogation",
    "EntryProfile",
    "Exit",
    "FollowUp",
    "Internship",
    "InternshipAgreement",
    "InternshipMove",
    "LegalParameter",
    "LegalRepresentative",
    "Pathway",
    "PathwayMove",
    "PathwayPhase",
    "Prescriber",
    "ReferenceDataset",
    "Referral",
    "RememberedColumn",
    "ScheduleDay",
    "SensitiveFlag",
    "Suspension",
    "Trade",
    "Trainee",
    "TraineeImport",
    "TraineeImportLine",
    "TrainingContract",
]
