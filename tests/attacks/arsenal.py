"""The attacks. Each returns what it found: nothing against the portal, something against a hole put in on purpose."""

import io
import secrets
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.attacks.reconnaissance import Finding, Form, Map
from tests.house.addresses import Address

EVIL = "evil.exemple.invalid"
SERVER_ERROR = 500


def guess_links(client: Client, pattern: str = "/lien/{token}/", tries: int = 30) -> list[Finding]:
    """Try tokens at random: none may open, and somebody who goes on must be stopped."""
    answers = [client.get(pattern.format(token=secrets.token_urlsafe(32))) for _ in range(tries)]
    found = [
        Finding("guess", pattern, f"a token at random answered {a.status_code}")
        for a in answers
        if a.status_code in (200, 302)
    ]
    if all(answer.status_code != 429 for answer in answers):
        found.append(Finding("guess", pattern, f"{tries} guesses in a row and nobody said stop"))
    return found[:3]


def open_their_rows(stranger: Client, owner: Map, words: Sequence[str]) -> list[Finding]:
    """Ask as a stranger for every page that the owner read about their own people: none may show these words."""
    found = []
    for path, text in owner.pages.items():
        if not any(word in text for word in words):
            continue
        answer = stranger.get(path, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if leaked := [word for word in words if word.encode() in body]:
            found.append(Finding("idor", path, f"a stranger reads {leaked[0]}"))
    return found


def post_without_token(client: Client, addresses: Iterable[Address], exempt: Sequence[str]) -> list[Finding]:
    """Send forms from another site: without the token, each must be refused before anything is looked at.

    `client` checks tokens (enforce_csrf_checks). `exempt` are the routes where the address itself holds the proof.
    """
    found = []
    for address in addresses:
        if address.route.startswith(tuple(exempt)):
            continue
        answer = client.post(address.example, {"a": "b"})
        if answer.status_code not in (403, 404, 405) and not _sent_to_sign_in(answer):
            found.append(Finding("csrf", address.route, f"a forged form answered {answer.status_code}"))
    return found


def _sent_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(("/connexion/", "/gestion/login/"))


def keep_the_session(sign_in: Callable[[Client], None], private: str) -> list[Finding]:
    """Give a victim a session chosen beforehand: once they sign in, it must open nothing."""
    victim, attacker = Client(), Client()
    victim.get("/connexion/")
    victim.session.save()
    chosen = victim.session.session_key
    victim.cookies["sessionid"] = attacker.cookies["sessionid"] = chosen
    sign_in(victim)
    if victim.get(private).status_code != 200:
        return [Finding("fixation", private, "the victim could not sign in: the attack proves nothing")]
    if attacker.get(private).status_code == 200:
        return [Finding("fixation", private, "the session chosen before the sign-in is signed in")]
    return []


def forge_the_host(client: Client, paths: Iterable[str]) -> list[Finding]:
    """Ask under another name: nothing that the portal answers may repeat it."""
    found = []
    for path in paths:
        for headers in ({"HTTP_HOST": EVIL}, {"HTTP_X_FORWARDED_HOST": EVIL}, {"HTTP_FORWARDED": f"host={EVIL}"}):
            answer = client.get(path, **headers)  # type: ignore[arg-type]
            told = answer.headers.get("Location", "") + (
                "" if answer.streaming else answer.content.decode(errors="replace")
            )
            if "HTTP_HOST" in headers and answer.status_code < 400:
                found.append(Finding("host", path, f"an unknown host answered {answer.status_code}"))
            elif EVIL in told and answer.status_code != 400:
                found.append(Finding("host", path, f"repeats the host of {next(iter(headers))}"))
    return found


def split_headers(
    client: Client, paths: Iterable[str], names: Sequence[str] = ("next", "q", "page", "mois", "nom", "tri")
) -> list[Finding]:
    """Slip line ends into what is asked: no header may be added, nothing may break."""
    found, broken = [], "a%0d%0aX-Evil:%201"
    for path in paths:
        answer = client.get(f"{path}?{'&'.join(f'{name}={broken}' for name in names)}")
        if "X-Evil" in answer.headers or answer.status_code >= SERVER_ERROR:
            found.append(Finding("headers", path, f"{answer.status_code} {answer.headers.get('X-Evil', '')}"))
    return found


def redirect_elsewhere(client: Client, paths: Iterable[str], send: Callable[[Client, str, str], Any]) -> list[Finding]:
    """Ask to be sent to another site afterwards, in all the ways browsers understand."""
    found = []
    for path in paths:
        for where in (
            f"https://{EVIL}/",
            f"//{EVIL}/",
            f"/\\{EVIL}/",
            f"https:{EVIL}",
            f"///{EVIL}",
            f"\thttps://{EVIL}",
        ):
            place = send(client, path, where).headers.get("Location", "")
            if EVIL in place.split("?")[0]:
                found.append(Finding("redirect", path, f"sends to {place}"))
    return found


def assign_in_bulk(
    client: Client, forms: Iterable[Form], extra: dict[str, str], state: Callable[[], object]
) -> list[Finding]:
    """Send each form with fields it never offered: what they name must stay as it was."""
    found = []
    for form in forms:
        if form.method != "post" or form.files:
            continue
        before = state()
        answer = client.post(form.action, extra | form.values)
        if answer.status_code >= SERVER_ERROR:
            found.append(Finding("assignment", form.action, f"answered {answer.status_code}"))
        if state() != before:
            found.append(Finding("assignment", form.action, "a field that the form never offered was written"))
    return found


@cache
def tricks() -> dict[str, bytes]:
    """Return files that are not what they say, by the name they are sent under. Pressing the bomb takes a third of a second."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    page = b"<html><script>fetch('/gestion/')</script></html>"
    return {
        "photo.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "piece.pdf": page,
        "page.html": page,
        "programme.pdf.exe": b"MZ" + bytes(200),
        "bombe.xlsx": bomb.getvalue(),
        "../../../../tmp/evade.pdf": b"%PDF-1.4 nothing else",
        "polyglotte.jpg": b"\xff\xd8\xff\xe0" + page,
        "vide.pdf": b"",
        "liste.csv": b"nom;prenom\n=cmd|' /C calc'!A0;x\n\x00\x00",
    }


def send_tricky_files(client: Client, forms: Iterable[Form], stored: Callable[[], Iterable[Path]]) -> list[Finding]:
    """Send each of these files by each form that takes one: none may be kept as it came, nor break anything."""
    found = []
    for form in forms:
        for name, content in tricks().items():
            values: dict[str, Any] = dict(form.values)
            for file_field in form.files:
                values[file_field] = SimpleUploadedFile(name, content)
            answer = client.post(form.action, values)
            if answer.status_code >= SERVER_ERROR:
                found.append(Finding("upload", form.action, f"{name}: answered {answer.status_code}"))
            elif content and any(content == path.read_bytes() for path in stored()):
                found.append(Finding("upload", form.action, f"{name} is kept as it came"))
    return found
