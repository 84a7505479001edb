"""The public page: what it refuses, in which words, and what it never tells."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document, FailedLookup
from e2c_portal.kernel.client_address import client_address

pytestmark = pytest.mark.django_db

Ask = Callable[..., Document]
PAGE = "/verifier/"


def upload(content: bytes, name: str = "avis.pdf") -> dict[str, Any]:
    return {"way": "file", "file": SimpleUploadedFile(name, content, "application/pdf")}


def words_of(response: Any) -> str:
    """Return the page with plain spaces, so that a test reads like the sentence it looks for."""
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_page_is_open_to_all_and_tells_nothing_by_itself(client: Client, sealed_notice: Ask) -> None:
    document = sealed_notice()
    response = client.get(PAGE)
    assert response.status_code == 200
    assert document.reference not in words_of(response)
    assert "no-store" in response["Cache-Control"]


def test_the_addresses_are_those_that_documents_print() -> None:
    assert reverse("documents:verify") == PAGE
    assert reverse("documents:verdict", args=["ABCDE-FGHJK"]) == "/verifier/ABCDE-FGHJK/"


def test_the_qr_code_leads_to_the_answer(client: Client, sealed_notice: Ask) -> None:
    document = sealed_notice()
    response = client.get(document.context["verification"]["url"].partition("8000")[2])
    page = words_of(response)
    assert response.status_code == 200
    for expected in ("Document connu du registre, en vigueur", document.reference, "Avis", document.seal_subject):
        assert expected in page
    assert "Secrète" not in page
    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)


def test_a_typed_code_leads_to_the_address_of_its_answer(client: Client, sealed_notice: Ask) -> None:
    document = sealed_notice()
    response = client.post(PAGE, {"code": document.verification_code.lower()})
    assert (response.status_code, response["Location"]) == (302, f"/verifier/{document.printed_code}/")


def test_a_wrong_code_is_kept_in_the_field_to_be_corrected(client: Client) -> None:
    response = client.post(PAGE, {"code": "abcde-fghjk"})
    assert response.status_code == 404
    assert 'value="abcde-fghjk"' in words_of(response)
    assert "Aucun document ne porte ce code" in words_of(response)


@pytest.mark.parametrize(("typed", "reason"), [("", "Tapez le code imprimé"), ("A" * 41, "trop long pour un code")])
def test_an_impossible_entry_is_refused_without_being_counted(client: Client, typed: str, reason: str) -> None:
    response = client.post(PAGE, {"code": typed})
    assert reason in words_of(response)
    assert not FailedLookup.objects.exists()


def test_the_tenth_wrong_code_closes_codes_and_qr_codes_but_not_files(client: Client, sealed_notice: Ask) -> None:
    document = sealed_notice()
    for number in range(10):
        asked = client.get("/verifier/22222-22222/") if number % 2 else client.post(PAGE, {"code": "22222-22222"})
        assert asked.status_code == 404
    right_code = client.post(PAGE, {"code": document.verification_code})
    right_qr = client.get(f"/verifier/{document.printed_code}/")
    for refused in (right_code, right_qr):
        assert (refused.status_code, refused["Retry-After"]) == (429, "900")
        assert "Trop de codes erronés" in words_of(refused)
        assert document.reference not in words_of(refused)
    by_file = client.post(PAGE, upload(storage.read(document.file)))
    assert "Document authentique, en vigueur" in words_of(by_file)


def test_the_limit_follows_the_visitor_and_not_what_he_says_of_himself(client: Client, settings: Any) -> None:
    for number in range(10):
        client.get("/verifier/22222-22222/", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert client.get("/verifier/22222-22222/", headers={"X-Forwarded-For": "203.0.113.99"}).status_code == 429
    settings.TRUSTED_PROXY_COUNT = 1
    assert client.get("/verifier/22222-22222/", headers={"X-Forwarded-For": "203.0.113.99"}).status_code == 404


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 203.0.113.10", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "someone else", "192.0.2.1"),
        (1, "[2001:DB8::1]", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_the_one_our_own_proxies_saw(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


def test_one_changed_byte_is_told(client: Client, sealed_notice: Ask) -> None:
    content = bytearray(storage.read(sealed_notice().file))
    content[4000] ^= 1
    page = words_of(client.post(PAGE, upload(bytes(content))))
    assert "Document modifié après son scellement" in page
    assert "Ne vous y fiez pas" in page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"way": "file"}, "Choisissez le fichier PDF à vérifier."),
        (upload(b""), "Ce fichier est vide"),
        (upload(b"PK\x03\x04 a spreadsheet"), "Ce fichier n’est pas un PDF"),
    ],
)
def test_what_is_not_a_pdf_is_refused_in_french(client: Client, notices: None, data: dict, reason: str) -> None:
    assert reason in words_of(client.post(PAGE, data))


def test_a_file_a_little_over_the_limit_is_refused_before_it_is_read(client: Client, settings: Any) -> None:
    settings.VERIFICATION_UPLOAD_LIMIT_BYTES = 1024**2
    page = words_of(client.post(PAGE, upload(b"%PDF-1.7" + b" " * 1024**2)))
    assert "Ce fichier dépasse 1 Mo" in page
    assert "tapez le code" in page


class Body:
    """A request body made while it is read; `given` counts the bytes that were asked for, `most` the largest piece."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left = head, size
        self.given = self.most = 0

    def read(self, size: int = 65536) -> bytes:
        content, self.head = (self.head, b"") if self.head else (bytes(min(self.left, size)), b"")
        self.left -= content.count(0)
        self.given += len(content)
        self.most = max(self.most, len(content))
        return content

    readline = read


def post_large(client: Client, megabytes: int) -> tuple[Any, Body]:
    """Post a file of that size without ever making it whole, with the CSRF token a browser would send."""
    page = client.get(PAGE)
    token = page.context["csrf_token"]
    edge = uuid4().hex
    fields = {"csrfmiddlewaretoken": str(token), "way": "file"}
    head = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="gros.pdf"\r\n\r\n'
    size = megabytes * 1024 * 1024
    body = Body(head.encode(), size)
    response = client.generic(
        "POST", PAGE,
        **{
            "wsgi.input": body, "CONTENT_LENGTH": str(len(head) + size),
            "CONTENT_TYPE": f"multipart/form-data; boundary={edge}",
        },
    )  # fmt: skip
    return response, body


def test_a_file_of_50_megabytes_is_refused_in_french_and_never_kept() -> None:
    response, body = post_large(Client(enforce_csrf_checks=True), 50)
    assert response.status_code == 413
    assert "Ce fichier dépasse 15 Mo : il n’a pas été lu." in words_of(response)
    assert not response.wsgi_request.FILES
    assert body.most <= 64 * 1024


def test_a_monstrous_upload_is_not_even_read_to_its_end() -> None:
    response, body = post_large(Client(enforce_csrf_checks=True), 5000)
    assert response.status_code == 413
    assert body.given < 1024 * 1024


def test_a_form_without_its_token_is_refused(notices: None) -> None:
    assert Client(enforce_csrf_checks=True).post(PAGE, {"code": "22222-22222"}).status_code == 403


def test_a_portal_without_its_seal_says_that_it_cannot_judge(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    response = client.post(PAGE, upload(b"%PDF-1.7\n%%EOF"))
    assert response.status_code == 503
    assert "La vérification n’a pas eu lieu" in words_of(response)
