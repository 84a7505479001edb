"""Ask an antivirus about a file that somebody sends, before anything of ours reads it. Without `UPLOAD_SCANNER`, nothing is asked.

The protocol is that of ClamAV's daemon, which most products for servers speak: INSTREAM, pieces of bytes each after its length,
an empty one to end, one line of answer.
"""

import logging
import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings

from e2c_portal.kernel.errors import PortalError

logger = logging.getLogger(__name__)

SCHEMES = ("clamd", "clamd+unix")
DEFAULT_PORT = 3310
LONGEST_ANSWER = 4096
FOUND, CLEAN = " FOUND", ": OK"


class ScannerAway(PortalError):
    """Nobody can say whether the file is safe: it is not taken."""

    code = "scanner_away"


AWAY = (
    "Le contrôle antivirus ne répond pas : votre fichier n’a pas été pris. Réessayez dans quelques minutes ; si cela dure, "
    "prévenez l’exploitant du portail."
)


def threat_in(pieces: Iterable[bytes]) -> str:
    """Return the name of what the antivirus found in these bytes, empty for a clean file or without antivirus. Raises ScannerAway."""
    if not settings.UPLOAD_SCANNER:
        return ""
    try:
        with closing(_connected()) as daemon:
            answer = _ask(daemon, pieces)
    except OSError as error:
        logger.warning("antivirus away: %s", type(error).__name__)
        raise ScannerAway(AWAY) from error
    return _read(answer)


def _connected() -> socket.socket:
    address = urlsplit(settings.UPLOAD_SCANNER)
    if address.scheme == "clamd+unix":
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(settings.UPLOAD_SCANNER_TIMEOUT)
        daemon.connect(address.path)
        return daemon
    return socket.create_connection((address.hostname, address.port or DEFAULT_PORT), settings.UPLOAD_SCANNER_TIMEOUT)


def _ask(daemon: socket.socket, pieces: Iterable[bytes]) -> str:
    daemon.sendall(b"zINSTREAM\0")
    for piece in pieces:
        if piece:
            daemon.sendall(struct.pack("!I", len(piece)) + piece)
    daemon.sendall(struct.pack("!I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := daemon.recv(LONGEST_ANSWER)):
        answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _read(answer: str) -> str:
    """Return the threat named by « stream: Eicar FOUND ». Anything but a clear answer is no answer: raises ScannerAway."""
    if answer.endswith(FOUND):
        return answer.removesuffix(FOUND).partition(": ")[2]
    if answer.endswith(CLEAN):
        return ""
    logger.warning("antivirus gave no verdict (%s characters)", len(answer))
    raise ScannerAway(AWAY)
