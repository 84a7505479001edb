"""The facts of trainees: people, pathways, internships, agreements, and the dated limits they obey."""

from trainees.models.agreements import AgreementAmendment, AgreementAmendmentMove, AgreementMove, InternshipAgreement
from trainees.models.hosting import Approach, HostProfile, InternshipOffer, OfferUse, TutorVisit, YesNo
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
from trainees.models.references import Commune, ReferenceDataset, Trade, TradeTitle
from trainees.models.schedules import ScheduleDay

__all__ = [
    "AgeDerogation",
    "AgreementAmendment",
    "AgreementAmendmentMove",
    "AgreementMove",
    "Approach",
    "Commune",
    "DangerousWorkDerogation",
    "EntryProfile",
    "Exit",
    "FollowUp",
    "HostProfile",
    "Internship",
    "InternshipAgreement",
    "InternshipMove",
    "InternshipOffer",
    "LegalParameter",
    "LegalRepresentative",
    "OfferUse",
    "Pathway",
    "PathwayMove",
    "PathwayPhase",
    "Prescriber",
    "ReferenceDataset",
    "Referral",
    "ScheduleDay",
    "SensitiveFlag",
    "Suspension",
    "Trade",
    "TradeTitle",
    "Trainee",
    "TrainingContract",
    "TutorVisit",
    "YesNo",
]
