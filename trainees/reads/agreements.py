"""Read agreements and their amendments: one in full, those of a school that wait or came late."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from e2c_portal.accounts.models import Role, User
from e2c_portal.audit.trail import subject_of
from e2c_portal.signing.lookups import latest_envelopes
from e2c_portal.signing.models import Envelope, Signatory
from e2c_portal.signing.models.envelopes import ALIVE, UNFINISHED
from schools.scope import Scope
from trainees.life import agreements as life
from trainees.life import internships as internship_life
from trainees.models import AgreementAmendment, Internship, InternshipAgreement
from trainees.models.agreements import AGREEMENT_KIND
from trainees.permissions import TraineePermission

SOON = timedelta(days=7)
PLACE = ("establishment__company", "tutor", "host_signatory", "school_signatory", "referent", "trade")
OF_INTERNSHIP = ("trainee", "school__network", "pathway__site", "dangerous_work", *PLACE)


class Waiting(StrEnum):
    """What the list of agreements may be narrowed to."""

    ALL = ""
    TO_SEND = "a-preparer"
    TO_SIGN = "a-signer"
    OVERDUE = "en-retard"
    SOON = "cette-semaine"
    LATER = "ensuite"
    MINE = "a-ma-signature"
    SIGNED_LATE = "signees-en-retard"


def internship_in_full(pk: int) -> Internship:
    """Return an internship with all that its agreement prints. Raises Internship.DoesNotExist."""
    return Internship.objects.select_related(*OF_INTERNSHIP).prefetch_related("days").get(pk=pk)


def agreement_in_full(pk: int) -> InternshipAgreement:
    """Return an agreement with its internship in full. Raises InternshipAgreement.DoesNotExist."""
    agreement = InternshipAgreement.objects.select_related("created_by").get(pk=pk)
    agreement.internship = internship_in_full(agreement.internship_id)
    return agreement


def amendment_in_full(pk: int) -> AgreementAmendment:
    """Return an amendment with its agreement and internship in full. Raises AgreementAmendment.DoesNotExist."""
    amendment = AgreementAmendment.objects.select_related("created_by").get(pk=pk)
    amendment.agreement = agreement_in_full(amendment.agreement_id)
    return amendment


def living_agreement(internship: Internship) -> InternshipAgreement | None:
    """Return the version that counts for an internship: the one that did not lapse. The database allows one."""
    agreement = internship.agreements.exclude(status=life.LAPSED).select_related("created_by").first()
    if agreement:
        agreement.internship = internship
    return agreement


def amendment_known_to(internship: Internship, number: int) -> AgreementAmendment | None:
    """Return one amendment of the agreement of an internship that was reached already."""
    rows = AgreementAmendment.objects.filter(agreement__internship=internship, number=number)
    amendment = rows.exclude(agreement__status=life.LAPSED).select_related("agreement", "created_by").first()
    if amendment:
        amendment.agreement.internship = internship
    return amendment


def agreements_waiting(scope: Scope, narrowed: str = "", reader: User | None = None) -> QuerySet[Internship]:
    """Return the internships whose agreement is not signed yet, the nearest first day first, with their living version.

    `narrowed` is one of Waiting; « signées en retard » lists the ones signed after the first day, which stay visible; « à ma
    signature », those that `reader` must sign for the school.
    """
    rows = Internship.objects.select_related("trainee", "school", "establishment__company", "tutor", "referent")
    if not scope.whole_network:
        rows = rows.filter(school__in=sorted(scope.school_ids))
    rows = rows.prefetch_related(
        Prefetch("agreements", InternshipAgreement.objects.exclude(status=life.LAPSED), to_attr="living_agreements")
    )
    if narrowed == Waiting.SIGNED_LATE:
        return rows.filter(pk__in=_signed_late(scope)).order_by("-starts_on", "-pk")
    rows = rows.filter(status=internship_life.ACCEPTED)
    today = timezone.localdate()
    if narrowed == Waiting.MINE:
        rows = _signed_by(rows, reader)
    elif narrowed == Waiting.SOON:
        rows = rows.filter(starts_on__gte=today, starts_on__lt=today + SOON)
    elif narrowed == Waiting.LATER:
        rows = rows.filter(starts_on__gte=today + SOON)
    elif narrowed == Waiting.TO_SEND:
        rows = rows.exclude(Exists(InternshipAgreement.objects.filter(internship=OuterRef("pk"), status=life.TO_SIGN)))
    elif narrowed == Waiting.TO_SIGN:
        rows = rows.filter(agreements__status=life.TO_SIGN)
    elif narrowed == Waiting.OVERDUE:
        rows = rows.filter(starts_on__lt=today)
    return rows.order_by("starts_on", "pk")


def _signed_by(rows: Any, reader: User | None) -> Any:
    """Keep the internships that somebody signs for the school, and whose agreement waits for this very signature."""
    if reader is None:
        return rows.none()
    name = Concat(Value(f"{InternshipAgreement._meta.label_lower}:"), Cast("pk", CharField()))
    asked = Signatory.objects.filter(
        envelope__kind=AGREEMENT_KIND, envelope__subject=OuterRef("name"), envelope__status__in=ALIVE,
        email__iexact=reader.email, status__in=UNFINISHED,
    )  # fmt: skip
    waits = InternshipAgreement.objects.filter(internship=OuterRef("pk"), status=life.TO_SIGN).alias(name=name)
    return rows.filter(Exists(waits.filter(Exists(asked))), school_signatory=reader)


def _signed_late(scope: Scope) -> QuerySet[Any, Any]:
    late = InternshipAgreement.objects.filter(status=life.SIGNED, signed_on__gt=F("starts_on"))
    if not scope.whole_network:
        late = late.filter(internship__school__in=sorted(scope.school_ids))
    return late.values("internship")


def overdue_count(scope: Scope, day: date | None = None) -> int:
    """Count the internships that began without a signed agreement: what a board shows first."""
    rows = Internship.objects.filter(status=internship_life.ACCEPTED, starts_on__lt=day or timezone.localdate())
    return rows.count() if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids)).count()


def envelopes_of(agreements: Iterable[InternshipAgreement]) -> dict[int, Envelope]:
    """Return the last envelope of each agreement, by its number, signatories read with it. Two queries."""
    by_name = {subject_of(row): row.pk for row in agreements}
    found = latest_envelopes(AGREEMENT_KIND, by_name)
    return {by_name[name]: envelope for name, envelope in found.items()}


def may_read_agreement(user: User, internship: Internship) -> bool:
    """Say whether somebody may read the agreement: the school that made it, that of the person today, and the network."""
    permission = TraineePermission.READ_AGREEMENT
    return user.has_perm(permission, internship) or user.has_perm(permission, internship.trainee)


def may_send_agreement(user: object, internship: Internship) -> bool:
    """Say whether somebody may put the agreement to signature and follow it: the school that made it."""
    return bool(user.has_perm(TraineePermission.SEND_AGREEMENT, internship))  # type: ignore[attr-defined]


def followers_of(internship: Internship, first: User | None = None) -> list[User]:
    """Return who in the school is told: whoever put the text to signature, then the referent, while they work there."""
    people = [first, internship.referent, internship.created_by]
    there = [one for one in people if one and one.is_active and may_send_agreement(one, internship)]
    found = list(dict.fromkeys(there))[:2]
    return found or _leaders(internship)


def _leaders(internship: Internship) -> list[User]:
    """Return those who lead the school today, when nobody who followed the internship is there any more."""
    day = timezone.localdate()
    here = Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=day)
    leaders = User.objects.filter(
        here,
        memberships__school=internship.school_id,
        memberships__role__in=["director", "coordinator"],
        is_active=True,
    )
    return list(leaders.distinct().order_by("full_name"))


def data_officer_address() -> str:
    """Return where one writes to the data officer, empty when the portal has none."""
    officers = User.objects.filter(role=Role.DATA_OFFICER, is_active=True).order_by("pk")
    return officers.values_list("email", flat=True).first() or ""
