"""What the timeline of a trainee tells of their pathways: moves, phases, suspensions, internships, exit, follow-ups, transfers."""

from collections.abc import Iterable

from django.utils import timezone

from e2c_portal.audit.models import Entry
from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.french import of_place, with_article
from trainees.life import internships as internship_life
from trainees.life.pathways import ENDED, STATES
from trainees.life.transfers import STATES as TRANSFER_STATES
from trainees.models import (
    Exit,
    FollowUp,
    Internship,
    Pathway,
    PathwayMove,
    PathwayPhase,
    Referral,
    Suspension,
    Trainee,
    TrainingContract,
)
from trainees.reads import timeline
from trainees.reads.timeline import TimelineEvent

# Changes that no row of their own tells. Health data is traced under other names, and never told here.
TOLD_BY_THE_TRAIL = ("pathway.referent", "pathway.replanned")


def opening_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the opening of each pathway."""
    for pathway in Pathway.objects.filter(trainee=trainee).select_related("school", "site"):
        yield TimelineEvent(
            pathway.entered_on, f"Entrée : {pathway.school}", f"Site : {pathway.site.name}", tone="info", icon="log-in"
        )


def move_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the changes of state of the pathways."""
    for move in PathwayMove.objects.filter(pathway__trainee=trainee).select_related("actor").order_by("at", "pk"):
        state = STATES[move.target]
        again = "Parcours rouvert" if move.origin in ENDED else "Parcours"
        yield TimelineEvent(
            move.effective_on or timezone.localdate(move.at), f"{again} : {state.label[0].lower()}{state.label[1:]}",
            move.reason, str(move.actor), state.tone, "arrow-right-left",
        )  # fmt: skip


def phase_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the phases begun."""
    for phase in PathwayPhase.objects.filter(pathway__trainee=trainee):
        yield TimelineEvent(phase.starts_on, f"Phase : {phase.get_kind_display()}", tone="progress", icon="milestone")


def contract_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the training contracts signed."""
    for contract in TrainingContract.objects.filter(pathway__trainee=trainee).select_related("recorded_by"):
        yield TimelineEvent(
            contract.signed_on,
            "Contrat de formation signé",
            who=str(contract.recorded_by),
            tone="success",
            icon="file-check",
        )


def suspension_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the suspensions, begun and ended."""
    for row in Suspension.objects.filter(pathway__trainee=trainee):
        until = f"Jusqu’au {row.ends_on:%d/%m/%Y}. " if row.ends_on else ""
        yield TimelineEvent(row.starts_on, "Suspension", f"{until}{row.reason}", tone="warning", icon="circle-pause")


def internship_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the internships, with the address of each."""
    rows = Internship.objects.filter(trainee=trainee).select_related("establishment__company", "trade")
    for row in rows:
        state = internship_life.STATES[row.status]
        trade = f"{row.trade.label}. " if row.trade else ""
        yield TimelineEvent(
            row.starts_on, f"Stage : {row.establishment}", f"{trade}Jusqu’au {row.last_day:%d/%m/%Y}. {state.label}.",
            tone=state.tone, icon="briefcase", url=row.get_absolute_url(),
        )  # fmt: skip


def exit_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the exits recorded."""
    for row in Exit.objects.filter(pathway__trainee=trainee).select_related("pathway", "recorded_by"):
        counted = "Sortie positive" if row.positive else "Sortie qui n’est pas comptée comme positive"
        day = row.starts_on or row.pathway.ended_on or timezone.localdate(row.recorded_at)
        tone = "success" if row.positive else "neutral"
        yield TimelineEvent(
            day, f"Sortie : {row.get_category_display()}", f"{counted}.", str(row.recorded_by), tone, "log-out"
        )


def follow_up_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the follow-ups done."""
    done = FollowUp.objects.filter(pathway__trainee=trainee, done_on__isnull=False).select_related("done_by")
    for row in done:
        said = f"{row.get_situation_display()}. {row.note}".strip()
        yield TimelineEvent(row.done_on, f"Suivi à {row.months} mois", said, str(row.done_by or ""), "info", "phone")  # type: ignore[arg-type]


def referral_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return who sent the trainee, and what became of it."""
    for row in Referral.objects.filter(trainee=trainee).select_related("prescriber"):
        text = f"Candidature : {row.get_outcome_display().lower()}. {row.reason}".strip()
        yield TimelineEvent(row.referred_on, f"Adressé par {row.prescriber}", text, tone="info", icon="send")


def transfer_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return the transfers asked for and answered."""
    for row in trainee.transfers.select_related("from_school", "to_school", "asked_by", "decided_by"):
        state, told = TRANSFER_STATES[row.status], row.decided_by or row.asked_by
        day = timezone.localdate(row.decided_at or row.asked_at)
        title = f"Transfert {of_place(str(row.from_school))} vers {with_article(str(row.to_school))} : {state.label.lower()}"
        yield TimelineEvent(day, title, row.answer or row.reason, str(told), state.tone, "school")


def trail_events(trainee: Trainee) -> Iterable[TimelineEvent]:
    """Return what the trail tells that no other source does."""
    entries = Entry.objects.filter(subject=subject_of(trainee), action__in=TOLD_BY_THE_TRAIL).select_related("actor")
    for entry in entries.order_by("at", "pk"):
        yield TimelineEvent(
            timezone.localdate(entry.at), entry.summary, who=str(entry.actor or "Le portail"), icon="pencil"
        )


SOURCES: dict[str, timeline.Source] = {
    "candidatures": referral_events, "entrées": opening_events, "étapes": move_events, "phases": phase_events,
    "contrats": contract_events, "suspensions": suspension_events, "stages": internship_events, "sorties": exit_events,
    "suivis": follow_up_events, "transferts": transfer_events, "changements": trail_events,
}  # fmt: skip
