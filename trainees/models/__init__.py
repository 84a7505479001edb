"""The facts of trainees: people, pathways, internships, agreements, and the dated limits they obey."""

from trainees.models.agreements import AgreementAmendment, AgreementAmendmentMove, AgreementMove, InternshipAgreement
from trainees.models.exits import Exit, FollowUp
from trainees.models.hours import SchoolHours
from trainees.models.internships import DangerousWorkDerogation, Internship, InternshipMove
from trainees.models.parameters import LegalParameter
from trainees.models.pathway_parts import AgeDerogation, EntryProfile, PathwayPhase, Suspension, TrainingContract
from trainees.models.pathways import Pathway, PathwayMove
from trainees.models.people import LegalRepresentative, Prescriber, Referral, SensitiveFlag, Trainee
from trainees.models.references import Commune, ReferenceDataset, Trade
from trainees.models.schedules import ScheduleDay
from trainees.models.transfers import TraineeTransfer

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
    "ScheduleDay",
    "SchoolHours",
    "SensitiveFlag",
    "Suspension",
    "Trade",
    "Trainee",
    "TraineeTransfer",
    "TrainingContract",
]
