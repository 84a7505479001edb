"""What the sheet of a signed convention says of what came after: amendments, renewal."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from e2c_portal.kernel.workflow import Actor
from partnerships import amendment_life, workflows
from partnerships.models import ConventionAmendment, PartnershipConvention, SteeringMeeting
from partnerships.permissions import PartnershipPermission
from partnerships.queries import amendments_of, meetings_of


@dataclass(frozen=True)
class LifeSheet:
    """What came after the signature, and what may be started now."""

    signed: bool
    amendments: list[ConventionAmendment] = field(default_factory=list)
    may_amend: bool = False
    may_renew: bool = False
    meetings: list[SteeringMeeting] = field(default_factory=list)
    may_meet: bool = False
    open_comments: int = 0
    today: date = field(default_factory=timezone.localdate)


def life_of(convention: PartnershipConvention, actor: Actor) -> LifeSheet:
    """Return what came after the signature of a convention, as this person may act on it."""
    if convention.status not in workflows.SIGNED_STATES:
        return LifeSheet(signed=False, open_comments=convention.comments.filter(resolved_at=None).count())
    amendments = amendments_of(convention)
    under_way = any(row.status in amendment_life.OPEN for row in amendments)
    may_write = actor.has_perm(PartnershipPermission.WRITE_AMENDMENT)
    return LifeSheet(
        signed=True,
        amendments=amendments,
        meetings=meetings_of(convention),
        may_meet=actor.has_perm(PartnershipPermission.WRITE_MEETING),
        may_amend=may_write and not under_way and convention.status == workflows.SIGNED,
        may_renew=actor.has_perm(PartnershipPermission.ADD_CONVENTION)
        and convention.status in (workflows.SIGNED, workflows.DENOUNCED),
    )
