"""Write the meetings of a steering committee, and say that an action is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import day_in_letters
from partnerships import workflows
from partnerships.models import MeetingAction, PartnershipConvention, SteeringMeeting
from partnerships.permissions import PartnershipPermission


@dataclass(frozen=True)
class ActionText:
    """An action as typed. `key` is that of the action it changes, 0 for a new one."""

    description: str
    who: str
    due_on: date
    done_on: date | None = None
    key: int = 0


@dataclass(frozen=True)
class MeetingText:
    """All that people write of a meeting. The actions replace those that were there."""

    held_on: date
    place: str = ""
    attendees: str = ""
    minutes: str = ""
    actions: Sequence[ActionText] = field(default_factory=list)


@transaction.atomic
def record_meeting(convention_id: int, text: MeetingText, actor: User) -> SteeringMeeting:
    """Write a meeting, held or to come, of a signed convention. Raises NotAllowed, Refused, ValidationError."""
    _require(actor)
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    if convention.status not in workflows.SIGNED_STATES:
        raise Refused("Le comité de suivi se réunit une fois la convention signée.")
    meeting = SteeringMeeting(convention=convention, created_by=actor)
    _write(meeting, text)
    record(actor, "meeting.recorded", convention, f"Comité de suivi du {day_in_letters(text.held_on)} enregistré")
    return meeting


@transaction.atomic
def revise_meeting(meeting_id: int, revision: int, text: MeetingText, actor: User) -> SteeringMeeting:
    """Change a meeting. Raises NotAllowed, Overtaken when somebody saved meanwhile, ValidationError."""
    _require(actor)
    meeting = SteeringMeeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.revision != revision:
        raise Overtaken(
            "Quelqu’un a enregistré cette réunion pendant que vous l’écriviez. Comparez, puis enregistrez de nouveau."
        )
    meeting.revision += 1
    _write(meeting, text)
    record(actor, "meeting.revised", meeting.convention, f"Comité de suivi du {day_in_letters(text.held_on)} modifié")
    return meeting


@transaction.atomic
def complete_action(action_id: int, actor: User, *, done_on: date | None = None) -> MeetingAction:
    """Say that an action is done, today unless another day is given. Doing it twice changes nothing. Raises NotAllowed, Refused."""
    _require(actor)
    action = MeetingAction.objects.select_for_update().select_related("meeting__convention").get(pk=action_id)
    day = done_on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("Une action faite ne peut pas être datée d’un jour à venir.")
    if action.done_on is None:
        action.done_on = day
        action.save(update_fields=["done_on"])
        # Whoever has the meeting open must not bring the action back unknowingly.
        SteeringMeeting.objects.filter(pk=action.meeting_id).update(revision=action.meeting.revision + 1)
        record(actor, "meeting.action_done", action.meeting.convention, f"Action faite : {action.description}")
    return action


def _write(meeting: SteeringMeeting, text: MeetingText) -> None:
    meeting.held_on, meeting.place = text.held_on, text.place
    meeting.attendees, meeting.minutes = text.attendees, text.minutes
    if meeting.minutes.strip() and meeting.held_on > timezone.localdate():
        raise ValidationError({"minutes": "Le compte rendu s’écrit après la réunion."})
    meeting.full_clean()
    meeting.save()
    known = {action.pk: action for action in meeting.actions.all()}
    kept = {action.key for action in text.actions if action.key in known}
    meeting.actions.exclude(pk__in=kept).delete()
    for position, typed in enumerate(text.actions, start=1):
        action = known.get(typed.key) or MeetingAction(meeting=meeting)
        action.position, action.description, action.who = position, typed.description, typed.who
        action.due_on, action.done_on = typed.due_on, typed.done_on
        if typed.done_on and typed.done_on > timezone.localdate():
            raise ValidationError("Une action faite ne peut pas être datée d’un jour à venir.")
        action.full_clean(validate_unique=False, validate_constraints=False)
        action.save()


def _require(actor: User) -> None:
    if not actor.has_perm(PartnershipPermission.WRITE_MEETING):
        raise NotAllowed("Seul un chargé de mission régional peut écrire les réunions de suivi.")
