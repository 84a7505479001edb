"""Whatever the order of what people do, an agreement is never in force without every signature."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from e2c_portal.documents.signing_steps import ask_to_close
from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing.exhibits import Upload
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.ending import void
from e2c_portal.signing.operations.paper import check_paper, record_paper
from e2c_portal.signing.operations.signing import refuse
from schools.models import School
from tests.factories.agreements import accepted_internship, envelope_of, sent
from tests.factories.documents import say_made, say_sealed
from tests.factories.signing import scan
from tests.signing.people import VISITOR
from trainees.models import Internship, InternshipAgreement
from trainees.operations import agreements as operations
from trainees.operations.internships import move_internship
from trainees.reads.agreements import living_agreement
from trainees.reads.signers import AgreementPlan

PLAN = AgreementPlan()
Step = Callable[[Internship, InternshipAgreement, User, User], object]


def one_signs(internship: Internship, agreement: InternshipAgreement, actor: User, other: User) -> None:
    envelope = envelope_of(agreement)
    row = envelope.signatories.filter(status="invited").order_by("pk").first()
    if row:
        record_paper(row.pk, Upload(scan()), timezone.localdate(), actor)
        check_paper(row.pk, other, accepted=True)
    if not envelope.signatories.exclude(status="signed").exists():
        say_sealed(ask_to_close(envelope.document))


def one_refuses(internship: Internship, agreement: InternshipAgreement, actor: User, other: User) -> None:
    row = envelope_of(agreement).signatories.filter(status="invited").order_by("pk").last()
    if row:
        refuse(row.pk, "Non.", VISITOR)


STEPS: dict[str, Step] = {
    "sign": one_signs,
    "sign again": one_signs,
    "sign once more": one_signs,
    "refuse": one_refuses,
    "void": lambda i, a, actor, _: void(envelope_of(a), "Non", actor),
    "send": lambda i, a, actor, _: operations.send_to_sign(i.pk, PLAN, actor),
    "ask again": lambda i, a, actor, _: operations.sign_again(a.pk, PLAN, actor, why_new="Autre façon"),
    "correct": lambda i, a, actor, _: operations.correct_agreement(a.pk, "Erreur", actor),
    "lapse": lambda i, a, actor, _: operations.lapse_agreement(a.pk, "Erreur", actor),
    "record": lambda i, a, actor, _: operations.record_agreement_signed(envelope_of(a)),
    "explain": lambda i, a, actor, _: operations.explain_late_signature(a.pk, "Retard", actor),
    "move": lambda i, a, actor, _: move_internship(i.pk, "record_signature", actor),
    "cancel": lambda i, a, actor, _: move_internship(i.pk, "cancel", actor, reason="Fermé"),
}


@pytest.mark.django_db
def test_no_order_of_acts_makes_it_in_force_without_all_signatures(
    school: School, coordinator: User, officer: User
) -> None:
    internship = accepted_internship(school, coordinator, minor=True)
    sent(internship, coordinator)

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=9))
    def holds(names: list[str]) -> None:
        with transaction.atomic():
            for name in names:
                _try(STEPS[name], internship.pk, coordinator, officer)
                _never_half_signed(internship.pk)
            transaction.set_rollback(True)

    holds()


def _try(step: Step, pk: int, actor: User, other: User) -> None:
    internship = Internship.objects.get(pk=pk)
    agreement = living_agreement(internship)
    if agreement is None or not Envelope.objects.filter(subject__endswith=f"agreement:{agreement.pk}").exists():
        agreement = internship.agreements.order_by("version").first()
    assert agreement
    try:
        with transaction.atomic():
            step(internship, agreement, actor, other)
            say_made()
    except PortalError:
        return


def _never_half_signed(pk: int) -> None:
    internship = Internship.objects.get(pk=pk)
    for agreement in internship.agreements.filter(status="signed"):
        envelope = agreement.signed_envelope()
        assert envelope is not None
        assert envelope.signatories.exclude(status__in=["signed", "replaced"]).count() == 0
        assert envelope.signatories.filter(status="signed").count() == 4
    if internship.status == "signed":
        assert internship.agreements.filter(status="signed").exists()
