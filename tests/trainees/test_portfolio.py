"""The portfolio and its evidence: refusals first, then what is kept, shown, removed, and seen by whom."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import SHOWN_LIMIT_BYTES, Upload
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import School
from tests.documents.test_anew import packed_bomb, phone_photo, picture
from tests.factories.attendance import stay
from tests.factories.network import member_of
from tests.factories.portfolios import (
    OwnSpace,
    corrected,
    moved,
    sent_by_company,
    sent_of,
    shown_by,
    space_opened,
    validated,
)
from tests.factories.skills import level
from trainees.models import Evidence, Trainee
from trainees.operations.portfolio import EvidenceText, add_evidence, remove_evidence
from trainees.operations.trainee_answers import answer_assessment
from trainees.reads.portfolio import owned_files, validated_skills
from trainees.sheets.portfolio import portfolio_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainee(school: School, coordinator: User) -> Trainee:
    """Somebody whose company spoke of three skills."""
    return sent_by_company(school, coordinator, 3, 1, None).internship.trainee


@pytest.fixture
def space(trainee: Trainee, coordinator: User) -> OwnSpace:
    return space_opened(trainee, coordinator)


def kept(trainee: Trainee, actor: User | None = None, title: str = "Mon mur", **facts: Any) -> Evidence:
    return add_evidence(trainee.pk, EvidenceText(title, **facts), Upload(picture()), actor)


def photo(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_who_may_change_a_portfolio(
    trainee: Trainee, officer: User, auditor: User, other_school: School, coordinator: User
) -> None:
    row = shown_by(trainee)
    for person in (auditor, officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            kept(trainee, person)
        with pytest.raises(NotAllowed):
            remove_evidence(row.pk, trainee.pk, person, "Motif")
    with pytest.raises(Refused, match="pourquoi"):
        remove_evidence(row.pk, trainee.pk, coordinator, " ")
    assert Evidence.objects.filter(pk=row.pk).exists()


def test_what_is_not_theirs_is_refused(trainee: Trainee, school: School, coordinator: User) -> None:
    other = sent_by_company(school, coordinator, 3)
    with pytest.raises(Refused, match="stage n’est pas dans la liste"):
        kept(trainee, internship_id=other.internship_id)
    with pytest.raises(Refused, match="compétence n’est pas dans la liste"):
        kept(trainee, skill_id=other.skills.get().skill_id)
    row = shown_by(trainee, internship=trainee.internships.get())
    with pytest.raises(IntegrityError, match="autre personne"), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(internship=other.internship)
    remove_evidence(row.pk, other.internship.trainee_id)
    assert Evidence.objects.filter(pk=row.pk).exists(), "the number of somebody else's evidence removes nothing"


def test_thirty_pieces_and_no_more(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainees.operations.portfolio.EVIDENCE_AT_MOST", 1)
    shown_by(trainee)
    with pytest.raises(Refused, match="retirez-en une"):
        kept(trainee)


def test_a_photo_added_by_the_link_is_cleaned_stored_and_shown(space: OwnSpace) -> None:
    page = space.get("preuve/")
    typed = {"form_key": page.context["form"]["form_key"].value(), "title": "Mon mur", "words": "Fait en deux jours."}
    answers = [space.post("preuve/", typed | {"file": photo(phone_photo(), "mur.exe")}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], "a double click"
    row = Evidence.objects.get()
    assert owned_files([row.file, "preuves/autre.jpg"]) == {row.file}
    content = storage.read(row.file, sha256=row.sha256)
    assert b"Exif" not in content
    assert row.mime == "image/jpeg"
    assert "Fait en deux jours." in space.text(f"preuve/{row.public_id}/")
    shown = space.get(f"fichier/{row.public_id}/")
    assert shown.content == content
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Disposition"].startswith("inline; filename=")
    assert shown["Cache-Control"] == "no-store"


def test_a_removed_piece_is_gone_with_its_file(
    space: OwnSpace, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    row = shown_by(space.trainee)
    assert space.get(f"preuve/{row.public_id}/").status_code == 200, "showing removes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        assert space.post(f"preuve/{row.public_id}/", {"retirer": "1"}).status_code == 303
    assert not Evidence.objects.exists()
    assert not storage.document_storage().exists(row.file)
    assert space.get(f"fichier/{row.public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (packed_bomb, "quel que soit son nom"), (lambda: b"x" * (SHOWN_LIMIT_BYTES + 1), "15 Mo au plus"),
        (lambda: b"x" * 30_000_000, "15 Mo au plus"), (lambda: b"", "vide"),
        (lambda: b"\0\0\0\x18ftypheic" + bytes(400), "Le plus compatible"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_one_is_refused_and_the_words_stay(
    space: OwnSpace, content: Callable[[], bytes], told: str
) -> None:
    key = "7f0c7c1e-1111-4222-8333-444455556666"
    typed = {"form_key": key, "title": "Mon mur", "words": "Fait en deux jours."}
    answer = space.post("preuve/", typed | {"file": photo(content())})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert told in text
    assert "Fait en deux jours." in text
    assert key in text
    assert not Evidence.objects.exists()


def test_somebody_else_finds_nothing(
    space: OwnSpace,
    school: School,
    other_school: School,
    officer: User,
    coordinator: User,
    client_of: Callable[[User], Client],
) -> None:
    other = shown_by(sent_by_company(school, coordinator, 3).internship.trainee)
    for page in ("preuve", "fichier"):
        assert space.get(f"{page}/{other.public_id}/").status_code == 404
    assert space.post(f"preuve/{other.public_id}/", {"retirer": "1"}).status_code == 404
    stranger = client_of(member_of(other_school, officer))
    person = space.trainee.public_id
    for url in (
        reverse("trainees:portfolio", args=[person]), reverse("trainees:evidence_new", args=[person]),
        reverse("trainees:evidence", args=[other.public_id]), reverse("trainees:evidence_remove", args=[other.public_id]),
    ):  # fmt: skip
        assert stranger.get(url).status_code == 404
        assert stranger.post(url, {"reason": "x", "title": "x"}).status_code in (404, 405)


def test_the_school_adds_reads_and_removes(
    trainee: Trainee, coordinator: User, auditor: User, client_of: Callable[[User], Client]
) -> None:
    client, new = client_of(coordinator), reverse("trainees:evidence_new", args=[trainee.public_id])
    key = client.get(new).context["form"]["form_key"].value()
    skill = trainee.internships.get().assessments.get().skills.first().skill
    typed = {"form_key": key, "title": "Le mur", "skill": skill.pk, "internship": trainee.internships.get().pk}
    assert client.post(new, typed | {"file": photo(picture())}).status_code == 302
    row = Evidence.objects.get()
    assert (row.added_by, row.skill) == (coordinator, skill)
    file, remove = (reverse(f"trainees:{name}", args=[row.public_id]) for name in ("evidence", "evidence_remove"))
    assert client.get(file).status_code == 200
    assert Entry.objects.filter(action="evidence.read", actor=coordinator).exists()
    reader = client_of(auditor)
    assert "Le mur" in reader.get(reverse("trainees:portfolio", args=[trainee.public_id])).content.decode()
    assert reader.get(new).status_code == reader.post(remove, {"reason": "x"}).status_code == 403
    assert client.post(remove, {"reason": ""}).status_code == 422
    assert client.post(remove, {"reason": "Un collègue s’y reconnaît."}).status_code == 302
    assert "s’y reconnaît" in Entry.objects.get(action="evidence.removed").summary


def test_a_file_that_the_storage_lost_is_said(
    space: OwnSpace, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    row = shown_by(space.trainee)
    storage.discard(row.file)
    assert space.get(f"fichier/{row.public_id}/").status_code == 503
    answer = client_of(coordinator).get(reverse("trainees:evidence", args=[row.public_id]), follow=True)
    assert "ne peut pas être lu" in answer.content.decode()


def test_the_page_tells_what_is_validated_what_waits_and_what_happened(
    trainee: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    assessment = trainee.internships.get().assessments.get()
    first, second, _ = assessment.skills.select_related("skill", "level").order_by("skill__position")
    book = portfolio_of(trainee)
    assert (book.validated, book.waiting) == (0, 2), "a skill not observed waits for nobody"
    answer_assessment(assessment.pk, False, "", {second.pk: "Je le fais seul."})
    row = validated(first, coordinator)
    moved(assessment, "validated", decided_by=coordinator, decided_at=timezone.now())
    page = client_of(coordinator).get(reverse("trainees:portfolio", args=[trainee.public_id])).content.decode()
    for told in (
        "1 compétence validée sur 3, 2 vues au travail",
        "Je le fais seul.",
        "valide",
        "(exemple)",
        "Pas observée",
    ):
        assert told in page.replace("\xa0", " ").replace("&nbsp;", " ")
    row.withdrawn_by, row.withdrawn_at, row.withdrawal_reason = coordinator, timezone.now(), "Erreur de personne."
    row.save()
    assert portfolio_of(trainee).validated == 0
    again = client_of(coordinator).get(reverse("trainees:portfolio", args=[trainee.public_id])).content.decode()
    assert "Erreur de personne." in again
    assert "puis l’a retirée" in space_opened(trainee, coordinator).text("competences/")


def test_a_corrected_version_speaks_in_place_of_the_first(school: School, coordinator: User) -> None:
    sent = sent_by_company(school, coordinator, 1)
    newer = corrected(sent, sent.skills.get().skill.framework, 4)
    line = portfolio_of(sent.internship.trainee).frameworks[0].domains[0].lines[0]
    assert line.seen is not None
    assert line.seen.assessment == newer
    assert [told.title.endswith("remplacée)") for told in line.history] == [True, False]


@pytest.mark.parametrize(
    ("agrees", "words", "told"),
    [(True, "Merci.", "Le stagiaire est d’accord (recueilli par "), (False, "Non.", "Le stagiaire n’est pas d’accord avec l’ensemble")],
)  # fmt: skip
def test_an_answer_to_the_whole_is_told_of_each_skill(
    school: School, coordinator: User, agrees: bool, words: str, told: str
) -> None:
    sent = sent_by_company(school, coordinator, 3, 2)
    answer_assessment(sent.pk, agrees, words, {}, actor=coordinator if agrees else None)
    lines = portfolio_of(sent.internship.trainee).frameworks[0].domains[0].lines
    assert [(line.history[1].title.startswith(told), line.history[1].text) for line in lines] == [(True, words)] * 2


def test_one_line_a_skill_at_its_best_level(school: School, coordinator: User) -> None:
    first = sent_by_company(school, coordinator, 4, 3)
    pathway, frame = first.internship.pathway, first.skills.first().skill.framework
    seen = {row.skill.position: row for row in first.skills.select_related("skill", "level")}
    best, lost = validated(seen[1], coordinator), validated(seen[2], coordinator)
    own = {"level": level(frame, 3), "source": "school", "assessed_skill": None, "reason": "Vu à l’atelier."}
    validated(seen[1], coordinator, **own)
    lost.withdrawn_by, lost.withdrawn_at, lost.withdrawal_reason = coordinator, timezone.now(), "Erreur."
    lost.save()
    (line,) = validated_skills(pathway)
    assert (line.validation, line.level.rank, line.company) == (best, 4, str(first.internship.establishment))
    assert line.seen_on == first.internship.last_day
    validated(seen[2], coordinator, **own)
    assert [row.company for row in validated_skills(pathway)] == [line.company, school.name]


def test_both_pages_ask_as_much_for_a_longer_book(
    space: OwnSpace,
    school: School,
    coordinator: User,
    client_of: Callable[[User], Client],
    same_query_count: Callable[..., int],
) -> None:
    trainee, client = space.trainee, client_of(coordinator)
    frame = trainee.internships.get().assessments.get().skills.first().skill.framework
    fridays = iter([date(2026, 9, 18), date(2026, 10, 2), date(2026, 10, 30), date(2026, 11, 13)])

    def add() -> None:
        friday = next(fridays)
        over = stay(trainee.pathways.get(), coordinator, friday - timedelta(days=11), friday)
        sent = sent_of(over, frame, 3, 2)
        answer_assessment(sent.pk, False, "", {sent.skills.first().pk: "Non."})
        validated(sent.skills.select_related("level").get(level__rank=3), coordinator)
        shown_by(trainee, skill=sent.skills.first().skill)

    shown_by(trainee)
    url = reverse("trainees:portfolio", args=[trainee.public_id])
    assert same_query_count(lambda: client.get(url), add) < 25
    assert same_query_count(lambda: space.get("competences/"), add) < 30
