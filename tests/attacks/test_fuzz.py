"""Whatever is typed, nothing breaks: forms and public addresses receive what nobody expects, and never answer 500.

A few hundred examples in the suite; `make fuzz` tries 5,000 of each kind.
"""

import os
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from schools.models import School
from tests.attacks.reconnaissance import Form, Map, explore
from tests.factories.attendance import stay, under_way
from tests.factories.hosting import offer_at
from tests.factories.trainees import host
from tests.house.addresses import VALUES, all_addresses
from tests.trainees.test_other_school import DAY

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
# The long run follows links further.
PAGES = 140 if EXAMPLES >= 1000 else 40
STARTS = ("/", "/stagiaires/", "/entreprises/", "/conventions/", "/assises/", "/reseau/", "/ceremonies/", "/exports/",
          "/signatures/", "/messages/", "/gestion/", "/verifier/", "/stagiaires/accueils/")  # fmt: skip
AWAY = ("/deconnexion", "/demonstration", "/gestion/logout", "/gestion/jsi18n")
fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 1000, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip

NASTY = st.sampled_from(
    ["", " ", "\x00", "'", '"><script>', "{{ 7*7 }}", "%s%n", "../../etc/passwd", "-1", "0", "99999999999999999999", "1e400", "NaN",
     "31/02/2026", "0000-00-00", "9999-12-31", "25:61", "é" * 300, "\u202e", "🤖", "\ud7ff", "=1+1", "on", "null", "[]", "{}",
     "1 84 12 76 451 089 46", "a@b", "\r\nX: 1", "%00", "1" * 5000]
)  # fmt: skip
ANYTHING = (
    NASTY
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.integers().map(str)
    | st.dates().map(str)
)


def sent(client: Client, method: str, path: str, values: dict[str, str]) -> int:
    """Send it, and take back whatever it wrote."""
    with transaction.atomic():
        client.raise_request_exception = False
        status = getattr(client, method)(path, values).status_code
        transaction.set_rollback(True)
    return status


@pytest.fixture
def everything(
    school: School, coordinator: User, officer: User, client_of: Callable[..., Client]
) -> list[tuple[Client, Form]]:
    """Each form that a coordinator and a regional officer find by following links, once, with the browser of its reader."""
    pathway = under_way(school, coordinator)
    stay(pathway, coordinator, DAY, DAY, (DAY,))
    offer_at(host(), coordinator, school)
    found: dict[str, tuple[Client, Form]] = {}
    for user in (coordinator, officer):
        client = client_of(user)
        seen: Map = explore(client, [*STARTS, pathway.trainee.get_absolute_url()], most=PAGES, skip=AWAY)
        for form in seen.forms:
            if not form.action.startswith(AWAY):
                found.setdefault(f"{form.method} {form.action} {sorted(form.values)}", (client, form))
    assert len(found) > 25, "the walk must see forms"
    return list(found.values())


@pytest.mark.usefixtures("seal_key")
def test_no_form_breaks_on_what_is_typed(everything: list[tuple[Client, Form]]) -> None:
    @fuzzed
    @given(st.data())
    def check(data: st.DataObject) -> None:
        client, form = data.draw(st.sampled_from(everything))
        names = sorted(form.values) or ["rien"]
        wrong = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
        values = dict(form.values) | {name: data.draw(ANYTHING) for name in wrong}
        assert sent(client, "post" if form.method == "post" else "get", form.action, values) < 500

    check()


def test_no_public_address_breaks_on_what_is_asked(client: Client) -> None:
    public = [address.example for address in all_addresses() if address.is_public]

    @fuzzed
    @given(st.sampled_from(public), st.sampled_from(["get", "post"]), ANYTHING, ANYTHING)
    def check(path: str, method: str, one: str, other: str) -> None:
        asked = path.replace(VALUES["str"], one.replace("/", "") or "x") if VALUES["str"] in path else path
        values = {"next": one, "q": other, "page": other, "login": one, "email": other, "code": one}
        assert sent(client, method, asked.split("?")[0].split("#")[0], values) < 500

    check()
