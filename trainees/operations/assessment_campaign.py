"""Remind several companies at once: each by the ordinary request, so that one refusal holds back none of the others."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import PortalError
from trainees.models import CompanyAssessment
from trainees.operations.assessments import ask
from trainees.permissions import TraineePermission

AT_ONCE = 100


@dataclass
class Reminded:
    """What became of a batch: how many left, and why the others did not."""

    sent: int = 0
    refused: list[str] = field(default_factory=list)


def remind_companies(assessments: Iterable[CompanyAssessment], actor: User) -> Reminded:
    """Ask each company again for the assessment that it owes, AT_ONCE at most. One transaction an assessment.

    What is refused (sent meanwhile, no address, asked a moment ago, another school) is told by name; the rest leaves.
    """
    told = Reminded()
    for row in list(assessments)[:AT_ONCE]:
        name = row.internship.trainee.sorted_name
        if not actor.has_perm(TraineePermission.ASK_ASSESSMENT, row):
            told.refused.append(f"{name} : vous n’avez pas le droit de demander les évaluations de cette école.")
            continue
        try:
            ask(row.pk, actor)
        except PortalError as refusal:
            told.refused.append(f"{name} : {refusal.message}")
        else:
            told.sent += 1
    return told
