"""What the database itself refuses of presences: outside the pathway, during a suspension, to come, or in a frozen month.

The two sides are held: a half-day that is written, and a pathway or a suspension that would leave one outside.
"""

import pgtrigger

# The lock of a month of a school: shared by those who write half-days, taken alone by whoever freezes it.
MONTH_LOCK = "hashtextextended('attendance/' || {school} || '/' || to_char({day}, 'YYYY-MM'), 0)"
_LOCK_NEW = f"PERFORM pg_advisory_xact_lock_shared({MONTH_LOCK.format(school='NEW.school_id', day='NEW.day')}); "
_LOCK_OLD = f"PERFORM pg_advisory_xact_lock_shared({MONTH_LOCK.format(school='OLD.school_id', day='OLD.day')}); "
_FROZEN = (
    "IF EXISTS (SELECT 1 FROM trainees_monthlyattendancestatement s WHERE s.school_id = {row}.school_id "
    "AND s.month = date_trunc('month', {row}.day)::date AND s.status IN ('frozen', 'sent') "
    "AND NOT EXISTS (SELECT 1 FROM trainees_monthlyattendancestatement o WHERE o.school_id = s.school_id "
    "AND o.month = s.month AND o.status = 'open')) THEN "
    "RAISE EXCEPTION 'Le mois de cette demi-journée est figé : ouvrez une correction de l’état mensuel.' "
    "USING ERRCODE = 'restrict_violation'; END IF; "
)
FROZEN_MONTH = pgtrigger.Trigger(
    name="frozen_month",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="IF TG_OP <> 'DELETE' THEN " + _LOCK_NEW + _FROZEN.format(row="NEW") + "END IF; "
    "IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.day, OLD.school_id) IS DISTINCT FROM (NEW.day, NEW.school_id)) THEN "
    + _LOCK_OLD + _FROZEN.format(row="OLD") + "END IF; RETURN COALESCE(NEW, OLD);",
)  # fmt: skip
# The pathway is held: it can neither end nor be suspended while a half-day of it is written.
DAY_OF_PATHWAY = pgtrigger.Trigger(
    name="day_of_its_pathway",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("pathway_id", "trainee_id", "school_id", "day", "internship_id"),
    declare=[("p", "trainees_pathway%ROWTYPE"), ("i", "trainees_internship%ROWTYPE")],
    func="SELECT * INTO p FROM trainees_pathway WHERE id = NEW.pathway_id FOR SHARE; "
    "IF (p.trainee_id, p.school_id) IS DISTINCT FROM (NEW.trainee_id, NEW.school_id) THEN "
    "RAISE EXCEPTION 'Ce parcours n’est pas celui de cette personne dans cette école.' USING ERRCODE = 'check_violation'; "
    "END IF; IF p.status IN ('planned', 'no_show') THEN "
    "RAISE EXCEPTION 'La personne n’est pas arrivée : son parcours n’a pas commencé.' USING ERRCODE = 'check_violation'; "
    "END IF; IF NEW.day < p.entered_on OR NEW.day > COALESCE(p.ended_on, p.planned_ends_on) THEN "
    "RAISE EXCEPTION 'Cette demi-journée est en dehors du parcours.' USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.day > (now() AT TIME ZONE 'Europe/Paris')::date THEN "
    "RAISE EXCEPTION 'Une présence ne se note pas à l’avance.' USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM trainees_suspension x WHERE x.pathway_id = NEW.pathway_id "
    "AND daterange(x.starts_on, x.ends_on, '[]') @> NEW.day) THEN "
    "RAISE EXCEPTION 'Le parcours est suspendu ce jour-là : aucune présence n’est attendue.' "
    "USING ERRCODE = 'check_violation'; END IF; IF NEW.internship_id IS NOT NULL THEN "
    "SELECT * INTO i FROM trainees_internship WHERE id = NEW.internship_id FOR SHARE; "
    "IF i.pathway_id <> NEW.pathway_id OR i.status NOT IN ('accepted', 'signed', 'broken') "
    "OR NEW.day < i.starts_on OR NEW.day > i.last_day THEN "
    "RAISE EXCEPTION 'Cette demi-journée n’est pas un jour de ce stage.' USING ERRCODE = 'check_violation'; END IF; END IF; "
    "RETURN NEW;",
)  # fmt: skip
# A half-day noted is never left outside its pathway, nor inside a suspension: it is erased first, in the sight of somebody.
HOLDS_ITS_HALF_DAYS = pgtrigger.Trigger(
    name="holds_its_half_days",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("entered_on", "planned_ends_on", "ended_on"),
    func="IF EXISTS (SELECT 1 FROM trainees_attendancehalfday d WHERE d.pathway_id = NEW.id AND (d.day < NEW.entered_on "
    "OR d.day > COALESCE(NEW.ended_on, NEW.planned_ends_on))) THEN "
    "RAISE EXCEPTION 'Des présences sont notées en dehors de ces dates : effacez-les d’abord, ou changez la date.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;",
)
NO_HALF_DAY_INSIDE = pgtrigger.Trigger(
    name="no_half_day_inside",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("starts_on", "ends_on", "pathway_id"),
    func="PERFORM 1 FROM trainees_pathway WHERE id = NEW.pathway_id FOR UPDATE; "
    "IF EXISTS (SELECT 1 FROM trainees_attendancehalfday d WHERE d.pathway_id = NEW.pathway_id "
    "AND daterange(NEW.starts_on, NEW.ends_on, '[]') @> d.day) THEN "
    "RAISE EXCEPTION 'Des présences sont notées pendant cette suspension : effacez-les d’abord, ou changez ses dates.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
