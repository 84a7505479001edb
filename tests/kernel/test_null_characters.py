"""A null character is refused before anything is looked for."""

import pytest
from django.test import Client

from e2c_portal.accounts.models import User


@pytest.mark.django_db
def test_it_is_refused_wherever_it_hides(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.get("/entreprises/", {"q": "a\x00b"}).status_code == 400
    assert client.get("/entreprises/", {"a\x00": "b"}).status_code == 400
    assert client.get("/entreprises/%00/").status_code == 400
    assert client.post("/entreprises/nouvelle/", {"legal_name": "\x00"}).status_code == 400
    assert client.get("/entreprises/", {"q": "ab"}).status_code == 200
