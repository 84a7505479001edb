"""The signing binder (« parapheur »): one PDF that holds, in running order, the very texts put to signature for a ceremony.

It is made from the frozen contexts of the documents to sign, never from the conventions: it cannot say anything else than
what is signed, and each text keeps its own reference and verification code.
"""

import hashlib
import json
from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from e2c_portal.kernel.errors import Refused
from partnerships.ceremony_queries import documents_to_print
from partnerships.documents import CONVENTION, issuer_content
from partnerships.models import SigningEvent
from partnerships.permissions import PartnershipPermission

KIND = "signing_binder"
EMPTY = "Rien n’est encore à la signature : mettez d’abord le programme à la signature, puis fabriquez le parapheur."
OTHER_TEMPLATE = (
    "Le document de {title} a été préparé avec une autre présentation que celle du parapheur : relancez sa signature, ou "
    "retirez-la du programme."
)


def binder_order(event: SigningEvent) -> Order:
    """Return what the binder of a ceremony prints now. Raises Refused when nothing is put to signature."""
    documents = documents_to_print(event)
    if not documents:
        raise Refused(EMPTY, code="nothing_to_print")
    for document in documents:
        # The parts printed here are those of one version of the convention's own template.
        if document.template_version != CONVENTION.version:
            raise Refused(OTHER_TEMPLATE.format(title=document.title), code="other_template")
    reference = f"PAR-{event.held_on.year}-{event.pk:03}"
    return Order(KIND, event, reference, f"Parapheur de signature – {event.name}"[:250], _content(event, documents))


def _content(event: SigningEvent, documents: list[Document]) -> dict[str, Any]:
    return {
        **issuer_content(),
        "event": {
            "name": event.name,
            "held_on": event.held_on.isoformat(),
            "place": ", ".join(part for part in (event.place, event.city) if part),
        },
        "made_of": made_of(event, documents),
        "conventions": [{**document.context, "rank": rank} for rank, document in enumerate(documents, 1)],
    }


def made_of(event: SigningEvent, documents: list[Document]) -> str:
    """Return a word that changes whenever the binder would read otherwise: a frozen document is known by its identifier."""
    parts = [event.name, event.held_on.isoformat(), event.place, event.city]
    parts += [str(document.public_id) for document in documents]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def standing(document: Document, day: date) -> Standing:
    """Say what a binder is worth: it reproduces, it engages nobody."""
    return Standing(
        "record", "Reproduction",
        "Ce parapheur reproduit les textes mis à la signature pour une cérémonie. Il n’engage personne par lui-même : chaque "
        "convention se vérifie avec son propre code, imprimé au bas de ses pages.",
    )  # fmt: skip


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of a binder to whoever holds its code."""
    event = document.context["event"]
    return [
        ("Cérémonie", event["name"]),
        ("Date", french.date_in_letters(date.fromisoformat(event["held_on"]))),
        ("Conventions", str(len(document.context["conventions"]))),
    ]


def may_read(user: User, document: Document) -> bool:
    return user.has_perm(PartnershipPermission.READ_DOCUMENT)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(PartnershipPermission.SEAL_CONVENTION)


def subject_url(document: Document) -> str:
    """Return the page of the ceremony."""
    return SigningEvent.objects.get(pk=document.subject.rsplit(":", 1)[1]).get_absolute_url()


BINDER = DocumentKind(
    name=KIND,
    label="Parapheur de signature",
    template=KIND,
    version="v1",
    standing=standing,
    public_facts=public_facts,
    may_read=may_read,
    subject_url=subject_url,
    may_retry=may_retry,
)
