"""Tokens cannot be guessed, and whoever tries is slowed down."""

import re
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.links import attempts, tokens
from e2c_portal.links.issuing import rotate
from e2c_portal.links.models import Attempt, LinkToken, PersonalLink
from e2c_portal.links.opening import open_link
from e2c_portal.links.standing import UnknownLink
from tests.links.purpose import link_to, token_in

pytestmark = pytest.mark.django_db
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
tokens_of_chance = st.text(LETTERS, min_size=43, max_size=43)


def test_tokens_hold_256_bits_and_never_repeat() -> None:
    made = {tokens.new_token() for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in made)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    guess=st.one_of(tokens_of_chance, st.text(max_size=80), st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
)
def test_nothing_made_up_opens_anything(link: PersonalLink, guess: str) -> None:
    if not link.tokens.exists():
        rotate(link)
    with pytest.raises(UnknownLink):
        open_link(guess)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 42), letter=st.sampled_from(LETTERS))
def test_one_wrong_letter_opens_nothing(link: PersonalLink, place: int, letter: str) -> None:
    good = token_in(rotate(link))
    wrong = good[:place] + letter + good[place + 1 :]
    if wrong != good:
        with pytest.raises(UnknownLink):
            open_link(wrong)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_the_database_holds_opens_nothing(link: PersonalLink, data: st.DataObject) -> None:
    rotate(link)
    row = LinkToken.objects.values().first()
    assert row is not None
    stored = [str(value) for value in [*row.values(), *PersonalLink.objects.values().get().values()]]
    with pytest.raises(UnknownLink):
        open_link(data.draw(st.sampled_from(stored)))


@pytest.mark.parametrize("glued", ["", ".", ",", ")", ">", " ", "\n", "…"[:0], "?!", "»"])
def test_punctuation_that_mail_programs_glue_to_a_link_is_ignored(link: PersonalLink, glued: str) -> None:
    assert open_link(token_in(rotate(link)) + glued).link == link


@pytest.mark.parametrize(
    "damage", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: "." + t, lambda t: t[::-1]]
)
def test_a_damaged_token_is_unknown(link: PersonalLink, damage) -> None:
    with pytest.raises(UnknownLink):
        open_link(damage(token_in(rotate(link))))


def test_a_visitor_who_tries_at_random_is_stopped(link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        for _ in range(attempts.ALLOWED[Attempt.What.UNKNOWN_LINK]):
            with pytest.raises(UnknownLink):
                open_link(tokens.new_token(), visitor="v" * 64)
        with pytest.raises(attempts.TooManyAttempts):
            open_link(tokens.new_token(), visitor="v" * 64)
        with pytest.raises(UnknownLink):
            open_link(tokens.new_token(), visitor="w" * 64)
        clock.shift(attempts.WINDOW + timedelta(seconds=1))
        with pytest.raises(UnknownLink):
            open_link(tokens.new_token(), visitor="v" * 64)
        assert attempts.purge_attempts() == 21


def test_a_good_link_always_opens_even_from_a_place_where_somebody_tries_at_random(link: PersonalLink) -> None:
    """A school shares one address: a mischief there must not close the portal to a tutor."""
    good = token_in(rotate(link))
    for _ in range(25):
        with pytest.raises((UnknownLink, attempts.TooManyAttempts)):
            open_link(tokens.new_token(), visitor="v" * 64)
    assert open_link(good, visitor="v" * 64).link == link


def test_two_links_never_share_a_token(officer) -> None:
    links = [link_to(officer, f"p{number}@exemple.fr") for number in range(30)]
    found = {token_in(rotate(link)) for link in links}
    assert len(found) == LinkToken.objects.values("sha256").distinct().count() == 30
