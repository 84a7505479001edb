"""An antivirus of the tests: it speaks as ClamAV's daemon does, and finds the harmless file made for that purpose."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Cut in two, so that an antivirus of the machine does not take this file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Daemon(socketserver.StreamRequestHandler):
    """One question: the command, then pieces of bytes each after its length."""

    def handle(self) -> None:
        server: Antivirus = self.server  # type: ignore[assignment]
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        server.read.append(content)
        self.wfile.write(server.answer or self._verdict(content))

    def _verdict(self, content: bytes) -> bytes:
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class Antivirus(socketserver.ThreadingTCPServer):
    """Keeps what it read; `answer` makes it say something else."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Daemon)
        self.read: list[bytes] = []
        self.answer = b""

    @property
    def url(self) -> str:
        return f"clamd://127.0.0.1:{self.server_address[1]}"


@contextmanager
def antivirus() -> Iterator[Antivirus]:
    with Antivirus() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
