"""The facts of partnerships."""

from partnerships.models.amendments import AmendmentChange, ConventionAmendment
from partnerships.models.ceremonies import CeremonyItem
from partnerships.models.companies import Company, CompanyContact, Establishment
from partnerships.models.conventions import PartnershipConvention
from partnerships.models.deliveries import CommitmentDelivery
from partnerships.models.events import SigningEvent
from partnerships.models.exchanges import CompanyExchange
from partnerships.models.lines import Commitment, ConventionArticle, ConventionSignatory
from partnerships.models.meetings import MeetingAction, SteeringMeeting
from partnerships.models.moves import AmendmentMove, ConventionMove
from partnerships.models.negotiation import ConventionComment
from partnerships.models.replacements import ContactReplacement
from partnerships.models.requests import CompanyRequest
from partnerships.models.sirene import SireneImport, SireneImportLine
from partnerships.models.templates import ConventionTemplate, TemplateArticle

__all__ = [
    "AmendmentChange",
    "AmendmentMove",
    "CeremonyItem",
    "Commitment",
    "CommitmentDelivery",
    "Company",
    "CompanyContact",
    "CompanyExchange",
    "CompanyRequest",
    "ContactReplacement",
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
    "SireneImport",
    "SireneImportLine",
    "SteeringMeeting",
    "TemplateArticle",
]
