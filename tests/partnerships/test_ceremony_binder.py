"""The signing binder: one PDF that says exactly what is signed, told out of date when the list changes.

Its conformance is checked with that of the other documents (tests/documents/test_conformance.py).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.rendering import render_template_to_html
from e2c_portal.kernel.errors import Refused
from partnerships import binder
from partnerships.ceremony_sheet import binder_panel
from partnerships.documents import CONVENTION
from partnerships.models import SigningEvent
from partnerships.operations.ceremonies import place_in_programme, remove_from_programme, request_binder
from partnerships.operations.ceremony_day import put_programme_to_signature
from tests.factories.ceremonies import ceremony_on, voted
from tests.factories.documents import seal, seal_waiting
from tests.factories.signing import envelope_of
from tests.house.source import ROOT

pytestmark = pytest.mark.usefixtures("seal_key")


@pytest.fixture
def event(officer: User) -> SigningEvent:
    event = ceremony_on(None, officer, voted(officer), voted(officer))
    put_programme_to_signature(event.pk, officer)
    return event


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_nothing_is_printed_before_it_is_put_to_signature(officer: User, officer_client: Client) -> None:
    event = ceremony_on(None, officer, voted(officer))
    with pytest.raises(Refused, match="mettez d’abord le programme à la signature"):
        request_binder(event.pk, officer)
    page = officer_client.post(f"{event.get_absolute_url()}parapheur/", follow=True).content.decode()
    assert "mettez d’abord le programme" in page
    assert not Document.objects.filter(kind=binder.KIND).exists()


def test_it_holds_each_text_word_for_word_and_is_read_by_the_network(
    officer: User,
    event: SigningEvent,
    tmp_path: Path,
    auditor: User,
    stranger: User,
    client_of: Callable[[User], Client],
) -> None:
    document = seal(request_binder(event.pk, officer))
    assert document.is_sealed, document.failure
    whole = words_of(render_template_to_html(binder.KIND, "v1", document.context))
    for item in event.programme.select_related("convention"):
        signed = envelope_of(item.convention).document
        alone = render_template_to_html("convention", signed.template_version, signed.context)
        # Everything between the letterhead and the way to check, margins aside.
        assert words_of(alone[alone.index('<p class="overline">') : alone.index("</main>")]) in whole
        assert signed.printed_code in whole
    path = tmp_path / "parapheur.pdf"
    path.write_bytes(storage.read(document.file))
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        names = [str(entry.title) for entry in outline.root]
        assert names[0] == "Ordre de passage"
        assert [name.split(".")[0] for name in names[1:]] == ["1", "2"]
        assert all(not entry.children for entry in outline.root)
    address = f"/documents/{document.public_id}/"
    assert client_of(auditor).get(address).status_code == 200
    assert client_of(stranger).get(address).status_code == 404
    code = client_of(stranger).get(f"/verifier/{document.printed_code}/").content.decode()
    assert "reproduit les textes" in code
    assert "Camille Exemple" not in code


def test_the_same_list_gives_the_same_binder_and_a_changed_one_supersedes_it(
    officer: User, officer_client: Client, event: SigningEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{event.get_absolute_url()}parapheur/"
    for _ in range(2):
        officer_client.post(address)
    [first] = seal_made()
    assert officer_client.post(address).status_code == 302
    assert Document.objects.filter(kind=binder.KIND).count() == 1
    assert "n’est plus à jour" not in officer_client.get(event.get_absolute_url()).content.decode()
    second_convention = event.programme.get(position=2).convention_id
    place_in_programme(event.pk, second_convention, 1, officer)
    assert "n’est plus à jour" in officer_client.get(event.get_absolute_url()).content.decode()
    officer_client.post(address)
    [second] = seal_made()
    assert second.supersedes == first
    assert not binder_panel(event).outdated
    with monkeypatch.context() as patch:
        patch.setattr(binder, "CONVENTION", replace(CONVENTION, version="v99"))
        with pytest.raises(Refused, match="relancez sa signature"):
            request_binder(event.pk, officer)
    remove_from_programme(event.pk, second_convention, officer)
    assert binder_panel(event).outdated


def seal_made() -> list[Document]:
    return [document for document in seal_waiting() if document.kind == binder.KIND]


def test_the_parts_are_those_of_the_conventions_own_template() -> None:
    folder = ROOT / "templates" / "documents" / binder.KIND / "v1"
    text = "".join((folder / name).read_text(encoding="utf-8") for name in ("document.html", "convention.html"))
    assert set(re.findall(r"convention/(v\d+)/", text)) == {CONVENTION.version}
