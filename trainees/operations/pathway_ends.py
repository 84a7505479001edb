"""What the end of a pathway brings, and what reopening it takes back."""

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from trainees.law.follow_up_days import months_after
from trainees.models import Exit, FollowUp, Pathway, PathwayPhase


def plan_follow_ups(pathway: Pathway) -> None:
    """Plan the calls at 3, 6, 9 and 12 months after the last day, and close the phase under way."""
    last = pathway.ended_on
    if last is None:
        return
    FollowUp.objects.bulk_create(
        FollowUp(pathway=pathway, months=months, due_on=months_after(last, months)) for months in FollowUp.MONTHS
    )
    close_phase(pathway)


def close_phase(pathway: Pathway) -> None:
    """End the phase under way with its pathway; one planned for later never began."""
    PathwayPhase.objects.filter(pathway=pathway, starts_on__gt=pathway.ended_on).delete()
    PathwayPhase.objects.filter(pathway=pathway, ends_on=None).update(ends_on=pathway.ended_on)


def erase_end(pathway: Pathway, actor: User) -> None:
    """Take back the last day, the exit and the follow-ups of a pathway that reopens; the trail keeps what they said."""
    known = Exit.objects.filter(pathway=pathway).first()
    if known:
        record(
            actor, "exit.erased", pathway.trainee, f"Sortie effacée à la réouverture : {known.get_category_display()}",
            pathway=pathway.pk, category=known.category, contract=known.contract, days=known.contract_days,
        )  # fmt: skip
        known.delete()
    done = list(FollowUp.objects.filter(pathway=pathway, done_on__isnull=False).values_list("months", "situation"))
    FollowUp.objects.filter(pathway=pathway).delete()
    if done:
        record(
            actor,
            "follow_ups.erased",
            pathway.trainee,
            "Suivis effacés à la réouverture",
            pathway=pathway.pk,
            done=done,
        )
    pathway.ended_on = pathway.summoned_on = pathway.interviewed_on = pathway.decided_on = None
