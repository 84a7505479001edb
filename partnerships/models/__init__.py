"""The facts of partnerships."""

from partnerships.models.amendments import AmendmentChange, AmendmentMove, ConventionAmendment
from partnerships.models.ceremonies import CeremonyItem
from partnerships.models.companies import Company, CompanyContact, Establishment
from partnerships.models.conventions import (
    Commitment,
    ConventionArticle,
    ConventionMove,
    ConventionSignatory,
    PartnershipConvention,
)
from partnerships.models.events import SigningEvent
from partnerships.models.exchanges import CompanyExchange
from partnerships.models.meetings import MeetingAction, SteeringMeeting
from partnerships.models.negotiation import ConventionComment
from partnerships.models.templates import ConventionTemplate, TemplateArticle

__all__ = [
    "AmendmentChange",
    "AmendmentMove",
    "CeremonyItem",
    "Commitment",
    "Company",
    "CompanyContact",
    "CompanyExchange",
    "ConventionAmendment",
    "ConventionArticle",
    "ConventionMove",
    "ConventionSignatory",
    "Establishment",
    "PartnershipConvention",
    "SigningEvent",
    "ConventionComment",
    "ConventionTemplate",
    "MeetingAction",
    "SteeringMeeting",
    "TemplateArticle",
]
