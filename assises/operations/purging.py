"""Erase who came, so many months after the day: names, addresses, needs, answers, reasons, links and e-mails. Counts stay.

What stays: the registrations without their people, their states and steps, the places, the scans, the marks of the survey,
the text and figures of the messages. Sealed attestations stay too, unread by anybody: the portal never removes a sealed
document but with its subject (documents.Document), and whoever holds the paper must still be able to have it verified. Their
verification names nobody.

One function, `purge_people(moment, limit)`: it may be run again at any time, does a bounded work in transactions of its own,
and does nothing more once all is erased.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from assises.models import Answer, DoorPost, Edition, OutboxMessage, Registration, RegistrationMove, Scan, SurveyReply
from assises.models.door import ERASED_REASON
from assises.operations.photos import forget_photos_of_people
from assises.reads.after_links import names_end_at
from assises.reads.outbox import outcome_of
from e2c_portal.audit.forgetting import forgetting
from e2c_portal.audit.tracking import is_tracked
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.kernel.removing import removal
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.requesting import close

ERASED = {
    "first_name": "", "last_name": "", "email": "", "organisation": "", "job_title": "", "access_needs": "",
    "image_consent_by": "", "trainee": None,
}  # fmt: skip
WHY = "Noms d’une édition des Assises effacés à leur terme"
LOST_OBJECT = "Les noms de cette édition sont effacés : ce message n’a plus d’objet."


def editions_due(moment: datetime) -> list[Edition]:
    """Return the editions whose names are to be erased at a moment. One query: there is one edition a year."""
    return [edition for edition in Edition.objects.order_by("held_on") if names_end_at(edition) <= moment]


def people_to_purge(moment: datetime) -> Counter[str]:
    """Return what `purge_people` would erase at a moment, counted by nature, without erasing anything."""
    told: Counter[str] = Counter()
    for edition in editions_due(moment):
        told.update({name: left(edition).count() for name, (left, _) in PARTS.items()})
    return +told


def purge_people(moment: datetime, limit: int = 500, *, held: Collection[str] = ()) -> Counter[str]:
    """Erase the people of the editions whose time has come, at most `limit` rows of each nature. Returns how many of each.

    Nothing goes of the registrations whose names ("assises.registration:12") are in `held`: a legal hold keeps them.

    The figures of an edition (reads.places, reads.survey, reads.outbox, scans) are the same before and after.
    """
    done: Counter[str] = Counter()
    for edition in editions_due(moment):
        counts: Counter[str] = Counter()
        for name, (left, erase) in PARTS.items():
            if number := limit - done[name]:
                counts[name] += _erased(_not_held(left(edition), held), erase, moment, number)
        if photos := forget_photos_of_people(edition.pk):
            counts["photos"] = photos
        done.update(counts)
        if +counts:
            told = ", ".join(f"{name} : {number}" for name, number in sorted((+counts).items()))
            record(None, "edition.people_erased", edition, f"Données des personnes effacées ({told})", **counts)
    return +done


def _not_held(rows: QuerySet, held: Collection[str]) -> QuerySet:
    """Leave aside what belongs to a registration that is held."""
    columns = {field.name for field in rows.model._meta.fields}
    if "subject" in columns:
        return rows.exclude(subject__in=held)
    name = Registration._meta.label_lower
    keys = [int(subject.partition(":")[2]) for subject in held if subject.startswith(f"{name}:")]
    if rows.model is Registration:
        return rows.exclude(pk__in=keys)
    return rows.exclude(registration__in=keys) if "registration" in columns else rows


@transaction.atomic
def _erased(left: QuerySet, erase: "Erase", moment: datetime, number: int) -> int:
    keys = list(left.order_by("pk").values_list("pk", flat=True)[:number])
    if not keys:
        return 0
    rows = left.model._default_manager.filter(pk__in=keys)
    if not is_tracked(left.model):
        return erase(rows, moment)
    with forgetting([f"{left.model._meta.label_lower}:{key}" for key in keys], WHY):
        return erase(rows, moment)


Erase = Callable[[QuerySet, datetime], int]


def _answers(edition: Edition) -> QuerySet[Answer]:
    return Answer.objects.filter(registration__edition=edition)


def _reasons(edition: Edition) -> QuerySet[RegistrationMove]:
    return RegistrationMove.objects.filter(registration__edition=edition).exclude(reason="")


def _voided(edition: Edition) -> QuerySet[Scan]:
    return Scan.objects.filter(edition=edition, voided_at__isnull=False).exclude(void_reason=ERASED_REASON)


def _people(edition: Edition) -> QuerySet[Registration]:
    return Registration.objects.filter(edition=edition, purged_at=None)


def _posts(edition: Edition) -> QuerySet[DoorPost]:
    return DoorPost.objects.filter(edition=edition).exclude(holder_name="", holder_email="")


def _words(edition: Edition) -> QuerySet[SurveyReply]:
    return SurveyReply.objects.filter(edition=edition).exclude(words="")


def _figures(edition: Edition) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(edition=edition, kept_figures__isnull=True).exclude(status="draft")


def _links(edition: Edition) -> QuerySet[PersonalLink]:
    return PersonalLink.objects.filter(_about(edition, Registration, DoorPost), replaced=None)


def _mails(edition: Edition) -> QuerySet[Mail]:
    """Return the e-mails about the people of an edition; one that is leaving at this very moment waits for the next run."""
    about = Mail.objects.filter(_about(edition, Registration, DoorPost, OutboxMessage), grouped=None)
    return about.exclude(status=Status.SENDING)


def _about(edition: Edition, *models: type) -> Q:
    """Return the condition on `subject` that keeps what speaks of an edition, or of one of its rows of these models."""
    subjects = [subject_of(edition)]
    for model in models:
        name = model._meta.label_lower  # type: ignore[attr-defined]
        keys = model._default_manager.filter(edition=edition).values_list("pk", flat=True)  # type: ignore[attr-defined]
        subjects += [f"{name}:{pk}" for pk in keys]
    return Q(subject__in=subjects)


def _delete(rows: QuerySet, moment: datetime) -> int:
    number = rows.count()
    rows.delete()
    return number


def _delete_mails(rows: QuerySet, moment: datetime) -> int:
    """Give up those that wait, then delete: the database removes none that waits."""
    for mail in rows.select_for_update().filter(status__in=[Status.QUEUED, Status.GROUPED]):
        close(mail, Status.CANCELLED, LOST_OBJECT)
    return _delete(rows, moment)


def _empty(**values: object) -> Erase:
    return lambda rows, moment: rows.update(**values)


def _empty_reasons(rows: QuerySet, moment: datetime) -> int:
    """Empty what steps say, by the one door of rows that never change (kernel.removing)."""
    keys = list(rows.values_list("pk", flat=True))
    with removal(WHY, models=[RegistrationMove], only=["immutable"]) as act:
        act.counts = {RegistrationMove._meta.label: len(keys)}
        return RegistrationMove.objects.filter(pk__in=keys).update(reason="")


def _forget(rows: QuerySet, moment: datetime) -> int:
    return rows.update(**ERASED, purged_at=moment, revision=F("revision") + 1)


def _keep_figures(rows: QuerySet, moment: datetime) -> int:
    """Keep what the e-mails of a message told, before they go."""
    done = 0
    for message in rows.select_for_update():
        message.kept_figures = asdict(outcome_of(message))
        message.save(update_fields=["kept_figures"])
        done += 1
    return done


# In this order: the figures of a message are kept before its e-mails go, the answers go before the person they are of.
PARTS: dict[str, tuple[Callable[[Edition], QuerySet], Erase]] = {
    "bilans de messages": (_figures, _keep_figures),
    "messages électroniques": (_mails, _delete_mails),
    "liens personnels": (_links, _delete),
    "réponses": (_answers, _delete),
    "motifs": (_reasons, _empty_reasons),
    "motifs de passages": (_voided, _empty(void_reason=ERASED_REASON)),
    "portes": (_posts, _empty(holder_name="", holder_email="")),
    "mots de l’enquête": (_words, _empty(words="")),
    "personnes": (_people, _forget),
}
