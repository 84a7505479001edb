"""The people who ask, and the rows they ask for: all rows stand in one school, whose staff is "own"."""

import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from assises.models import Edition, OutboxMessage, Question
from e2c_portal.accounts.models import User
from e2c_portal.figures.models import PublishedYear
from e2c_portal.kernel.errors import NotAllowed
from schools.models import Membership, School
from schools.operations.network import add_member
from tests.factories.assises import door, edition_open, half_day, somebody
from tests.factories.network import member_of
from tests.house.addresses import all_addresses
from tests.house.test_pages import world  # noqa: F401  a fixture
from tests.rights.blank import shown
from tests.rights.rows import Hands, by_route, of_account, of_edition_to_come, rows
from tests.rights.walk import ELSEWHERE, NETWORK, SCHOOL, Asker, refusals
from tests.trainees.test_other_school import elsewhere, filled, shared, theirs  # noqa: F401  fixtures
from trainees.models import Trainee

TRAINEES = "stagiaires/"
ASSISES = "assises/<int:year>/preparation/"
# What the first number of an address is the number of.
KINDS = {
    "entreprises/": "partnerships.company",
    f"{ASSISES}inscriptions/": "assises.registration",
    f"{ASSISES}attestations/": "assises.registration",
    f"{ASSISES}badges/": "assises.registration",
    f"{ASSISES}porte/controles/": "assises.checkpoint",
    f"{ASSISES}porte/": "assises.doorpost",
    f"{ASSISES}messages/": "assises.outboxmessage",
    f"{ASSISES}questions/": "assises.question",
    f"{ASSISES}ecoles/": "schools.school",
    f"{ASSISES}salles/": "assises.room",
    f"{ASSISES}temps/": "assises.session",
    "mon-compte/": "usersessions.usersession",
    "stagiaires/accueils/": "partnerships.establishment",
    "stagiaires/offres/": "trainees.internshipoffer",
    "stagiaires/referentiels/": "trainees.referencedataset",
    "stagiaires/competences/referentiels/": "trainees.skillframework",
    "stagiaires/competences/chiffres/": "trainees.skillframework",
}
# No row stands for them in this world, and none may come by chance.
NO_ROW = dict.fromkeys(
    ("comment_pk", "amendment_pk", "contact_pk", "action_pk", "kept_pk", "meeting_pk", "key"), "999999999"
)
# Addresses whose parameters are words of their own, not the number of a row.
EXAMPLES = {
    "chiffres/<slug:key>/": "/chiffres/accueillis/",
    "chiffres/<slug:key>/lignes/": "/chiffres/accueillis/lignes/",
    "exports/<slug:name>/<slug:extension>/": "/exports/entreprises/csv/",
    "messages/modeles/courriel/<str:name>/": "/messages/modeles/courriel/accounts.invitation/",
    "messages/modeles/courriel/<str:name>/html/": "/messages/modeles/courriel/accounts.invitation/html/",
    "messages/modeles/sms/<str:name>/": "/messages/modeles/sms/signing.code/",
    "stagiaires/calendrier/<int:year>/<int:month>/": "/stagiaires/calendrier/2026/10/",
    "stagiaires/presences/<str:day>/": "/stagiaires/presences/2026-10-05/",
}


@pytest.fixture
def groups(
    request: pytest.FixtureRequest, school: School, other_school: School, officer: User
) -> dict[str, list[Asker]]:
    """Return one person of each role: for the whole network, in the school of the rows, in another one."""
    staff = {letter: Membership.Role(name) for letter, name in SCHOOL.items()}
    return {
        "network": [Asker(letter, request.getfixturevalue(name)) for letter, name in NETWORK.items()],
        "own": [Asker(letter, member_of(other_school, officer, role=role)) for letter, role in staff.items()],
        "other": [Asker(ELSEWHERE, _with_every_role(school, officer))],
    }


def _with_every_role(school: School, officer: User) -> User:
    person = member_of(school, officer, role=Membership.Role.DIRECTOR)
    for role in set(Membership.Role) - {Membership.Role.DIRECTOR}:
        add_member(school, person, role, officer, date(2020, 1, 1))
    return person


