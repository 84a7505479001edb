"""A small mail server on this machine that keeps what it receives, and misbehaves when told to."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Manners:
    """How the server behaves. `replies` gives, by command, the answers to come instead of the usual one.

    An empty answer closes the connection without a word. "CONTENT" is the answer to the content itself.
    """

    replies: dict[str, list[str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)

    def reply(self, command: str, usual: str) -> str:
        waiting = self.replies.get(command)
        return waiting.pop(0) if waiting else self.always.get(command, usual)


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free port. `received` holds what it accepted; `seen` also what arrived and was not answered."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Dialogue)
        self.manners = Manners()
        self.received: list[EmailMessage] = []
        self.seen: list[EmailMessage] = []
        self.envelopes: list[tuple[str, str]] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return self.server_address[1]  # type: ignore[return-value]


class Dialogue(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.connections += 1
        self.envelope = ["", ""]
        if not self._say("GREETING", "220 essai"):
            return
        while line := self.rfile.readline():
            command, _, rest = line.decode().strip().partition(" ")
            if not self._obey(command.upper(), rest):
                return

    def _obey(self, command: str, rest: str) -> bool:
        if command == "EHLO":
            return self._say("EHLO", "250-essai\r\n250 SIZE 20000000")
        if command in ("MAIL", "RCPT"):
            self.envelope[command == "RCPT"] = rest.partition(":")[2].split(">")[0].strip("<> ")
        if command == "DATA":
            return self._content()
        return self._say(command, "221 au revoir" if command == "QUIT" else "250 bien") and command != "QUIT"

    def _content(self) -> bool:
        reply = self.server.manners.reply("DATA", "354 parlez")
        if not self._write(reply) or not reply.startswith("354"):
            return bool(reply)
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        message: Any = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.seen.append(message)
        reply = self.server.manners.reply("CONTENT", "250 2.0.0 Ok: queued as ESSAI1")
        if reply.startswith("250"):
            self.server.received.append(message)
            self.server.envelopes.append((self.envelope[0], self.envelope[1]))
        return self._write(reply)

    def _say(self, command: str, usual: str) -> bool:
        return self._write(self.server.manners.reply(command, usual))

    def _write(self, reply: str) -> bool:
        if reply:
            self.wfile.write(reply.encode() + b"\r\n")
        return bool(reply)


@contextmanager
def listening(port: int = 0) -> Iterator[Sink]:
    """Run a server for the block."""
    with Sink(port) as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield sink
        sink.shutdown()
        thread.join()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a received message."""
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    """Return the HTML of a received message."""
    part = message.get_body(("html",))
    assert part is not None
    return part.get_content()
