"""The life of an amendment (avenant), as one table, and the two rules that people ask about: who votes, who signs."""

from collections.abc import Iterable
from copy import copy
from typing import TYPE_CHECKING

from django.utils import timezone

from e2c_portal.kernel.french import date_in_letters
from e2c_portal.kernel.workflow import Move, State, Workflow
from e2c_portal.signing.lookups import last_signing_day
from partnerships.permissions import PartnershipPermission

if TYPE_CHECKING:
    from partnerships.models import ConventionAmendment

DRAFT, VOTED, TO_SIGN, SIGNED, SHELVED = "draft", "voted", "to_sign", "signed", "shelved"
OPEN = (DRAFT, VOTED, TO_SIGN)
PRINTABLE = (TO_SIGN, SIGNED)

STATES = {
    DRAFT: State("Brouillon", "L’avenant s’écrit ; il n’engage personne.", "neutral"),
    VOTED: State("Délibéré", "L’assemblée a voté ; l’avenant peut être mis à la signature.", "info"),
    TO_SIGN: State("À signer", "Le document est prêt ; on attend les signatures.", "warning"),
    SIGNED: State("Signé", "Toutes les parties ont signé : l’avenant fait partie de la convention.", "success"),
    SHELVED: State("Sans suite", "Le projet d’avenant a été abandonné.", "neutral"),
}

SIGNING_RULE = (
    "Signent l’avenant les signataires de la convention, telle que modifiée par les avenants déjà signés. Quand le présent "
    "avenant remplace un signataire, c’est le nouveau qui signe."
)
VOTE_RULE = (
    "La délibération est exigée dès que l’avenant change la durée, le renouvellement, le préavis, un article ou un "
    "engagement ; elle est facultative quand il ne change que les signataires."
)


def _lacking(checks: Iterable[tuple[bool, str]]) -> list[str]:
    return [sentence for present, sentence in checks if not present]


def life_missing(amendment: "ConventionAmendment") -> list[str]:
    """Only a convention in force may still be amended."""
    convention = amendment.convention
    return _lacking([
        (convention.status == "signed", f"La convention est « {convention.state.label} » : elle ne peut plus être modifiée."),
    ])  # fmt: skip


def text_missing(amendment: "ConventionAmendment") -> list[str]:
    """What the text still needs before it is voted or sent to signature."""
    return life_missing(amendment) + _lacking([
        (bool(amendment.purpose.strip()), "Dites en une ligne l’objet de l’avenant."),
        (amendment.changes_something, "Cet avenant ne change rien : modifiez au moins une date, un article, un engagement ou un signataire."),
    ])  # fmt: skip


def vote_missing(amendment: "ConventionAmendment") -> list[str]:
    voted_on = amendment.deliberation_date
    return text_missing(amendment) + _lacking([
        (bool(amendment.deliberation_number), "Indiquez le numéro de la délibération."),
        (voted_on is not None, "Indiquez la date de la délibération."),
        (voted_on is None or voted_on <= timezone.localdate(), "La date de la délibération ne peut pas être à venir."),
    ])  # fmt: skip


def sending_missing(amendment: "ConventionAmendment") -> list[str]:
    """The vote is asked for by VOTE_RULE alone; what would make the signature useless is said before anybody signs."""
    missing = _vote_or_text_missing(amendment) + _lacking(_dates_agree(amendment))
    if not amendment.changes_terms:
        return missing
    convention = amendment.convention
    renewed = convention.is_renewed()
    return missing + _lacking([
        (not renewed, "Une convention qui renouvelle celle-ci est déjà signée : ses dates ne changent plus."),
        (
            renewed or not convention.shares_its_days(amendment.terms_after(convention.terms)),
            "Les nouvelles dates chevauchent une autre convention signée de l’entreprise pour le même objet.",
        ),
    ])  # fmt: skip


