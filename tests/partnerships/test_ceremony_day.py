"""The day of a ceremony: the screen goes from hand to hand, what is absent, refused or broken holds nothing else up."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.mailing.models import Mail
from e2c_portal.signing.models import Act, Method, OnSiteSession
from e2c_portal.signing.operations import applying
from e2c_portal.signing.operations.ending import void
from partnerships import workflows
from partnerships.ceremony_sheet import ceremony_sheet
from partnerships.models import PartnershipConvention, SigningEvent
from partnerships.operations.ceremony_day import (
    hand_screen_to,
    invite_absent,
    put_programme_to_signature,
    refuse_on_stage,
)
from partnerships.operations.conventions import Signatory as PersonText
from tests.concurrency.together import at_once
from tests.factories.ceremonies import PRESIDENT, VISITOR, ceremony_on, people_of, sign_here, voted
from tests.factories.documents import say_made, seal_waiting
from tests.factories.partnerships import make_move
from tests.factories.signing import envelope_of
from tests.signing.work import work

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("seal_key")


@pytest.fixture
def pair(officer: User) -> list[PartnershipConvention]:
    return [voted(officer), voted(officer)]


@pytest.fixture
def asked(officer: User, pair: list[PartnershipConvention]) -> SigningEvent:
    """A ceremony of today whose two conventions are put to signature; nothing is made yet."""
    event = ceremony_on(None, officer, *pair)
    put_programme_to_signature(event.pk, officer)
    return event


@pytest.fixture
def event(asked: SigningEvent) -> SigningEvent:
    """The same, its documents said to be made: for whoever reads none of their files."""
    say_made()
    return asked


@pytest.fixture
def event_with_files(asked: SigningEvent) -> SigningEvent:
    """The same, its documents made: for whoever has the signatures written in them."""
    seal_waiting()
    return asked


@pytest.fixture
def asked_alone(officer: User) -> SigningEvent:
    """A ceremony of today with one convention, put to signature; nothing is made yet."""
    event = ceremony_on(None, officer, voted(officer))
    put_programme_to_signature(event.pk, officer)
    return event


@pytest.fixture
def solo(asked_alone: SigningEvent) -> SigningEvent:
    """The same, its document said to be made: for whoever does not read its file."""
    say_made()
    return asked_alone


@pytest.fixture
def solo_with_files(asked_alone: SigningEvent) -> SigningEvent:
    """The same, its document made: for whoever has the signatures written in it."""
    seal_waiting()
    return asked_alone


def only(event: SigningEvent) -> PartnershipConvention:
    return event.programme.get().convention


def status_of(convention: PartnershipConvention) -> str:
    return PartnershipConvention.objects.get(pk=convention.pk).status


class TestPuttingToSignature:
    def test_everybody_signs_on_site_and_keeps_their_address(
        self, officer: User, event: SigningEvent, pair: list[PartnershipConvention]
    ) -> None:
        for convention in pair:
            people = people_of(convention)
            assert {person.method for person in people} == {Method.ON_SITE}
            assert people[0].email == "camille@region.exemple.invalid"
            assert envelope_of(convention).expires_at > timezone.now() + timedelta(days=29)
        assert not Mail.objects.exists()
        again = put_programme_to_signature(event.pk, officer)
        assert (again.sent, len(again.kept), again.refused) == ([], 2, [])

    def test_a_signature_already_given_is_kept_and_what_stopped_is_told(
        self, officer: User, event: SigningEvent, pair: list[PartnershipConvention]
    ) -> None:
        sign_here(event, people_of(pair[0])[0], officer)
        void(envelope_of(pair[1]), "Une adresse est fausse", officer)
        outcome = put_programme_to_signature(event.pk, officer)
        assert people_of(pair[0])[0].has_signed
        assert (len(outcome.kept), len(outcome.refused)) == (1, 1)
        assert "arrêtée (Une adresse est fausse). Relancez-la" in outcome.refused[0][1]

    def test_a_limit_before_the_day_is_extended(self, officer: User, pair: list[PartnershipConvention]) -> None:
        convention = voted(officer, workflows.TO_SIGN)
        say_made()
        event = ceremony_on(timezone.localdate() + timedelta(days=45), officer, convention, pair[0])
        put_programme_to_signature(event.pk, officer)
        for one in (convention, pair[0]):
            assert timezone.localdate(envelope_of(one).expires_at) == event.held_on + timedelta(days=30)


class TestOnTheTablet:
    def test_the_president_signs_everything_with_one_word_of_the_officer(
        self, officer: User, event_with_files: SigningEvent, pair: list[PartnershipConvention], client_of: ClientOf
    ) -> None:
        """The whole ceremony without a script: each convention shown, each consented to, all sealed, all evidence there."""
        event = event_with_files
        tablet, address = client_of(officer), event.get_absolute_url()
        stage = tablet.get(f"{address}scene/").content.decode()
        assert "Signe aussi 1 autre convention aujourd’hui." in stage.replace("\N{NO-BREAK SPACE}", " ")
        president = [people_of(convention)[0] for convention in pair]
        hand = f"{address}personnes/{president[0].public_id}/"
        assert "ont vérifié" not in tablet.get(hand).content.decode()
        assert tablet.post(hand, {}).status_code == 422
        assert not OnSiteSession.objects.exists()
        screen = tablet.post(hand, {"vouched": "on"}, follow=True)
        for number, convention in enumerate(pair):
            assert convention.number in screen.content.decode()
            assert "/ceremonies/" not in screen.content.decode().split("rendre l’écran")[0].rsplit("<a ", 1)[0]
            assert 'class="portal-menu"' not in screen.content.decode()
            screen = consent(tablet, screen)
            following = screen.context["way_back"]
            if number == 0:
                assert following.label == "Continuer avec la convention suivante"
                page = tablet.get(following.url)
                assert page.context["form"] is None, "the officer vouched once"
                screen = tablet.post(f"{address}personnes/{page.context['seat'].signatory.public_id}/", follow=True)
        assert following.label == "C’est fini : rendre l’écran"
        tablet.get(following.url)
        for convention in pair:
            other = people_of(convention)[1]
            hand = f"{address}personnes/{other.public_id}/"
            assert tablet.get(hand).context["form"] is not None, "somebody else is vouched for anew"
            consent(tablet, tablet.post(hand, {"vouched": "on"}, follow=True))
        work()
        assert {status_of(convention) for convention in pair} == {workflows.SIGNED}
        signed = PartnershipConvention.objects.get(pk=pair[0].pk)
        assert (signed.signing_event, signed.signed_place) == (event, "Montpellier")
        page = tablet.get(address).content.decode()
        assert "Tout est signé et scellé." in page
        assert page.count("Dossier de preuve") == 2
        assert 'id="ceremonie-avancement"' in page
        assert "hx-get" not in page.split('id="ceremonie-avancement"')[1].split(">")[0]
        file = tablet.get(f"/exports/ceremonie/csv/?ceremonie={event.pk}")
        assert PRESIDENT in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]

    def test_a_button_pressed_twice_opens_one_page_and_signs_once(
        self, officer: User, solo: SigningEvent, client_of: ClientOf
    ) -> None:
        tablet, person = client_of(officer), people_of(only(solo))[1]
        hand = f"{solo.get_absolute_url()}personnes/{person.public_id}/"
        first, second = (tablet.post(hand, {"vouched": "on"}).headers["Location"] for _ in range(2))
        closed = tablet.get(first)
        assert closed.status_code == 410
        assert "Rendre l’écran" in closed.content.decode()
        screen = tablet.get(second)
        for _ in range(2):
            consent(tablet, screen)
        assert Act.objects.count() == 1
        # Pressed once more from an old page: nothing is opened in its place.
        assert tablet.post(hand, {"vouched": "on"}).headers["Location"] == hand
        assert OnSiteSession.objects.filter(ended_at=None).count() == 0

    def test_a_phone_is_not_shown_the_way_to_the_officers_pages(
        self, officer: User, solo: SigningEvent, client: Client
    ) -> None:
        address = hand_screen_to(solo.pk, people_of(only(solo))[0].pk, officer, vouched=True)
        page = client.get(address[address.index("/signatures/") :])
        assert page.context["way_back"] is None
        assert "/ceremonies/" not in page.content.decode()
        assert 'href="/"' not in page.content.decode()

    def test_the_officers_word_ends_with_time_and_when_the_screen_comes_back(
        self, officer: User, event: SigningEvent, pair: list[PartnershipConvention], client_of: ClientOf
    ) -> None:
        tablet, address = client_of(officer), event.get_absolute_url()
        first, second = (f"{address}personnes/{people_of(convention)[0].public_id}/" for convention in pair)
        consent(tablet, tablet.post(first, {"vouched": "on"}, follow=True))
        assert tablet.get(second).context["form"] is None
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            assert tablet.get(second).context["form"] is not None
        tablet.get(f"{address}scene/")
        assert tablet.post(second).status_code == 422

    def test_namesakes_of_two_companies_are_two_people(self, officer: User) -> None:
        people = [PersonText("region", "Présidente", "CAMILLE EXEMPLE"), PersonText("company", "Directeur", PRESIDENT)]
        event = ceremony_on(None, officer, voted(officer), *(voted(officer, signatories=people) for _ in range(2)))
        put_programme_to_signature(event.pk, officer)
        seats = ceremony_sheet(event).seats
        assert len({seat.key for seat in seats if seat.key[0] == "region"}) == 1, "capitals make nobody else"
        assert len({seat.key for seat in seats if seat.key[0] != "region"}) == 3

    def test_nobody_but_an_officer_and_nothing_but_the_programme(
        self, officer: User, solo: SigningEvent, auditor: User, coordinator: User,
        client_of: ClientOf,
    ) -> None:  # fmt: skip
        person, elsewhere = people_of(only(solo))[0], voted(officer, workflows.TO_SIGN)
        for who in (auditor, coordinator):
            client = client_of(who)
            for path in ("", "refus/"):
                address = f"{solo.get_absolute_url()}personnes/{person.public_id}/{path}"
                assert client.post(address, {"vouched": "on", "reason": "x"}).status_code == 403
            for act in (
                lambda who: hand_screen_to(solo.pk, person.pk, who, vouched=True),
                lambda who: refuse_on_stage(solo.pk, person.pk, "Non", who, VISITOR),
                lambda who: invite_absent(solo.pk, person.pk, who),
            ):
                with pytest.raises(NotAllowed):
                    act(who)
        with pytest.raises(Refused, match="n’est pas au programme"):
            hand_screen_to(solo.pk, people_of(elsewhere)[0].pk, officer, vouched=True)
        client = client_of(officer)
        for unknown in (uuid4(), people_of(elsewhere)[0].public_id):
            assert client.get(f"{solo.get_absolute_url()}personnes/{unknown}/").status_code == 404


class TestWhatGoesOtherwise:
    def test_somebody_absent_signs_by_link(self, officer_client: Client, solo: SigningEvent) -> None:
        person = people_of(only(solo))[1]
        for _ in range(2):
            officer_client.post(f"{solo.get_absolute_url()}personnes/{person.public_id}/inviter/")
        person.refresh_from_db()
        assert person.method == Method.ELECTRONIC
        assert Mail.objects.count() == 1
        page = officer_client.get(f"{solo.get_absolute_url()}scene/?convention={only(solo).pk}").content.decode()
        assert "Un lien de signature lui a été envoyé." in page

    def test_a_refusal_on_stage_stops_one_convention_alone(
        self, officer: User, officer_client: Client, event: SigningEvent, pair: list[PartnershipConvention]
    ) -> None:
        president, director = people_of(pair[0])
        sign_here(event, president, officer)
        address = f"{event.get_absolute_url()}personnes/{director.public_id}/refus/"
        assert officer_client.post(address, {"reason": " "}).status_code == 422
        officer_client.post(address, {"reason": "La cible est trop haute."})
        second = officer_client.post(address, {"reason": "La cible est trop haute."})
        assert second.status_code in (302, 404)
        assert Act.objects.filter(kind="refused").count() == 1
        page = officer_client.get(f"{event.get_absolute_url()}scene/").content.decode()
        assert "La cible est trop haute." in page
        assert "Relancez sa signature depuis sa page" in page
        line = ceremony_sheet(event).line_of(None)
        assert line
        assert line.convention == pair[1], "the ceremony goes on with the next one"
        outcome = put_programme_to_signature(event.pk, officer)
        assert len(outcome.refused) == 1, "a refusal is not asked again by the way"

    def test_a_text_reopened_while_people_sign(self, officer: User, solo: SigningEvent, client_of: ClientOf) -> None:
        tablet, person = client_of(officer), people_of(only(solo))[0]
        screen = tablet.post(f"{solo.get_absolute_url()}personnes/{person.public_id}/", {"vouched": "on"}, follow=True)
        make_move(only(solo), "reopen", officer)
        assert consent(tablet, screen).status_code == 410
        assert not Act.objects.exists()
        assert "« En négociation »" in tablet.get(
            f"{solo.get_absolute_url()}scene/?convention={only(solo).pk}"
        ).content.decode().replace("\N{NO-BREAK SPACE}", " ")

    def test_a_document_that_failed_is_told_and_made_again(self, officer: User, officer_client: Client) -> None:
        third = voted(officer)
        later = ceremony_on(None, officer, third)
        put_programme_to_signature(later.pk, officer)
        document = envelope_of(third).document
        Document.objects.filter(pk=document.pk).update(status="building", claim=uuid4(), claimed_at=timezone.now())
        Document.objects.filter(pk=document.pk).update(status="failed", claim=None, failure="Le disque est plein.")
        page = officer_client.get(later.get_absolute_url()).content.decode()
        assert "Le disque est plein." in page
        assert "Remettez le programme à la signature" in page
        assert len(put_programme_to_signature(later.pk, officer).sent) == 1
        document.refresh_from_db()
        assert document.status == "queued"

    def test_a_convention_signed_another_day_is_not_signed_at_the_ceremony(self, officer: User) -> None:
        convention = voted(officer)
        event = ceremony_on(timezone.localdate() + timedelta(days=3), officer, convention)
        put_programme_to_signature(event.pk, officer)
        seal_waiting()
        for person in people_of(convention):
            sign_here(event, person, officer)
        work()
        signed = PartnershipConvention.objects.get(pk=convention.pk)
        assert (signed.status, signed.signing_event, signed.signed_place) == (workflows.SIGNED, None, "")

    def test_a_worker_that_dies_loses_nothing(
        self,
        officer: User,
        officer_client: Client,
        solo_with_files: SigningEvent,
        monkeypatch: pytest.MonkeyPatch,
        documents_folder: Path,
        settings: Any,
    ) -> None:
        class PowerCut(BaseException):
            pass

        def dies(*args: Any, **kwargs: Any) -> None:
            raise PowerCut

        for person in people_of(only(solo_with_files)):
            sign_here(solo_with_files, person, officer)
        with monkeypatch.context() as patch:
            patch.setattr(applying, "sign_as_person", dies)
            with pytest.raises(PowerCut):
                applying.apply(envelope_of(only(solo_with_files)).pk)
        sheet = ceremony_sheet(solo_with_files)
        assert (sheet.signed, sheet.sealed, sheet.pace) == (2, 0, "2s")
        mark = officer_client.get(solo_with_files.get_absolute_url()).context["sheet"].mark
        live = f"{solo_with_files.get_absolute_url()}avancement/"
        follow = {"HX-Request": "true"}
        assert officer_client.get(live, {"vu": mark, "liste": ""}, headers=follow).status_code == 204
        settings.DOCUMENT_CLAIM_LEASE = timedelta(0)
        work()
        changed = officer_client.get(live, {"vu": mark, "liste": ""}, headers=follow).content.decode()
        assert "Tout est signé et scellé." in changed
        assert "1 convention scellée sur 1" in changed.replace("\N{NO-BREAK SPACE}", " ")
        assert officer_client.get(live).headers["Location"] == solo_with_files.get_absolute_url()


@pytest.mark.django_db(transaction=True)
def test_two_officers_on_two_tablets_at_the_same_instant(
    transactional_db: None, officer: User, second_officer: User
) -> None:
    pair = [voted(officer), voted(officer)]
    event = ceremony_on(None, officer, *pair)
    together = at_once([lambda who=who: put_programme_to_signature(event.pk, who) for who in (officer, second_officer)])
    assert sorted(len(outcome.sent) for outcome in together) in ([0, 2], [1, 1]), together
    assert not any(outcome.refused for outcome in together)
    seal_waiting()
    people = [
        (person, who)
        for convention, who in zip(pair, (officer, second_officer), strict=True)
        for person in people_of(convention)
    ]
    outcomes = at_once([lambda person=person, who=who: sign_here(event, person, who) for person, who in people])
    assert outcomes == [None] * 4
    work()
    assert {status_of(convention) for convention in pair} == {workflows.SIGNED}
    assert Act.objects.filter(kind="signed").count() == 4


def consent(tablet: Client, screen: Any) -> Any:
    """Tick the box and sign on the page that is shown; return what the screen shows then."""
    shown = screen.context["form"].initial["shown"]
    address = screen.request["PATH_INFO"]
    return tablet.post(address, {"consent": "on", "shown": shown}, follow=True)
