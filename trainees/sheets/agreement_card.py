"""What the page of an internship tells of its agreement: where it stands, who signed, what is missing, the one thing to do next."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import current_document
from e2c_portal.kernel.workflow import State
from e2c_portal.signing.models import EnvelopeStatus
from partnerships.signature_sheet import SignaturePanel, signature_panel
from trainees.life import agreements as life
from trainees.life import internships as internship_life
from trainees.models import AgreementAmendment, Internship, InternshipAgreement
from trainees.models.agreements import AGREEMENT_KIND, AMENDMENT_KIND
from trainees.reads.agreements import living_agreement, may_read_agreement, may_send_agreement
from trainees.reads.amendment_words import Clause, clauses_of
from trainees.reads.signers import signers_missing

NONE_YET = State("À préparer", "Rien n’est encore écrit : les données du stage feront la convention.", "neutral")
OVERDUE = "Le stage a commencé sans convention signée par tous. Faites signer sans attendre, et dites pourquoi."
SIGNED_LATE = "Signée en retard"
TO_RECORD = State(
    "Signée par tous, à enregistrer", "Toutes les personnes ont signé, mais une règle empêche d’enregistrer.", "warning"
)
NOT_ACCEPTED = "L’entreprise n’a pas encore accepté le stage."


@dataclass(frozen=True)
class Act:
    """One thing to do: a link, or a button that posts."""

    label: str
    url: str
    icon: str = "pen-line"
    posts: bool = False


@dataclass(frozen=True)
class AmendmentLine:
    """One amendment as the card shows it."""

    amendment: AgreementAmendment
    clauses: list[Clause]
    document: Document | None
    late: bool

    @property
    def state(self) -> State:
        return self.amendment.state


@dataclass
class AgreementCard:
    """The card. `next` is the one obvious thing to do, None when nothing is; `others` stand beside it."""

    internship: Internship
    agreement: InternshipAgreement | None
    state: State
    panel: SignaturePanel | None = None
    document: Document | None = None
    missing: list[str] = field(default_factory=list)
    next: Act | None = None
    others: list[Act] = field(default_factory=list)
    amendments: list[AmendmentLine] = field(default_factory=list)
    overdue: bool = False
    blocked: str = ""
    manages: bool = False
    may_read: bool = False

    @property
    def late(self) -> bool:
        return bool(self.agreement and self.agreement.is_late)


def agreement_card(internship: Internship, user: Any) -> AgreementCard:
    """Return the card of an internship that was reached already, with what this person may do. A constant number of queries."""
    agreement = living_agreement(internship)
    card = AgreementCard(
        internship, agreement, agreement.state if agreement else NONE_YET,
        manages=may_send_agreement(user, internship), may_read=may_read_agreement(user, internship),
        overdue=_overdue(internship),
    )  # fmt: skip
    if agreement:
        card.panel = signature_panel(AGREEMENT_KIND, agreement)
        card.document = current_document(AGREEMENT_KIND, subject_of(agreement))
        card.amendments = _amendments(agreement)
    card.missing = _missing(card)
    _next(card)
    return card


def _overdue(internship: Internship) -> bool:
    return internship.status == internship_life.ACCEPTED and internship.starts_on < timezone.localdate()


def _missing(card: AgreementCard) -> list[str]:
    if card.agreement and card.agreement.status not in life.WRITABLE:
        return []
    if card.internship.status == internship_life.PROSPECTED:
        return [NOT_ACCEPTED]
    if card.internship.status != internship_life.ACCEPTED:
        return []
    draft = card.agreement or InternshipAgreement(internship=card.internship, version=1)
    return [*life.sending_missing(draft), *signers_missing(card.internship)]


def _next(card: AgreementCard) -> None:
    """Say what to do next, to those who may."""
    if not card.manages:
        return
    if card.agreement is None or card.agreement.status in life.WRITABLE:
        _before(card)
    elif card.agreement.status == life.TO_SIGN:
        _signing(card)
    elif card.internship.status == internship_life.SIGNED:
        card.others.append(Act("Modifier par avenant…", _url("amendment_choose", card), "file-pen-line"))


def _before(card: AgreementCard) -> None:
    if card.internship.status != internship_life.ACCEPTED:
        return
    card.next = Act("Mettre à la signature…", _url("agreement_sign", card))
    in_review = card.agreement is not None and card.agreement.status == life.IN_REVIEW
    if card.internship.tutor_id:
        label = "Renvoyer le lien de relecture" if in_review else "Faire relire par l’entreprise"
        card.others.append(Act(label, _url("agreement_review", card), "send", posts=True))
    if in_review:
        card.others.append(Act("Arrêter la relecture", _url("agreement_take_back", card), "undo-2", posts=True))


def _signing(card: AgreementCard) -> None:
    panel = card.panel
    if panel is None or panel.is_over:
        card.next = Act("Demander de nouveau les signatures…", _url("agreement_sign", card))
    elif panel.is_complete:
        card.state = TO_RECORD
        card.next = Act("Dire pourquoi la signature est tardive…", _url("agreement_late", card), "clock-alert")
        return
    elif panel.envelope.document.status == Status.FAILED:
        card.blocked = panel.envelope.document.failure
        card.next = Act(
            "Fabriquer de nouveau le document", _url("agreement_make_again", card), "refresh-cw", posts=True
        )
    else:
        followed = reverse("signing:envelope", args=[panel.envelope.public_id])
        label = "Donner plus de temps…" if panel.envelope.status == EnvelopeStatus.EXPIRED else "Suivre et relancer"
        card.next = Act(label, followed, "list-checks")
        card.others.append(Act("Changer la façon de signer…", _url("agreement_sign", card), "refresh-cw"))
    card.others.append(Act("Corriger la convention…", _url("agreement_correct", card), "square-pen"))


def _url(name: str, card: AgreementCard) -> str:
    return reverse(f"trainees:{name}", args=[card.internship.pk])


def _amendments(agreement: InternshipAgreement) -> list[AmendmentLine]:
    rows = list(agreement.amendments.order_by("number"))
    for row in rows:
        row.agreement = agreement
    names = [subject_of(row) for row in rows]
    papers = {
        paper.subject: paper
        for paper in Document.objects.filter(kind=AMENDMENT_KIND, subject__in=names, status=Status.SEALED).order_by(
            "pk"
        )
    }
    return [
        AmendmentLine(
            row, clauses_of(row.changes), papers.get(name), bool(row.signed_on and row.is_late_on(row.signed_on))
        )
        for row, name in zip(rows, names, strict=True)
    ]
