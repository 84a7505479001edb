"""Steering meetings with their actions, and comments on a text being negotiated."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships import workflows
from partnerships.models import MeetingAction, PartnershipConvention, SteeringMeeting
from partnerships.operations.comments import add_comment, resolve_comment
from partnerships.operations.meetings import ActionText, MeetingText, complete_action, record_meeting, revise_meeting
from partnerships.operations.moves import move_convention
from partnerships.queries import actions_to_do
from schools.scope import Scope
from tests.partnerships.sql import refused, run

ConventionIn = Callable[..., PartnershipConvention]
ClientOf = Callable[[User], Client]
NETWORK = Scope(whole_network=True)


def today() -> date:
    return timezone.localdate()


def held(**changes: object) -> MeetingText:
    values = {
        "held_on": today() - timedelta(days=20), "place": "Montpellier", "attendees": "Anne Exemple, présidente",
        "minutes": "Bilan de l’année.",
        "actions": [
            ActionText("Envoyer le calendrier", "Paul Exemple", today() - timedelta(days=5)),
            ActionText("Recevoir la classe", "Nadia Perrin", today() + timedelta(days=30)),
        ],
    }  # fmt: skip
    return MeetingText(**values | changes)  # type: ignore[arg-type]


@pytest.fixture
def convention(convention_in: ConventionIn) -> PartnershipConvention:
    return convention_in(workflows.SIGNED, archive=True)


class TestMeetings:
    def test_only_an_officer_writes(
        self, convention: PartnershipConvention, officer: User, auditor: User, coordinator: User
    ) -> None:
        meeting = record_meeting(convention.pk, held(), officer)
        for person in (auditor, coordinator):
            with pytest.raises(NotAllowed):
                record_meeting(convention.pk, held(held_on=today()), person)
            with pytest.raises(NotAllowed):
                revise_meeting(meeting.pk, 1, held(), person)
            with pytest.raises(NotAllowed):
                complete_action(meeting.actions.first().pk, person)

    def test_a_draft_has_no_steering_committee(self, convention_draft: PartnershipConvention, officer: User) -> None:
        with pytest.raises(Refused, match="une fois la convention signée"):
            record_meeting(convention_draft.pk, held(), officer)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"held_on": date(2999, 1, 1)}, "Le compte rendu s’écrit après"),
            ({"actions": [ActionText("x", "y", date(2026, 1, 1), date(2999, 1, 1))]}, "jour à venir"),
            ({"actions": [ActionText("x", "", date(2026, 1, 1))]}, "vide"),
        ],
    )
    def test_a_wrong_one_is_refused(
        self, convention: PartnershipConvention, officer: User, changes: dict, words: str
    ) -> None:
        with pytest.raises(ValidationError, match=words):
            record_meeting(convention.pk, held(**changes), officer)
        assert not SteeringMeeting.objects.exists()

    def test_one_a_day_and_never_removed(self, convention: PartnershipConvention, officer: User) -> None:
        meeting = record_meeting(convention.pk, held(), officer)
        with pytest.raises(ValidationError, match="déjà enregistrée à cette date"):
            record_meeting(convention.pk, held(), officer)
        with refused("Suppression refusée"):
            run("DELETE FROM partnerships_steeringmeeting WHERE id = %s", meeting.pk)

    def test_an_old_page_overwrites_nothing(
        self, convention: PartnershipConvention, officer: User, second_officer: User
    ) -> None:
        meeting = record_meeting(convention.pk, held(), officer)
        complete_action(meeting.actions.first().pk, second_officer)
        with pytest.raises(Overtaken):
            revise_meeting(meeting.pk, 1, held(), officer)
        assert MeetingAction.objects.filter(done_on=today()).count() == 1

    def test_late_actions_are_listed_until_they_are_done(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        meeting = record_meeting(convention.pk, held(), officer)
        assert [action.who for action in actions_to_do(NETWORK, late_on=today())] == ["Paul Exemple"]
        assert actions_to_do(NETWORK).count() == 2
        action = meeting.actions.first()
        complete_action(action.pk, officer)
        complete_action(action.pk, officer, done_on=today() - timedelta(days=1))
        action.refresh_from_db()
        assert action.done_on == today()
        assert not actions_to_do(NETWORK, late_on=today()).exists()

    def test_revising_keeps_changes_and_drops_actions(self, convention: PartnershipConvention, officer: User) -> None:
        meeting = record_meeting(convention.pk, held(), officer)
        kept = meeting.actions.last()
        text = held(actions=[ActionText("Recevoir deux classes", "Nadia Perrin", today(), key=kept.pk)])
        revise_meeting(meeting.pk, 1, text, officer)
        action = meeting.actions.get()
        assert (action.pk, action.description) == (kept.pk, "Recevoir deux classes")


class TestMeetingPages:
    def test_an_officer_writes_one_and_marks_an_action(
        self, convention: PartnershipConvention, officer_client: Client
    ) -> None:
        folder = f"/gestion/partnerships/partnershipconvention/{convention.pk}"
        assert officer_client.get(f"{folder}/reunions/nouvelle/").status_code == 200
        data = {
            "held_on": (today() - timedelta(days=9)).isoformat(), "place": "Nîmes", "attendees": "", "minutes": "Bilan",
            "actions-TOTAL_FORMS": "2", "actions-INITIAL_FORMS": "0", "actions-0-description": "Rappeler l’école",
            "actions-0-who": "Paul", "actions-0-due_on": (today() - timedelta(days=1)).isoformat(),
        }  # fmt: skip
        page = officer_client.post(f"{folder}/reunions/nouvelle/", data, follow=True).content.decode()
        assert "en retard" in page
        late = officer_client.get("/conventions/actions/").content.decode()
        assert "Rappeler l’école" in late
        file = b"".join(officer_client.get("/exports/actions/csv/?toutes"))
        assert "Rappeler l’école;Paul" in file.decode("utf-8-sig")
        action = MeetingAction.objects.get()
        officer_client.post(f"{folder}/reunions/actions/{action.pk}/faite/")
        assert "0\N{NO-BREAK SPACE}action<" in officer_client.get("/conventions/actions/").content.decode()
        meeting = f"{folder}/reunions/{action.meeting_id}/"
        assert officer_client.get(meeting).status_code == 200
        answer = officer_client.post(meeting, data | {"revision": "1"})
        assert "Quelqu’un a enregistré cette réunion" in answer.content.decode(), answer.context["writing"].errors

    def test_the_list_is_closed_to_strangers(self, stranger: User, client_of: ClientOf) -> None:
        assert client_of(stranger).get("/conventions/actions/").status_code == 404

    def test_the_list_asks_the_same_whatever_its_length(
        self, convention: PartnershipConvention, officer: User, officer_client: Client, same_query_count: Callable
    ) -> None:
        days = iter(range(21, 30))

        def one_more() -> None:
            record_meeting(convention.pk, held(held_on=today() - timedelta(days=next(days))), officer)

        one_more()
        same_query_count(lambda: officer_client.get("/conventions/actions/"), one_more)
        same_query_count(lambda: officer_client.get(f"/conventions/{convention.pk}/"), one_more)


class TestComments:
    def test_who_only_reads_does_not_comment(
        self,
        convention_draft: PartnershipConvention,
        auditor: User,
        data_officer: User,
        stranger: User,
        coordinator: User,
    ) -> None:
        for person in (auditor, data_officer, stranger):
            with pytest.raises(NotAllowed):
                add_comment(convention_draft.pk, "fact:title", "Bonjour", person)
        comment = add_comment(convention_draft.pk, "fact:title", "Bonjour", coordinator)
        with pytest.raises(NotAllowed):
            resolve_comment(comment.pk, "", coordinator)

    @pytest.mark.parametrize(
        ("place", "text", "words"),
        [("article:99", "x", "n’existe plus"), ("fact:status", "x", "n’existe plus"), ("article:1", "  ", "Écrivez")],
    )
    def test_what_says_nothing_or_speaks_of_nothing_is_refused(
        self, convention_draft: PartnershipConvention, officer: User, place: str, text: str, words: str
    ) -> None:
        with pytest.raises(Refused, match=words):
            add_comment(convention_draft.pk, place, text, officer)

    def test_a_settled_text_is_not_commented(self, convention_in: ConventionIn, officer: User) -> None:
        with pytest.raises(Refused, match="ne se commente plus"):
            add_comment(convention_in(workflows.APPROVED).pk, "article:1", "x", officer)

    def test_an_open_one_stops_the_approval(
        self, convention_draft: PartnershipConvention, officer: User, coordinator: User
    ) -> None:
        comment = add_comment(convention_draft.pk, "commitment:1", "Dix stages suffisent.", coordinator)
        assert comment.place_label == "Engagement 1 – Accueil en stage"
        with pytest.raises(Refused) as refusal:
            move_convention(convention_draft.pk, "approve", officer)
        assert "Répondez aux commentaires ouverts" in refusal.value.details[0]
        resolve_comment(comment.pk, "Vu avec l’entreprise", officer)
        assert move_convention(convention_draft.pk, "approve", officer).status == workflows.APPROVED

    def test_it_is_settled_once_and_never_rewritten(
        self, convention_draft: PartnershipConvention, officer: User, second_officer: User
    ) -> None:
        comment = add_comment(convention_draft.pk, "article:1", "À préciser", officer)
        resolve_comment(comment.pk, "Fait", officer)
        with pytest.raises(Overtaken, match="déjà réglé par"):
            resolve_comment(comment.pk, "Encore", second_officer)
        for column, value in {"text": "Autre", "answer": "Autre"}.items():
            with refused("Données figées"):
                run(f"UPDATE partnerships_conventioncomment SET {column} = %s WHERE id = %s", value, comment.pk)
        with refused("Suppression refusée"):
            run("DELETE FROM partnerships_conventioncomment WHERE id = %s", comment.pk)

    def test_it_is_written_and_settled_on_the_page(
        self, convention_draft: PartnershipConvention, coordinator: User, officer_client: Client, client_of: ClientOf
    ) -> None:
        url = convention_draft.get_absolute_url()
        data = {"place": "article:1", "text": "Ajoutons Nîmes."}
        page = client_of(coordinator).post(f"{url}commentaires/", data, follow=True).content.decode()
        assert "Ajoutons Nîmes." in page
        assert "Marquer comme réglé" not in page
        comment = convention_draft.comments.get()
        answer = officer_client.post(f"{url}commentaires/{comment.pk}/", {"answer": "Oui"}, follow=True)
        assert "<strong>Réglé</strong>" in answer.content.decode()
