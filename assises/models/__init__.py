"""The facts of the Assises: editions, their rooms, quotas and sessions, and the programmes that were published."""

from assises.models.editions import Category, Edition, EditionMove, Quota
from assises.models.programme import ProgrammeVersion, Room, Session

__all__ = ["Category", "Edition", "EditionMove", "ProgrammeVersion", "Quota", "Room", "Session"]
