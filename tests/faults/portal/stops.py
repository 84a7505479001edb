"""Places where a program of the portal stops dead when a test wants it, to be killed there and nowhere else.

Nothing of the portal is replaced: its own function runs, and the program stands still just before it, or just after. A test
wants a place by writing a file of that name; the first program that comes by takes the file, and leaves its number instead.
"""

import functools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

BEFORE, AFTER, HALFWAY = "before", "after", "halfway"
DOCUMENTS = "e2c_portal.documents."
SIGNING = "e2c_portal.signing."

# Every phase of a document, in the order of its life: its name, where it is, and how the docs tell it.
BUILD = {
    "asked": (f"{DOCUMENTS}building:_claim", BEFORE),
    "claimed": (f"{DOCUMENTS}building:_claim", AFTER),
    "words": (f"{DOCUMENTS}building:render_template_to_html", AFTER),
    "rendered": (f"{DOCUMENTS}building:render_pdf", AFTER),
    "sealed": (f"{DOCUMENTS}building:seal_pdf", AFTER),
    "checked": (f"{DOCUMENTS}building:verify_own_output", AFTER),
    "half-written": ("django.core.files.base:ContentFile.chunks", HALFWAY),
    "written": (f"{DOCUMENTS}folder:WholeFilesStorage._write", AFTER),
    "stored": (f"{DOCUMENTS}building:storage.store", AFTER),
    "locked": (f"{DOCUMENTS}building:write_sealed", BEFORE),
    "telling": ("tests.faults.portal.apps:told", BEFORE),
    "told": (f"{DOCUMENTS}building:write_sealed", AFTER),
    "recorded": (f"{DOCUMENTS}building:_record", AFTER),
}
SIGN = {
    "signing-asked": (f"{SIGNING}operations.applying:_claim", BEFORE),
    "signing-claimed": (f"{SIGNING}operations.applying:_claim", AFTER),
    "signed": (f"{SIGNING}operations.applying:sign_as_person", AFTER),
    "signature-checked": (f"{SIGNING}operations.applying:verify_signed_output", AFTER),
    "signature-stored": (f"{DOCUMENTS}signing_steps:store_revision", AFTER),
    "revision-added": (f"{DOCUMENTS}signing_steps:add_revision", AFTER),
    "revision-recorded": (f"{SIGNING}operations.applying:_record", AFTER),
    "seal-asked": (f"{DOCUMENTS}signing_steps:ask_to_close", AFTER),
    "closing-claimed": (f"{DOCUMENTS}signing_steps:_claim", AFTER),
    "closing-sealed": (f"{DOCUMENTS}signing_steps:sealed_by_us", AFTER),
    "closing-locked": (f"{DOCUMENTS}signing_steps:write_sealed", BEFORE),
    "closing-recorded": (f"{DOCUMENTS}signing_steps:_record_closed", AFTER),
}
# This one holds the end of the chain of evidence, for which all the others wait: it comes last.
SIGN_HOLDING_THE_CHAIN = {"closing-told": (f"{DOCUMENTS}signing_steps:write_sealed", AFTER)}
# A form that somebody sends: what it asks for is written and not committed, committed and not published, done and not said.
WEB = {
    "written-not-committed": ("e2c_portal.kernel.jobs:_of_this_transaction", BEFORE),
    "committed-not-published": ("e2c_portal.kernel.jobs:_publish_at_once", BEFORE),
    "published-not-answered": ("e2c_portal.kernel.requests:RequestIdMiddleware.__call__", AFTER),
}
PLACES = BUILD | SIGN | SIGN_HOLDING_THE_CHAIN | WEB


def install(folder: Path) -> None:
    """Make every place one where this program may stop."""
    for name, (address, when) in PLACES.items():
        module, _, path = address.partition(":")
        *owners, last = path.split(".")
        owner = functools.reduce(getattr, owners, import_module(module))
        setattr(owner, last, _stopping(getattr(owner, last), name, when, folder))


def _stopping(function: Callable[..., Any], name: str, when: str, folder: Path) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if when == BEFORE:
            stop_if_wanted(folder, name)
        answer = function(*args, **kwargs)
        if when == AFTER:
            stop_if_wanted(folder, name)
        return _in_two(answer, folder, name) if when == HALFWAY else answer

    return run


def _in_two(chunks: Iterator[bytes], folder: Path, name: str) -> Iterator[bytes]:
    """Give the bytes in two halves, and stop between them."""
    whole = b"".join(chunks)
    yield whole[: len(whole) // 2]
    stop_if_wanted(folder, name)
    yield whole[len(whole) // 2 :]


def stop_if_wanted(folder: Path, name: str) -> None:
    """Stand still for ever when a test wants this place and nobody took it."""
    if not (folder / name).exists():
        return
    try:
        (folder / name).rename(folder / f"{name}.taken")
    except FileNotFoundError:
        return
    number = folder / f"{name}.{os.getpid()}"
    number.write_text(str(os.getpid()))
    number.rename(folder / f"{name}.reached")
    while True:
        # The soft time limit of a task is an exception: it wakes nobody here.
        with suppress(Exception):
            time.sleep(60)
