"""A browser reduced to what a measure needs: one kept connection, cookies, forms with their CSRF token."""

import http.client
import secrets
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings

from e2c_portal.accounts.models import User
from tests.bench.asking import signed_in
from tests.bench.figures import CannotMeasure

SECONDS = 120


class Response:
    """An answer, read whole."""

    def __init__(self, answer: http.client.HTTPResponse, seconds: float, content: bytes) -> None:
        self.status, self.headers, self.seconds, self.content = answer.status, answer.headers, seconds, content

    @property
    def location(self) -> str:
        """Where a redirection leads."""
        return self.headers.get("Location", "")


class Visitor:
    """One person at one server."""

    def __init__(self, host: str, port: int, user: User | None = None) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        # Twice the same secret: what Django asks of a form sent from its own page.
        self._token = secrets.token_hex(16)
        self.cookies = {settings.CSRF_COOKIE_NAME: self._token}
        if user is not None:
            cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
            self.cookies[settings.SESSION_COOKIE_NAME] = cookie.value

    def get(self, address: str, *, expected: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """Ask for a page. Raises CannotMeasure when it does not answer as expected."""
        return self._asked("GET", address, None, dict(headers or {}), expected)

    def post(self, address: str, values: Mapping[str, str], *, expected: int = 302) -> Response:
        """Send a form."""
        body = urlencode({"csrfmiddlewaretoken": self._token, **values}).encode()
        return self._asked("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"}, expected)

    def send_file(self, address: str, name: str, file_name: str, content: bytes, *, expected: int = 302) -> Response:
        """Send a form whose one field is a file."""
        mark = secrets.token_hex(12)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._token}\r\n'.encode(),
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode(),
            content,
            f"\r\n--{mark}--\r\n".encode(),
        ]
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._asked("POST", address, b"".join(parts), headers, expected)

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _asked(self, method: str, address: str, body: bytes | None, headers: dict[str, str], expected: int) -> Response:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = perf_counter()
        try:
            answer = self._sent(method, address, body, headers)
            content = answer.read()
        except OSError as error:
            raise CannotMeasure(f"{address} n’a pas répondu : {error}") from error
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status != expected:
            raise CannotMeasure(
                f"{method} {address} a répondu {answer.status} au lieu de {expected} {answer.headers.get('Location', '')}"
            )
        return Response(answer, perf_counter() - began, content)

    def _sent(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Send a request; a connection that the server closed while nobody asked anything is opened again."""
        with suppress(http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.request(method, address, body, headers)
            return self._connection.getresponse()
        self._connection.close()
        self._connection.request(method, address, body, headers)
        return self._connection.getresponse()
