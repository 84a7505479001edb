"""The clock of assessments: it opens, asks, recalls and gives up once, however often it runs; staff acts have their refusals."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.network import member_of
from tests.factories.trainees import signatory_at
from tests.signing.work import work
from tests.trainees.assessing import begun, days
from trainees.models import CompanyAssessment, Internship
from trainees.operations.assessment_planning import plan_assessments
from trainees.operations.assessments import ask, cancel_assessment, change_respondent, open_assessment

pytestmark = pytest.mark.django_db


def run(**at: int) -> dict[str, int]:
    """Let the clock do its work some days from now. Returns what it did, nothing said of nothing done."""
    later = timezone.now() + timedelta(**at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        done = plan_assessments()
        work("mailing.send_mail")
    return {name: number for name, number in done.items() if number}


def received(address: str) -> list[str]:
    return [str(one.subject).replace("\N{NO-BREAK SPACE}", " ") for one in mail.outbox if address in one.to[0]]


def test_who_may_ask_and_of_what(
    school: School, coordinator: User, auditor: User, officer: User, other_school: School
) -> None:
    internship = begun(school, coordinator)
    for person in (auditor, officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            open_assessment(internship.pk, person)
    row = open_assessment(internship.pk, coordinator)
    with pytest.raises(Overtaken):
        open_assessment(internship.pk, coordinator)
    for act in (lambda: ask(row.pk, auditor), lambda: cancel_assessment(row.pk, "Non", auditor)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Refused, match="pourquoi"):
        cancel_assessment(row.pk, " ", coordinator)
    ask(row.pk, coordinator)
    with pytest.raises(Refused, match="cinq minutes"):
        ask(row.pk, coordinator)
    cancel_assessment(row.pk, "Le tuteur est malade.", coordinator)
    with pytest.raises(Overtaken):
        ask(row.pk, coordinator)


def test_the_school_chooses_who_answers_in_that_company_alone(school: School, coordinator: User) -> None:
    internship, elsewhere = begun(school, coordinator), begun(school, coordinator, ends_in=60)
    row = open_assessment(internship.pk, coordinator)
    with pytest.raises(Refused, match="cette entreprise"):
        change_respondent(row.pk, elsewhere.tutor_id, coordinator)
    other = signatory_at(internship.establishment)
    ask(row.pk, coordinator)
    assert change_respondent(row.pk, other.pk, coordinator).respondent == other
    mail.outbox.clear()
    assert run()["asked"] == 1
    assert len(received(other.email)) == 1


def test_it_opens_before_the_end_and_asks_once(school: School, coordinator: User) -> None:
    soon, later = begun(school, coordinator, ends_in=4), begun(school, coordinator, ends_in=30)
    mail.outbox.clear()
    assert run() == {"opened": 1, "asked": 1}
    assert run() == {}
    row = CompanyAssessment.objects.get()
    assert (row.internship_id, row.due_on, row.version) == (soon.pk, soon.last_day, 1)
    assert received(soon.tutor.email) == [f"Ce que sait faire votre stagiaire : {soon.trainee}"]
    assert run(days=27)["opened"] == 1
    assert CompanyAssessment.objects.filter(internship=later).exists()


def test_a_big_firm_receives_one_message(school: School, coordinator: User) -> None:
    first, second = begun(school, coordinator), begun(school, coordinator)
    Internship.objects.filter(pk=second.pk).update(
        establishment=first.establishment_id, tutor=first.tutor, host_signatory=None
    )
    mail.outbox.clear()
    assert run() == {"opened": 2, "asked": 2}
    assert received(first.tutor.email) == ["Ce que sait faire votre stagiaire : 2 stagiaires"]


def test_it_recalls_twice_then_tells_the_school(school: School, coordinator: User) -> None:
    internship = begun(school, coordinator, ends_in=0)
    run()
    mail.outbox.clear()
    assert run(days=6) == {}
    assert [run(days=7), run(days=7), run(days=14), run(days=15)] == [{"reminded": 1}, {}, {"reminded": 1}, {}]
    assert len(received(internship.tutor.email)) == 2
    assert [run(days=21), run(days=22)] == [{"given_up": 1}, {}]
    assert CompanyAssessment.objects.get().reminders == 3


def test_nobody_to_ask_is_told_to_the_school_once(school: School, coordinator: User) -> None:
    internship = begun(school, coordinator)
    internship.tutor.email = ""
    internship.tutor.save()
    assert run()["opened"] == 1
    run()
    from e2c_portal.mailing.models import Mail  # noqa: PLC0415

    assert Mail.objects.filter(kind="trainees.assessment_nobody").count() == 1
    assert CompanyAssessment.objects.get().asked_at is None


def test_it_gives_up_with_the_stay_and_follows_its_end(school: School, coordinator: User) -> None:
    internship = begun(school, coordinator)
    row = open_assessment(internship.pk, coordinator)
    Internship.objects.filter(pk=internship.pk).update(ends_on=days(40))
    assert run()["moved"] == 1
    row.refresh_from_db()
    assert row.due_on == days(40)
    _say(internship, status="cancelled")
    assert run() == {"cancelled": 1}
    row.refresh_from_db()
    assert (row.status, row.decision_reason, row.decided_by) == ("cancelled", "Le stage est annulé.", None)
    assert run() == {}


def _say(internship: Internship, **facts: Any) -> None:
    """Only say that an internship moved: its own operations have their tests."""
    Internship.objects.filter(pk=internship.pk).update(**facts)
    internship.moves.create(origin="accepted", target=facts["status"], actor=internship.created_by)
