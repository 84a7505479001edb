"""What the database refuses by itself, whatever the code does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.links.issuing import revoke, rotate
from e2c_portal.links.models import Attempt, LinkToken, LinkVisit, PersonalLink
from tests.links.purpose import link_to, token_in

pytestmark = pytest.mark.django_db


def refused(change: Callable[[], Any]) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        change()
    return str(refusal.value)


@pytest.mark.parametrize(
    ("column", "value"),
    [("purpose", "autre"), ("subject", "autre:1"), ("version", "2"), ("email", "autre@exemple.fr"), ("phone", "+33600000000"), ("holder_label", "Autre")],
)  # fmt: skip
def test_what_a_link_is_bound_to_never_changes(link: PersonalLink, column: str, value: str) -> None:
    assert "figées" in refused(lambda: PersonalLink.objects.filter(pk=link.pk).update(**{column: value}))


def test_a_raw_token_cannot_be_stored(link: PersonalLink) -> None:
    now = timezone.now()
    raw = token_in(rotate(link))
    values = {"link": link, "issued_at": now, "expires_at": now + timedelta(days=1)}
    assert "token_stored_hashed" in refused(lambda: LinkToken.objects.create(sha256=raw, **values))
    assert "token_expires" in refused(
        lambda: LinkToken.objects.create(sha256="0" * 64, **{**values, "expires_at": now})
    )


def test_a_token_never_comes_back_to_life(link: PersonalLink) -> None:
    rotate(link)
    rotate(link)
    retired = LinkToken.objects.exclude(retired_at=None).get()
    assert "figées" in refused(lambda: LinkToken.objects.filter(pk=retired.pk).update(retired_at=None))
    later = timezone.now() + timedelta(days=400)
    assert "figées" in refused(lambda: LinkToken.objects.filter(pk=retired.pk).update(expires_at=later))


def test_a_revocation_is_for_good_and_says_why(link: PersonalLink, officer: User) -> None:
    rows = PersonalLink.objects.filter(pk=link.pk)
    assert "revocation_says_why" in refused(lambda: rows.update(revoked_at=timezone.now()))
    revoke(link, "erreur", officer)
    assert "figées" in refused(lambda: rows.update(revoked_at=None, revoked_reason=""))


def test_one_living_link_for_one_holder_and_one_version(officer: User, link: PersonalLink) -> None:
    twin = PersonalLink(
        purpose=link.purpose, subject=link.subject, version=link.version, holder_label="x", email="Paul@Exemple.FR"
    )
    assert "link_one_alive_per_holder" in refused(lambda: twin.save())
    assert "link_never_replaces_itself" in refused(
        lambda: PersonalLink.objects.filter(pk=link.pk).update(replaced_by=link.pk)
    )
    other = link_to(officer, "anne@exemple.fr")
    PersonalLink.objects.filter(pk=link.pk).update(replaced_by=other)
    assert "figées" in refused(lambda: PersonalLink.objects.filter(pk=link.pk).update(replaced_by=None))


def test_a_link_reaches_somebody_and_its_counts_agree(link: PersonalLink) -> None:
    nobody = PersonalLink(purpose="x", subject="x:1", holder_label="x")
    assert "link_reaches_somebody" in refused(lambda: nobody.save())
    rows = PersonalLink.objects.filter(pk=link.pk)
    assert "link_openings_agree" in refused(lambda: rows.update(open_count=1))
    assert "link_issued_means_expiring" in refused(lambda: rows.update(issued_at=timezone.now()))


def test_a_visit_keeps_fingerprints_alone(link: PersonalLink) -> None:
    rotate(link)
    now = timezone.now()
    values = {"token": link.tokens.get(), "opened_at": now, "last_seen_at": now}
    hashes = {"key_sha256": "0" * 64, "browser_sha256": "1" * 64, "visitor": "2" * 64}
    for column in hashes:
        assert "visit_stored_hashed" in refused(
            lambda c=column: LinkVisit.objects.create(**values, **{**hashes, c: "clair"})
        )
    assert "État initial interdit" in refused(lambda: LinkVisit.objects.create(**values, **hashes, hold="cookie"))
    visit = LinkVisit.objects.create(**values, **hashes)
    LinkVisit.objects.filter(pk=visit.pk).update(hold="cookie")
    assert "Passage interdit" in refused(lambda: LinkVisit.objects.filter(pk=visit.pk).update(hold="address"))
    assert "attempt_known" in refused(lambda: Attempt.objects.create(what="autre", visitor="x", at=now))