def _vote_or_text_missing(amendment: "ConventionAmendment") -> list[str]:
    if amendment.needs_vote or amendment.deliberation_number:
        if not amendment.deliberation_number:
            return [
                *text_missing(amendment),
                "Enregistrez d’abord la délibération : cet avenant ne change pas que les signataires.",
            ]
        return vote_missing(amendment)
    return text_missing(amendment)


def signature_missing(amendment: "ConventionAmendment") -> list[str]:
    signed_on, voted_on, effective_on = amendment.signed_on, amendment.deliberation_date, amendment.effective_on
    return sending_missing(amendment) + _lacking([
        (
            signed_on is None or voted_on is None or voted_on <= signed_on,
            "La signature ne peut pas précéder la délibération.",
        ),
        (
            signed_on is None or effective_on is None or signed_on <= effective_on,
            "Un avenant ne revient pas sur le passé : il est signé après la date d’effet écrite. Revenez au brouillon.",
        ),
        (amendment.signed_envelope() is not None, "Attendez que toutes les personnes aient signé le document."),
    ])  # fmt: skip


def reopening_missing(amendment: "ConventionAmendment") -> list[str]:
    """What everybody signed is neither written anew nor given up, unless something prevents its signature from being recorded."""
    envelope = amendment.signed_envelope() if amendment.status == TO_SIGN else None
    if envelope is None:
        return []
    signed = copy(amendment)
    signed.signed_on = last_signing_day(envelope)
    return _lacking(
        [(bool(signature_missing(signed)), "Toutes les personnes ont signé : écrivez plutôt un autre avenant.")]
    )


def _dates_agree(amendment: "ConventionAmendment") -> list[tuple[bool, str]]:
    effective_on = amendment.effective_on or amendment.signed_on
    if effective_on is None:
        return []
    before = amendment.convention.terms
    after = amendment.terms_after(before)
    end, new_end = before.last_day, after.last_day
    started = before.starts_on
    return [
        (
            started is None or effective_on >= started,
            "L’avenant ne peut pas prendre effet avant la convention elle-même.",
        ),
        (
            end is None or effective_on <= end,
            f"La convention prend fin {date_in_letters(end) if end else ''} : l’avenant prendrait effet trop tard.",
        ),
        (
            new_end is None or effective_on <= new_end,
            "La nouvelle date de fin précède la date d’effet : la convention se terminerait dans le passé. Indiquez une date de fin.",
        ),
    ]


def _move(name: str, label: str, origins: Iterable[str], target: str, **more: object) -> Move:
    return Move(name, label, target, frozenset(origins), PartnershipPermission.WRITE_AMENDMENT, **more)  # type: ignore[arg-type]


AMENDMENT_LIFE = Workflow(
    name="amendment",
    initial=DRAFT,
    states=STATES,
    moves=(
        _move("record_vote", "Enregistrer la délibération", [DRAFT], VOTED, missing=vote_missing,
              records=("deliberation_number", "deliberation_date"),
              consequence="Le texte est arrêté ; l’avenant pourra être mis à la signature."),
        _move("send_to_sign", "Mettre à la signature", [DRAFT, VOTED], TO_SIGN, missing=sending_missing,
              consequence="Le texte est arrêté, le document à signer est fabriqué et chaque signataire est invité à sa manière."),
        _move("record_signature", "Enregistrer la signature", [TO_SIGN], SIGNED, missing=signature_missing,
              consequence="L’avenant fait partie de la convention à sa date d’effet."),
        _move("reopen", "Revenir au brouillon", [VOTED, TO_SIGN], DRAFT, needs_reason=True, missing=reopening_missing,
              consequence="Le vote enregistré est effacé : le nouveau texte devra être voté. Les signatures déjà données ne "
              "comptent plus, et votre motif est envoyé à qui a signé."),
        _move("shelve", "Classer sans suite", [DRAFT, VOTED, TO_SIGN], SHELVED, needs_reason=True, missing=reopening_missing,
              consequence="Le projet d’avenant est abandonné ; il reste consultable."),
    ),
)  # fmt: skip
