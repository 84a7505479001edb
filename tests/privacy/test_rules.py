"""The rules carried out: what is to be set purges nothing, notices come first, holds hold, figures survive."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record, trail_of
from e2c_portal.figures import places
from e2c_portal.figures.core import figures_of_many
from e2c_portal.figures.models import NETWORK
from e2c_portal.kernel import retention
from e2c_portal.kernel.models import Removal
from e2c_portal.kernel.removing import removal
from e2c_portal.mailing.models import Mail
from e2c_portal.privacy import running
from e2c_portal.privacy.erasing import erase_people
from e2c_portal.privacy.models import ErasureNotice
from e2c_portal.privacy.notices import give_notices
from e2c_portal.privacy.operations import lift_hold, place_hold
from e2c_portal.privacy.people import kind_named
from e2c_portal.signing.chain_check import faults
from e2c_portal.signing.models import Envelope, Evidence
from schools.models import Membership, School
from tests.factories.agreements import signed_agreement
from tests.factories.certificates import pathway_with_skills
from tests.factories.people import person
from tests.factories.trainees import pathway_of, representative_of, trainee_in
from trainees.emails.representatives import RIGHTS
from trainees.models import (
    Exit,
    LegalParameter,
    LegalRepresentative,
    Pathway,
    PathwayMove,
    Prescriber,
    Referral,
    SensitiveFlag,
    Trainee,
)
from trainees.operations.people import save_representative
from trainees.operations.retention import ACCIDENT, STATEMENT

pytestmark = pytest.mark.django_db
TWO_YEARS_LATER = "2029-06-01 03:00+02:00"
A_MONTH_AFTER = "2029-07-02 03:00+02:00"


def over(pathway: Pathway) -> Pathway:
    """Say that a pathway is over, with its exit, whatever else should have been done."""
    look_at_what_waits()
    with removal("Essais", models=[Pathway]):
        Pathway.objects.filter(pk=pathway.pk).update(status="completed", ended_on=pathway.planned_ends_on)
        look_at_what_waits()
    return pathway


def look_at_what_waits() -> None:
    """Fire the triggers that wait for the commit, which never comes in a test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def figures_everywhere() -> dict[tuple[int, str, str], int | None]:
    """Return every figure of the years of these tests, for each school, each department and the network."""
    asked = [(year, place) for year in (2026, 2027) for place in places.all_places()]
    return {
        (*at, figure.indicator.key): figure.numerator for at, told in figures_of_many(asked).items() for figure in told
    }


@pytest.fixture
def gone(school: School, coordinator: User) -> Trainee:
    """Somebody whose pathway ended in 2027, never met since."""
    trainee = trainee_in(school, coordinator, last_name="Ancien", first_name="Paul")
    over(pathway_of(trainee, coordinator))
    return trainee


def test_a_duration_to_be_set_purges_nothing(settings: Any) -> None:
    settings.RETENTION_DAYS = {}
    for name in (ACCIDENT, STATEMENT):
        [rule] = [rule for rule in retention.all_rules() if rule.model == name]
        assert rule.waits_for_the_region
        assert not rule.goes_by_itself
    settings.RETENTION_DAYS = {ACCIDENT: "3650"}
    [rule] = [rule for rule in retention.all_rules() if rule.model == ACCIDENT]
    assert rule.delay_today == timedelta(days=3650)
    settings.RETENTION_DAYS = {"trainees.Trainee": "1"}
    assert list(retention.unknown_settings()) == ["trainees.Trainee"]


def test_traces_of_readings_go_at_the_term_that_was_set(school: School, officer: User, settings: Any) -> None:
    """A change stays with its record; nothing goes before the Région has said after how long."""
    for action in ("export", "proof_read", "school.closed"):
        record(officer, action, school)
    with time_machine.travel(TWO_YEARS_LATER):
        call_command("retention")
        assert trail_of(school).filter(action="export").exists()
        settings.RETENTION_DAYS = {"audit.Entry": "365"}
        call_command("retention")
    assert not trail_of(school).filter(action__in=["export", "proof_read"]).exists()
    assert trail_of(school).filter(action="school.closed").exists()


def test_a_dry_run_tells_numbers_and_does_nothing(gone: Trainee, capsys: Any) -> None:
    with time_machine.travel(TWO_YEARS_LATER):
        call_command("retention", dry_run=True)
    told = capsys.readouterr().out
    assert "trainees.Trainee : 1 (2\N{NO-BREAK SPACE}ans après la fin du dernier parcours" in told
    assert "trainees.AccidentReport : 0 (durée à fixer par la Région : rien ne part)" in told
    assert "Ancien" not in told
    assert Trainee.objects.filter(pk=gone.pk).exists()
    assert not ErasureNotice.objects.exists()


