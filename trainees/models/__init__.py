"""The facts of trainees: people, pathways, internships, agreements, and the dated limits they obey."""

from trainees.models.accidents import AccidentReport
from trainees.models.agreements import AgreementAmendment, AgreementAmendmentMove, AgreementMove, InternshipAgreement
from trainees.models.attendance import AbsenceProof, AttendanceHalfDay, SchoolClosure, SchoolWeek
from trainees.models.hours import SchoolHours
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
from trainees.models.statements import MonthlyAttendanceStatement, StatementMove
from trainees.models.tutor_reports import TutorReport

__all__ = [
    "AbsenceProof",
    "AccidentReport",
    "AgeDerogation",
    "AgreementAmendment",
    "AgreementAmendmentMove",
    "AgreementMove",
    "AttendanceHalfDay",
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
    "MonthlyAttendanceStatement",
    "Pathway",
    "PathwayMove",
    "PathwayPhase",
    "Prescriber",
    "ReferenceDataset",
    "Referral",
    "ScheduleDay",
    "SchoolHours",
    "SchoolClosure",
    "SchoolWeek",
    "SensitiveFlag",
    "StatementMove",
    "Suspension",
    "Trade",
    "Trainee",
    "TrainingContract",
    "TutorReport",
]
