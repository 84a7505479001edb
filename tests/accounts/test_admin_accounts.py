"""The accounts in the admin: opened by e-mail without a password typed by anybody, closed, never deleted."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from e2c_portal.accounts.models import Role, User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.models import Job
from e2c_portal.mailing.models import Mail

LIST = "/gestion/accounts/user/"


def posted(**fields: str) -> dict[str, str]:
    return {"full_name": "Inès Nouvelle", "email": "ines@exemple.invalid", "role": "", **fields}


def opened(client: Client) -> User:
    client.post(f"{LIST}add/", posted())
    return User.objects.get(email="ines@exemple.invalid")


def test_an_account_is_opened_without_a_password(officer_client: Client, officer: User) -> None:
    account = opened(officer_client)
    assert not account.has_usable_password()
    assert [entry.actor for entry in trail_of(account)] == [officer]
    assert [mail.kind for mail in Mail.objects.filter(email=account.email)] == ["accounts.invitation"]


def test_an_address_has_one_account_whatever_its_case(officer_client: Client) -> None:
    opened(officer_client)
    html = officer_client.post(f"{LIST}add/", posted(email="INES@exemple.invalid")).content.decode()
    assert "Un compte existe déjà avec cette adresse." in html
    assert 'value="Inès Nouvelle"' in html


def test_closing_asks_for_a_reason_and_ends_every_session(
    officer_client: Client, stranger: User, client_of: Callable[[User], Client]
) -> None:
    there = client_of(stranger)
    data = {"full_name": stranger.full_name, "role": ""}
    assert "écrivez le motif" in officer_client.post(f"{LIST}{stranger.pk}/change/", data).content.decode()
    officer_client.post(f"{LIST}{stranger.pk}/change/", {**data, "closed_reason": "Départ en retraite"})
    stranger.refresh_from_db()
    assert (stranger.is_active, stranger.closed_reason) == (False, "Départ en retraite")
    assert trail_of(stranger).first().summary == "Compte fermé : Départ en retraite"
    assert there.get("/mon-compte/appareils/").status_code == 302
    officer_client.post(f"{LIST}{stranger.pk}/change/", {**data, "is_active": "on"})
    stranger.refresh_from_db()
    assert (stranger.is_active, stranger.closed_reason, stranger.closed_at) == (True, "", None)
    assert there.get("/mon-compte/appareils/").status_code == 302, "an old session must not come back to life"


def test_a_reason_holds_no_social_security_number(officer_client: Client, stranger: User) -> None:
    data = {"full_name": stranger.full_name, "role": "", "closed_reason": "Numéro 2 55 08 14 168 025"}
    page = officer_client.post(f"{LIST}{stranger.pk}/change/", data).content.decode()
    assert "sécurité sociale" in page
    assert User.objects.get(pk=stranger.pk).is_active


def test_the_database_keeps_no_closed_account_without_a_reason(stranger: User) -> None:
    with pytest.raises(IntegrityError, match="user_closed_with_a_reason"), transaction.atomic():
        User.objects.filter(pk=stranger.pk).update(is_active=False)


def test_a_role_is_given_and_leaves_a_trace(officer_client: Client, stranger: User) -> None:
    data = {"full_name": stranger.full_name, "role": Role.AUDITOR, "is_active": "on"}
    officer_client.post(f"{LIST}{stranger.pk}/change/", data)
    stranger.refresh_from_db()
    assert stranger.role == Role.AUDITOR
    assert trail_of(stranger).first().summary == "Compte modifié : rôle régional"


def test_nobody_takes_away_their_own_access(officer_client: Client, officer: User) -> None:
    html = officer_client.post(f"{LIST}{officer.pk}/change/", {"full_name": "Claire", "role": ""}).content.decode()
    assert "Vous ne pouvez ni changer votre propre rôle" in html
    officer.refresh_from_db()
    assert (officer.role, officer.is_active) == (Role.REGIONAL_OFFICER, True)


def test_the_address_is_not_changed_here(officer_client: Client, stranger: User) -> None:
    data = {"full_name": "Autre", "role": "", "is_active": "on", "email": "autre@exemple.invalid"}
    officer_client.post(f"{LIST}{stranger.pk}/change/", data)
    assert User.objects.get(pk=stranger.pk).email == stranger.email


def test_a_new_link_is_sent_to_those_chosen(officer_client: Client, stranger: User) -> None:
    officer_client.post(LIST, {"action": "send_links", "_selected_action": [stranger.pk]})
    assert Job.objects.get().arguments == {"user_id": stranger.pk}


@pytest.mark.usefixtures("empty_cache")
def test_invitations_have_an_hourly_limit(officer_client: Client, stranger: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invite": "1/h/user"}
    opened(officer_client)
    refused = officer_client.post(f"{LIST}add/", posted(email="autre@exemple.invalid")).content.decode()
    assert "Trop d’invitations en une heure" in refused
    assert not User.objects.filter(email="autre@exemple.invalid").exists()


def test_search_ignores_accents(officer_client: Client) -> None:
    opened(officer_client)
    rows = officer_client.get(LIST, {"q": "INES"}).context["cl"].result_list
    assert [row.full_name for row in rows] == ["Inès Nouvelle"]


def test_an_auditor_reads_and_writes_nothing(
    auditor: User, stranger: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(auditor)
    assert client.get(LIST).status_code == 200
    assert client.post(f"{LIST}add/", posted()).status_code == 403
    data = {"full_name": "Autre", "role": Role.REGIONAL_OFFICER, "is_active": "on"}
    assert client.post(f"{LIST}{stranger.pk}/change/", data).status_code == 403
    client.post(LIST, {"action": "send_links", "_selected_action": [stranger.pk]})
    assert not Job.objects.exists()


def test_the_password_is_never_shown(officer_client: Client, stranger: User) -> None:
    html = officer_client.get(f"{LIST}{stranger.pk}/change/").content.decode()
    assert stranger.password not in html
    assert 'name="password"' not in html
