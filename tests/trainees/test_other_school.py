"""Nobody sees nor guesses another school: every address that bears a number answers 404, as if nothing were there.

The walk reads the addresses from the URL configuration itself: a new one must say whose rows it opens, or why all may read it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.exports.lists import all_lists
from schools.models import School
from tests.factories.attendance import note, stay, under_way
from tests.factories.certificates import certificate_in
from tests.factories.hosting import approach_at, visit_of
from tests.factories.network import member_of, school_named
from tests.factories.skills import assessment_of, framework, level
from tests.factories.spreadsheets import brought, messy_rows, xlsx
from tests.factories.trainees import representative_of
from trainees.models import (
    AccidentReport,
    Approach,
    AttendanceHalfDay,
    Evidence,
    FollowUp,
    Pathway,
    SkillValidation,
    Trainee,
    TraineeTransfer,
    TutorReport,
)
from trainees.operations.accidents import open_accident
from trainees.operations.transfers import ask_transfer
from trainees.urls import urlpatterns

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 6)
# Read by the whole network on purpose: each says why.
SHARED = {
    "accueils/": "hosts are known by the whole network; the history of other schools is figures alone",
    "offres/": "an offer of places is for all schools",
    "attestations/ecoles/": "what programs read to verify a signed attestation: public keys and ended numbers, nobody's name",
    "referentiels/": "the Région loads them; a school is refused by 403 before any row is read",
    "competences/referentiels/": "the Région loads frameworks, which name nobody; a school is refused by 403 what it may not do",
    "competences/chiffres/": "a framework is shared; its figures count the schools of the reader alone",
    "calendrier/": "a month is no row: the school is that of the reader",
    "presences/<str:day>/": "a day is no row: the school is that of the reader",
}


@pytest.fixture
def elsewhere(other_school: School, officer: User) -> User:
    return member_of(other_school, officer)


@pytest.fixture
def theirs(other_school: School, elsewhere: User, officer: User) -> dict[str, object]:
    """Return one row of each kind in the other school, by the beginning of the address that opens it."""
    pathway = under_way(other_school, elsewhere, birth_date=date(2009, 7, 14))
    internship = stay(pathway, elsewhere, DAY, DAY + timedelta(days=4), (DAY,))
    note(pathway, elsewhere, date(2026, 9, 8), state="absent")
    trainee = pathway.trainee
    return {
        "<uuid:public_id>/": trainee.public_id,
        "parcours/": pathway.pk,
        "stages/": internship.pk,
        "presences/absences/": AttendanceHalfDay.objects.get().pk,
        "presences/justificatifs/": uuid4(),
        "presences/signalements/": _report(internship).pk,
        "presences/ecoles/": other_school.pk,
        "presences/etats-mensuels/": other_school.pk,
        "accidents/": _accident(pathway, elsewhere).pk,
        "suivis/": FollowUp.objects.create(pathway=pathway, months=3, due_on=timezone.localdate()).pk,
        "transferts/": _transfer(pathway, elsewhere, school_named("École de Mende", officer)).pk,
        "demarches/": _approach(internship, elsewhere).pk,
        "visites/": visit_of(internship, elsewhere).pk,
        "imports/": brought(xlsx(messy_rows(3)), other_school, elsewhere).public_id,
        "preuves/": _evidence(pathway).public_id,
        "representants": representative_of(trainee, elsewhere).pk,
        "attestations/parcours/": pathway.pk,
        "attestations/": certificate_in(other_school, elsewhere).pk,
        "evaluations/": assessment_of(internship).pk,
        "competences/validees/": _validation(pathway, elsewhere).pk,
    }


def _evidence(pathway: Pathway) -> Evidence:
    return Evidence.objects.create(
        school=pathway.school, pathway=pathway, trainee=pathway.trainee, title="Photo de l’atelier", file="preuves/2026/x.jpg",
        mime="image/jpeg", sha256="0" * 64, size=1,
    )  # fmt: skip


def _validation(pathway: Pathway, actor: User) -> SkillValidation:
    frame = framework(actor, "valide")
    return SkillValidation.objects.create(
        school=pathway.school, pathway=pathway, trainee=pathway.trainee, skill=frame.skills.first(), level=level(frame, 3),
        source="school", seen_on=DAY, reason="Atelier.", validated_by=actor,
    )  # fmt: skip


def _report(internship) -> TutorReport:
    return TutorReport.objects.create(
        school=internship.school, internship=internship, contact=internship.tutor, kind="absence", day=DAY, halves="am"
    )


def _accident(pathway: Pathway, actor: User) -> AccidentReport:
    happened = timezone.now() - timedelta(hours=2)
    row = AccidentReport(
        pathway=pathway,
        occurred_at=happened,
        known_at=happened,
        place="school",
        place_words="Atelier",
        circumstances="Chute dans l’escalier.",
    )
    return open_accident(row, actor)


def _transfer(pathway: Pathway, actor: User, to: School) -> TraineeTransfer:
    leaves_on = max(timezone.localdate(), DAY + timedelta(days=10))
    return ask_transfer(
        TraineeTransfer(trainee=pathway.trainee, to_school=to, reason="Déménagement", leaves_on=leaves_on), actor
    )


def _approach(internship, actor: User) -> Approach:
    return approach_at(internship.establishment, internship.school, actor)


def with_parameters() -> list[URLPattern]:
    return [entry for entry in urlpatterns if "<" in str(entry.pattern)]


def shared(route: str) -> bool:
    return any(route.startswith(beginning) for beginning in SHARED)


def filled(route: str, theirs: dict[str, object]) -> str:
    """Return the address of the other school's row. Raises AssertionError for a route that no row answers."""
    beginnings = [name for name in theirs if route.startswith(name)]
    assert beginnings, f"say whose row {route} opens, in this test"
    first = theirs[max(beginnings, key=len)]
    inner = theirs["representants"] if "representants/<int:pk>" in route else 1
    text = route
    for name in ("<uuid:public_id>", "<int:pk>", "<int:internship_pk>"):
        if name in text:
            text = text.replace(name, str(first), 1)
            break
    text = text.replace("<int:pk>", str(inner)).replace("<int:closure_pk>", "1").replace("<int:number>", "1")
    text = text.replace("<str:day>", "2026-10-05").replace("<str:month>", "2026-10").replace("<slug:kind>", "dates")
    text = text.replace("<slug:move>", "confirm").replace("<slug:name>", "cancel").replace("<slug:slug>", "ecole-1")
    assert "<" not in text, f"give a value to each parameter of {route}"
    return f"/stagiaires/{text}"


