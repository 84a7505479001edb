"""The facts of the Assises: editions and their programme, who comes, what the door counted."""

from assises.models.badges import BadgeSheet
from assises.models.door import Checkpoint, DoorPost, Scan
from assises.models.editions import Category, Edition, EditionMove, Quota
from assises.models.programme import ProgrammeVersion, Room, Session
from assises.models.questions import Answer, Question
from assises.models.registrations import Registration, RegistrationMove, SessionPlace

__all__ = [
    "Answer",
    "BadgeSheet",
    "Category",
    "Checkpoint",
    "DoorPost",
    "Edition",
    "EditionMove",
    "ProgrammeVersion",
    "Question",
    "Quota",
    "Registration",
    "RegistrationMove",
    "Room",
    "Scan",
    "Session",
    "SessionPlace",
]
