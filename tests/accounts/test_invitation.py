"""An invitation: a personal link of seven days, that serves once, and is sent again to the same address alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.invitation import living_link, send_invitation
from e2c_portal.accounts.models import User
from e2c_portal.accounts.operations import accept_invitation, change_account, open_account
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.links import issuing
from e2c_portal.links.models import LinkToken
from e2c_portal.mailing.models import Mail
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def invited(officer: User) -> User:
    return open_account(User(full_name="Inès Nouvelle", email="ines@exemple.invalid"), officer)


@pytest.fixture
def link(invited: User) -> str:
    return re.sub(r"^https?://[^/]+", "", issuing.rotate(living_link(invited)))


def opened(client: Client, link: str):
    return client.get(link, follow=True)


def test_the_link_gives_a_first_password_once(client: Client, link: str, invited: User) -> None:
    page = opened(client, link)
    assert "Inès Nouvelle" in page.content.decode()
    address = page.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "faible", "password2": "faible"})
    assert weak.status_code == 422
    assert "trop faible" in weak.content.decode()
    typo = client.post(address, {"password1": PASSWORD, "password2": f"{PASSWORD}x"})
    assert "Les deux saisies diffèrent" in typo.content.decode()
    done = client.post(address, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert "Votre mot de passe est enregistré" in done.content.decode()
    assert client.post("/connexion/", {"login": invited.email, "password": PASSWORD})["Location"] == "/"
    assert "déjà servi" in opened(Client(), link).content.decode()
    assert trail_of(invited).filter(action="account.invitation_accepted").exists()


def test_the_token_is_kept_hashed_and_in_no_message(link: str) -> None:
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert not LinkToken.objects.filter(sha256=token).exists()
    assert token not in str(list(Mail.objects.values()))


def test_an_old_invitation_offers_a_new_one_to_the_same_address(client: Client, link: str, invited: User) -> None:
    with time_machine.travel(timezone.localtime() + timedelta(days=7, minutes=1)):
        page = opened(client, link)
        assert "s’ouvre pendant sept jours" in page.content.decode()
        client.post(link, {"renew": "1"})
    renewed = living_link(invited)
    assert (renewed.renewals, renewed.email) == (1, invited.email)


def test_a_closed_account_withdraws_its_invitation(client: Client, link: str, invited: User, officer: User) -> None:
    invited.is_active, invited.closed_reason = False, "Erreur d’adresse"
    change_account(invited, officer)
    assert opened(client, link).status_code == 410
    with pytest.raises(Refused, match="n’a plus d’objet"):
        accept_invitation(invited, PASSWORD)


def test_who_signs_in_already_is_not_invited(client: Client, link: str, invited: User) -> None:
    accept_invitation(invited, PASSWORD)
    with pytest.raises(Refused):
        accept_invitation(invited, f"{PASSWORD} autre")
    assert User.objects.get(pk=invited.pk).check_password(PASSWORD)


def test_an_invitation_is_not_sent_twice_within_a_minute(invited: User) -> None:
    send_invitation(invited)
    assert Mail.objects.filter(kind="accounts.invitation").count() == 1


def test_only_an_officer_invites(auditor: User, coordinator: User, door_staff: User) -> None:
    for somebody in (auditor, coordinator, door_staff):
        with pytest.raises(NotAllowed):
            open_account(User(full_name="X", email="x@exemple.invalid"), somebody)
