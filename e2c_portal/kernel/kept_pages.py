"""Pages kept ready: a page is drawn again only when something that it shows has changed, and is never shown late.

Whoever keeps a page says two things. A *stamp* of the rows it shows, read before them, which differs as soon as any of them is
written. And all that it stands on beside those rows: who reads it, what they may see, what they chose, the day. The page is found
again under a digest of both, of the code that draws it and of the settings it prints. So nothing is ever taken out of the cache: what
changed is no longer asked for, and goes within KEPT_FOR seconds.

The view has been entered, its rights asked and answered: what stands before it (maintenance, sign-in, second factor) stands before
kept pages too. What belongs to one request is not kept: forms get their token at each answer; a page that tells a message
is drawn for it alone. A cache that is away costs one waiting each AWAY_FOR seconds, then nothing but the drawing.
"""

import hashlib
import json
import logging
import os
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache as once
from importlib.metadata import distributions
from pathlib import Path
from time import monotonic
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import get_script_prefix
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

# It holds names: a page that nobody asks for any more must not stay.
KEPT_FOR = 15 * 60
AWAY_FOR = 30
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')
# No page holds it: it stands for the token of its forms.
PLACE = b"\0"
HTML = "text/html; charset=utf-8"
MARK_BYTES = 12
# Longer than any choice of a page: somebody plays with the address.
LONGEST = 4000

_away_until = 0.0


def kept(
    request: HttpRequest, name: str, stamp: str, stands_on: Iterable[Any], draw: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer with the page kept under this stamp, or draw it and keep it.

    `name` is that of the page, `stands_on` are plain values, `stamp` is "" when nothing is known of the rows: the page is then
    drawn. The answer holds the same bytes either way, but for the tokens of its forms.
    """
    said = json.dumps([name, stamp, _code(), get_script_prefix(), *stands_on], default=str)
    if not stamp or not settings.KEPT_PAGES or len(said) > LONGEST or len(get_messages(request)):
        return draw()
    key = f"page:{hashlib.sha256(said.encode()).hexdigest()}"
    found = _asked(lambda: _opened(key, cache.get(key)))
    if found is not None:
        return HttpResponse(found.replace(PLACE, get_token(request).encode()))
    response = draw()
    if (content := _without_tokens(response)) is not None:
        _asked(lambda: cache.set(key, _closed(key, content), KEPT_FOR))
    return response


def _without_tokens(response: HttpResponse) -> bytes | None:
    """Return the bytes of an answer, a place instead of each token; None when it says more than a page of our own."""
    if (
        response.status_code != 200
        or response.streaming
        or response.cookies
        or dict(response.headers) != {"Content-Type": HTML}
    ):
        return None
    tokens = TOKEN.findall(response.content)
    content = TOKEN.sub(PLACE, response.content)
    # A token written elsewhere would be that of somebody else for whoever is answered next.
    if content.count(PLACE) != len(tokens) or any(token in content for token in tokens):
        return None
    return content


def _closed(key: str, content: bytes) -> bytes:
    """Return a page that the portal alone reads: the queue writes what it holds on its disk, and leaves it there for days."""
    mark = os.urandom(MARK_BYTES)
    return mark + _lock().encrypt(mark, zlib.compress(content, 1), key.encode())


def _opened(key: str, value: Any) -> bytes | None:
    """Return the page that was closed under this very key, None for anything else."""
    if not isinstance(value, bytes):
        return None
    try:
        return zlib.decompress(_lock().decrypt(value[:MARK_BYTES], value[MARK_BYTES:], key.encode()))
    except (InvalidTag, ValueError):
        return None


def _lock() -> AESGCM:
    return AESGCM(salted_hmac("e2c_portal.kernel.kept_pages", "page", algorithm="sha256").digest())


def _asked(question: Callable[[], Any]) -> Any:
    """Ask the cache, None when it is away; it is then left alone for a while, so that pages do not wait for it one by one."""
    global _away_until
    if monotonic() < _away_until:
        return None
    try:
        return question()
    except Exception as error:
        _away_until = monotonic() + AWAY_FOR
        logger.warning("the cache of pages is away: %s", type(error).__name__)
        return None


@once
def _code() -> str:
    """Return a digest of what draws pages on this machine: our files, the packages installed, plain settings."""
    folders = sorted({"templates", *(app.name.partition(".")[0] for app in apps.get_app_configs())})
    installed = _installed(Path(settings.BASE_DIR), tuple(folders), Path(settings.STATIC_ROOT))
    named = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    plain = {name: value for name, value in named.items() if isinstance(value, str | int | float)}
    return hashlib.sha256(json.dumps([installed, plain]).encode()).hexdigest()


@once
def _installed(base: Path, folders: Sequence[str], static: Path) -> str:
    """Return a digest of our files and of the packages, read once in the life of a process: a tenth of a second."""
    files = {
        file for name in folders for file in (base / name).rglob("*") if file.suffix in (".py", ".html", ".svg", ".txt")
    }
    files.add(static / "staticfiles.json")
    seen = [(str(file), *_standing(file)) for file in sorted(files)]
    packages = sorted(f"{one.metadata['Name']} {one.version}" for one in distributions())
    return hashlib.sha256(json.dumps([seen, packages]).encode()).hexdigest()


def _standing(file: Path) -> tuple[int, int]:
    try:
        state = file.stat()
    except FileNotFoundError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def _settings_changed(**_: Any) -> None:
    _code.cache_clear()


setting_changed.connect(_settings_changed, dispatch_uid="kernel.kept_pages")