def test_those_concerned_are_told_thirty_days_before(gone: Trainee, school: School) -> None:
    director = person("Dominique Direction")
    Membership.objects.create(user=director, school=school, role="director", starts_on=date(2020, 1, 1))
    with time_machine.travel(TWO_YEARS_LATER):
        call_command("retention")
        call_command("retention")
    assert Trainee.objects.filter(pk=gone.pk).exists(), "the notice comes first"
    mails = Mail.objects.filter(kind="privacy.erasure_notice")
    # Once told, twice run.
    of_the_file = mails.get(email=director.email, context__capacity="staff")
    assert str(gone.public_id) in of_the_file.context["pages"][0]
    assert "Ancien" not in str(of_the_file.context)
    assert mails.get(email=gone.email).context["capacity"] == "own"
    with time_machine.travel(A_MONTH_AFTER):
        call_command("retention")
    assert not Trainee.objects.filter(pk=gone.pk).exists()
    assert Removal.objects.get(counts__has_key="trainees.Trainee").actor is None


def test_whoever_answers_for_somebody_is_told_in_the_place_of_a_minor_alone(
    gone: Trainee, school: School, coordinator: User
) -> None:
    """Their own data go too. Of somebody who is of age by now, they learn nothing but that."""
    with time_machine.travel("2026-10-01 10:00+02:00"):
        child = trainee_in(school, coordinator, birth_date=date(2010, 9, 1))
        mother = representative_of(child, coordinator, "Jeanne Mère")
        Referral.objects.create(
            trainee=child, prescriber=Prescriber.objects.create(kind="cio", name="CIO"), referred_on=date(2026, 10, 1)
        )
    father = LegalRepresentative.objects.create(
        trainee=gone, full_name="Jean Père", quality="father", email="jean@exemple.invalid"
    )
    assert Mail.objects.get(kind=RIGHTS).email == mother.email
    save_representative(mother, coordinator)
    assert Mail.objects.filter(kind=RIGHTS).count() == 1, "once for each address"
    with time_machine.travel("2028-10-02 03:00+02:00"):
        call_command("retention")
        mail = Mail.objects.get(kind="privacy.erasure_notice", email=mother.email)
        assert mail.context["capacity"] == "representative", "the child is eighteen by now"
    with time_machine.travel(TWO_YEARS_LATER):
        call_command("retention")
    assert Mail.objects.get(kind="privacy.erasure_notice", email=father.email).context["capacity"] == "representative"


def test_whoever_answers_for_somebody_still_a_minor_is_told_for_both(school: School, coordinator: User) -> None:
    child = trainee_in(school, coordinator, birth_date=timezone.localdate() - timedelta(days=16 * 366))
    mother, former = (representative_of(child, coordinator, name) for name in ("Jeanne Mère", "Jean Ancien"))
    former.ended_on = timezone.localdate()
    former.save()
    kind = kind_named("stagiaires")
    assert kind
    assert give_notices(kind, [child]) == 1
    told = dict(Mail.objects.filter(kind="privacy.erasure_notice").values_list("email", "context__capacity"))
    assert (told[mother.email], told[former.email]) == ("minor", "representative")
    assert child.last_name not in str(list(Mail.objects.values_list("context", "subject_line")))


def test_who_comes_back_is_not_erased(gone: Trainee) -> None:
    with time_machine.travel(TWO_YEARS_LATER):
        call_command("retention")
        assert ErasureNotice.objects.filter(subject=f"trainees.trainee:{gone.pk}").exists()
    with removal("Essais", models=[Pathway]):
        Pathway.objects.filter(trainee=gone).update(ended_on=date(2029, 5, 31), planned_ends_on=date(2029, 5, 31))
    with time_machine.travel(A_MONTH_AFTER):
        call_command("retention")
    assert Trainee.objects.filter(pk=gone.pk).exists()
    assert not ErasureNotice.objects.filter(subject=f"trainees.trainee:{gone.pk}").exists()


