"""Agreements: what is refused first, then what holds: versions, delays, refusals, one school at a time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.mailing.models import Mail
from e2c_portal.signing.exhibits import Upload
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.ending import expire, void
from e2c_portal.signing.operations.paper import check_paper, record_paper
from e2c_portal.signing.operations.signing import refuse
from schools.models import Membership, School
from tests.factories.agreements import (
    accepted_internship,
    envelope_of,
    monday_after,
    sent,
    sign_on_paper,
    signed_agreement,
)
from tests.factories.network import member_of
from tests.factories.people import regional_officer
from tests.factories.signing import scan
from tests.signing.people import VISITOR
from trainees.models import Internship, InternshipAgreement
from trainees.operations import agreements as operations
from trainees.operations.agreements import send_to_sign
from trainees.reads.signers import AgreementPlan, Way

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PLAN = AgreementPlan()


def get(internship: Internship, name: str = "agreement") -> str:
    return reverse(f"trainees:{name}", args=[internship.pk])


def test_somebody_of_another_school_finds_nothing(
    school: School, other_school: School, officer: User, coordinator: User, client_of: ClientOf
) -> None:
    agreement = signed_agreement(school, coordinator)
    elsewhere = client_of(member_of(other_school, officer, "Autre École"))
    pk, envelope = agreement.internship_id, envelope_of(agreement)
    names = ("agreement", "agreement_sign", "agreement_correct", "agreement_late", "amendment_choose")
    addresses = [reverse(f"trainees:{name}", args=[pk]) for name in names]
    addresses += [
        reverse("trainees:amendment_new", args=[pk, "dates"]), reverse("trainees:amendment", args=[pk, 1]),
        reverse("documents:download", args=[envelope.document.public_id]),
        reverse("signing:envelope", args=[envelope.public_id]),
    ]  # fmt: skip
    assert {address: elsewhere.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    posts = [
        reverse(f"trainees:{name}", args=[pk]) for name in ("agreement_review", "agreement_take_back", "agreement_sign")
    ]
    assert {address: elsewhere.post(address).status_code for address in posts} == dict.fromkeys(posts, 404)
    assert (
        str(agreement.internship.trainee) not in elsewhere.get(reverse("trainees:agreements_waiting")).content.decode()
    )


def test_who_only_reads_writes_nothing(school: School, coordinator: User, auditor: User, client_of: ClientOf) -> None:
    internship = accepted_internship(school, coordinator)
    reader = client_of(auditor)
    assert reader.get(get(internship)).status_code == 200
    assert reader.get(get(internship, "agreement_sign")).status_code == 403
    assert reader.post(get(internship, "agreement_review")).status_code == 403
    with pytest.raises(NotAllowed):
        send_to_sign(internship.pk, PLAN, auditor)
    assert not internship.agreements.exists()


def test_a_minor_without_a_representative_is_refused(school: School, coordinator: User) -> None:
    internship = accepted_internship(school, coordinator, minor=True)
    internship.trainee.representatives.update(ended_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        send_to_sign(internship.pk, PLAN, coordinator)
    assert "représentant légal" in " ".join(refusal.value.details)
    assert not Envelope.objects.exists()


def test_two_people_never_sign_from_one_address(school: School, coordinator: User) -> None:
    internship = accepted_internship(school, coordinator, minor=True)
    shared = Way("electronic", "famille@exemple.invalid")
    with pytest.raises(Refused, match="même adresse"):
        send_to_sign(internship.pk, AgreementPlan({"trainee": shared, "representative": shared}), coordinator)


def test_an_unlawful_timetable_names_its_rule(school: School, coordinator: User) -> None:
    internship = accepted_internship(school, coordinator, tutor=None)
    with pytest.raises(Refused) as refusal:
        send_to_sign(internship.pk, PLAN, coordinator)
    assert "Indiquez le tuteur dans l’entreprise." in refusal.value.details


def test_a_double_click_sends_once(school: School, coordinator: User, client_of: ClientOf) -> None:
    internship = accepted_internship(school, coordinator)
    client, form = client_of(coordinator), _form(internship)
    first, second = (
        client.post(get(internship, "agreement_sign"), form),
        client.post(get(internship, "agreement_sign"), form),
    )
    assert (first.status_code, second.status_code) == (302, 422)
    assert (Envelope.objects.count(), internship.agreements.count()) == (1, 1)


def _form(internship: Internship) -> dict[str, str]:
    ways = {"school": "on_site", "host": "on_site", "trainee": "on_site"}
    return {f"{key}-method": way for key, way in ways.items()}


def test_the_page_is_prefilled_so_that_one_click_is_enough(
    school: School, coordinator: User, client_of: ClientOf
) -> None:
    internship = accepted_internship(school, coordinator, minor=True)
    client = client_of(coordinator)
    form = client.get(get(internship, "agreement_sign")).context["form"]
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    assert client.post(get(internship, "agreement_sign"), data).status_code == 302
    people = envelope_of(InternshipAgreement.objects.get()).signatories
    assert set(people.values_list("method", flat=True)) == {"electronic"}
    assert people.count() == 4


def test_what_is_printed_is_held_once_sent(school: School, coordinator: User) -> None:
    agreement = sent(accepted_internship(school, coordinator), coordinator)
    for change in ({"ends_on": agreement.internship.ends_on - timedelta(days=1)}, {"activities": "Autre chose"}):
        with pytest.raises(IntegrityError, match="figées"), transaction.atomic():
            Internship.objects.filter(pk=agreement.internship_id).update(**change)
    with pytest.raises(IntegrityError, match="horaire"), transaction.atomic():
        agreement.internship.days.all().delete()


def test_correcting_clears_the_signatures_and_tells_who_signed(school: School, coordinator: User) -> None:
    internship = accepted_internship(school, coordinator)
    agreement = sent(internship, coordinator, AgreementPlan({"host": Way("paper", "gerante@entreprise.invalid")}))
    _one_signs(agreement, coordinator)
    draft = operations.correct_agreement(agreement.pk, "Les horaires changent.", coordinator)
    agreement.refresh_from_db()
    assert (agreement.status, draft.status, draft.version) == ("lapsed", "draft", 2)
    assert envelope_of(agreement).status == "voided"
    told = Mail.objects.filter(kind="signing.ended", email="gerante@entreprise.invalid").get()
    assert told.context["why"] == "Les horaires changent."
    assert told.context["had_signed"] is True
    Internship.objects.filter(pk=internship.pk).update(activities="Autre chose")
    again = sent(internship, coordinator)
    assert (again.version, envelope_of(again).signatories.filter(status="signed").count()) == (2, 0)


def _one_signs(agreement: InternshipAgreement, actor: User) -> None:
    row = envelope_of(agreement).signatories.get(method="paper")
    record_paper(row.pk, Upload(scan()), timezone.localdate(), actor)
    check_paper(row.pk, regional_officer("Second Regard"), accepted=True)


def test_a_refusal_stops_and_is_told_to_the_school(school: School, coordinator: User) -> None:
    agreement = sent(accepted_internship(school, coordinator), coordinator)
    host = envelope_of(agreement).signatories.get(role="Pour l’entreprise d’accueil")
    refuse(host.pk, "Je ne suis plus d’accord.", VISITOR)
    agreement.refresh_from_db()
    assert agreement.status == "to_sign"
    assert Mail.objects.filter(kind="trainees.agreement_stopped", email=coordinator.email).count() == 1
    again = operations.sign_again(agreement.pk, PLAN, coordinator)
    assert again.status == "preparing"


def test_a_limit_that_passed_is_told(school: School, coordinator: User) -> None:
    agreement = sent(accepted_internship(school, coordinator), coordinator)
    envelope = envelope_of(agreement)
    with time_machine.travel(envelope.expires_at + timedelta(hours=1)):
        assert expire(envelope.pk)
    agreement.internship.refresh_from_db()
    assert agreement.internship.status == "accepted"


def test_late_needs_a_reason_that_never_hides(school: School, coordinator: User, client_of: ClientOf) -> None:
    internship = accepted_internship(school, coordinator, starts_on=monday_after(timezone.localdate(), -1), days=19)
    with pytest.raises(Refused, match="dit pourquoi"):
        send_to_sign(internship.pk, PLAN, coordinator)
    agreement = sent(internship, coordinator, late_reason="Le gérant était absent.")
    assert envelope_of(agreement).document.context["late_reason"] == "Le gérant était absent."
    sign_on_paper(agreement, coordinator)
    agreement.refresh_from_db()
    assert (agreement.status, agreement.is_late) == ("signed", True)
    client = client_of(coordinator)
    assert "Le gérant était absent." in client.get(get(internship)).content.decode()
    listed = client.get(reverse("trainees:agreements_waiting"), {"situation": "signees-en-retard"}).content.decode()
    assert "Le gérant était absent." in listed
    public = _verified(agreement)
    assert "(signée en retard)" in public
    assert "gérant était absent" not in public
    assert str(internship.trainee) not in public


def test_late_because_of_the_last_signature(school: School, coordinator: User) -> None:
    internship = accepted_internship(school, coordinator)
    agreement = sent(internship, coordinator)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        sign_on_paper(agreement, coordinator)
        agreement.refresh_from_db()
        assert agreement.status == "to_sign"
        told = Mail.objects.filter(kind="trainees.agreement_signed").first()
        assert told is not None
        assert "dites pourquoi" in told.context["blocked"]
        with pytest.raises(Refused):
            operations.explain_late_signature(agreement.pk, "  ", coordinator)
        operations.explain_late_signature(agreement.pk, "Courrier perdu.", coordinator)
    internship.refresh_from_db()
    assert internship.status == "signed"


def test_nothing_makes_it_signed_without_all_signatures(school: School, coordinator: User) -> None:
    agreement = sent(accepted_internship(school, coordinator), coordinator)
    with pytest.raises(IntegrityError, match="pas encore signé"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE trainees_internshipagreement SET status = 'signed', signed_on = now() WHERE id = %s", [agreement.pk]
        )
    with pytest.raises(Refused):
        operations.record_agreement_signed(envelope_of(agreement))


def test_a_signed_agreement_lapses_only_with_its_internship(school: School, coordinator: User) -> None:
    agreement = signed_agreement(school, coordinator)
    with pytest.raises(Refused, match="avenant"):
        operations.lapse_agreement(agreement.pk, "Erreur", coordinator)
    with pytest.raises(Refused):
        operations.correct_agreement(agreement.pk, "Erreur", coordinator)
    assert _verified(agreement).startswith("Pas encore en vigueur")


def test_who_left_the_school_is_told_no_more(school: School, officer: User, coordinator: User) -> None:
    colleague = member_of(school, officer, "Collègue Présente", Membership.Role.DIRECTOR)
    internship = accepted_internship(school, coordinator, referent=colleague)
    agreement = sent(internship, coordinator)
    coordinator.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    void(envelope_of(agreement), "Trop tard", colleague)
    sent_again = operations.sign_again(agreement.pk, PLAN, colleague)
    refuse_first = sent_again.signatories.order_by("pk").first()
    assert refuse_first is not None
    assert not Mail.objects.filter(kind="trainees.agreement_stopped", email=coordinator.email).exists()


def test_the_list_asks_as_much_for_three_rows_as_for_one(
    school: School, coordinator: User, client_of: ClientOf, same_query_count: Callable[..., int]
) -> None:
    client, address = client_of(coordinator), reverse("trainees:agreements_waiting")
    sent(accepted_internship(school, coordinator), coordinator)
    same_query_count(
        lambda: client.get(address), lambda: sent(accepted_internship(school, coordinator, minor=True), coordinator)
    )
    page = client.get(address).content.decode()
    assert "0 signature sur 4 ; on attend" in page.replace("\N{NO-BREAK SPACE}", " ").replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )


def _verified(agreement: InternshipAgreement) -> str:
    """Return what a stranger reads: the standing of the day and the public facts."""
    document = envelope_of(agreement).document
    kind = kind_named(document.kind)
    standing = kind.standing(document, timezone.localdate())
    facts = " ".join(f"{label} {value}" for label, value in kind.public_facts(document))
    return f"{standing.label}. {standing.sentence} {facts}"
