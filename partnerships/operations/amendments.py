"""Write amendments of signed conventions and move them along their life. One transaction each."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.submissions import Sending, once
from e2c_portal.kernel.workflow import Move
from e2c_portal.signing.lookups import last_signing_day
from e2c_portal.ui.refusals import refusal_of_database
from partnerships import amendment_life as life
from partnerships.agreement import LINES, SIDES, Agreement, Change, difference, highest
from partnerships.consolidation import consolidated, replay_of, signed_text
from partnerships.models import AmendmentChange, AmendmentMove, ConventionAmendment, PartnershipConvention
from partnerships.operations.signatures import hold_signature, open_for_amendment, stop_signature
from partnerships.permissions import PartnershipPermission
from partnerships.queries import amendment_in_full, convention_with_amendments
from partnerships.signing_plan import SigningPlan
from partnerships.terms import TACIT

TERMS = {
    "ends_on": "new_ends_on", "renewal": "new_renewal", "renewal_months": "new_renewal_months",
    "renewal_limit": "new_renewal_limit", "notice_months": "new_notice_months",
}  # fmt: skip


@dataclass(frozen=True)
class WrittenLine:
    """A line as typed. `key` is that of the line it replaces, empty for a new one; values are the columns of the line."""

    part: str
    key: str
    values: dict[str, Any]


@dataclass(frozen=True)
class AmendmentText:
    """The whole text as it must read: what differs from the text in force is the amendment."""

    purpose: str
    effective_on: date | None
    ends_on: date | None
    renewal: str
    renewal_months: int | None
    renewal_limit: int | None
    notice_months: int | None
    lines: list[WrittenLine] = field(default_factory=list)


@transaction.atomic
def draft_amendment(
    convention_id: int, text: AmendmentText, actor: User, *, sending: Sending | None = None
) -> ConventionAmendment:
    """Create the draft of the next amendment of a convention; a form sent twice (`sending`) gives back the one it made.

    Raises NotAllowed, AlreadySent, Refused when the convention is not in force or when a draft is open already,
    ValidationError.
    """
    _require(actor)
    PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    return once(sending, actor, ConventionAmendment, lambda: _drafted(convention_id, text, actor))


def _drafted(convention_id: int, text: AmendmentText, actor: User) -> ConventionAmendment:
    convention = convention_with_amendments(convention_id)
    rows = [row for row in convention.amendments.all() if row.status != life.SHELVED]
    if any(row.status in life.OPEN for row in rows):
        raise Refused("Un projet d’avenant est déjà ouvert pour cette convention : terminez-le ou classez-le d’abord.")
    number = max((row.number for row in rows), default=0) + 1
    amendment = ConventionAmendment(convention=convention, number=number, created_by=actor)
    if missing := life.life_missing(amendment):
        raise Refused("Cette convention ne peut pas être modifiée par avenant.", details=missing)
    _write(amendment, text, convention)
    record(actor, "amendment.drafted", convention, f"Projet d’avenant n° {number} créé")
    return amendment


@transaction.atomic
def revise_amendment(amendment_id: int, revision: int, text: AmendmentText, actor: User) -> ConventionAmendment:
    """Replace the text of a draft. Raises NotAllowed, Overtaken when somebody saved meanwhile, Refused, ValidationError."""
    amendment = _locked(amendment_id)
    _require(actor)
    if not amendment.is_editable:
        raise Refused("Le texte de cet avenant est arrêté. Pour le changer, revenez d’abord au brouillon.")
    if amendment.revision != revision:
        raise Overtaken(
            "Quelqu’un a enregistré cet avenant pendant que vous l’écriviez. Comparez, puis enregistrez de nouveau."
        )
    amendment.revision += 1
    _write(amendment, text, convention_with_amendments(amendment.convention_id))
    record(actor, "amendment.revised", amendment.convention, f"Projet d’avenant n° {amendment.number} modifié")
    return amendment


@says_why
@transaction.atomic
def move_amendment(
    amendment_id: int,
    move_name: str,
    actor: User,
    *,
    seen_state: str | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    plan: SigningPlan | None = None,
) -> ConventionAmendment:
    """Make one move of the life of an amendment, or say why not and write nothing.

    `plan` says how each signatory signs, for the move that puts to signature. Raises NotAllowed, Overtaken when somebody
    moved first, Refused with `details` listing what is missing.
    """
    signature = hold_signature(ConventionAmendment, amendment_id)
    amendment = _locked(amendment_id)
    move = life.AMENDMENT_LIFE.move(move_name)
    if seen_state and amendment.status != seen_state:
        raise Overtaken(
            f"Cet avenant a changé pendant que vous le lisiez : il est maintenant « {amendment.state.label} ». Relisez-le avant d’agir."
        )
    for name in move.records:
        if facts and name in facts:
            setattr(amendment, name, facts[name])
    take_signing_day(amendment, move)
    life.AMENDMENT_LIFE.check(amendment, amendment.status, move, actor, reason)  # type: ignore[arg-type]
    if move.name == "reopen":
        amendment.deliberation_number, amendment.deliberation_date = "", None
    write_move(amendment, move, actor, reason)
    if move.name == "send_to_sign":
        open_for_amendment(amendment.pk, plan, actor)
    elif move.name in ("reopen", "shelve"):
        stop_signature(signature, reason, actor)
    return amendment


def take_signing_day(amendment: ConventionAmendment, move: Move) -> None:
    """Date the signature from the envelope that everybody signed; without a written date, it takes effect that very day."""
    envelope = amendment.signed_envelope() if move.name == "record_signature" else None
    if envelope is not None:
        amendment.signed_on = last_signing_day(envelope)
        amendment.effective_on = amendment.effective_on or amendment.signed_on


def write_move(amendment: ConventionAmendment, move: Move, actor: User, reason: str = "") -> None:
    """Write a move that was checked, and its traces. Raises Refused when the database refuses the new state."""
    origin, amendment.status = amendment.status, move.target
    _save(amendment)
    AmendmentMove.objects.create(
        amendment=amendment, origin=origin, target=move.target, actor=actor, reason=reason.strip(),
        effective_on=amendment.signed_on if move.name == "record_signature" else None,
    )  # fmt: skip
    record(
        actor,
        f"amendment.{move.name}",
        amendment.convention,
        f"Avenant n° {amendment.number} : {amendment.state.label.lower()}",
    )


def _locked(amendment_id: int) -> ConventionAmendment:
    """Lock the convention first, as every move of a convention does, then its amendment."""
    convention_id = ConventionAmendment.objects.values_list("convention_id", flat=True).get(pk=amendment_id)
    PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    ConventionAmendment.objects.select_for_update().get(pk=amendment_id)
    return amendment_in_full(amendment_id)


def _write(amendment: ConventionAmendment, text: AmendmentText, convention: PartnershipConvention) -> None:
    before = consolidated(convention).agreement
    after = _wanted(before, text, convention)
    amendment.purpose, amendment.effective_on = text.purpose, text.effective_on
    _set_terms(amendment, text, before)
    if (
        amendment.terms_after(before.terms).renewal == TACIT
        and amendment.terms_after(before.terms).notice_months is None
    ):
        raise ValidationError({"notice_months": "Une reconduction tacite demande un préavis : indiquez-le en mois."})
    amendment.full_clean()
    amendment.save()
    _replace_changes(amendment, difference(before, after))


def _set_terms(amendment: ConventionAmendment, text: AmendmentText, before: Agreement) -> None:
    """Keep what differs from the dates in force; the three columns of the renewal change together."""
    terms = before.terms
    if text.ends_on is None and terms.ends_on is not None:
        raise ValidationError({"ends_on": "Une date de fin ne peut pas être effacée par avenant."})
    if text.notice_months is None and terms.notice_months is not None:
        raise ValidationError({"notice_months": "Pour supprimer le préavis, indiquez 0 mois."})
    amendment.new_ends_on = text.ends_on if text.ends_on != terms.ends_on else None
    amendment.new_notice_months = text.notice_months if text.notice_months != terms.notice_months else None
    renewal = (text.renewal, text.renewal_months, text.renewal_limit)
    same = renewal == (terms.renewal, terms.renewal_months, terms.renewal_limit) or not text.renewal
    new = (None, None, None) if same else renewal
    amendment.new_renewal, amendment.new_renewal_months, amendment.new_renewal_limit = new


def _wanted(before: Agreement, text: AmendmentText, convention: PartnershipConvention) -> Agreement:
    """Return the text as it must read: known lines keep their number, new ones take the next that was never used."""
    steps = replay_of(convention, [row for row in convention.amendments.all() if row.status == life.SIGNED])
    lines: dict[str, list[Any]] = {}
    for part, kind in LINES.items():
        used = highest(part, signed_text(convention), steps)
        known = {line.key for line in before.lines(part)}
        lines[part] = [kind(**_placed(part, line, known, used)) for line in text.lines if line.part == part]
    if any(not any(person.side == side for person in lines["signatory"]) for side in SIDES):
        raise ValidationError("Gardez au moins un signataire pour la Région et un pour l’entreprise.")
    return Agreement(before.terms, tuple(lines["article"]), tuple(lines["commitment"]), tuple(lines["signatory"]))


def _placed(part: str, line: WrittenLine, known: set[str], used: dict[str, int]) -> dict[str, Any]:
    """Give a line its place: that of the line it replaces, or a new one."""
    side = line.values.get("side", "") if part == "signatory" else ""
    if line.key in known and line.key.startswith(side):
        number = int(line.key.rpartition("-")[2])
    else:
        number = used[side] = used.get(side, 0) + 1
    _check_line(part, line.values)
    return {**line.values, ("number" if part == "article" else "position"): number}


def _check_line(part: str, values: dict[str, Any]) -> None:
    if part == "commitment" and values.get("target") is not None and not values.get("unit"):
        raise ValidationError("Une cible chiffrée a une unité : stages, heures, euros…")
    if part == "signatory" and not values.get("full_name"):
        raise ValidationError("Indiquez le nom de chaque signataire.")
    if part == "article" and not (values.get("title") and values.get("body")):
        raise ValidationError("Un article a un titre et un texte.")


def _replace_changes(amendment: ConventionAmendment, changes: list[Change]) -> None:
    amendment.changes.all().delete()
    AmendmentChange.objects.bulk_create([
        AmendmentChange(
            amendment=amendment, position=position, part=change.part, action=change.action, key=change.key,
            before=change.before, after=change.after,
        )
        for position, change in enumerate(changes, start=1)
    ])  # fmt: skip


def _save(amendment: ConventionAmendment) -> None:
    try:
        amendment.full_clean()
    except ValidationError as error:
        raise Refused("Cette action est refusée.", details=error.messages) from error
    try:
        with transaction.atomic():
            amendment.save()
    except IntegrityError as error:
        if "convention_one_at_a_time" in str(error):
            raise Refused(
                "Les dates de cet avenant chevauchent une autre convention signée de l’entreprise pour le même objet."
            ) from error
        raise refusal_of_database(error) from error


def _require(actor: User) -> None:
    if not actor.has_perm(PartnershipPermission.WRITE_AMENDMENT):
        raise NotAllowed("Seul un chargé de mission régional peut écrire un avenant.")
