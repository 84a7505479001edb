"""What the sheet of a convention says of where it stands: its documents, its next steps, its history."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import DateField
from django.utils import timezone

from e2c_portal.documents.models import UNDER_SIGNATURE, Document, Status
from e2c_portal.documents.queries import documents_of
from e2c_portal.documents.requesting import Order, order_sha256
from e2c_portal.kernel.french import date_in_letters, day_in_letters, ordinal, period_in_letters
from e2c_portal.kernel.identifiers import printed_number
from e2c_portal.kernel.workflow import Actor, Move
from e2c_portal.signing.states import SEALING
from partnerships import workflows
from partnerships.amendment_words import renewal_words
from partnerships.diffusion import shown_name
from partnerships.documents import KIND, order_of
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.permissions import PartnershipPermission
from partnerships.queries import successor_of, timeline_of
from partnerships.signature_sheet import SignaturePanel, signature_panel
from partnerships.situation import SITUATIONS, Situation, situation_on

# The way a convention goes when all is well: the first of these moves on offer is the page's main button.
FORWARD = ("record_archive", "approve", "record_vote", "send_to_sign", "record_signature", "archive")
SEND, RECORD = "send_to_sign", "record_signature"


@dataclass(frozen=True)
class Papers:
    """The documents of a convention: the one in force, the one under way, the former ones."""

    current: Document | None = None
    under_way: Document | None = None
    former: list[Document] = field(default_factory=list)
    printable: bool = False
    outdated: bool = False

    @property
    def state(self) -> str:
        """Return waiting, failed, signing, sealed or none: what the page must say first."""
        if self.under_way and self.under_way.status in UNDER_SIGNATURE:
            return "signing"
        if self.under_way:
            return "failed" if self.under_way.status == Status.FAILED else "waiting"
        return "sealed" if self.current else "none"

    @property
    def announcement(self) -> str:
        """Return what a screen reader says when the block changes by itself."""
        told = {
            "sealed": "Le document est scellé.", "failed": "La fabrication du document a échoué.",
            "signing": "Le document est à la signature.",
        }  # fmt: skip
        return told.get(self.state, "")

    @property
    def mark(self) -> str:
        """Return a word that changes whenever the block would read otherwise: what is polled for."""
        shown = self.under_way or self.current
        return f"{shown.pk}-{shown.status}" if shown else "none"


@dataclass(frozen=True)
class Step:
    """A move on offer: what its own page asks, and what prevents it even then."""

    move: Move
    asked: list[str]
    missing: list[str]

    @property
    def ready(self) -> bool:
        return not self.missing

    @property
    def has_page(self) -> bool:
        return bool(self.move.records) or self.move.needs_reason or self.move.name == SEND


@dataclass(frozen=True)
class NextAction:
    """The one obvious thing to do now, and the move it leads to.

    `target` says where: step, text, seal, sign (ask for signatures), follow (the signatures) or nowhere.
    """

    title: str
    text: str = ""
    missing: list[str] = field(default_factory=list)
    target: str = ""
    step: Step | None = None


@dataclass(frozen=True)
class HistoryLine:
    """One line of the history, in the words of the timeline component."""

    title: str
    at: datetime
    who: str
    text: str
    tone: str


@dataclass(frozen=True)
class Sheet:
    """All that stands beside the text of a convention."""

    convention: PartnershipConvention
    situation: Situation
    papers: Papers
    steps: list[Step]
    next_action: NextAction | None
    may_seal: bool
    signature: SignaturePanel | None = None

    @property
    def mark(self) -> str:
        """Return a word that changes whenever what stands beside the text would read otherwise."""
        return f"{self.papers.mark}.{self.signature.mark if self.signature else ''}"

    @property
    def pace(self) -> str:
        """Return how often the page looks again by itself: each second while something is made, slowly for signatures."""
        if self.papers.state == "waiting" or (self.signature and self.signature.is_sealing):
            return "1s"
        return "8s" if self.signature and self.signature.is_open else ""

    @property
    def seal_label(self) -> str:
        return "Fabriquer de nouveau" if self.papers.current else "Fabriquer le document scellé"

    @property
    def other_steps(self) -> list[Step]:
        """Return the moves on offer beside the main one."""
        main = self.next_action.step if self.next_action else None
        return [step for step in self.steps if step is not main]


def sheet_of(convention: PartnershipConvention, actor: Actor, day: date | None = None) -> Sheet:
    """Return where a convention (read with its text) stands, as this person may act on it."""
    papers = papers_of(convention)
    steps = steps_of(convention, actor)
    signature = signature_panel(KIND, convention)
    may_seal = papers.printable and actor.has_perm(PartnershipPermission.SEAL_CONVENTION)
    situation = situation_on(convention, day or timezone.localdate())
    action = _next_action(convention, papers, steps, may_seal)
    if convention.status == workflows.TO_SIGN and papers.state not in ("waiting", "failed"):
        action = signing_action(signature, steps)
    # What is signed, or about to be, is not made apart.
    signed = convention.status == workflows.TO_SIGN or bool(signature and signature.is_complete)
    return Sheet(convention, situation, papers, steps, action, may_seal and not signed, signature)


def signing_action(panel: SignaturePanel | None, steps: list[Step]) -> NextAction | None:
    """Return the one thing to do while signatures are awaited; nothing for whoever only reads."""
    if not steps:
        return None
    record = next((step for step in steps if step.move.name == RECORD), None)
    if panel is None or panel.is_over:
        why = panel.envelope.end_reason if panel else "Aucune signature n’est demandée pour le moment."
        return NextAction("Relancer la signature", why, target="sign")
    if panel.is_complete and record:
        return NextAction(
            record.move.label, "Toutes les personnes ont signé.", record.missing, target="step", step=record
        )
    if panel.state is SEALING:
        return NextAction("Le cachet se pose", SEALING.meaning)
    return NextAction("Suivre les signatures", f"{panel.count}. {panel.state.meaning}", target="follow")


def situation_named(name: str) -> Situation:
    """Return the situation that a list annotated as `situation`."""
    return SITUATIONS[name]


def facts_of(convention: PartnershipConvention) -> list[tuple[str, Any]]:
    """Return what identifies a convention, as terms and values; what is not known stays empty."""
    company = convention.company
    facts: list[tuple[str, Any]] = [
        ("Numéro", convention.number),
        ("Entreprise", shown_name(company)),
        ("SIREN", printed_number(company.siren)),
        ("Objet", convention.object),
        ("Période", _period(convention)),
        ("Renouvellement", renewal_words(convention.terms)),
        ("Délibération", _deliberation(convention)),
        ("Signée", _signature(convention)),
    ]
    if convention.shown_company_name != shown_name(company):
        facts.insert(2, ("Nom imprimé à l’époque", convention.shown_company_name))
    item = getattr(convention, "ceremony_item", None)
    if item and not convention.signed_on:
        facts.append(("Au programme de", f"{item.event.name}, {date_in_letters(item.event.held_on)}"))
    if convention.terms.notice_months:
        facts.append(("Préavis", f"{convention.terms.notice_months}\N{NO-BREAK SPACE}mois"))
    return facts + life_facts(convention)


def life_facts(convention: PartnershipConvention, day: date | None = None) -> list[tuple[str, Any]]:
    """Return what has become of a convention: its period in force, its notices, what it renews and what renews it."""
    terms, day = convention.terms, day or timezone.localdate()
    facts: list[tuple[str, Any]] = []
    if convention.status in workflows.SIGNED_STATES and terms.is_tacit and (period := terms.period_on(day)):
        facts.append(
            ("Période en cours", f"{period_in_letters(period.starts_on, period.ends_on)} ({_rank(period.rank)})")
        )
        if deadline := terms.notice_deadline(day):
            facts.append(("Dernier jour pour donner congé", day_in_letters(deadline)))
    if convention.notice_given_on:
        giver = PartnershipConvention.Side(convention.notice_given_by).label
        facts.append(("Congé", f"reçu {date_in_letters(convention.notice_given_on)}, donné par {giver}"))
    if convention.early_end_agreement:
        facts.append(("Accord écrit", convention.early_end_agreement))
    if convention.ended_on:
        facts.append(("Fin effective", day_in_letters(convention.ended_on)))
    if convention.predecessor:
        facts.append(("Renouvelle", convention.predecessor.number))
    if successor := successor_of(convention):
        facts.append(("Renouvelée par", f"{successor.number} ({successor.state.label.lower()})"))
    return facts


def _rank(rank: int) -> str:
    return "période initiale" if rank == 0 else f"{ordinal(rank) if rank > 1 else '1re'} reconduction"


def _period(convention: PartnershipConvention) -> str:
    starts_on, ends_on = convention.starts_on, convention.terms.ends_on
    if starts_on and ends_on:
        return period_in_letters(starts_on, ends_on)
    if starts_on:
        return f"à partir du {day_in_letters(starts_on)}, fin non connue"
    return f"jusqu’au {day_in_letters(ends_on)}, début non connu" if ends_on else ""


def _deliberation(convention: PartnershipConvention) -> str:
    if not convention.deliberation_number:
        return ""
    voted_on = convention.deliberation_date
    return f"{convention.deliberation_number}" + (f" du {day_in_letters(voted_on)}" if voted_on else "")


def _signature(convention: PartnershipConvention) -> str:
    if convention.signed_on is None:
        return ""
    event = convention.signing_event
    parts = (date_in_letters(convention.signed_on), convention.signed_place, event.name if event else "")
    return ", ".join(part for part in parts if part)


def papers_of(convention: PartnershipConvention) -> Papers:
    """Sort the documents of a convention. One query, two more when a sealed one may be out of date."""
    return sorted_papers(
        list(documents_of(convention).filter(kind=KIND)),
        convention.status in workflows.PRINTABLE,
        lambda: order_of(convention),
    )


def sorted_papers(documents: list[Document], printable: bool, order: Callable[[], Order]) -> Papers:
    """Tell apart the documents of a record, latest first; `order` gives what it would print today."""
    sealed = [document for document in documents if document.is_sealed]
    replaced = {document.supersedes_id for document in sealed}
    current = next((document for document in sealed if document.pk not in replaced), None)
    under_way = next((document for document in documents if not document.is_sealed), None)
    return Papers(
        current=current,
        under_way=under_way,
        former=[document for document in sealed if document != current],
        printable=printable,
        # It would print otherwise today: renamed company, new address, new template. What was signed stays what it is.
        outdated=bool(
            current
            and not under_way
            and printable
            and not current.signature_fields
            and order_sha256(order()) != current.content_sha256
        ),
    )


def steps_of(convention: PartnershipConvention, actor: Actor) -> list[Step]:
    """Return the moves this person may make now, with what each still needs."""
    choices = workflows.CONVENTION_LIFE.choices(convention, convention.status, actor)
    hidden = {"record_archive"} if convention.origin != PartnershipConvention.Origin.ARCHIVE else set()
    # The portal records a signature by itself; the button only serves when something prevented it.
    if convention.status != workflows.TO_SIGN or not convention.signed_envelope():
        hidden.add(RECORD)
    return [step_for(choice.move, convention) for choice in choices if choice.move.name not in hidden]


def step_for(move: Move, subject: PartnershipConvention | ConventionAmendment) -> Step:
    """Tell apart what the move's page will ask from what is missing elsewhere: the page is tried as if filled in."""
    filled = copy(subject)
    asked = []
    for name in move.records:
        column: Any = type(subject)._meta.get_field(name)
        if getattr(filled, name) in (None, ""):
            asked.append(str(column.verbose_name))
            setattr(filled, name, _plausible(column, subject))
    if move.needs_reason:
        asked.append("motif")
    return Step(move, asked, move.missing(filled))


