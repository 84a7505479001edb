"""Stopping messages: by the link at their foot, without an account, for one type or several."""

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.mailing.models import Mail, Preference, Status
from e2c_portal.mailing.preferences import ALL, read_stop_key, stop_url, stoppable_types
from e2c_portal.mailing.requesting import STOPPED
from tests.mailing.samples import INVITATION, REMINDER, invite, remind

pytestmark = pytest.mark.django_db
PAUL = "paul@exemple.fr"


def path_of(email: str = PAUL, kind: str = REMINDER, *, staff: bool = False) -> str:
    url = stop_url(email, kind, staff=staff)
    assert url.startswith("http://")
    return url[url.index("/messages/") :]


@pytest.fixture
def visitor() -> Client:
    """A browser that proves the origin of its forms, as real ones must."""
    return Client(enforce_csrf_checks=True)


def test_looking_changes_nothing(visitor: Client) -> None:
    answer = visitor.get(path_of())
    assert answer.status_code == 200
    assert "Rappel d’essai" in answer.content.decode()
    assert "Invitation d’essai" not in answer.content.decode()
    assert not Preference.objects.exists()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_what_is_unticked_is_stopped_and_what_is_ticked_again_comes_back(visitor: Client) -> None:
    assert "Votre choix est enregistré" in visitor.post(path_of(), {}).content.decode()
    mail = remind("Paul@Exemple.fr")
    assert (mail.status, mail.failure) == (Status.CANCELLED, STOPPED)
    visitor.post(path_of(), {"wanted": [kind.name for kind in stoppable_types() if not kind.staff]})
    assert not Preference.objects.exists()
    assert remind(days=3).status == Status.QUEUED


def test_the_button_of_a_mail_program_stops_in_one_press(visitor: Client) -> None:
    answer = visitor.post(path_of(), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Preference.objects.get().kind == REMINDER
    visitor.post(path_of(), {"List-Unsubscribe": "One-Click"})
    assert Preference.objects.count() == 1


def test_the_button_of_a_message_of_the_day_stops_all_that_may_be(visitor: Client) -> None:
    visitor.post(path_of(kind="mailing.digest"), {"List-Unsubscribe": "One-Click"})
    assert Preference.objects.get().kind == ALL
    assert remind().status == Status.CANCELLED
    visitor.post(path_of(), {"wanted": [REMINDER]})
    assert remind(days=3).status == Status.QUEUED


def test_a_message_that_a_procedure_needs_always_goes(visitor: Client) -> None:
    Preference.objects.create(address_sha256=read_stop_key(path_of().split("/")[3]).address_sha256, kind=ALL)
    Preference.objects.create(address_sha256=read_stop_key(path_of().split("/")[3]).address_sha256, kind=INVITATION)
    assert invite().status == Status.QUEUED


def test_companies_do_not_choose_among_the_messages_of_the_staff(visitor: Client) -> None:
    told = visitor.get(path_of()).content.decode()
    assert "Délai de signature" not in told
    staff = path_of(kind="signing.limit", staff=True)
    assert "Rappel d’essai" not in visitor.get(staff).content.decode()
    visitor.post(path_of(), {})
    visitor.post(staff, {"wanted": [kind.name for kind in stoppable_types() if kind.staff]})
    assert Preference.objects.filter(kind=REMINDER).exists(), "a choice of one list leaves the other as it was"


def test_only_the_address_of_the_message_is_concerned(visitor: Client) -> None:
    visitor.post(path_of(), {})
    assert remind("anne@exemple.fr").status == Status.QUEUED


@pytest.mark.parametrize("key", ["faux", "WyJhIiwiYiJd:1xyz:abcdefghijklmnopqrstuvwxyz", "a" * 300])
def test_a_forged_key_is_explained(visitor: Client, key: str) -> None:
    answer = visitor.post(reverse("mailing:preferences", args=[key]), {})
    assert answer.status_code == 404
    assert "Lien incomplet" in answer.content.decode()
    assert not Preference.objects.exists()


def test_the_address_is_kept_as_a_fingerprint_alone(visitor: Client) -> None:
    visitor.post(path_of(), {})
    assert PAUL not in str(list(Preference.objects.values()))
    assert not Mail.objects.exists()