def test_every_address_of_another_school_is_not_found(
    theirs: dict[str, object], coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client, seen = client_of(coordinator), []
    closed = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    for entry in with_parameters():
        if shared(route := str(entry.pattern)):
            continue
        address = filled(route, theirs)
        answers = {client.get(address).status_code, client.post(address, {}).status_code}
        if HTTPStatus.NOT_FOUND not in answers or not answers <= closed:
            seen.append((address, sorted(answers)))
    assert seen == []


def test_the_walk_would_see_an_open_door(
    theirs: dict[str, object], elsewhere: User, client_of: Callable[[User], Client]
) -> None:
    """Those who work there find most of what the walk asks for: it asks for true rows."""
    client = client_of(elsewhere)
    routes = [str(entry.pattern) for entry in with_parameters() if not shared(str(entry.pattern))]
    found = [route for route in routes if client.get(filled(route, theirs)).status_code in (200, 302, 405, 422)]
    assert len(found) > len(routes) * 0.7, sorted(set(routes) - set(found))


def test_no_list_nor_file_tells_a_name_of_another_school(
    theirs: dict[str, object], coordinator: User, client_of: Callable[[User], Client]
) -> None:
    name = Trainee.objects.get(public_id=theirs["<uuid:public_id>/"]).last_name
    client = client_of(coordinator)
    lists = [
        entry for entry in urlpatterns if "<" not in str(entry.pattern) and "referentiels" not in str(entry.pattern)
    ]
    told = []
    for entry in lists:
        for query in ("", f"?q={name}"):
            page = client.get(f"/stagiaires/{entry.pattern}{query}")
            shown = page.status_code == HTTPStatus.OK and not page.streaming
            body = page.content.decode().replace(query, "") if shown else ""
            if body.replace(f'value="{name}"', "").replace(f"«&nbsp;{name}&nbsp;»", "").count(name):
                told.append((str(entry.pattern), query))
    for listing in all_lists():
        answer = client.get(reverse("exports:export", args=[listing.name, "csv"]))
        if answer.status_code == HTTPStatus.OK and name in b"".join(answer.streaming_content).decode():
            told.append((listing.name, "csv"))
    assert told == []
