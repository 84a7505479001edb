"""Internships of the tests, made by the real operations, at the stage one asks for."""

from datetime import date, timedelta
from typing import Any

import pgtrigger

from e2c_portal.accounts.models import User
from partnerships.models import Establishment
from tests.factories.timetables import MONDAY, full_weeks
from tests.factories.trainees import host, pathway_of, signatory_at, trade, trainee_in, tutor_at
from trainees.law.timetable import Stint
from trainees.models import Internship, InternshipAgreement, Trainee
from trainees.operations.internships import plan_internship

FRIDAY = MONDAY + timedelta(days=11)


def drafted_for(trainee: Trainee, actor: User, place: Establishment | None = None, **facts: Any) -> Internship:
    """Return an internship ready to be planned: two weeks, not saved. Its trainee has a pathway, opened at the first call."""
    place = place or host()
    pathway = trainee.pathways.first() or pathway_of(trainee, actor, ends_on=date(2027, 6, 30))
    known = {
        "trainee": trainee, "pathway": pathway, "school": trainee.school, "establishment": place, "tutor": tutor_at(place),
        "host_signatory": signatory_at(place), "school_signatory": actor, "referent": actor, "trade": trade(),
        "kind": Internship.Kind.DISCOVERY, "starts_on": MONDAY, "ends_on": FRIDAY,
        "activities": "Accueil des clients.", "objectives": "Découvrir le métier.",
    } | facts  # fmt: skip
    return Internship(**known)


def planned(
    trainee: Trainee, actor: User, place: Establishment | None = None, *, stints: list[Stint] | None = None,
    accepted: bool = False, **facts: Any,
) -> Internship:  # fmt: skip
    """Plan an internship of seven hours a day, from Monday to Friday unless `stints` says otherwise."""
    internship = drafted_for(trainee, actor, place, **facts)
    days = stints if stints is not None else full_weeks(internship.starts_on, internship.ends_on)
    return plan_internship(internship, days, actor, accepted=accepted)


def somebody_planned(school: Any, actor: User, **facts: Any) -> Internship:
    """Plan the internship of somebody new in a school."""
    return planned(trainee_in(school, actor), actor, **facts)


def said_to_sign(internship: Internship) -> InternshipAgreement:
    """Only say that the agreement of an internship waits for signatures: there is no document behind it."""
    agreement = InternshipAgreement.objects.create(internship=internship, version=1, created_by=internship.created_by)
    _say(agreement, "to_sign", starts_on=internship.starts_on)
    return agreement


def said_signed(internship: Internship, *, signed_on: date | None = None) -> Internship:
    """Only say that the agreement of an internship is signed, the eve of its first day unless told: for what looks at the states.

    The database refuses it of anybody else: the trigger that looks for an envelope is set aside here.
    """
    day = signed_on or internship.starts_on - timedelta(days=1)
    agreement = said_to_sign(internship)
    with pgtrigger.ignore("trainees.InternshipAgreement:signed_by_all"):
        _say(agreement, "signed", signed_on=day, late_reason="Attendue" if day > internship.starts_on else "")
    _say(internship, "signed")
    return internship


def said_moved(internship: Internship, target: str, **facts: Any) -> Internship:
    """Only say that an internship moved, with the step it leaves."""
    _say(internship, target, **facts)
    return internship


def _say(row: Any, target: str, **facts: Any) -> None:
    origin = row.status
    type(row).objects.filter(pk=row.pk).update(status=target, **facts)
    row.moves.create(origin=origin, target=target, actor=row.created_by)
    row.refresh_from_db()
