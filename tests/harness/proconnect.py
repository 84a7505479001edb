"""A small OpenID Connect server on this machine, in the place of ProConnect, which is nobody's to run: HTTP, signed tokens."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KEY_ID = "portail", "secret-du-portail", "essai"


@dataclass
class FakeProConnect:
    """What it will say of whoever comes, and what may be wrong with it."""

    key: rsa.RSAPrivateKey
    signer: rsa.RSAPrivateKey
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    tokens_given: list[dict[str, str]] = field(default_factory=list)

    def arrival(self, location: str) -> str:
        """Read where the portal sends the visitor, and return the query with which they come back."""
        self.asked = dict(parse_qsl(urlsplit(location).query))
        return f"?code=code-1&state={self.asked['state']}"

    def signed(self, claims: dict[str, Any]) -> str:
        now = int(time.time())
        whole = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "sub": "agent-1", **claims}
        return jwt.encode(whole, self.signer, algorithm="RS256", headers={"kid": KEY_ID})

    def answer(self, path: str, posted: dict[str, str]) -> tuple[str, str]:
        """Return the type and the text of an answer."""
        if path == "/.well-known/openid-configuration":
            places = {name: f"{self.url}/{place}" for name, place in PLACES.items()}
            return "application/json", json.dumps({"issuer": self.url, **places})
        if path == "/jwks":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return "application/json", json.dumps({"keys": [{**jwk, "kid": KEY_ID, "alg": "RS256"}]})
        if path == "/token":
            self.tokens_given.append(posted)
            token = self.signed({"nonce": self.asked["nonce"], **self.claims})
            return "application/json", json.dumps({"access_token": "acces", "token_type": "Bearer", "id_token": token})
        return "application/jwt", self.signed(self.person)


PLACES = {
    "authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo", "jwks_uri": "jwks",
}  # fmt: skip


def _handler(portal: FakeProConnect) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            posted = {name: values[0] for name, values in parse_qs(self.rfile.read(size).decode()).items()}
            kind, text = portal.answer(urlsplit(self.path).path, posted)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """Say nothing: the terminal is for the tests."""

    return Handler


@pytest.fixture(scope="session")
def signing_keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """Return the key of the server, and one of somebody else."""
    return rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)


@pytest.fixture
def proconnect(signing_keys: tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey], settings: Any) -> Iterator[FakeProConnect]:
    """Run the server, and name it in the settings as production would."""
    fake = FakeProConnect(signing_keys[0], signing_keys[0])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}"
    app = {"provider_id": "proconnect", "name": "ProConnect", "client_id": CLIENT, "secret": SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = {"proconnect": {"APPS": [{**app, "settings": {"server_url": fake.url}}]}}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