def _plausible(column: Any, subject: PartnershipConvention | ConventionAmendment) -> Any:
    if isinstance(subject, PartnershipConvention) and column.name == "ended_on":
        return subject.terms.earliest_end(timezone.localdate())
    if isinstance(column, DateField):
        return timezone.localdate()
    return None if column.null else "…"


def _next_action(
    convention: PartnershipConvention, papers: Papers, steps: list[Step], may_seal: bool
) -> NextAction | None:
    if papers.state == "waiting":
        return NextAction("Le document se fabrique", "La page se met à jour d’elle-même quand il est scellé.")
    if papers.state == "failed" and may_seal:
        return NextAction("Relancer la fabrication", "La dernière fabrication a échoué.", target="seal")
    if may_seal and convention.status in workflows.SIGNED_STATES and (papers.state == "none" or papers.outdated):
        return NextAction("Fabriquer le document scellé", _why_seal(papers), target="seal")
    step = next((step for name in FORWARD for step in steps if step.move.name == name), None)
    if step is None or (step.move.name == "archive" and not step.ready):
        return None
    if not step.ready and convention.is_editable:
        return NextAction("Compléter le texte", "Il manque, avant de valider :", step.missing, target="text", step=step)
    return NextAction(step.move.label, step.move.consequence, step.missing, target="step", step=step)


def _why_seal(papers: Papers) -> str:
    if papers.outdated:
        return "Une donnée imprimée a changé depuis le dernier document."
    return "Cette convention n’a pas encore de document vérifiable."


def history_of(convention: PartnershipConvention) -> list[HistoryLine]:
    """Return the history of a convention, latest first, with the date of each fact beside that of its record."""
    return [
        HistoryLine(entry.title, entry.at, entry.who, _with_fact_date(entry.text, entry.effective_on), entry.tone)
        for entry in timeline_of(convention)
    ]


def _with_fact_date(text: str, effective_on: date | None) -> str:
    dated = f"Fait daté du {day_in_letters(effective_on)}" if effective_on else ""
    return "\n".join(line for line in (dated, text) if line)
