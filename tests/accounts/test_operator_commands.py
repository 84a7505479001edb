"""What whoever operates the portal types about accounts: the first officer, and a change of SECRET_KEY."""

import io

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from e2c_portal.accounts.models import Role, User
from e2c_portal.accounts.operations import accept_invitation
from e2c_portal.audit.trail import trail_of
from e2c_portal.mailing.models import Mail
from tests.accounts.applications import with_application
from tests.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db
FIRST = ("prefiguration@region.exemple.fr", "Camille Premier")


def invite(*names: str) -> str:
    out = io.StringIO()
    call_command("invite_first_officer", *names, stdout=out)
    return out.getvalue()


def test_the_first_officer_is_invited_and_invites_the_others() -> None:
    said = invite(*FIRST)
    account = User.objects.get()
    assert (account.role, account.has_usable_password()) == (Role.REGIONAL_OFFICER, False)
    assert Mail.objects.get().email == FIRST[0]
    assert trail_of(account).filter(summary="Premier compte ouvert par l’exploitant").exists()
    assert FIRST[0] not in said, "a terminal is read over a shoulder, and logged"
    accept_invitation(account, PASSWORD)
    with pytest.raises(CommandError, match="a déjà un chargé de mission"):
        invite("autre@region.exemple.fr", "Autre")
    with pytest.raises(CommandError, match="a déjà un chargé de mission"):
        invite(*FIRST)
    assert User.objects.count() == 1


def test_other_roles_do_not_shut_the_door() -> None:
    person("Odile Vernet", role=Role.AUDITOR)
    invite(*FIRST)
    assert User.objects.filter(role=Role.REGIONAL_OFFICER).count() == 1


@pytest.mark.parametrize("names", [("pas-une-adresse", "Nom"), ("a@exemple.fr", "")])
def test_a_bad_address_or_no_name_opens_nothing(names: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        invite(*names)
    assert not User.objects.exists()


def test_a_change_of_secret_key_keeps_second_factors(officer: User, settings) -> None:
    with_application(officer)
    row = Authenticator.objects.get(user=officer, type=Authenticator.Type.TOTP)
    secret = get_adapter().decrypt(row.data["secret"])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    call_command("renew_second_factors", stdout=io.StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    row.refresh_from_db()
    assert get_adapter().decrypt(row.data["secret"]) == secret


def test_a_secret_that_no_key_opens_is_told(officer: User, settings) -> None:
    with_application(officer)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, []
    with pytest.raises(CommandError, match="ne s’ouvrent avec aucune clé"):
        call_command("renew_second_factors", stdout=io.StringIO())
