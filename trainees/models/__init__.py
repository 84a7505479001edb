"""The facts of trainees: people, pathways, internships, agreements, and the dated limits they obey."""

from trainees.models.accidents import AccidentReport
from trainees.models.agreements import AgreementAmendment, AgreementAmendmentMove, AgreementMove, InternshipAgreement
from trainees.models.assessments import AssessedSkill, CompanyAssessment, PlannedSkill
from trainees.models.attendance import AbsenceProof, AttendanceHalfDay, SchoolClosure
from trainees.models.credentials import SkillsCredential
from trainees.models.doubles import DoublesSearch, LikelyDouble
from trainees.models.exits import Exit, FollowUp
from trainees.models.frameworks import Skill, SkillDomain, SkillFramework, SkillLevel, SkillLevelWords
from trainees.models.hosting import Approach, HostProfile, InternshipOffer, OfferUse, TutorVisit, YesNo
from trainees.models.imports import RememberedColumn, TraineeImport, TraineeImportLine
from trainees.models.internships import DangerousWorkDerogation, Internship, InternshipMove
from trainees.models.news import SchoolDay, SchoolNews
from trainees.models.parameters import LegalParameter
from trainees.models.pathway_parts import AgeDerogation, EntryProfile, PathwayPhase, Suspension, TrainingContract
from trainees.models.pathways import Pathway, PathwayMove
from trainees.models.people import LegalRepresentative, Prescriber, Referral, SensitiveFlag, Trainee
from trainees.models.portfolio import Evidence, SkillsCertificate, SkillValidation
from trainees.models.references import Commune, ReferenceDataset, Trade, TradeTitle
from trainees.models.schedules import ScheduleDay
from trainees.models.school_week import SchoolWeek, SchoolWeekDay
from trainees.models.skill_tally import SkillTally
from trainees.models.statements import MonthlyAttendanceStatement, StatementMove
from trainees.models.trainee_answers import SkillDisagreement, TraineeAnswer
from trainees.models.transfers import TraineeTransfer
from trainees.models.tutor_reports import TutorReport

__all__ = [
    "AbsenceProof",
    "AccidentReport",
    "AgeDerogation",
    "AgreementAmendment",
    "AgreementAmendmentMove",
    "AgreementMove",
    "Approach",
    "AssessedSkill",
    "AttendanceHalfDay",
    "Commune",
    "CompanyAssessment",
    "DangerousWorkDerogation",
    "DoublesSearch",
    "EntryProfile",
    "Evidence",
    "Exit",
    "FollowUp",
    "HostProfile",
    "Internship",
    "InternshipAgreement",
    "InternshipMove",
    "InternshipOffer",
    "LegalParameter",
    "LegalRepresentative",
    "LikelyDouble",
    "MonthlyAttendanceStatement",
    "OfferUse",
    "Pathway",
    "PathwayMove",
    "PathwayPhase",
    "PlannedSkill",
    "Prescriber",
    "ReferenceDataset",
    "Referral",
    "RememberedColumn",
    "ScheduleDay",
    "SchoolClosure",
    "SchoolDay",
    "SchoolNews",
    "SchoolWeek",
    "SchoolWeekDay",
    "SensitiveFlag",
    "Skill",
    "SkillDisagreement",
    "SkillDomain",
    "SkillFramework",
    "SkillLevel",
    "SkillLevelWords",
    "SkillTally",
    "SkillValidation",
    "SkillsCertificate",
    "SkillsCredential",
    "StatementMove",
    "Suspension",
    "Trade",
    "TradeTitle",
    "Trainee",
    "TraineeAnswer",
    "TraineeImport",
    "TraineeImportLine",
    "TraineeTransfer",
    "TrainingContract",
    "TutorReport",
    "TutorVisit",
    "YesNo",
]
