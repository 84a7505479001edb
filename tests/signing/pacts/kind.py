"""A kind of document that only the tests know: a pact that several people sign. No business of the portal stands here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Batch, Document
from e2c_portal.documents.requesting import Order
from e2c_portal.signing.models import Envelope, Signatory
from e2c_portal.signing.operations.opening import NewSignatory
from e2c_portal.signing.purposes import SigningPurpose, signed_kind

_numbers = count(1)
# The samples stand beside the tests; the template folder stays the portal's, for the evidence file.
TEMPLATE = "../../tests/signing/samples/pact"


@dataclass
class Desk:
    """What the purpose was told, and what it answers."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    may_delegate: bool = True

    def hear(self, name: str) -> Any:
        def note(subject: Envelope | Signatory) -> None:
            who = subject.full_name if isinstance(subject, Signatory) else subject.status
            self.heard.append((name, str(who)))

        return note


desk = Desk()


def order(
    people: Sequence[NewSignatory], text: str = "Chacun tient parole.", number: int | None = None, title: str = ""
) -> Order:
    """Return an order for a pact; the same number is the same subject."""
    number = next(_numbers) if number is None else number
    named = [{"role": person.role, "name": person.full_name} for person in people]
    content = {"issuer": "Région des essais", "text": text, "people": named}
    return Order("pact", Batch(pk=number), f"PACTE-{number:03}", title or f"Pacte numéro {number}", content)


def standing(document: Document, day: date) -> Standing:
    return Standing("in_force", "En vigueur", "Ce pacte est en vigueur.")


def may_manage(user: Any, envelope: Envelope) -> bool:
    return bool(user.is_staff)


PACT = signed_kind(
    DocumentKind(
        name="pact",
        label="Pacte",
        template=TEMPLATE,
        version="v1",
        standing=standing,
        public_facts=lambda document: [("Émetteur", document.context["issuer"])],
        may_read=lambda user, document: bool(user.is_staff),
        subject_url=lambda document: "/?pacte",
    )
)
PURPOSE = SigningPurpose(
    kind="pact",
    label="Pacte",
    may_manage=may_manage,
    page_url=lambda envelope: "/?pacte",
    commitments=lambda envelope, signatory: [
        "Vous tenez parole pendant un an.",
        "Vous prévenez un mois avant de partir.",
    ],
    may_delegate=lambda signatory: desk.may_delegate,
    contact=lambda envelope: "Claire Garrigue, 04 67 22 80 00",
    contact_email=lambda envelope: "claire@exemple.fr",
    opened=desk.hear("opened"),
    signed=desk.hear("signed"),
    refused=desk.hear("refused"),
    delegated=desk.hear("delegated"),
    completed=desk.hear("completed"),
    voided=desk.hear("voided"),
    expired=desk.hear("expired"),
)
