"""Keys in addresses are masked in every log line, by whichever library it is written."""

import io
import json
import logging

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from gunicorn.glogging import SafeAtoms
from pythonjsonlogger.json import JsonFormatter

from e2c_portal.kernel.log_masking import MaskedKeys, masked

TOKEN = "x" * 20 + "-_" + "Y7" * 10 + "z"  # as long as a real one, and the same for every worker of the tests
PATH = f"/lien/{TOKEN}/"


@pytest.fixture
def lines() -> tuple[logging.Logger, io.StringIO]:
    """A logger of somebody else's, with its own handler and format."""
    logger, written = logging.Logger("elsewhere"), io.StringIO()
    logger.addHandler(logging.StreamHandler(written))
    return logger, written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (PATH, "/lien/…/"),
        (f"https://portail.fr{PATH}?a=b", "https://portail.fr/lien/…/?a=b"),
        (f"/lien/visite/{TOKEN}/agir/12/", "/lien/visite/…/agir/12/"),
        (f'"GET /messages/choix/{TOKEN}:abc:def HTTP/1.1"', '"GET /messages/choix/… HTTP/1.1"'),
        (f"/exploitation/passage/{TOKEN}:1a2b:c3/", "/exploitation/passage/…/"),
        ("/exploitation/pannes/", "/exploitation/pannes/"),
        ("/lien/perdu/", "/lien/perdu/"),
        ("/lien/envoye/", "/lien/envoye/"),
        (f"/verifier/{TOKEN}/", f"/verifier/{TOKEN}/"),
        (f"{PATH} {PATH}", "/lien/…/ /lien/…/"),
        (f"%2Flien%2F /lien/{TOKEN}%20", "%2Flien%2F /lien/…"),
    ],
)
def test_only_keys_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_messages_and_arguments(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = lines
    logger.warning(f"direct {PATH}")
    logger.warning("by argument %s %d %.1f %r", PATH, 3, 1.5, [PATH])
    logger.warning("by name %(path)s", {"path": PATH})
    logger.warning("by object %s", RequestFactory().get(PATH))
    logger.warning("nothing %s", None)
    assert TOKEN not in written.getvalue()
    assert "by argument /lien/…/ 3 1.5" in written.getvalue()


def test_the_access_lines_of_the_web_server(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = lines
    atoms = SafeAtoms({"r": f"GET {PATH} HTTP/1.1", "s": 303, "f": f"https://portail.fr{PATH}", "U": PATH})
    logger.info("%(r)s %(s)s %(f)s %(missing)s %({x-header}i)s", atoms)
    assert written.getvalue() == "GET /lien/…/ HTTP/1.1 303 https://portail.fr/lien/…/ - -\n"
    assert atoms["U"] == PATH, "what the server goes on using is left alone"


def test_the_request_and_the_traceback_that_a_record_carries() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter("%(levelname)s %(message)s"))
    handler.addFilter(MaskedKeys())
    logger = logging.Logger("elsewhere")
    logger.addHandler(handler)
    request: HttpRequest = RequestFactory().get(PATH)
    try:
        raise RuntimeError(f"broken at {PATH}")
    except RuntimeError:
        logger.exception("failed", extra={"request": request})
    line = json.loads(written.getvalue())
    assert TOKEN not in written.getvalue()
    assert "broken at /lien/…/" in line["exc_info"]
    assert "/lien/…/" in line["request"]


def test_an_object_that_cannot_be_written_stops_nothing(lines: tuple[logging.Logger, io.StringIO]) -> None:
    class Mute:
        def __str__(self) -> str:
            raise ValueError

        __repr__ = object.__repr__

    logger, written = lines
    logger.warning("kept %r", Mute())
    assert "kept <" in written.getvalue()
