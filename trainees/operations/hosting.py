"""What schools write of hosts: their profile, the approaches made, the places offered and taken."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.submissions import Sending, once
from e2c_portal.ui.refusals import refusal_of_database
from partnerships.models import CompanyContact
from trainees.models import Approach, HostProfile, Internship, InternshipOffer, OfferUse, Trade
from trainees.permissions import TraineePermission

OVERTAKEN = (
    "Quelqu’un a enregistré cette fiche d’accueil pendant que vous la modifiiez. Votre saisie est conservée ci-dessous : "
    "comparez-la avec la version enregistrée, puis enregistrez de nouveau."
)
NOT_YOURS = "Vous n’avez pas le droit d’écrire pour cette école."
NOT_THEN = (
    "Cette offre est pour un stage qui commence entre le {offer.starts_on:%d/%m/%Y} et le {offer.ends_on:%d/%m/%Y} : changez "
    "les dates du stage, ou n’en choisissez aucune."
)
NOT_MEANWHILE = (
    "Ce stage n’a aucun jour pendant la période de l’offre, du {offer.starts_on:%d/%m/%Y} au {offer.ends_on:%d/%m/%Y} : choisissez "
    "un autre stage, ou changez ses dates."
)
# Beyond this many open offers of one company, more would only bury them.
OFFERS_AT_MOST = 50


@transaction.atomic
def save_profile(profile: HostProfile, trades: Sequence[Trade], seen: int | None, actor: User) -> HostProfile:
    """Write what is known of a host, for all schools. Raises NotAllowed, Overtaken when somebody saved it after `seen`, ValidationError."""
    _require(actor, TraineePermission.WRITE_APPROACH)
    profile.updated_by = actor
    if profile._state.adding:
        present = HostProfile.objects.select_for_update().filter(establishment=profile.establishment_id).first()
        if present:
            raise Overtaken(OVERTAKEN)
        save_with_trace(profile, actor)
    else:
        save_over_what_was_seen(profile, seen, lambda: save_with_trace(profile, actor), overtaken=OVERTAKEN)
    before = sorted(profile.trades.values_list("code", flat=True))
    profile.trades.set(trades)
    if before != (after := sorted(trade.code for trade in trades)):
        record(
            actor, "hostprofile.trades", profile, "Métiers de la fiche d’accueil modifiés", before=before, after=after
        )
    return profile


@transaction.atomic
def note_approach(
    approach: Approach, actor: User, *, follows: int | None = None, sending: Sending | None = None
) -> Approach:
    """Keep an approach; the one it `follows` is settled with it. A form sent twice (`sending`) gives back the one it made.

    Raises NotAllowed, AlreadySent, ValidationError with French messages by field.
    """
    _require(actor, TraineePermission.WRITE_APPROACH, approach)
    return once(sending, actor, Approach, lambda: _noted(approach, actor, follows))


def _noted(approach: Approach, actor: User, follows: int | None) -> Approach:
    approach.made_by = actor
    approach.full_clean()
    approach.save()
    record(actor, "approach.noted", approach, f"Démarche notée : {approach.get_means_display()}")
    if follows:
        former = Approach.objects.select_for_update().filter(pk=follows, school=approach.school_id).first()
        if former and former.settled_on is None:
            _settle(former, actor)
    return approach


@transaction.atomic
def settle_approach(approach_id: int, actor: User) -> Approach:
    """Say that what was to follow an approach is done. Raises NotAllowed, Overtaken when it is done already."""
    approach = Approach.objects.select_for_update().get(pk=approach_id)
    _require(actor, TraineePermission.WRITE_APPROACH, approach)
    if approach.settled_on:
        raise Overtaken("Cette action est déjà notée comme faite.")
    _settle(approach, actor)
    return approach


def _settle(approach: Approach, actor: User) -> None:
    approach.settled_on, approach.settled_by = timezone.localdate(), actor
    approach.save(update_fields=["settled_on", "settled_by"])
    record(actor, "approach.settled", approach, "Suite donnée à la démarche")


@transaction.atomic
def save_offer(offer: InternshipOffer, actor: User, *, sending: Sending | None = None) -> InternshipOffer:
    """Record places told to a school or to the Région, seen by all schools. Raises NotAllowed, AlreadySent, ValidationError."""
    _require(actor, TraineePermission.WRITE_OFFER, offer if offer.school_id else None)
    offer.recorded_by = actor
    return once(sending, actor, InternshipOffer, lambda: save_with_trace(offer, actor))


@transaction.atomic
def propose_offer(offer: InternshipOffer, contact_id: int, form_key: UUID) -> InternshipOffer:
    """Record places that a company proposes from its own space. The same form sent twice counts once.

    Raises Refused for somebody who left, a place of another company, or too many offers; ValidationError by field.
    """
    contact = CompanyContact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact_id)
    if present := InternshipOffer.objects.filter(form_key=form_key, proposed_by=contact).first():
        return present
    if not contact.is_here_on(timezone.localdate()):
        raise Refused("Vous n’êtes plus un contact de cette entreprise.", code="left")
    if offer.establishment.company_id != contact.company_id or offer.establishment.closed_on:
        raise Refused("Choisissez un établissement ouvert de votre entreprise.", code="foreign_place")
    waiting = InternshipOffer.objects.filter(establishment__company=contact.company_id, closed_on=None)
    if waiting.filter(ends_on__gte=timezone.localdate()).count() >= OFFERS_AT_MOST:
        raise Refused(
            f"Votre entreprise a déjà {OFFERS_AT_MOST} offres ouvertes : fermez-en une d’abord.", code="too_many"
        )
    offer.proposed_by, offer.contact, offer.form_key = contact, contact, form_key
    offer.full_clean()
    offer.save()
    record(
        None, "internshipoffer.proposed", offer, f"Offre de stage proposée par {contact.full_name}", contact=contact.pk
    )
    return offer


@says_why
@transaction.atomic
def close_offer(offer_id: int, reason: str, actor: User) -> InternshipOffer:
    """Close an offer; the internships that took its places stay. Raises NotAllowed, Refused without a reason, Overtaken."""
    offer = InternshipOffer.objects.select_for_update().get(pk=offer_id)
    _require(actor, TraineePermission.WRITE_OFFER, offer if offer.school_id else None)
    return _closed(offer, reason, actor)


@transaction.atomic
def withdraw_offer(offer_id: int, contact_id: int) -> InternshipOffer:
    """Let a company close an offer of its own. Raises Refused for one of another company, Overtaken when it is closed."""
    contact = CompanyContact.objects.get(pk=contact_id)
    offer = InternshipOffer.objects.select_for_update(of=("self",)).select_related("establishment").get(pk=offer_id)
    if offer.establishment.company_id != contact.company_id:
        raise Refused("Cette offre n’est pas celle de votre entreprise.", code="foreign_offer")
    return _closed(offer, f"Retirée par {contact.full_name}", None)


def _closed(offer: InternshipOffer, reason: str, actor: User | None) -> InternshipOffer:
    if offer.closed_on:
        raise Overtaken("Cette offre est déjà fermée.")
    if not reason.strip():
        raise Refused("Écrivez pourquoi l’offre se ferme.", code="nothing_said")
    offer.closed_on, offer.closing_reason = timezone.localdate(), reason.strip()[:250]
    offer.full_clean(exclude=["ends_on"])
    offer.save(update_fields=["closed_on", "closing_reason"])
    record(actor, "internshipoffer.closed", offer, f"Offre fermée : {offer.closing_reason}")
    return offer


@transaction.atomic
def take_place(offer_id: int, internship_id: int, actor: User) -> OfferUse:
    """Put an internship on a place of an offer. The database counts, with the offer locked: the last place goes once.

    Raises NotAllowed, Refused when no place is left, the place is elsewhere, the internship has one already, or no day in common.
    """
    internship = Internship.objects.select_for_update().get(pk=internship_id)
    _require(actor, TraineePermission.WRITE_INTERNSHIP, internship)
    if OfferUse.objects.filter(internship=internship).exists():
        raise Refused("Ce stage occupe déjà une place.", code="taken")
    offer = InternshipOffer.objects.get(pk=offer_id)
    if not _meets(internship, offer):
        raise Refused(NOT_MEANWHILE.format(offer=offer), code="not_meanwhile")
    try:
        with transaction.atomic():
            use = OfferUse.objects.create(offer=offer, internship=internship, taken_by=actor)
    except IntegrityError as error:
        raise refusal_of_database(error) from error
    record(actor, "internshipoffer.taken", use.offer, "Place prise", internship=internship.pk)
    return use


@transaction.atomic
def give_place_back(internship_id: int, actor: User) -> None:
    """Take an internship off the offer it was put on by mistake. Raises NotAllowed, Refused when it is on none."""
    internship = Internship.objects.select_for_update().get(pk=internship_id)
    _require(actor, TraineePermission.WRITE_INTERNSHIP, internship)
    use = OfferUse.objects.filter(internship=internship).select_related("offer").first()
    if use is None:
        raise Refused("Ce stage n’occupe aucune place.", code="not_taken")
    _give_back(use, actor)


def answer_offer(internship: Internship, offer_id: int | None, actor: User) -> None:
    """Put an internship that is being written on the offer it answers, None for none; the place of another is given back.

    In the transaction that writes it. Raises ValidationError beside the choice of the offer: no place left, closed, or not then.
    """
    use = OfferUse.objects.filter(internship=internship).select_related("offer").first()
    if use and use.offer_id == offer_id:
        return
    if use:
        _give_back(use, actor)
    if offer_id is None:
        return
    offer = InternshipOffer.objects.get(pk=offer_id)
    if not offer.starts_on <= internship.starts_on <= offer.ends_on:
        raise ValidationError({"offer": NOT_THEN.format(offer=offer)})
    try:
        take_place(offer_id, internship.pk, actor)
    except Refused as refusal:
        raise ValidationError({"offer": f"{refusal.message} Choisissez-en une autre, ou aucune."}) from refusal


def leave_offer_of_elsewhere(internship: Internship, actor: User) -> None:
    """Give back the place of an offer made elsewhere, or for another time, than where and when the internship goes now.

    The database would do it, untold.
    """
    use = OfferUse.objects.filter(internship=internship).select_related("offer").first()
    if use and (use.offer.establishment_id != internship.establishment_id or not _meets(internship, use.offer)):
        _give_back(use, actor)


def _meets(internship: Internship, offer: InternshipOffer) -> bool:
    """Say whether an internship, as it is being written, has a day in the period of an offer."""
    first, last = internship.starts_on, internship.ended_early_on or internship.ends_on
    # A date that lacks is told by the rules of the internship itself.
    return not (first and last) or first <= offer.ends_on and last >= offer.starts_on


def _give_back(use: OfferUse, actor: User) -> None:
    use.delete()
    record(actor, "internshipoffer.given_back", use.offer, "Place rendue", internship=use.internship_id)


def _require(actor: User, permission: TraineePermission, row: object = None) -> None:
    allowed = actor.has_perm(permission) if row is None else actor.has_perm(permission, row)
    if not allowed:
        raise NotAllowed(NOT_YOURS)
