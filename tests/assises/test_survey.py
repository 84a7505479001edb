"""The anonymous survey: once each, while it is open, for whoever came; nothing tells who answered what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from assises.emails.after_links import after_link
from assises.life.survey import SCALES, SURVEY_QUESTIONS
from assises.models import Edition, Registration, SurveyAnswered, SurveyReply
from assises.operations.survey import answer_survey, shuffle_replies
from assises.reads.survey import survey_results, survey_words
from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.links import issuing
from tests.assises.after_the_day import at, edition_held, scanned, void
from tests.factories.assises import half_day, somebody

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MARKS = {"welcome": 5, "programme": 4, "encounters": 3, "again": 5, "words": ""}


@pytest.fixture
def edition(officer: User) -> Edition:
    edition = edition_held(officer)
    half_day(edition)
    return edition


def guest(edition: Edition, officer: User) -> Registration:
    person = somebody(edition)
    scanned(person, edition.checkpoints.get(), officer)
    return person


def test_refused_before_after_absent_and_twice(edition: Edition, officer: User) -> None:
    absent, person = somebody(edition), guest(edition, officer)
    with pytest.raises(Refused, match="aucun passage"):
        answer_survey(absent.pk, MARKS)
    for moment in (at(edition, 0, 16), at(edition, 31, 0)):
        with pytest.raises(Refused, match="enquête est"):
            answer_survey(person.pk, MARKS, moment)
    answer_survey(person.pk, MARKS, at(edition, 30, 23))
    with pytest.raises(Overtaken, match="déjà répondu"):
        answer_survey(person.pk, MARKS)
    assert SurveyReply.objects.count() == 1


@pytest.mark.parametrize("marks", [{"welcome": 0}, {"again": 6}, {"words": "Mon numéro 185057800608436"}])
def test_what_is_off_the_scale_or_holds_a_nir_is_refused_and_leaves_the_turn(
    edition: Edition, officer: User, marks: dict[str, Any]
) -> None:
    person = guest(edition, officer)
    with pytest.raises(Refused):
        answer_survey(person.pk, MARKS | marks)
    assert not SurveyAnswered.objects.exists()


def test_the_database_holds_the_same_by_itself(edition: Edition, officer: User) -> None:
    person, absent = guest(edition, officer), somebody(edition)
    for registration, day, words in ((person, at(edition, 31), "pas ouverte"), (absent, at(edition, 1), "venues")):
        with pytest.raises(Error, match=words), transaction.atomic():
            SurveyAnswered.objects.create(registration=registration, answered_on=day.date())
    SurveyAnswered.objects.create(registration=person, answered_on=at(edition, 1).date())
    with pytest.raises(Error, match="unique"), transaction.atomic():
        SurveyAnswered.objects.create(registration=person, answered_on=at(edition, 1).date())


def test_nothing_links_a_reply_to_whoever_wrote_it(edition: Edition, officer: User) -> None:
    columns = {field.attname for field in SurveyReply._meta.fields}
    assert columns == {"id", "edition_id", "has_words", *(question.name for question in SURVEY_QUESTIONS)}
    entries = Entry.objects.count()
    for _ in range(3):
        answer_survey(guest(edition, officer).pk, MARKS)
    assert not Entry.objects.filter(action__contains="survey").exists()
    assert Entry.objects.count() > entries, "the registrations left a trace, the replies none"
    before = set(SurveyReply.objects.values_list("pk", flat=True))
    assert shuffle_replies() == 3
    assert before.isdisjoint(SurveyReply.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM assises_surveyreply")
        assert cursor.fetchone() == (1,), "every row is of the same transaction"


def test_results_are_read_from_five_replies_on(
    edition: Edition, officer: User, client_of: ClientOf, coordinator: User
) -> None:
    url = reverse("assises:survey", args=[edition.year])
    for mark in (1, 2, 4, 5):
        answer_survey(guest(edition, officer).pk, MARKS | {"welcome": mark, "words": f"Mot {mark}"})
    assert (survey_results(edition), survey_words(edition)) == ([], [])
    page = client_of(officer).get(url).content.decode()
    assert "4\N{NO-BREAK SPACE}réponses" in page
    assert "Mot 1" not in page
    answer_survey(guest(edition, officer).pk, MARKS)
    results = survey_results(edition)
    assert [result.n for result in results] == [5, 5, 5, 5, 4]
    assert (results[0].mean, results[0].distribution) == (3.4, {1: 1, 2: 1, 3: 0, 4: 1, 5: 2})
    assert sorted(survey_words(edition)) == ["Mot 1", "Mot 2", "Mot 4", "Mot 5"]
    assert "3,4 sur 5" in client_of(officer).get(url).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    export = reverse("exports:export", args=["assises-avis", "csv"]) + f"?annee={edition.year}"
    text = b"".join(client_of(officer).get(export).streaming_content).decode()  # type: ignore[attr-defined]
    assert "3,4" in text
    assert client_of(coordinator).get(url).status_code == 403
    assert client_of(coordinator).get(export).status_code == 404


def test_answered_by_link_once(edition: Edition, officer: User, client: Client) -> None:
    person = guest(edition, officer)
    home = client.get(issuing.rotate(after_link(person)), follow=True).redirect_chain[-1][0]
    url = f"{home}avis/"
    typed = {scale.name: "4" for scale in SCALES} | {"words": "Merci"}
    wrong = client.post(url, typed | {"welcome": ""})
    assert (wrong.status_code, "Merci" in wrong.content.decode()) == (422, True)
    assert client.post(url, typed).status_code == 303
    assert "enregistré" in client.get(url).content.decode()
    again = client.post(url, typed)
    assert again.status_code == 422
    assert SurveyReply.objects.count() == 1
    void(person.scans.get(), officer)
    assert client.get(url).status_code == 410
