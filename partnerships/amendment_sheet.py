"""What the pages say of an amendment: where it stands, what it changes, who signs, what may be done."""

from dataclasses import dataclass

from e2c_portal.documents.queries import documents_of
from e2c_portal.kernel.french import day_in_letters
from e2c_portal.kernel.workflow import Actor, State
from partnerships import amendment_life as life
from partnerships.agreement import SIDES, Signatory, who_signs
from partnerships.amendment_documents import KIND, before_and_after, order_of
from partnerships.amendment_words import Clause, clauses
from partnerships.consolidation import changes_of
from partnerships.models import ConventionAmendment
from partnerships.permissions import PartnershipPermission
from partnerships.sheet import (
    RECORD,
    SEND,
    HistoryLine,
    NextAction,
    Papers,
    Step,
    signing_action,
    sorted_papers,
    step_for,
)
from partnerships.signature_sheet import SignaturePanel, signature_panel


@dataclass(frozen=True)
class AmendmentSheet:
    """All that a page shows of one amendment. `signatories` pairs each side with who signs for it."""

    amendment: ConventionAmendment
    state: State
    clauses: list[Clause]
    signatories: list[tuple[str, list[Signatory]]]
    papers: Papers
    steps: list[Step]
    signature: SignaturePanel | None
    may_write: bool
    vote_needed: bool
    vote_rule: str = life.VOTE_RULE
    signing_rule: str = life.SIGNING_RULE

    @property
    def next_action(self) -> NextAction | None:
        """Return the one thing to do while signatures are awaited."""
        waits = self.amendment.status == life.TO_SIGN and self.papers.state not in ("waiting", "failed")
        return signing_action(self.signature, self.steps) if waits else None

    @property
    def other_steps(self) -> list[Step]:
        """Return the moves on offer beside the main one."""
        main = self.next_action.step if self.next_action else None
        return [step for step in self.steps if step is not main]


def amendment_sheet(amendment: ConventionAmendment, actor: Actor) -> AmendmentSheet:
    """Return what the page of an amendment (read in full) shows to this person."""
    before, after = before_and_after(amendment)
    signing = who_signs(after)
    names = {"region": "Pour la Région", "company": "Pour l’entreprise"}
    printable = amendment.status in life.PRINTABLE
    papers = sorted_papers(list(documents_of(amendment)), printable, lambda: order_of(amendment))
    choices = life.AMENDMENT_LIFE.choices(amendment, amendment.status, actor)
    # A voted amendment is sent from where it stands; the direct way is offered only when no vote is asked for.
    hidden = {SEND} if _waits_for_its_vote(amendment) else set()
    # The portal records a signature by itself; the button only serves when something prevented it.
    if amendment.status != life.TO_SIGN or not amendment.signed_envelope():
        hidden.add(RECORD)
    offered = [choice for choice in choices if choice.move.name not in hidden]
    return AmendmentSheet(
        amendment=amendment,
        state=amendment.state,
        clauses=clauses(before.terms, after.terms, changes_of(amendment)),
        signatories=[(names[side], [person for person in signing if person.side == side]) for side in SIDES],
        papers=papers,
        steps=[step_for(choice.move, amendment) for choice in offered],
        signature=signature_panel(KIND, amendment),
        may_write=actor.has_perm(PartnershipPermission.WRITE_AMENDMENT),
        vote_needed=amendment.needs_vote,
    )


def _waits_for_its_vote(amendment: ConventionAmendment) -> bool:
    return amendment.status == life.DRAFT and amendment.needs_vote


def facts_of_amendment(amendment: ConventionAmendment) -> list[tuple[str, str]]:
    """Return what identifies an amendment, as terms and values."""
    effective_on = amendment.effective_on
    voted_on = amendment.deliberation_date
    vote = f"{amendment.deliberation_number}" + (f" du {day_in_letters(voted_on)}" if voted_on else "")
    needed = "exigée, pas encore enregistrée" if amendment.needs_vote else "facultative pour cet avenant"
    return [
        ("Numéro", amendment.reference),
        ("Convention", f"{amendment.convention.number} – {amendment.convention.title}"),
        ("Objet", amendment.purpose),
        ("Prise d’effet", day_in_letters(effective_on) if effective_on else "à la date de la dernière signature"),
        ("Délibération", vote if amendment.deliberation_number else needed),
        ("Signé le", day_in_letters(amendment.signed_on) if amendment.signed_on else ""),
    ]


def history_of_amendment(amendment: ConventionAmendment) -> list[HistoryLine]:
    """Return the moves of an amendment, latest first."""
    return [
        HistoryLine(
            life.STATES[move.target].label, move.at, str(move.actor), move.reason, life.STATES[move.target].tone
        )
        for move in amendment.moves.select_related("actor")
    ]
