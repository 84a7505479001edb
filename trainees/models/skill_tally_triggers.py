"""What writes the tally of skills (skill_tally.SkillTally): the database itself, as each row comes, changes or goes."""

import pgtrigger

from trainees.life.assessments import SENT

_SENT = ", ".join(f"'{state}'" for state in SENT)


def _year_of(moment: str) -> str:
    return f"EXTRACT(YEAR FROM {moment} AT TIME ZONE 'Europe/Paris')"


_INTO = "INSERT INTO trainees_skilltally (school_id, year, skill_id, level_id, measure, number) "

# The skills of a version are written while it is open and never change: only its state brings them in, or takes them out.
TALLIED_WHEN_SENT = pgtrigger.Trigger(
    name="tallied_when_sent",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("status"),
    func=f"IF (OLD.status IN ({_SENT})) IS DISTINCT FROM (NEW.status IN ({_SENT})) THEN "  # noqa: S608  our own constants
    f"{_INTO}SELECT NEW.school_id, {_year_of('NEW.submitted_at')}, a.skill_id, a.level_id, 'seen', "
    f"CASE WHEN NEW.status IN ({_SENT}) THEN 1 ELSE -1 END "
    "FROM trainees_assessedskill a WHERE a.assessment_id = NEW.id; END IF; RETURN NULL;",
)
TALLIED_WHEN_VALIDATED = pgtrigger.Trigger(
    name="tallied_when_validated",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("withdrawn_at"),
    func="IF TG_OP = 'UPDATE' AND (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL) THEN RETURN NULL; END IF; "
    f"{_INTO}VALUES (NEW.school_id, {_year_of('NEW.validated_at')}, NEW.skill_id, NEW.level_id, 'validated', "
    "CASE WHEN NEW.withdrawn_at IS NULL THEN 1 ELSE -1 END); RETURN NULL;",
)
TALLIED_WHEN_PLANNED = pgtrigger.Trigger(
    name="tallied_when_planned",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Delete,
    declare=[("p", "trainees_plannedskill%ROWTYPE")],
    func="p := COALESCE(NEW, OLD); "  # noqa: S608  our own constants
    f"{_INTO}SELECT i.school_id, {_year_of('p.planned_at')}, p.skill_id, NULL, 'planned', "
    "CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END FROM trainees_internship i WHERE i.id = p.internship_id; RETURN NULL;",
)
