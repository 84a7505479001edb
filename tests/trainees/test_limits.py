"""The legal limits: read by all the network, changed by a later row alone; and who sends young people."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.trainees import trainee_in
from trainees.law.limits import Limit
from trainees.models import LegalParameter, Prescriber, Referral
from trainees.models.parameters import limit_on
from trainees.operations.limits import add_limit, correct_limit
from trainees.operations.referrals import advance_referral, record_referral, save_prescriber

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON, LATER = TODAY + timedelta(days=30), TODAY + timedelta(days=60)


def row(**facts: object) -> LegalParameter:
    return LegalParameter(
        **{"key": Limit.AGE_MAX.value, "value": 27, "starts_on": LATER, "source": "Loi du jour"} | facts
    )


def test_a_later_row_ends_the_former_one(officer: User, coordinator: User) -> None:
    for actor in (coordinator,):
        with pytest.raises(NotAllowed):
            add_limit(row(), actor)
    with pytest.raises(Refused, match="un jour à venir"):
        add_limit(row(starts_on=TODAY), officer)
    with pytest.raises(ValidationError):
        add_limit(row(value=-1), officer)
    assert limit_on(Limit.AGE_MAX, LATER) == 25
    add_limit(row(), officer)
    with pytest.raises(Refused, match="déjà ce jour-là"):
        add_limit(row(value=28), officer)
    between = add_limit(row(value=26, starts_on=SOON), officer)
    assert between.ends_on == LATER - timedelta(days=1)
    values = [limit_on(Limit.AGE_MAX, day) for day in (TODAY, SOON - timedelta(days=1), SOON, LATER)]
    assert values == [25, 25, 26, 27]


def test_only_what_is_to_come_is_corrected(officer: User) -> None:
    coming = add_limit(row(), officer)
    coming.value = 28
    assert correct_limit(coming, officer).value == 28
    current = LegalParameter.objects.get(key=Limit.WEEK_HOURS)
    with pytest.raises(Refused, match="en vigueur"):
        correct_limit(current, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalParameter.objects.filter(pk=current.pk).update(value=48)


def test_everybody_of_the_network_reads_them(
    coordinator: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    add_limit(row(), officer)
    page = client_of(coordinator).get("/stagiaires/limites/").content.decode()
    assert "L6343-2" in page
    assert "35 heures" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Loi du jour" in page
    assert "Ajouter une valeur" not in page
    assert (
        client_of(coordinator).get(reverse("exports:export", args=["limites-legales", "csv"])).status_code
        == HTTPStatus.OK
    )


def test_the_admin_adds_and_never_rewrites(officer: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(officer)
    form = {"key": "age_max", "value": "26", "starts_on": LATER.isoformat(), "source": "Délibération", "form_token": ""}
    answer = client.post(reverse("admin:trainees_legalparameter_add"), form)
    assert answer.status_code == HTTPStatus.FOUND, answer.content.decode()
    refused = client.post(reverse("admin:trainees_legalparameter_add"), form | {"starts_on": TODAY.isoformat()})
    assert "un jour à venir" in refused.content.decode()
    current = LegalParameter.objects.get(key="week_hours")
    address = reverse("admin:trainees_legalparameter_change", args=[current.pk])
    assert "35" in client.get(address).content.decode()
    assert client.post(address, {"value": "48", "source": "x"}).status_code == HTTPStatus.FORBIDDEN
    current.refresh_from_db()
    assert current.value == 35


def test_prescribers_are_kept_by_the_region(
    officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    made = save_prescriber(Prescriber(kind="pjj", name="PJJ de l’Hérault"), coordinator)
    with pytest.raises(NotAllowed):
        save_prescriber(made, coordinator)
    client = client_of(officer)
    address = reverse("admin:trainees_prescriber_change", args=[made.pk])
    form = {"kind": "pjj", "name": "PJJ 34", "city": "Montpellier", "closed_on": TODAY.isoformat()}
    assert client.post(address, form).status_code == HTTPStatus.FOUND
    made.refresh_from_db()
    assert (made.name, made.closed_on) == ("PJJ 34", TODAY)


def test_an_application_goes_forward(school: School, coordinator: User, client_of: Callable[[User], Client]) -> None:
    trainee, client = trainee_in(school, coordinator), client_of(coordinator)
    address = reverse("trainees:referral_new", args=[trainee.public_id])
    known = Prescriber.objects.create(kind="mission_locale", name="Mission locale jeunes")
    new = {"new_name": "Cap emploi 34", "new_kind": "cap_emploi", "referred_on": TODAY.isoformat()}
    for wrong in ({"referred_on": TODAY.isoformat()}, new | {"prescriber": str(known.pk)}, new | {"new_kind": ""}):
        assert client.post(address, wrong).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, wrong
    token = {"form_token": "9b0e2f5e-0000-4000-8000-000000000003"}
    for _ in range(2):
        assert client.post(address, new | token).status_code == HTTPStatus.FOUND
    referral = Referral.objects.get(trainee=trainee)
    assert referral.prescriber.name == "Cap emploi 34"
    outcome = reverse("trainees:referral_outcome", args=[trainee.public_id, referral.pk])
    refused = client.post(outcome, {"outcome": "refused", "outcome_on": TODAY.isoformat(), "seen": "received"})
    assert "Un refus est motivé" in refused.content.decode()
    with pytest.raises(Overtaken):
        advance_referral(referral.pk, "admitted", coordinator, seen="meeting")
    assert client.post(outcome, {"outcome": "interview", "seen": "received"}).status_code == HTTPStatus.FOUND
    with pytest.raises(Refused, match="ne revient pas en arrière"):
        advance_referral(referral.pk, "meeting", coordinator, seen="interview")
    assert (
        client.post(outcome, {"outcome": "admitted", "outcome_on": TODAY.isoformat(), "seen": "interview"}).status_code
        == HTTPStatus.FOUND
    )
    assert client.get(outcome).status_code == HTTPStatus.NOT_FOUND
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(outcome="received", outcome_on=None)


def test_a_stranger_records_no_application(school: School, coordinator: User, officer: User) -> None:
    known = Prescriber.objects.create(kind="mission_locale", name="Mission locale jeunes")
    with pytest.raises(NotAllowed):
        record_referral(Referral(trainee=trainee_in(school, coordinator), prescriber=known, referred_on=TODAY), officer)
