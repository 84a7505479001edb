"""The pages of people without an account: one link of each kind, as its message brings it."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assises.emails.after_links import after_link
from assises.models import Edition
from assises.operations.doors import show_post_link
from e2c_portal.accounts.models import User
from e2c_portal.links import issuing
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.tokens import new_token
from partnerships import workflows
from partnerships.operations.space import grant_access
from partnerships.space_purpose import SPACE
from tests.assises.after_the_day import edition_held, scanned
from tests.factories.agreements import accepted_internship, sent
from tests.factories.assises import door, edition_open, half_day, somebody
from tests.factories.deliveries import contact_at
from tests.factories.internships import said_signed
from tests.factories.own_registration import asked, jobs_done
from tests.factories.partnerships import convention_at
from tests.factories.portfolios import sent_by_company
from tests.factories.spaces import link_received
from tests.rights.rows import Hands
from trainees.link_purposes.trainee_space import SPACE as STAGES
from trainees.link_purposes.tutor import TUTOR
from trainees.operations.trainee_space import grant_space
from trainees.operations.tutor_links import send_tutor_link


def links(hands: Hands) -> dict[str, str]:
    """Return the path of a link of each kind, by its name."""
    makers: tuple[Callable[[Hands], dict[str, str]], ...] = (
        _of_companies,
        _of_stays,
        _of_assises_after,
        _of_assises_before,
    )
    return {name: path for make in makers for name, path in make(hands).items()}


def ended(officer: User) -> dict[str, str]:
    """Return the path of a link of each way to be closed: past its day, replaced by another, taken back, of nobody."""
    living = PersonalLink.objects.filter(revoked_at=None, issued_at__isnull=False)
    old, former, taken = (living.filter(purpose=one.name).latest("pk") for one in (STAGES, TUTOR, SPACE))
    with time_machine.travel(timezone.now() - timedelta(days=500), tick=False):
        expired = _path(issuing.rotate(old))
    replaced = _path(issuing.rotate(former))
    issuing.rotate(former)
    revoked = _path(issuing.rotate(taken))
    issuing.revoke(taken, "La convention est abandonnée.", officer)
    return {"expiré": expired, "remplacé": replaced, "retiré": revoked, "inconnu": f"/lien/{new_token()}/"}


def _of_companies(hands: Hands) -> dict[str, str]:
    with transaction.atomic():
        contact = contact_at(convention_at(workflows.SIGNED, hands.officer), hands.officer)
        contact.email = "contact@entreprise.invalid"
        contact.save()
        grant_access(contact.pk, hands.officer)
    return {"company": link_received(contact.email)}


def _of_stays(hands: Hands) -> dict[str, str]:
    with transaction.atomic():
        waiting = accepted_internship(hands.school, hands.staff, minor=True)
        sent(waiting, hands.staff)
        internship = said_signed(accepted_internship(hands.school, hands.staff))
        send_tutor_link(internship.pk, hands.staff)
        assessed = sent_by_company(hands.school, hands.staff, 3, 1)
        trainee = assessed.internship.trainee
        grant_space(trainee.pk, hands.staff)
    return {
        "signatory": link_received(waiting.host_signatory.email), "tutor": link_received(internship.tutor.email),
        "trainee": link_received(trainee.email),
    }  # fmt: skip


def _of_assises_after(hands: Hands) -> dict[str, str]:
    with transaction.atomic():
        edition = edition_held(hands.officer, days_ago=20)
        person = somebody(edition)
        scanned(person, half_day(edition), hands.officer)
        return {"after the assises": _path(issuing.rotate(after_link(person)))}


def _of_assises_before(hands: Hands) -> dict[str, str]:
    with transaction.atomic():
        # A year after the other: each year has one edition.
        held_on = Edition.objects.get().held_on + timedelta(days=366)
        edition = edition_open(hands.officer, held_on=held_on)
        half_day(edition)
        held = _path(show_post_link(door(edition).pk, hands.officer))
    asked(edition, "camille@exemple.invalid")
    jobs_done()
    return {"door": held, "registration": link_received("camille@exemple.invalid")}


def _path(url: str) -> str:
    return url.removeprefix(settings.PORTAL_URL)
