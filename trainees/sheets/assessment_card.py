"""The assessment of an internship as its page tells it: where it stands, and the one thing to do next."""

from dataclasses import dataclass
from datetime import date

from e2c_portal.kernel.workflow import State
from trainees.life import assessments as life
from trainees.life import internships as internship_life
from trainees.models import CompanyAssessment, Internship
from trainees.reads.assessment_list import state_in_list, wait_of
from trainees.reads.assessment_page import current_version

NONE_YET = State(
    "Pas encore préparée",
    "Elle se prépare d’elle-même quelques jours avant la fin du stage, ou dès maintenant.",
    "neutral",
)
OF_NOTHING = State("Sans objet", "Ce stage n’a pas lieu : il ne s’évalue pas.", "neutral")
# The states of an internship that a company may speak of.
ASSESSABLE = (internship_life.ACCEPTED, internship_life.SIGNED, internship_life.BROKEN)
NEXT_TO_ASK = {True: "Relancer ou changer de personne", False: "La demander à l’entreprise"}


@dataclass(frozen=True)
class AssessmentCard:
    """The block. `action` is the next thing to do for this person, empty when there is nothing; `may_open` prepares the first."""

    assessment: CompanyAssessment | None
    state: State
    wait: str = ""
    action: str = "Lire l’évaluation"
    may_open: bool = False


def assessment_card(internship: Internship, today: date, *, may_ask: bool, may_decide: bool) -> AssessmentCard:
    """Return the block of an internship, with what this person may do. One query."""
    assessment = current_version(internship)
    if assessment is None:
        assessable = internship.status in ASSESSABLE
        return AssessmentCard(None, NONE_YET if assessable else OF_NOTHING, may_open=assessable and may_ask)
    action = "Lire l’évaluation"
    if assessment.status == life.OPEN:
        action = NEXT_TO_ASK[bool(assessment.asked_at)] if may_ask else "Voir la demande"
    elif assessment.status in life.TO_DECIDE and may_decide:
        action = "Lire et décider"
    reopens = assessment.status == life.CANCELLED and internship.status in ASSESSABLE and may_ask
    return AssessmentCard(
        assessment, state_in_list(assessment, today), wait_of(assessment, today), action, may_open=reopens
    )
