"""What a person does by their own link: ask for it, register, change what they wrote, answer about photos, cancel."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from assises.life import registrations as life
from assises.life.editions import ANNOUNCED
from assises.models import Edition, LinkRequest, Registration
from assises.operations.places import held, hold_edition, let_offers_lapse
from assises.operations.registering import (
    cancel_registration,
    change_sessions,
    choose_sessions,
    register,
    write_answers,
)
from assises.operations.telling import link_for
from assises.reads.own_registration import has_begun, is_known_minor, registration_of, why_not_now
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.revisions import hold_revision
from e2c_portal.links import attempts
from e2c_portal.links.models import Attempt
from e2c_portal.links.renewing import renew
from trainees.operations.moving import save_or_refuse

SEND_LINK = "assises.send_registration_link"
# What a person may correct of their own registration; what their school or company wrote of them stays theirs.
DETAILS = ("first_name", "last_name", "organisation", "job_title", "school", "access_needs")
CHANGED_ELSEWHERE = (
    "Votre inscription a été changée depuis une autre page ou un autre appareil. Ce que vous venez d’écrire est conservé "
    "ci-dessous : comparez, puis enregistrez de nouveau."
)
ENDED = "Cette inscription n’est plus en cours : revenez à la première page pour voir où elle en est."
BEGUN = "La journée a commencé : rien ne se change plus ici. Adressez-vous à l’accueil."
BY_THE_SCHOOL = (
    "Pour une personne de moins de 18 ans, l’accord pour les photos se donne à l’école, par son représentant légal."
)


@transaction.atomic
def request_link(edition: Edition, email: str, *, visitor: str) -> None:
    """Have the link sent to this address by a job: the answer takes the same time whoever asks.

    Raises TooManyAttempts for a connection that asks too often, Refused when registration is not open.
    """
    attempts.note(Attempt.What.ASKED_LINK, visitor)
    if why := why_not_now(edition):
        raise Refused(why, code="closed")
    request = LinkRequest.objects.create(edition=edition, email=email.strip())
    enqueue_on_commit(SEND_LINK, request_id=request.pk)


@transaction.atomic
def answer_request(request_id: int) -> bool:
    """Send the link that was asked for, then forget the request. Returns whether a message was asked for.

    No within the pause of links (ten minutes, doubled each time until the link is opened): nobody floods a mailbox.
    """
    request = (
        LinkRequest.objects.select_related("edition").select_for_update(of=("self",)).filter(pk=request_id).first()
    )
    if request is None:
        return False
    edition = request.edition
    known = registration_of(edition, request.email) is not None
    sent = (known or not why_not_now(edition)) and renew(link_for(edition, request.email))
    request.delete()
    return sent


@transaction.atomic
def register_oneself(registration: Registration, answers: Mapping[int, str], session_ids: Collection[int]) -> str:
    """Register the holder of a link, with the workshops they chose if a place is theirs at once.

    A workshop that is full costs nobody their place: why it was refused is returned, "" when nothing was.
    Raises Refused when registration is not open, for a second registration, or what the rules refuse.
    """
    edition = hold_edition(registration.edition_id)
    if why := why_not_now(edition):
        raise Refused(why, code="closed")
    if registration.image_consent is not None:
        registration.image_consent_by = registration.full_name
    register(registration, answers=answers)
    if not registration.holds_a_place or not session_ids:
        return ""
    try:
        choose_sessions(registration.pk, session_ids)
    except Refused as refusal:
        return " ".join(refusal.details or [refusal.message])
    return ""


@transaction.atomic
def change_details(
    registration_id: int, changes: Mapping[str, Any], answers: Mapping[int, str], seen: int | None
) -> Registration:
    """Correct what a person wrote of themselves. Raises Overtaken (another device), Refused when registration is closed."""
    row = _still_active(registration_id)
    if why := why_not_now(row.edition):
        raise Refused(why, code="closed")
    hold_revision(row, seen, CHANGED_ELSEWHERE)
    for name in DETAILS:
        if name in changes:
            setattr(row, name, changes[name])
    save_or_refuse(row)
    write_answers(row, answers)
    record(None, "registration.changed", row, "Coordonnées ou réponses changées par la personne, par son lien")
    return row


@transaction.atomic
def answer_about_photos(registration_id: int, answer: bool | None) -> Registration:
    """Give, refuse or withdraw one's consent to images, at any time. Raises Refused for a minor, whom another answers for."""
    row = held(registration_id)
    if row.purged_at or is_known_minor(row):
        raise Refused(BY_THE_SCHOOL if row.purged_at is None else ENDED, code="not_theirs")
    if row.image_consent == answer:
        return row
    row.image_consent = answer
    row.image_consent_at = None if answer is None else timezone.now()
    row.image_consent_by = "" if answer is None else row.full_name
    row.revision += 1
    save_or_refuse(row)
    told = {True: "accord donné", False: "accord refusé", None: "réponse retirée"}[answer]
    record(None, "registration.photos", row, f"Photos : {told} par la personne, par son lien")
    return row


@transaction.atomic
def choose_own_sessions(registration_id: int, session_ids: Collection[int]) -> None:
    """Take and give back places in workshops, until the day begins. Raises Refused as choose_sessions does."""
    if has_begun(_still_active(registration_id).edition):
        raise Refused(BEGUN, code="begun")
    change_sessions(registration_id, session_ids)


@transaction.atomic
def cancel_oneself(registration_id: int) -> Registration:
    """Give one's place back, until the day begins. Cancelling twice changes nothing. Raises Refused, Overtaken."""
    row = held(registration_id)
    if row.status != life.CANCELLED and has_begun(row.edition):
        raise Refused(BEGUN, code="begun")
    return cancel_registration(registration_id)


def lapse_late_offers() -> int:
    """Take back the offers that nobody accepted in time, in every edition to come. Returns how many lapsed."""
    to_come = Edition.objects.filter(status=ANNOUNCED, held_on__gte=timezone.localdate()).order_by("held_on")
    return sum(let_offers_lapse(pk) for pk in to_come.values_list("pk", flat=True))


def _still_active(registration_id: int) -> Registration:
    row = held(registration_id)
    if not row.is_active:
        raise Overtaken(ENDED)
    return row
