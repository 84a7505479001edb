"""A kind of document that only the tests know: a notice about a batch, so that documents are tested without any app."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Batch, Document
from e2c_portal.documents.requesting import Order

_numbers = count(1)


def order(text: str = "Premier texte.", number: int | None = None, *, days: int = 30, title: str = "") -> Order:
    """Return an order for a notice in force until `days` from now; the same number is the same subject."""
    number = next(_numbers) if number is None else number
    until = timezone.localdate() + timedelta(days=days)
    content = {"issuer": "Région des essais", "text": text, "holder": "Jeanne Secrète", "until": until.isoformat()}
    return Order("notice", Batch(pk=number), f"AV-{number:03}", title or f"Avis numéro {number}", content)


def standing(document: Document, day: date) -> Standing:
    """Hold until the date in the context."""
    until = date.fromisoformat(document.context["until"])
    if day <= until:
        return Standing("in_force", "En vigueur", f"Cet avis vaut jusqu’au {until:%d/%m/%Y}.")
    return Standing("ended", "Échu", f"Cet avis a pris fin le {until:%d/%m/%Y}.")


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Tell nothing of the holder."""
    return [("Émetteur", document.context["issuer"])]


def may_read(user: Any, document: Document) -> bool:
    """Let people with a role read, and those who asked."""
    return bool(user.is_staff or user.pk == document.requested_by_id)


NOTICE = DocumentKind(
    name="notice",
    label="Avis",
    template="notice",
    version="v1",
    standing=standing,
    public_facts=public_facts,
    may_read=may_read,
    subject_url=lambda document: "/?avis",
)
