"""Two browsers, two workers, two clicks at the same instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.links.attempts import TooManyAttempts
from e2c_portal.links.issuing import rotate
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.opening import open_link
from e2c_portal.links.renewing import renew
from e2c_portal.links.standing import UnknownLink
from e2c_portal.links.tokens import new_token
from tests.links.purpose import Desk, link_to, path_in, token_in

pytestmark = pytest.mark.django_db(transaction=True)


def together(action: Callable[[], object], times: int = 6) -> list[object]:
    """Do the same thing at the same instant in several threads, each with its own connection."""
    gate = threading.Barrier(times)

    def run() -> object:
        try:
            gate.wait()
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(times)]]


def test_one_link_is_prepared(officer: User) -> None:
    assert len(set(together(lambda: link_to(officer).pk))) == 1
    assert PersonalLink.objects.count() == 1


def test_one_renewal_is_sent(officer: User, desk: Desk) -> None:
    link = link_to(officer)
    rotate(link)
    assert sorted(together(lambda: renew(link))) == [False] * 5 + [True]  # type: ignore[type-var]
    assert len(desk.sent) == 1


def test_tokens_made_at_once_all_open(officer: User) -> None:
    link = link_to(officer)
    urls = together(lambda: rotate(link, delivery="mail:1"))
    assert len({open_link(token_in(str(url))).token.pk for url in urls}) == 6


def test_one_arrival_is_counted_when_a_page_is_asked_for_twice_at_once(officer: User) -> None:
    link = link_to(officer)
    browser = Client()
    page = browser.get(path_in(rotate(link)))["Location"]
    cookies = browser.cookies

    def arrive() -> int:
        tab = Client()
        tab.cookies = cookies
        return tab.get(page).status_code

    assert set(together(arrive)) == {200}
    link.refresh_from_db()
    assert link.open_count == 1


def test_a_burst_of_guesses_does_not_slip_through(db: None) -> None:
    def guess() -> str:
        try:
            open_link(new_token(), visitor="v" * 64)
        except TooManyAttempts:
            return "stopped"
        except UnknownLink:
            return "unknown"
        return "opened"

    answers = [answer for _ in range(5) for answer in together(guess)]
    assert (answers.count("unknown"), answers.count("stopped")) == (20, 10)
