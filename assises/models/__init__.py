"""The facts of the Assises: editions and their programme, who comes, what the door counted."""

from assises.models.door import Checkpoint, DoorPost, Scan
from assises.models.editions import Category, Edition, EditionMove, Quota
from assises.models.link_requests import LinkRequest
from assises.models.outbox import OutboxMessage
from assises.models.programme import ProgrammeVersion, Room, Session
from assises.models.questions import Answer, Question
from assises.models.registrations import Registration, RegistrationMove, SessionPlace
from assises.models.survey import SurveyAnswered, SurveyReply

__all__ = [
    "Answer",
    "Category",
    "Checkpoint",
    "DoorPost",
    "Edition",
    "EditionMove",
    "LinkRequest",
    "OutboxMessage",
    "ProgrammeVersion",
    "Question",
    "Quota",
    "Registration",
    "RegistrationMove",
    "Room",
    "Scan",
    "Session",
    "SessionPlace",
    "SurveyAnswered",
    "SurveyReply",
]