def test_what_is_held_stays_until_it_is_lifted(gone: Trainee, data_officer: User) -> None:
    hold = place_hold(gone, "Litige", None, data_officer)
    with time_machine.travel(TWO_YEARS_LATER):
        assert not running.due_rows(_rule("trainees.Trainee")).filter(pk=gone.pk).exists()
        lift_hold(hold.pk, "Litige clos", data_officer)
        assert running.due_rows(_rule("trainees.Trainee")).filter(pk=gone.pk).exists()


def _rule(name: str) -> retention.Rule:
    [rule] = [rule for rule in retention.all_rules() if rule.model == name]
    return rule


def test_an_agreement_of_less_than_five_years_stays_without_what_reaches_the_person(
    school: School, coordinator: User, data_officer: User
) -> None:
    agreement = signed_agreement(school, coordinator)
    trainee = agreement.internship.trainee
    over(agreement.internship.pathway)
    SensitiveFlag.objects.create(trainee=trainee, rqth=True, recorded_by=coordinator)
    kind = kind_named("stagiaires")
    assert kind is not None
    with time_machine.travel(TWO_YEARS_LATER):
        outcome = erase_people(kind, [trainee], "Essai", data_officer)
        trainee.refresh_from_db()
        assert not running.due_rows(_rule("trainees.Trainee")).filter(pk=trainee.pk).exists(), "nothing more to take"
    assert "cinq ans" in outcome.refused[0]
    assert (trainee.email, trainee.phone, trainee.address) == ("", "", "")
    assert not SensitiveFlag.objects.exists()
    agreement.refresh_from_db()
    with time_machine.travel("2032-06-01"):
        assert erase_people(kind, [trainee], "Essai").whole
    assert not Trainee.objects.exists()
    _the_chain_stays_whole()


def _the_chain_stays_whole() -> None:
    """The links keep their hashes and tell nothing more; emptied otherwise, they are named."""
    links = Evidence.objects.order_by("sequence")
    assert links.count() > 3
    assert {tuple(link.payload) for link in links} == {("erased",)}
    assert not Envelope.objects.exists()
    assert list(faults(read_files=True)) == []
    with removal("Essais", models=[Evidence]):
        Evidence.objects.filter(pk=links[1].pk).update(payload={"erased": 0})
    assert [(fault.table, fault.number) for fault in faults()] == [("signing_evidence", links[1].sequence)]


def test_figures_are_the_same_before_and_after(school: School, coordinator: User) -> None:
    people = [pathway_with_skills(school, coordinator, last_name=name) for name in ("Un", "Deux")]
    for pathway in people:
        over(pathway)
        rule = LegalParameter.objects.filter(key="positive_exit_days").first() or LegalParameter.objects.first()
        with removal("Essais", models=[Exit]):
            Exit.objects.create(
                pathway=pathway, category="qualifying_training", evidence="declared", positive=True, rule=rule, recorded_by=coordinator
            )  # fmt: skip
    kind = kind_named("stagiaires")
    assert kind is not None
    with time_machine.travel(TWO_YEARS_LATER):
        before = figures_everywhere()
        network = [
            before[year, NETWORK, key]
            for year, key in ((2026, "entrees"), (2027, "acheves"), (2027, "sorties-positives"))
        ]
        assert network == [2, 2, 2]
        erase_people(kind, [people[0].trainee], "Essai")
        assert figures_everywhere() == before
        erase_people(kind, [people[1].trainee], "Essai")
        assert not Pathway.objects.exists()
        assert figures_everywhere() == before
    assert before[2027, f"s{school.pk}", "acheves"] == before[2027, NETWORK, "acheves"]
    assert sum(before[year, NETWORK, "competences"] or 0 for year in (2026, 2027)) >= 2


def test_the_door_is_shut_without_its_trace(school: School, coordinator: User) -> None:
    """Whoever sets the parameter of the triggers by hand removes nothing: the database wants the row that says why."""
    pathway = pathway_of(trainee_in(school, coordinator), coordinator)
    look_at_what_waits()
    names = [trigger.get_pgid(PathwayMove) for trigger in PathwayMove._meta.triggers]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    with pytest.raises(DatabaseError, match="inaltérable"), transaction.atomic():
        PathwayMove.objects.filter(pathway=pathway).delete()
    with removal("Essais", models=[PathwayMove], only=["immutable"]) as act:
        act.counts = {"trainees.PathwayMove": PathwayMove.objects.filter(pathway=pathway).delete()[0]}
    act.refresh_from_db()
    assert act.counts["trainees.PathwayMove"] >= 1
    with pytest.raises(DatabaseError), transaction.atomic():
        act.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Removal.objects.filter(pk=act.pk).update(why="Autre")
