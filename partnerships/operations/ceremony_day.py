"""The day of a ceremony: the programme is put to signature, the screen is handed to each signatory, who signs or does not.

The programme is put to signature one convention at a time, each in a transaction of its own: what cannot be is told with its
reason, and the others go on.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents.models import Status
from e2c_portal.documents.requesting import retry
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.signing.lookups import latest_envelope, living_envelope
from e2c_portal.signing.models import EnvelopeStatus, Method, Signatory
from e2c_portal.signing.operations import inviting, on_site, signing
from e2c_portal.signing.operations.ending import extend
from e2c_portal.signing.visitors import Visitor
from partnerships import workflows
from partnerships.ceremony_queries import item_of, programme_of
from partnerships.documents import KIND as CONVENTION
from partnerships.models import PartnershipConvention, SigningEvent
from partnerships.operations.moves import move_convention
from partnerships.operations.signatures import hold_signature, people_of_convention
from partnerships.permissions import PartnershipPermission
from partnerships.signing_plan import SigningPlan, Way, usual_way

# Who is absent on the day still has some time, by link or on paper.
TIME_LEFT_AFTER = timedelta(days=30)
OVER = "Cette cérémonie a eu lieu {day} : mettez chaque convention à la signature depuis sa page."
NOTHING_LISTED = "Le programme est vide : choisissez d’abord des conventions."
STOPPED = "Sa signature est arrêtée{why} Relancez-la depuis sa page, ou retirez-la du programme."
NOT_RECORDED = "Toutes les personnes ont signé, mais la signature n’a pas pu être enregistrée : ouvrez sa page pour savoir pourquoi."
NOT_TO_SIGN = "Elle est « {state} » : retirez-la du programme, ou menez-la jusqu’au vote."
NOT_LISTED = "Cette signature n’est pas au programme de la cérémonie : rechargez la page."
NO_ADDRESS = "Aucune adresse n’est connue pour {person} : indiquez-la dans le suivi détaillé de sa signature."


@dataclass
class Outcome:
    """What became of a programme: put to signature now, there already, and what was refused with its reason."""

    sent: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def put_programme_to_signature(event_id: int, actor: User) -> Outcome:
    """Put every convention of a programme to signature, on site. Pressing again goes on from where it stopped.

    A signature already asked for is kept with those who signed; its time is extended to the ceremony. Raises NotAllowed, Refused.
    """
    _require(actor)
    event = SigningEvent.objects.get(pk=event_id)
    if event.held_on < timezone.localdate():
        raise Refused(OVER.format(day=date_in_letters(event.held_on)), code="over")
    items = list(programme_of(event))
    if not items:
        raise Refused(NOTHING_LISTED, code="nothing_listed")
    outcome = Outcome()
    for item in items:
        name = str(item.convention)
        try:
            done = outcome.sent if _put_to_signature(item.convention_id, event, actor) else outcome.kept
            done.append(name)
        except Refused as refusal:
            outcome.refused.append((name, " ".join([refusal.message, *refusal.details])))
    return outcome


@transaction.atomic
def _put_to_signature(convention_id: int, event: SigningEvent, actor: User) -> bool:
    """Return True when the signature is asked for now, False when it was already. Raises Refused."""
    held = hold_signature(PartnershipConvention, convention_id)
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    if convention.status == workflows.DELIBERATED:
        move_convention(convention.pk, "send_to_sign", actor, plan=_on_site(convention.pk, event))
        return True
    if convention.status in workflows.SIGNED_STATES:
        return False
    if convention.status != workflows.TO_SIGN:
        raise Refused(NOT_TO_SIGN.format(state=convention.state.label), code="not_to_sign")
    if held is None and living_envelope(CONVENTION, subject_of(convention)):
        # Another officer put it to signature while this one waited for the convention.
        return False
    if held is None:
        raise Refused(_why_stopped(convention), code="stopped")
    if held.document.status == Status.FAILED:
        retry(held.document, actor)
        return True
    evening = timezone.make_aware(datetime.combine(event.held_on, time(23, 59, 59)))
    if held.status != EnvelopeStatus.PREPARING and held.expires_at < evening:
        extend(held, evening + TIME_LEFT_AFTER, actor)
    return False


def _on_site(convention_id: int, event: SigningEvent) -> SigningPlan:
    """Have everybody sign on site; their addresses are kept, for whoever turns out to be absent."""
    ways = {}
    for person in people_of_convention(convention_id):
        usual = usual_way(person)
        ways[person.key] = Way(Method.ON_SITE, usual.email, usual.phone, usual.rank)
    return SigningPlan(ways, until=event.held_on + TIME_LEFT_AFTER)


def _why_stopped(convention: PartnershipConvention) -> str:
    if convention.signed_envelope():
        return NOT_RECORDED
    last = latest_envelope(CONVENTION, subject_of(convention))
    return STOPPED.format(why=f" ({last.end_reason.rstrip('.')})." if last and last.end_reason else ".")


@transaction.atomic
def hand_screen_to(event_id: int, signatory_id: int, actor: User, *, vouched: bool) -> str:
    """Open the signature of somebody of the programme on this screen and return its full address.

    The officer vouches for the person who stands there. Pressing twice ends the first page opened. Raises NotAllowed, Refused.
    """
    _require(actor)
    signatory, convention = _of_programme(event_id, signatory_id)
    address = on_site.open_on_site(signatory.pk, actor, vouched=vouched)
    record(actor, "ceremony.screen_lent", convention, f"Écran tendu à {signatory.full_name} pour signer")
    return address


@transaction.atomic
def refuse_on_stage(event_id: int, signatory_id: int, reason: str, actor: User, visitor: Visitor) -> None:
    """Record that somebody refuses to sign in front of the officer, with their reason; those who signed are told.

    Refusing twice changes nothing. Raises NotAllowed, Refused without a reason.
    """
    _require(actor)
    signatory, convention = _of_programme(event_id, signatory_id)
    signing.refuse(signatory.pk, reason, visitor)
    record(actor, "ceremony.refused", convention, f"Refus de {signatory.full_name} enregistré sur place")


@transaction.atomic
def invite_absent(event_id: int, signatory_id: int, actor: User) -> Signatory:
    """Have somebody absent sign by link, at the address known. Asking twice sends one link. Raises NotAllowed, Refused."""
    _require(actor)
    signatory, convention = _of_programme(event_id, signatory_id)
    if not signatory.email and not signatory.phone:
        raise Refused(NO_ADDRESS.format(person=signatory.full_name), code="no_address")
    if not signatory.signs_by_link:
        signatory = inviting.change_reach(
            signatory.pk, actor, method=Method.ELECTRONIC, email=signatory.email, phone=signatory.phone
        )
        record(actor, "ceremony.absent_invited", convention, f"{signatory.full_name}, en son absence, signe par lien")
    return signatory


def _of_programme(event_id: int, signatory_id: int) -> tuple[Signatory, PartnershipConvention]:
    signatory = Signatory.objects.select_related("envelope").get(pk=signatory_id)
    subject, _, number = signatory.envelope.subject.rpartition(":")
    event = SigningEvent.objects.get(pk=event_id)
    item = item_of(event, int(number)) if subject == PartnershipConvention._meta.label_lower else None
    if item is None:
        raise Refused(NOT_LISTED, code="not_listed")
    return signatory, item.convention


def _require(actor: User) -> None:
    if not actor.has_perm(PartnershipPermission.MOVE_CONVENTION):
        raise NotAllowed("Seul un chargé de mission régional peut faire signer le programme d’une cérémonie.")
