"""Register several people at once: the trainees and staff of a school, the people of a company. Each by `register`.

All who can be registered are; each refusal is kept with the name it concerns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from assises.life import registrations as life
from assises.models import Category, Edition, Registration
from assises.operations.places import hold_edition
from assises.operations.registering import cancel_registration, register
from assises.permissions import AssisesPermission
from assises.reads.group_registering import (
    COMPANY_AT_MOST,
    GROUP_AT_MOST,
    closed_because,
    is_over,
    registrations_of_company,
)
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, PortalError, Refused
from e2c_portal.kernel.french import with_article
from e2c_portal.kernel.submissions import AlreadySent, Sending, once
from partnerships.models import CompanyContact
from schools.models import School
from trainees.models import Trainee

SENT_ALREADY = (
    "Ce formulaire a déjà inscrit un groupe, et ce que vous y avez saisi a changé depuis. Regardez d’abord la liste ; pour "
    "inscrire aussi les personnes ci-dessous, envoyez de nouveau."
)
BY_WHOM = "Pour une personne de moins de 18 ans, dites quel représentant légal a donné l’accord pour les photos."


@dataclass(frozen=True)
class Attendee:
    """One person to register: the row to write, and the answers to the questions of the edition. `key` is that of the form."""

    row: Registration
    answers: Mapping[int, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True)
class RefusedOne:
    """Somebody for whom nothing was done, and why. `key` is that of the form."""

    name: str
    sentence: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.name} : {self.sentence}"


@dataclass
class GroupOutcome:
    """What became of a group: who is registered, and why each of the others is not."""

    registered: list[Registration] = field(default_factory=list)
    refused: list[RefusedOne] = field(default_factory=list)
    # The same form came a second time: nothing was written.
    sent_before: bool = False

    def number(self, status: str) -> int:
        """Return how many of those registered are in a state."""
        return sum(row.status == status for row in self.registered)


@transaction.atomic
def register_school_group(
    edition_id: int, school: School, people: Sequence[Attendee], actor: User, *, sending: Sending | None = None
) -> GroupOutcome:
    """Register trainees and staff of a school. A form sent twice (`sending`) writes nothing the second time.

    Raises NotAllowed, AlreadySent, Refused when registration is closed, for nobody, or too many people at once.
    """
    if not actor.has_perm(AssisesPermission.REGISTER_FOR_SCHOOL, school):
        raise NotAllowed("Vous n’avez pas le droit d’inscrire pour cette école.")
    edition = hold_edition(edition_id)
    outcome = GroupOutcome(sent_before=True)

    def make() -> Edition:
        outcome.sent_before = False
        _refuse_number(edition, people, GROUP_AT_MOST)
        _register_each(outcome, edition, [_of_school(one, school) for one in people], actor)
        told = f"Groupe inscrit par {with_article(str(school))} : {len(outcome.registered)} sur {len(people)}"
        record(actor, "edition.group", edition, told, school=school.pk)
        return edition

    try:
        once(sending, actor, Edition, make)
    except AlreadySent as error:
        raise AlreadySent(SENT_ALREADY) from error
    return outcome


def _refuse_number(edition: Edition, people: Sequence[Attendee], most: int) -> None:
    if why := closed_because(edition):
        raise Refused(why, code="closed")
    if not people:
        raise Refused("Choisissez au moins une personne à inscrire.", code="nobody")
    if len(people) > most:
        raise Refused(f"Inscrivez {most} personnes au plus à la fois.", code="too_many")


def _of_school(one: Attendee, school: School) -> Attendee:
    row = one.row
    row.school, row.origin = school, Registration.Origin.SCHOOL
    row.category = Category.TRAINEE if row.trainee_id else Category.STAFF
    return one


def _register_each(outcome: GroupOutcome, edition: Edition, people: Iterable[Attendee], actor: User | None) -> None:
    """Register whom the rules let, each on their own: a refusal takes back what was written of that person alone."""
    for one in people:
        one.row.edition = edition
        try:
            refuse_unsettled(one.row, actor)
            outcome.registered.append(register(one.row, actor, answers=one.answers))
        except PortalError as refusal:
            outcome.refused.append(RefusedOne(one.row.full_name, sentence_of(refusal), one.key))


def refuse_unsettled(row: Registration, actor: User | None) -> None:
    """Raise Refused for a trainee who is not in that school, and for a consent that nobody gave in the name of a minor."""
    trainee = row.trainee
    if trainee is None:
        return
    # Read again: a transfer may have come since the page was shown.
    if not Trainee.objects.filter(pk=trainee.pk, school=row.school_id).exists():
        raise Refused("Cette personne n’est plus dans cette école.", code="gone")
    if row.image_consent and trainee.is_minor_on(row.edition.held_on) and not row.image_consent_by.strip():
        raise Refused(BY_WHOM, code="consent_by_whom")


def sentence_of(refusal: PortalError) -> str:
    """Return why somebody was not registered, in one sentence or several."""
    details = refusal.details if isinstance(refusal, Refused) else []
    return " ".join(details or [refusal.message])


@transaction.atomic
def register_company_group(edition_id: int, contact_id: int, people: Sequence[Attendee]) -> GroupOutcome:
    """Register people of a company, by the space of one of its contacts. Somebody whom it registered already stays as they are.

    Raises Refused when registration is closed, for nobody, beyond ten people of the company in all.
    """
    contact = CompanyContact.objects.select_related("company").get(pk=contact_id)
    edition = hold_edition(edition_id)
    active = registrations_of_company(contact.company, edition).filter(status__in=life.ACTIVE)
    known = {row.email.lower() for row in active}
    # What is sent twice is found already done, and is no refusal.
    new = [one for one in people if one.row.email.lower() not in known]
    outcome = GroupOutcome(sent_before=bool(people) and not new)
    if outcome.sent_before:
        return outcome
    _refuse_number(edition, new, COMPANY_AT_MOST)
    if len(known) + len(new) > COMPANY_AT_MOST:
        raise Refused(
            f"Une entreprise inscrit {COMPANY_AT_MOST} personnes au plus, et {len(known)} le sont déjà. Pour venir plus "
            "nombreux, écrivez à la Région.", code="too_many",
        )  # fmt: skip
    for one in new:
        row = one.row
        row.category, row.origin = Category.COMPANY, Registration.Origin.COMPANY
        row.company, row.organisation = contact.company, contact.company.legal_name
    _register_each(outcome, edition, new, None)
    for row in outcome.registered:
        record(None, "registration.by_company", row, "Inscription par l’espace de l’entreprise", contact=contact.pk)
    return outcome


@transaction.atomic
def cancel_for_company(registration_id: int, contact_id: int) -> Registration:
    """Cancel somebody whom the company registered. Raises Refused for somebody of another one, or once the day is over."""
    contact = CompanyContact.objects.select_related("company").get(pk=contact_id)
    row = Registration.objects.select_related("edition").get(pk=registration_id)
    if not registrations_of_company(contact.company, row.edition).filter(pk=row.pk).exists():
        raise Refused("Cette inscription n’est pas celle de votre entreprise.", code="foreign")
    if is_over(row.edition):
        raise Refused("La journée est passée : cette inscription ne change plus.", code="over")
    return cancel_registration(row.pk)
