"""Read the reports that mail servers send back (RFC 3464), and say in French what they mean.

Only the status and the diagnosis are read. The message that a report quotes holds the link that was sent: but
for its Message-ID it is not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from typing import Any

REPORT_LIMIT_BYTES = 5 * 1024 * 1024
# RFC 3463: what the last two figures mean, in words that say what to do. The first beginning that fits is used.
MEANINGS = {
    "1.1": "Cette adresse n’existe pas : vérifiez-la avec la personne.",
    "1.2": "Le domaine de cette adresse n’existe pas : vérifiez ce qui suit le @.",
    "1.": "L’adresse est refusée : vérifiez-la avec la personne.",
    "2.1": "Cette boîte aux lettres est fermée : demandez une autre adresse.",
    "2.2": "La boîte aux lettres est pleine : prévenez la personne par un autre moyen.",
    "2.3": "Le message est trop gros pour cette boîte aux lettres.",
    "2.": "La boîte aux lettres n’accepte pas le message.",
    "3.": "Le serveur du destinataire ne fonctionne pas comme il faut : relancez plus tard.",
    "4.": "Le serveur du destinataire n’a pas pu être joint : relancez plus tard.",
    "5.": "Le serveur du destinataire n’a pas compris l’envoi : prévenez l’exploitant.",
    "6.": "Le contenu du message est refusé : prévenez l’exploitant.",
    "7.": "Le serveur du destinataire refuse les messages du portail : prévenez l’exploitant, et joignez la personne autrement.",
}
BY_DEFAULT = "Le message est revenu : vérifiez l’adresse, ou joignez la personne par un autre moyen."


@dataclass(frozen=True)
class Report:
    """What a report says: which message it speaks of, whether it is final, and why."""

    message_id: str
    final: bool
    reason: str


def read_report(raw: bytes) -> Report | None:
    """Read a delivery report. Returns None for any other message, an answering machine's for example."""
    message = message_from_bytes(raw[:REPORT_LIMIT_BYTES], policy=policy.default)
    if message.get_content_type() != "multipart/report":
        return None
    recipients = [block for block in _status_blocks(message) if block.get("Action")]
    failed = next((block for block in recipients if _field(block, "Action").lower() == "failed"), None)
    if not recipients:
        return None
    block = failed or recipients[0]
    return Report(
        message_id=_original_id(message),
        final=failed is not None,
        reason=_reason(_field(block, "Status"), _field(block, "Diagnostic-Code")),
    )


def _status_blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from _inner(part)


def _inner(part: Message) -> list[Message]:
    """Return the messages that a part holds: a hostile one may hold plain text instead."""
    payload: Any = part.get_payload()
    return payload if isinstance(payload, list) else []


def _field(block: Message, name: str) -> str:
    try:
        return " ".join(str(block.get(name, "")).split())
    except (MessageError, IndexError, ValueError):
        # A header that Python's own reader stumbles on tells nothing.
        return ""


def _original_id(message: Message) -> str:
    """Return the Message-ID of the message that came back, from the copy or the headers that the report quotes."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            for original in _inner(part):
                if found := _field(original, "Message-ID"):
                    return found
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            text = headers.decode("utf-8", "replace") if isinstance(headers, bytes) else ""
            if quoted := re.search(r"^message-id:\s*(<[^>\s]+>)", text, re.IGNORECASE | re.MULTILINE):
                return quoted[1]
    return ""


def _reason(status: str, diagnosis: str) -> str:
    detail = status.partition(".")[2]
    meaning = next((words for key, words in MEANINGS.items() if detail.startswith(key)), BY_DEFAULT)
    said = diagnosis.partition(";")[2].strip() or diagnosis
    return f"{meaning} (réponse du serveur : {said})" if said else meaning
