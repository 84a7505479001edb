"""Somebody signs in the place of another: named by the first (delegation), or by a power of attorney (mandate)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.documents.received_files import Upload
from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.signing import chain, messages
from e2c_portal.signing.exhibits import store_exhibit
from e2c_portal.signing.models import Act, ActKind, ExhibitKind, Method, Signatory, SignatoryStatus
from e2c_portal.signing.operations.codes import refuse_withdrawn_link
from e2c_portal.signing.operations.inviting import invite
from e2c_portal.signing.operations.locking import locked_signatory, refuse_unless_expected
from e2c_portal.signing.operations.opening import NewSignatory
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.visitors import Visitor

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

NOT_HERE = "Ce document doit être signé par la personne désignée : appelez la personne qui suit le dossier."


@dataclass(frozen=True)
class StandIn:
    """Who signs instead, and where to reach them."""

    full_name: str
    quality: str = ""
    email: str = ""
    phone: str = ""

    def checked(self, role: str) -> "StandIn":
        """Return the same with its addresses in order. Raises Refused, in French."""
        person = NewSignatory(role, self.full_name, self.quality, self.email, self.phone).checked()
        return StandIn(person.full_name, person.quality, person.email, person.phone)


@transaction.atomic
def delegate(signatory_id: int, person: StandIn, visitor: Visitor, *, link: PersonalLink | None = None) -> Signatory:
    """Let a signatory name, in one step, the right person, who is invited at once. Returns the new signatory.

    Raises Refused when the purpose wants the person named, when the address is missing, or when it is too late.
    """
    signatory = locked_signatory(signatory_id)
    refuse_withdrawn_link(link)
    if signatory.status == SignatoryStatus.REPLACED:
        return signatory.replaced_by
    refuse_unless_expected(signatory, timezone.now())
    if signatory.method != Method.ELECTRONIC or not purpose_of(signatory.envelope).may_delegate(signatory):
        raise Refused(NOT_HERE, code="not_delegable")
    person = person.checked(signatory.role)
    act = _act(signatory, ActKind.DELEGATED, reason=person.full_name, ip=visitor.ip, user_agent=visitor.user_agent)
    successor = _take_place(signatory, person, Method.ELECTRONIC)
    messages.send_replaced(signatory, successor)
    chain.append_act(act, successor=successor.pk)
    _introduce(successor)
    purpose_of(signatory.envelope).delegated(successor)
    return successor


@transaction.atomic
def attach_mandate(signatory_id: int, person: StandIn, upload: Upload, actor: "User") -> Signatory:
    """Keep a power of attorney and invite its holder to sign in the name of the signatory. Returns the new signatory.

    Raises Refused when the file is not a PDF or a picture, or is too large, or when the signature is over.
    """
    signatory = locked_signatory(signatory_id)
    refuse_unless_expected(signatory, timezone.now())
    person = person.checked(signatory.role)
    exhibit = store_exhibit(signatory, ExhibitKind.MANDATE, upload, actor)
    act = _act(signatory, ActKind.MANDATE_ADDED, reason=person.full_name, actor=actor, exhibit=exhibit)
    whom = signatory.on_behalf_of or signatory.full_name
    successor = _take_place(signatory, person, Method.MANDATE, on_behalf_of=whom)
    record(actor, "signatory.mandated", signatory.envelope, f"{person.full_name} signe au nom de {whom}, par mandat")
    chain.append_act(act, exhibit=chain.exhibit_facts(exhibit), successor=successor.pk)
    _introduce(successor)
    return successor


def _take_place(old: Signatory, person: StandIn, method: Method, *, on_behalf_of: str = "") -> Signatory:
    """Close the row of the one who leaves and write the one who comes, in the same field and the same turn."""
    old.status = SignatoryStatus.REPLACED
    old.save(update_fields=["status"])
    new = Signatory(
        envelope=old.envelope, rank=old.rank, role=old.role, full_name=person.full_name, quality=person.quality,
        email=person.email, phone=person.phone, method=method, field_name=old.field_name, takes_place_of=old,
        on_behalf_of=on_behalf_of,
    )  # fmt: skip
    new.save(force_insert=True)
    return new


def _introduce(successor: Signatory) -> None:
    facts = {"signatory": chain.signatory_facts(successor), "reach": chain.reach_facts(successor)}
    chain.append(successor.envelope, "signatory.took_place", facts)
    invite(successor, timezone.now())


def _act(signatory: Signatory, kind: ActKind, **facts: object) -> Act:
    return Act.objects.create(
        signatory=signatory, kind=kind, at=timezone.now(), method=signatory.method,
        document_sha256=base_revision(signatory.envelope.document).sha256, **facts,
    )  # fmt: skip
