"""All that the page of a trainee tells: who, whom to call, each pathway with what may be done now, one timeline.

The number of queries is the same whatever the number of pathways, internships or follow-ups. Health data is never read here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.kernel.french import counted, day_in_letters
from trainees.models import Internship, LegalRepresentative, Referral, Trainee, TraineeTransfer
from trainees.permissions import TraineePermission
from trainees.reads.certificates import in_force_by_pathway
from trainees.reads.timeline import TimelineEvent, timeline_of
from trainees.reads.transfers import transfer_waiting_for
from trainees.sheets.pathway import PathwaySheet, pathway_sheet


@dataclass(frozen=True)
class TraineeSheet:
    """A trainee as the page tells them. `warnings` are sentences that say what to do."""

    trainee: Trainee
    facts: list[tuple[str, Any]]
    contact: list[tuple[str, Any]]
    minor: bool
    representatives: list[LegalRepresentative]
    former_representatives: list[LegalRepresentative]
    pathways: list[PathwaySheet]
    referrals: list[Referral]
    transfer: TraineeTransfer | None
    warnings: list[str]
    timeline: list[TimelineEvent]

    @property
    def current(self) -> PathwaySheet | None:
        """The open pathway."""
        return next((sheet for sheet in self.pathways if sheet.pathway.is_open), None)


def trainee_sheet(trainee: Trainee, viewer: User, today: date) -> TraineeSheet:
    """Read all that is told of a trainee to somebody who may read them."""
    people = list(trainee.representatives.all())
    active = [person for person in people if person.ended_on is None or person.ended_on > today]
    minor = trainee.is_minor_on(today)
    pathways = _pathways(trainee, viewer, today)
    return TraineeSheet(
        trainee, _facts(trainee, today), _contact(trainee), minor, active,
        [person for person in people if person not in active], pathways,
        list(trainee.referrals.select_related("prescriber")), transfer_waiting_for(trainee),
        [*_warnings_of_minor(minor, active), *(warning for sheet in pathways for warning in sheet.warnings)],
        timeline_of(trainee),
    )  # fmt: skip


def _pathways(trainee: Trainee, viewer: User, today: date) -> list[PathwaySheet]:
    rows = trainee.pathways.select_related(
        "school", "site", "referent", "profile", "contract", "contract__recorded_by", "age_derogation",
        "age_derogation__decided_by", "exit", "exit__rule",
    ).prefetch_related("phases", "suspensions", "follow_ups")  # fmt: skip
    stays = defaultdict(list)
    internships = Internship.objects.filter(trainee=trainee).select_related("establishment__company", "trade", "tutor")
    for internship in internships:
        stays[internship.pathway_id].append(internship)
    writes = viewer.has_perm(TraineePermission.CHANGE_TRAINEE, trainee)
    attested, found = in_force_by_pathway(rows), []
    for position, pathway in enumerate(rows):
        pathway.trainee = trainee
        sheet = pathway_sheet(
            pathway, stays[pathway.pk], viewer, today, latest=position == 0, follows=writes,
            certificate=attested.get(pathway.pk),
        )  # fmt: skip
        found.append(sheet)
    return found


def _facts(trainee: Trainee, today: date) -> list[tuple[str, Any]]:
    age = counted(trainee.age_on(today), "an", "ans")
    minor = ", personne mineure" if trainee.is_minor_on(today) else ""
    return [
        ("Né(e) le", f"{day_in_letters(trainee.birth_date)} ({age}{minor})"),
        ("Sexe", trainee.get_gender_display()),
        ("École", trainee.school.name),
    ]


def _contact(trainee: Trainee) -> list[tuple[str, Any]]:
    place = " ".join(filter(None, (trainee.postal_code, trainee.city)))
    return [
        ("Adresse électronique", trainee.email),
        ("Téléphone", trainee.phone),
        ("Adresse", ", ".join(filter(None, (trainee.address, place)))),
    ]


def _warnings_of_minor(minor: bool, active: Iterable[LegalRepresentative]) -> list[str]:
    if not minor:
        return []
    people = list(active)
    if not people:
        return [
            "Cette personne est mineure et n’a pas de représentant légal dans le portail : ajoutez-en un, aucune convention de "
            "stage ne peut être signée sans cette personne."
        ]
    return [
        f"{person.full_name} n’a ni adresse électronique ni téléphone : complétez, pour la signature des conventions de stage."
        for person in people
        if not (person.email or person.phone)
    ]
