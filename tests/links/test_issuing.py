"""The life of a link: prepared without a token, given one at each sending, withdrawn."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder, delivered, prepare, revoke, revoke_all, rotate
from e2c_portal.links.models import LinkToken, PersonalLink
from e2c_portal.links.opening import open_link
from e2c_portal.links.queries import links_of, state_of
from e2c_portal.links.standing import ExpiredLink, OutdatedLink, ReplacedLink, RevokedLink
from tests.links.purpose import LIFETIME, NAME, Desk, link_to, token_in

pytestmark = pytest.mark.django_db


def test_preparing_makes_no_token(link: PersonalLink) -> None:
    assert not LinkToken.objects.exists()
    assert (link.issued_at, link.expires_at) == (None, None)
    assert state_of(link).label == "Pas encore envoyé"
    assert [entry.action for entry in trail_of(link)] == ["link.prepared"]


def test_preparing_twice_gives_the_same_link(officer: User, link: PersonalLink) -> None:
    assert link_to(officer).pk == link.pk
    assert link_to(officer, "PAUL@exemple.fr").pk == link.pk
    assert link_to(officer, "anne@exemple.fr").pk != link.pk
    assert links_of(officer).count() == 2
    assert links_of(officer, purpose="autre").count() == 0


def test_a_new_version_replaces_the_link_of_the_old(officer: User, link: PersonalLink, desk: Desk) -> None:
    url = rotate(link)
    desk.version = "2"
    newer = link_to(officer, version="2")
    link.refresh_from_db()
    assert link.replaced_by == newer
    with pytest.raises(OutdatedLink):
        open_link(token_in(url))
    assert state_of(link).label == "Remplacé"


def test_a_holder_must_be_reachable(officer: User) -> None:
    with pytest.raises(Refused, match="téléphone pour Paul"):
        prepare(NAME, officer, "1", Holder("Paul"))
    assert prepare(NAME, officer, "1", Holder("Paul", phone="+33612345678")).email == ""


def test_an_unknown_purpose_is_refused(officer: User) -> None:
    with pytest.raises(PortalError, match="plus connu"):
        prepare("tests.inconnu", officer, "1", Holder("Paul", "paul@exemple.fr"))


def test_each_sending_has_a_fresh_token_and_a_fresh_life(link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        first = rotate(link)
    with time_machine.travel("2026-12-20 10:00+01:00", tick=False):
        second = rotate(link)
        link.refresh_from_db()
        assert link.expires_at == timezone.now() + LIFETIME
        assert open_link(token_in(second)).link == link
        with pytest.raises(ReplacedLink):
            open_link(token_in(first))
    assert first != second
    assert first.startswith("http://127.0.0.1:8000/lien/")
    assert len(token_in(first)) == 43


def test_the_old_link_lives_until_the_new_message_has_left(link: PersonalLink) -> None:
    """A mail server that is down must not leave anybody without a link that works."""
    old, waiting = rotate(link, delivery="mail:1"), rotate(link, delivery="mail:2")
    assert open_link(token_in(old)).link == open_link(token_in(waiting)).link == link
    assert delivered("mail:2") == 1
    assert delivered("mail:2") == 0
    with pytest.raises(ReplacedLink):
        open_link(token_in(old))
    assert open_link(token_in(waiting)).link == link


def test_both_copies_of_one_message_open(link: PersonalLink) -> None:
    copies = [rotate(link, delivery="mail:1"), rotate(link, delivery="mail:1")]
    delivered("mail:1")
    for copy in copies:
        assert open_link(token_in(copy)).link == link


def test_an_older_message_that_leaves_late_does_not_retire_the_newer(link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        rotate(link, delivery="mail:1")
        clock.shift(60)
        newer = rotate(link, delivery="mail:2")
        assert delivered("mail:1") == 0
        assert open_link(token_in(newer)).link == link


@pytest.mark.parametrize(
    ("after", "opens"), [(timedelta(microseconds=-1), True), (timedelta(0), False), (timedelta(seconds=1), False)]
)
def test_a_link_dies_at_the_very_instant(link: PersonalLink, after: timedelta, opens: bool) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        url, end = rotate(link), timezone.now() + LIFETIME
    with time_machine.travel(end + after, tick=False):
        if opens:
            assert open_link(token_in(url)).link == link
        else:
            with pytest.raises(ExpiredLink):
                open_link(token_in(url))
            link.refresh_from_db()
            assert state_of(link).label == "Expiré"


def test_a_night_of_clock_change_takes_nothing_from_anybody(link: PersonalLink) -> None:
    with time_machine.travel("2026-10-01 02:30+02:00", tick=False):
        url = rotate(link)
    with time_machine.travel("2026-10-31 01:29:59+01:00", tick=False):
        assert open_link(token_in(url)).link == link
    with time_machine.travel("2026-10-31 01:30+01:00", tick=False), pytest.raises(ExpiredLink):
        open_link(token_in(url))


def test_a_limit_bounds_every_token_and_may_be_brought_forward(officer: User) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        limit = timezone.now() + timedelta(days=2)
        link = link_to(officer, not_after=limit)
        url = rotate(link)
        link.refresh_from_db()
        assert link.expires_at == limit
        link_to(officer, not_after=limit - timedelta(days=1))
        clock.shift(timedelta(days=1))
        with pytest.raises(ExpiredLink):
            open_link(token_in(url))
        with pytest.raises(Refused, match="date limite"):
            rotate(link)


def test_a_revoked_link_is_dead_for_good(link: PersonalLink, officer: User) -> None:
    url = rotate(link)
    with pytest.raises(Refused, match="motif"):
        revoke(link, " ", officer)
    revoke(link, "La convention est abandonnée", officer)
    with pytest.raises(RevokedLink):
        open_link(token_in(url))
    with pytest.raises(RevokedLink):
        rotate(link)
    revoke(link, "une autre raison", officer)
    link.refresh_from_db()
    assert link.revoked_reason == "La convention est abandonnée"
    assert "abandonnée" in state_of(link).meaning
    assert [entry.action for entry in trail_of(link)].count("link.revoked") == 1


def test_after_a_revocation_a_new_link_may_be_made(link: PersonalLink, officer: User) -> None:
    revoke(link, "erreur", officer)
    assert link_to(officer).pk != link.pk


def test_all_links_to_a_record_are_withdrawn_at_once(link: PersonalLink, officer: User, second_officer: User) -> None:
    link_to(officer, "anne@exemple.fr")
    kept = link_to(second_officer)
    assert revoke_all(officer, "abandon", officer, purpose="autre") == 0
    assert revoke_all(officer, "abandon", officer) == 2
    assert list(PersonalLink.objects.filter(revoked_at=None)) == [kept]


def test_a_link_to_nothing_any_more_is_closed_and_not_sent(link: PersonalLink, desk: Desk) -> None:
    url = rotate(link)
    desk.version = None
    with pytest.raises(RevokedLink):
        open_link(token_in(url))
    with pytest.raises(RevokedLink):
        rotate(link)


def test_an_outdated_link_is_not_sent(link: PersonalLink, desk: Desk) -> None:
    desk.version = "2"
    with pytest.raises(OutdatedLink):
        rotate(link)


def test_openings_are_counted_and_clocks_that_go_back_do_no_harm(link: PersonalLink) -> None:
    now = timezone.now()
    issuing.note_opened(link.pk, now)
    issuing.note_opened(link.pk, now - timedelta(hours=1))
    link.refresh_from_db()
    assert (link.open_count, link.first_opened_at, link.last_opened_at) == (2, now, now)
