"""The life of an internship agreement (convention de stage) and of its amendments, as two tables.

« En vigueur » and « close » are not states: reads.situation derives them from the dates. What differs from the partnership
convention: no vote, and a text put to signature is never written anew; it lapses, and the next version takes its place.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from e2c_portal.kernel.workflow import Move, State, Workflow
from trainees.permissions import TraineePermission

if TYPE_CHECKING:
    from trainees.models import AgreementAmendment, InternshipAgreement

DRAFT, IN_REVIEW, TO_SIGN, SIGNED, LAPSED, SHELVED = "draft", "in_review", "to_sign", "signed", "lapsed", "shelved"
LIVING = (DRAFT, IN_REVIEW, TO_SIGN, SIGNED)
# The internship's printed columns may still change.
WRITABLE = (DRAFT, IN_REVIEW)

STATES = {
    DRAFT: State("Brouillon", "La convention de stage se prépare.", "neutral"),
    IN_REVIEW: State("En relecture dans l’entreprise", "L’entreprise relit avant de signer.", "info"),
    TO_SIGN: State("À signer", "Le document est prêt ; on attend les signatures.", "warning"),
    SIGNED: State("Signée", "Toutes les personnes ont signé.", "success"),
    LAPSED: State(
        "Caduque", "Cette version ne compte plus : une autre l’a remplacée, ou le stage est annulé.", "neutral"
    ),
}
AMENDMENT_STATES = {
    DRAFT: State("Brouillon", "L’avenant s’écrit ; il ne change rien encore.", "neutral"),
    TO_SIGN: State("À signer", "Le document est prêt ; on attend les signatures.", "warning"),
    SIGNED: State("Signé", "Toutes les personnes ont signé : la convention est modifiée.", "success"),
    SHELVED: State("Sans suite", "Le projet d’avenant a été abandonné.", "neutral"),
}


def _lacking(checks: Iterable[tuple[bool, str]]) -> list[str]:
    return [sentence for present, sentence in checks if not present]


def sending_missing(agreement: "InternshipAgreement") -> list[str]:
    """What must be known before the text is put to signature; what the law refuses is said by reads.legality."""
    internship = agreement.internship
    return _lacking([
        (internship.status == "accepted", "Enregistrez d’abord l’accord de l’entreprise."),
        (internship.tutor_id is not None, "Indiquez le tuteur dans l’entreprise."),
        (internship.host_signatory_id is not None, "Indiquez qui signe pour l’entreprise."),
        (internship.referent_id is not None, "Indiquez le formateur référent de l’école."),
        (internship.school_signatory_id is not None, "Indiquez qui signe pour l’école."),
        (internship.trade_id is not None, "Choisissez le métier du stage."),
        (bool(internship.activities.strip()), "Décrivez les activités confiées."),
        (bool(internship.objectives.strip()), "Écrivez les objectifs du stage."),
    ])  # fmt: skip


def signature_missing(agreement: "InternshipAgreement") -> list[str]:
    """The portal records the signature once everybody signed; a late one says why."""
    return _lacking([
        (agreement.signed_envelope() is not None, "Attendez que toutes les personnes aient signé le document."),
        (
            not agreement.is_late or bool(agreement.late_reason.strip()),
            "La dernière signature vient après le premier jour du stage : dites pourquoi.",
        ),
    ])  # fmt: skip


def amendment_missing(amendment: "AgreementAmendment") -> list[str]:
    """Only a signed agreement is amended, with a reason and a date of effect."""
    return _lacking([
        (amendment.agreement.status == SIGNED, "Seule une convention de stage signée se modifie par avenant."),
        (bool(amendment.reason.strip()), "Dites en une ligne pourquoi la convention change."),
        (amendment.effective_on is not None, "Indiquez la date d’effet de l’avenant."),
    ])  # fmt: skip


def amendment_signature_missing(amendment: "AgreementAmendment") -> list[str]:
    """The portal records the signature once everybody signed."""
    return _lacking([
        (amendment.signed_envelope() is not None, "Attendez que toutes les personnes aient signé le document."),
    ])  # fmt: skip


def _move(name: str, label: str, origins: Iterable[str], target: str, **more: object) -> Move:
    return Move(name, label, target, frozenset(origins), TraineePermission.SEND_AGREEMENT, **more)  # type: ignore[arg-type]


AGREEMENT_LIFE = Workflow(
    name="convention de stage",
    initial=DRAFT,
    states=STATES,
    moves=(
        _move("send_to_review", "Faire relire par l’entreprise", [DRAFT], IN_REVIEW,
              consequence="Le tuteur reçoit un lien pour relire et proposer des corrections."),
        _move("take_back", "Reprendre le brouillon", [IN_REVIEW], DRAFT,
              consequence="Le lien de relecture ne sert plus."),
        _move("send_to_sign", "Mettre à la signature", [DRAFT, IN_REVIEW], TO_SIGN, missing=sending_missing,
              consequence="Le document est fabriqué, et chaque personne est invitée à signer à sa manière."),
        _move("record_signature", "Enregistrer la signature", [TO_SIGN], SIGNED, missing=signature_missing,
              records=("late_reason",), consequence="Le stage peut commencer."),
        _move("lapse", "Rendre caduque", [DRAFT, IN_REVIEW, TO_SIGN, SIGNED], LAPSED, needs_reason=True,
              consequence="Les signatures déjà données ne comptent plus, et votre motif est envoyé à qui a signé."),
    ),
)  # fmt: skip
AMENDMENT_LIFE = Workflow(
    name="avenant à une convention de stage",
    initial=DRAFT,
    states=AMENDMENT_STATES,
    moves=(
        _move("send_to_sign", "Mettre à la signature", [DRAFT], TO_SIGN, missing=amendment_missing,
              consequence="Le document est fabriqué, et chaque personne est invitée à signer à sa manière."),
        _move("record_signature", "Enregistrer la signature", [TO_SIGN], SIGNED, missing=amendment_signature_missing,
              consequence="La convention de stage est modifiée à la date d’effet."),
        _move("shelve", "Classer sans suite", [DRAFT, TO_SIGN], SHELVED, needs_reason=True,
              consequence="La convention reste comme elle est ; votre motif est envoyé à qui a signé."),
    ),
)  # fmt: skip