@pytest.fixture
def addresses(
    world: dict[str, str], theirs: dict[str, Any], school: School, other_school: School, officer: User, elsewhere: User,  # noqa: F811
    groups: dict[str, list[Asker]],
) -> dict[str, str]:  # fmt: skip
    """Return an address for each route, that leads to a row of the school wherever there is one."""
    director = next(one.user for one in groups["own"] if one.letter == "d")
    hands = Hands(officer, groups["network"][1].user, other_school, elsewhere, school, groups["other"][0].user)
    with transaction.atomic():
        opened = rows(hands) | by_route(of_account(director))
        edition = edition_open(officer)
        _prepared(edition, other_school, officer)
        opened |= of_edition_to_come(hands, edition)
    values = world | NO_ROW | {"slug": other_school.slug, "year": str(edition.year)}
    found = {address.route: address.example for address in all_addresses(values=values)}
    for part, known in (("/lots/", world["batch"]), ("signatures/", world["envelope"]), ("/sirene/", world["sirene"])):
        for route, address in found.items():
            if part in route:
                found[route] = address.replace(world["public_id"], known)
    for route in found:
        if "(?P<app_label>" in route:
            found[route] = "/gestion/partnerships/"
        if route.startswith(TRAINEES) and "<" in route and not shared(route.removeprefix(TRAINEES)):
            found[route] = filled(route.removeprefix(TRAINEES), theirs)
    here = Trainee.objects.filter(school=other_school).latest("pk")
    found["historique/<str:name>/<int:pk>/"] = f"/historique/{here._meta.label_lower}/{here.pk}/"
    return {route: _with_a_row(route, address, world) for route, address in (found | EXAMPLES).items()} | opened


def _prepared(edition: Edition, school: School, officer: User) -> None:
    """Put in the edition one row of each kind: somebody of the school, a door, what is checked, a question, a message, figures."""
    somebody(edition, "staff", school=school, organisation="", origin="school")
    half_day(edition)
    door(edition)
    Question.objects.create(edition=edition, label="Repas", kind=Question.Kind.YES_NO)
    content = {"places": [{"code": "n", "label": "Réseau"}], "groups": []}
    PublishedYear.objects.create(
        year=edition.year,
        number=1,
        content=content,
        data_sha256="0" * 64,
        counted_on=edition.held_on,
        published_by=officer,
    )
    OutboxMessage.objects.create(
        edition=edition, subject_line="Salle", body="La salle change.", states=["confirmed"], written_by=officer
    )


def _with_a_row(route: str, address: str, world: dict[str, str]) -> str:  # noqa: F811
    """Put the number of a row of the right kind where the number of the convention stands for want of better.

    Numbers go on from one test to the next: one that happens to exist in another table would change who is let in.
    """
    model = next((name for beginning, name in KINDS.items() if route.startswith(beginning)), "")
    if route.startswith("gestion/") and route.count("/") > 2:
        model = ".".join(route.split("/")[1:3])
    if not model or "<" not in route:
        return address
    try:
        row = apps.get_model(model)._default_manager.order_by("pk").last()
    except LookupError:
        return address
    number = str(row.pk) if row else "0"
    return address.replace(f"/{world['pk']}/", f"/{number}/", 1)


@pytest.fixture
def without_words(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave rendering, limits of tries and the log of refusals out: thousands of refusals are what is asked for."""
    blank = {"BACKEND": "tests.rights.blank.BlankTemplates", "DIRS": [], "APP_DIRS": False}
    settings.TEMPLATES = [blank, *settings.TEMPLATES]
    settings.ACCOUNT_RATE_LIMITS = False
    logging.disable(logging.ERROR)
    said = NotAllowed.__init__

    def heard(refusal: NotAllowed, message: str, **more: Any) -> None:
        refusals.append(message)
        said(refusal, message, **more)

    monkeypatch.setattr(NotAllowed, "__init__", heard)
    yield
    logging.disable(logging.NOTSET)
    shown.clear()
