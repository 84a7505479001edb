"""The lists of the admin: counted up to a limit that is told, never chosen whole beyond it, filters that lose nothing."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from e2c_portal.kernel.french import number
from e2c_portal.mailing.models import Sms
from e2c_portal.ui.admin_lists import TOO_LONG, ListAdmin
from e2c_portal.ui.pages import COUNTED_UP_TO
from partnerships.models import SigningEvent

OURS = ("e2c_portal.", "schools.", "partnerships.", "trainees.", "assises.")
LIST = "/gestion/mailing/sms/"
MORE = f"Plus de {number(COUNTED_UP_TO)}"


@pytest.fixture
def messages(db: None) -> list[Sms]:
    """One more than the pages count, the first one to another phone, thirty-one of another kind."""
    now = timezone.now()
    rows = [
        Sms(
            kind="essai" if n > 30 else "court",
            phone="+33612345678",
            subject=f"essais.rien:{n}",
            content_sha256="0" * 64,
            due_at=now,
        )
        for n in range(COUNTED_UP_TO + 1)
    ]
    rows[0].phone = "+33698765432"
    return Sms.objects.bulk_create(rows)


def text_of(answer: Any) -> str:
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def by_state() -> list[dict[str, Any]]:
    return list(Sms.objects.order_by().values("status", "attempts").annotate(rows=Count("pk")))


def test_every_list_of_ours_has_the_common_base() -> None:
    ours = [pages for pages in admin.site._registry.values() if type(pages).__module__.startswith(OURS)]
    assert len(ours) > 12
    assert [pages for pages in ours if not isinstance(pages, ListAdmin)] == []


def test_a_long_list_says_where_its_count_stops(officer_client: Client, messages: list[Sms]) -> None:
    html = text_of(officer_client.get(LIST))
    assert f"{MORE} messages texte&#8239;; cherchez ou filtrez pour voir les autres" in html
    assert f"{MORE} résultats" in html
    assert 'class="question' not in html
    last = officer_client.get(LIST, {"p": COUNTED_UP_TO // 25})
    assert len(last.context["cl"].result_list) == 25
    found = officer_client.get(LIST, {"q": "+33698765432"})
    assert [row.pk for row in found.context["cl"].result_list] == [messages[0].pk]
    assert " 1 message texte " in text_of(found)


def test_a_long_list_is_never_chosen_whole(officer_client: Client, messages: list[Sms]) -> None:
    before = by_state()
    posted = {"action": "retry_selected", "select_across": "1", "_selected_action": [messages[0].pk]}
    answer = officer_client.post(LIST, posted, follow=True)
    assert TOO_LONG.split(" :")[0] in text_of(answer)
    assert by_state() == before


def test_a_short_list_is_counted_and_chosen_whole(officer_client: Client, messages: list[Sms]) -> None:
    html = text_of(officer_client.get(LIST, {"kind": "court"}))
    assert " 31 messages texte " in html
    assert 'class="question' in html
    assert "Plus de" not in html


@pytest.mark.django_db
def test_a_filter_keeps_what_the_address_says_already(officer_client: Client) -> None:
    event = SigningEvent.objects.create(name="Cérémonie <de mars>", held_on="2026-03-20", place="Hôtel de Région")
    address = "/gestion/partnerships/partnershipconvention/"
    html = text_of(officer_client.get(address, {"q": "a b", "fin": "6", "ceremonie": event.pk}))
    chosen = f'<a href="?fin=6&amp;q=a+b&amp;ceremonie={event.pk}" aria-current="true">Cérémonie &lt;de mars&gt;</a>'
    assert f'<li class="selected">{chosen}</li>' in html
    assert f'<li><a href="?ceremonie={event.pk}&amp;q=a+b">Tout</a></li>' in html
    assert '<span class="filter-choice">Cérémonie &lt;de mars&gt;</span>' in html
