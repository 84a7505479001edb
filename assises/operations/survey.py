"""Take an anonymous reply, once from each person who came; mix the replies so that nothing tells who wrote which."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from assises.life.survey import NOT_YET, OVER, SCALES, survey_state
from assises.models import Registration, SurveyAnswered, SurveyReply
from assises.reads.presence import checkpoints_of
from assises.reads.survey import has_answered
from e2c_portal.kernel.errors import Overtaken, Refused
from trainees.operations.moving import save_or_refuse

# The rows of an edition are written anew in an order drawn by lot, with new keys: what PostgreSQL keeps of the transaction
# that wrote a row, and of the order of the rows, tells nothing any more.
SHUFFLE = """
WITH gone AS (DELETE FROM assises_surveyreply RETURNING *)
INSERT INTO assises_surveyreply (id, edition_id, {columns}, words, has_words)
SELECT gen_random_uuid(), edition_id, {columns}, words, has_words FROM gone ORDER BY random()
"""


@transaction.atomic
def answer_survey(registration_id: int, marks: Mapping[str, Any], now: datetime | None = None) -> None:
    """Keep the reply of somebody who came, and apart from it, that they answered that day. Writes nothing in the trace.

    Raises Refused before the survey opens, once it is closed, for somebody who was not counted or what the rules refuse, and
    Overtaken for a second reply.
    """
    now = now or timezone.now()
    registration = (
        Registration.objects.select_related("edition").select_for_update(of=("self",)).get(pk=registration_id)
    )
    state = survey_state(registration.edition, now)
    if state in (NOT_YET, OVER):
        raise Refused(f"L’enquête est {state.label.lower()}. {state.meaning}", code="survey_closed")
    if not checkpoints_of(registration):
        raise Refused(
            "L’enquête s’adresse aux personnes venues : aucun passage n’a été compté pour vous.", code="not_seen"
        )
    if has_answered(registration):
        raise Overtaken("Vous avez déjà répondu : chaque personne répond une fois. Merci.")
    words = str(marks.get("words", "")).strip()
    values = {scale.name: marks[scale.name] for scale in SCALES}
    save_or_refuse(SurveyReply(edition=registration.edition, words=words, has_words=bool(words), **values))
    SurveyAnswered.objects.create(registration=registration, answered_on=timezone.localdate(now))


@transaction.atomic
def shuffle_replies() -> int:
    """Write every reply anew, in an order drawn by lot and with new keys. Returns how many. A few thousand rows a year."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE assises_surveyreply IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(SHUFFLE.format(columns=", ".join(scale.name for scale in SCALES)))
        return int(cursor.rowcount)
