"""The life of a partnership convention, as one table (domain dossier, section 7.2).

« Active », « échue » and the like are not states: partnerships.situation derives them from the dates.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from e2c_portal.kernel.french import date_in_letters, duration_months
from e2c_portal.kernel.workflow import Move, State, Workflow
from e2c_portal.signing.lookups import last_signing_day
from partnerships import variables
from partnerships.calendar import DAY
from partnerships.permissions import PartnershipPermission

if TYPE_CHECKING:
    from partnerships.models import PartnershipConvention

DRAFT, NEGOTIATION, APPROVED, DELIBERATED = "draft", "negotiation", "approved", "deliberated"
TO_SIGN, SIGNED, DENOUNCED, TERMINATED, SHELVED, ARCHIVED = (
    "to_sign", "signed", "denounced", "terminated", "shelved", "archived",
)  # fmt: skip

STATES = {
    DRAFT: State("Brouillon", "La convention s’écrit ; rien n’est encore partagé.", "neutral"),
    NEGOTIATION: State("En négociation", "Le texte se discute avec l’entreprise.", "info"),
    APPROVED: State("Projet validé", "Le texte est arrêté ; il attend le vote de l’assemblée.", "info"),
    DELIBERATED: State("Délibérée", "L’assemblée a voté ; la convention peut être mise à la signature.", "info"),
    TO_SIGN: State("À signer", "Le document est prêt ; on attend les signatures.", "warning"),
    SIGNED: State("Signée", "Toutes les parties ont signé.", "success"),
    DENOUNCED: State("Dénoncée", "Une partie a donné congé ; la convention court jusqu’à sa date de fin.", "warning"),
    TERMINATED: State("Résiliée", "La convention a pris fin avant son terme.", "danger"),
    SHELVED: State("Sans suite", "Le projet a été abandonné avant la signature.", "neutral"),
    ARCHIVED: State("Archivée", "Le dossier est clos et conservé.", "neutral"),
}
EDITABLE = (DRAFT, NEGOTIATION)
SIGNED_STATES = (SIGNED, DENOUNCED, TERMINATED, ARCHIVED)
# A document may be sealed once the text is settled.
PRINTABLE = (APPROVED, DELIBERATED, TO_SIGN, *SIGNED_STATES)


def _lacking(checks: Iterable[tuple[bool, str]]) -> list[str]:
    return [sentence for present, sentence in checks if not present]


def text_missing(convention: "PartnershipConvention") -> list[str]:
    """What the text still needs before it can be settled."""
    signatories = list(convention.signatories.all())
    return _lacking([
        (bool(convention.title.strip()), "Donnez un titre à la convention."),
        (convention.articles.exists(), "Écrivez au moins un article."),
        (convention.commitments.exists(), "Ajoutez au moins un engagement."),
        (convention.starts_on is not None, "Indiquez la date de début."),
        (convention.ends_on is not None, "Indiquez la date de fin."),
        (any(s.side == "region" and s.full_name for s in signatories), "Nommez au moins un signataire pour la Région."),
        (any(s.side == "company" and s.full_name for s in signatories), "Nommez au moins un signataire pour l’entreprise."),
    ]) + succession_missing(convention) + discussion_missing(convention)  # fmt: skip


def succession_missing(convention: "PartnershipConvention") -> list[str]:
    """A renewal starts the day after the convention it renews ends: neither gap nor overlap."""
    former = convention.predecessor
    if former is None:
        return []
    last_day = former.terms.last_day
    if last_day is None:
        return [f"La convention {former.number} n’a pas de fin : enregistrez d’abord sa dénonciation."]
    if convention.starts_on == last_day + DAY:
        return []
    return [
        f"Cette convention renouvelle {former.number}, qui prend fin {date_in_letters(last_day)} : "
        f"elle doit prendre effet {date_in_letters(last_day + DAY)}."
    ]


def discussion_missing(convention: "PartnershipConvention") -> list[str]:
    """A text is not settled while a remark on it waits for an answer, nor while a variable of its template is left."""
    waiting = convention.comments.filter(resolved_at=None).count() if convention.pk else 0
    left = variables.left_in(convention)
    return _lacking([
        (not waiting, f"Répondez aux commentaires ouverts : il en reste {waiting}."),
        (not left, f"Remplacez dans le texte : {', '.join(left)}."),
    ])  # fmt: skip


def something_to_discuss(convention: "PartnershipConvention") -> list[str]:
    return _lacking([(bool(convention.title.strip()), "Donnez un titre à la convention.")])


def vote_missing(convention: "PartnershipConvention") -> list[str]:
    """A convention is voted before it is signed (the president executes the assembly's deliberations)."""
    voted_on = convention.deliberation_date
    return _lacking([
        (bool(convention.deliberation_number), "Indiquez le numéro de la délibération."),
        (voted_on is not None, "Indiquez la date de la délibération."),
        (voted_on is None or voted_on <= timezone.localdate(), "La date de la délibération ne peut pas être à venir."),
    ])  # fmt: skip


def sending_missing(convention: "PartnershipConvention") -> list[str]:
    """What would make the signature useless is said before anybody signs."""
    return vote_missing(convention) + succession_missing(convention) + _lacking([
        (
            not convention.shares_its_days(convention.terms),
            "Une autre convention signée avec cette entreprise, pour le même objet, court aux mêmes dates.",
        ),
    ])  # fmt: skip


def signature_missing(convention: "PartnershipConvention") -> list[str]:
    """The date of signature is that of the last signatory: the engine knows it, nobody types it."""
    signed_on, voted_on = convention.signed_on, convention.deliberation_date
    return vote_missing(convention) + succession_missing(convention) + _lacking([
        (
            signed_on is None or voted_on is None or voted_on <= signed_on,
            "La signature ne peut pas précéder la délibération.",
        ),
        (convention.signed_envelope() is not None, "Attendez que toutes les personnes aient signé le document."),
    ])  # fmt: skip


def reopening_missing(convention: "PartnershipConvention") -> list[str]:
    """What everybody signed is not written anew, unless something prevents its signature from being recorded."""
    envelope = convention.signed_envelope() if convention.status == TO_SIGN else None
    if envelope is None:
        return []
    signed = copy(convention)
    signed.signed_on = last_signing_day(envelope)
    prevented = bool(signature_missing(signed)) or convention.shares_its_days(convention.terms)
    return _lacking([(prevented, "Toutes les personnes ont signé : un avenant pourra modifier le texte.")])


def archive_missing(convention: "PartnershipConvention") -> list[str]:
    return _lacking([
        (convention.origin == "archive", "Seule une convention reprise d’archives passe directement à « signée »."),
        (bool(convention.sources.strip()), "Citez les sources de la reprise d’archives."),
        (convention.signed_on is not None, "Indiquez la date de signature."),
        (
            convention.signed_on is None or convention.signed_on <= timezone.localdate(),
            "La date de signature ne peut pas être à venir.",
        ),
    ])  # fmt: skip


def end_missing(convention: "PartnershipConvention") -> list[str]:
    ended_on, signed_on, agreed = convention.ended_on, convention.signed_on, convention.terms.agreed_last_day
    return _lacking([
        (ended_on is not None, "Indiquez la date à laquelle la convention prend fin."),
        (not (ended_on and signed_on) or ended_on >= signed_on, "La fin ne peut pas précéder la signature."),
        (
            not (ended_on and agreed) or ended_on <= agreed,
            f"La convention prend fin de toute façon {date_in_letters(agreed) if agreed else ''} : il n’y a rien à avancer.",
        ),
    ])  # fmt: skip


def denunciation_missing(convention: "PartnershipConvention") -> list[str]:
    """A party may leave alone if it respects the notice; earlier, only when the other side agrees in writing."""
    given_on, ended_on, signed_on = convention.notice_given_on, convention.ended_on, convention.signed_on
    return _lacking([
        (given_on is not None, "Indiquez le jour où l’autre partie a reçu la lettre de congé."),
        (bool(convention.notice_given_by), "Indiquez qui donne congé."),
        (given_on is None or given_on <= timezone.localdate(), "La lettre de congé ne peut pas être à venir."),
        (not (given_on and signed_on) or given_on >= signed_on, "Le congé ne peut pas précéder la signature."),
        (
            not convention.successors.filter(status__in=SIGNED_STATES).exists(),
            "Une convention qui renouvelle celle-ci est déjà signée : seule une résiliation peut encore y mettre fin.",
        ),
    ]) + (_notice_missing(convention, given_on) if given_on and ended_on else []) + end_missing(convention)  # fmt: skip


def _notice_missing(convention: "PartnershipConvention", given_on: date) -> list[str]:
    earliest, ended_on = convention.terms.earliest_end(given_on), convention.ended_on
    if ended_on is None or ended_on >= earliest or convention.early_end_agreement.strip():
        return []
    notice = convention.terms.notice_months
    with_notice = f"Avec un préavis de {duration_months(notice)} reçu" if notice else "Avec un congé reçu"
    return [
        f"{with_notice} {date_in_letters(given_on)}, la convention ne peut pas prendre fin avant "
        f"{date_in_letters(earliest)}. Indiquez cette date ou une plus tardive, ou la référence de l’accord écrit de l’autre partie."
    ]


def over_missing(convention: "PartnershipConvention") -> list[str]:
    last_day = convention.terms.last_day
    return _lacking([
        (last_day is not None, "La date de fin n’est pas connue : renseignez la fin avant d’archiver."),
        (last_day is None or last_day < timezone.localdate(), "La convention court encore : elle ne peut pas être archivée."),
    ])  # fmt: skip


def _move(name: str, label: str, origins: Iterable[str], target: str, **more: object) -> Move:
    permission = PartnershipPermission.MOVE_CONVENTION
    return Move(name, label, target, frozenset(origins), permission, **more)  # type: ignore[arg-type]


CONVENTION_LIFE = Workflow(
    name="convention",
    initial=DRAFT,
    states=STATES,
    moves=(
        _move("open_negotiation", "Ouvrir la négociation", [DRAFT], NEGOTIATION, missing=something_to_discuss,
              consequence="Le texte reste modifiable."),
        _move("approve", "Valider le projet", [DRAFT, NEGOTIATION], APPROVED, missing=text_missing,
              consequence="Le texte est arrêté : pour le changer, il faudra revenir à la négociation."),
        _move("record_vote", "Enregistrer la délibération", [APPROVED], DELIBERATED, missing=vote_missing,
              records=("deliberation_number", "deliberation_date"),
              consequence="La convention pourra être mise à la signature."),
        _move("send_to_sign", "Mettre à la signature", [DELIBERATED], TO_SIGN, missing=sending_missing,
              consequence="Le document à signer est fabriqué, et chaque signataire est invité à sa manière."),
        _move("record_signature", "Enregistrer la signature", [TO_SIGN], SIGNED, missing=signature_missing,
              consequence="La convention est signée à la date de la dernière signature."),
        _move("record_archive", "Enregistrer comme signée (archives)", [DRAFT], SIGNED, missing=archive_missing,
              records=("signed_on", "signed_place", "signing_event", "deliberation_number", "deliberation_date"),
              consequence="La convention entre dans l’historique avec ses seules données connues."),
        _move("reopen", "Revenir à la négociation", [APPROVED, DELIBERATED, TO_SIGN], NEGOTIATION, needs_reason=True,
              missing=reopening_missing,
              consequence="Le vote enregistré est effacé : le nouveau texte devra être voté. Les signatures déjà données ne "
              "comptent plus, et votre motif est envoyé à qui a signé."),
        _move("denounce", "Enregistrer une dénonciation", [SIGNED], DENOUNCED, missing=denunciation_missing,
              needs_reason=True, records=("notice_given_on", "notice_given_by", "ended_on", "early_end_agreement"),
              consequence="La convention court jusqu’à la date indiquée, au plus tôt au terme du préavis."),
        _move("terminate", "Enregistrer une résiliation", [SIGNED, DENOUNCED], TERMINATED, missing=end_missing,
              needs_reason=True, records=("ended_on",),
              consequence="La convention prend fin à la date indiquée."),
        _move("shelve", "Classer sans suite", [DRAFT, NEGOTIATION, APPROVED, DELIBERATED], SHELVED, needs_reason=True,
              consequence="Le projet est abandonné ; il reste consultable."),
        _move("archive", "Archiver", [SIGNED, DENOUNCED, TERMINATED], ARCHIVED, missing=over_missing,
              consequence="Le dossier est clos et conservé."),
    ),
)  # fmt: skip
