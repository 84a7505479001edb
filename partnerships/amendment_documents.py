"""What an amendment prints, frozen as plain values, and what its document is worth on a day."""

from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from partnerships import amendment_life as life
from partnerships import situation
from partnerships.agreement import Agreement, Signatory, applied, replayed, who_signs
from partnerships.amendment_words import clauses
from partnerships.consolidation import changes_of, replay_of, signed_text
from partnerships.diffusion import shown_name, without_name
from partnerships.documents import company_content, issuer_content
from partnerships.models import ConventionAmendment
from partnerships.permissions import PartnershipPermission
from partnerships.queries import amendment_in_full

KIND = "convention_amendment"
UNCHANGED = "Toutes les autres dispositions de la convention demeurent applicables."


def amendment_order(amendment_id: int) -> Order:
    """Return what is to be printed of an amendment, read in full now."""
    return order_of(amendment_in_full(amendment_id))


def order_of(amendment: ConventionAmendment) -> Order:
    """Return what is to be printed of an amendment read in full."""
    title = f"Avenant n° {amendment.number} à la convention {amendment.convention.number}"
    return Order(KIND, amendment, amendment.reference, title, content_of(amendment))


def before_and_after(amendment: ConventionAmendment) -> tuple[Agreement, Agreement]:
    """Return the text that an amendment (read in full) changes, and what it becomes."""
    convention = amendment.convention
    former = [row for row in convention.amendments.all() if row.status == life.SIGNED and row.number < amendment.number]
    before = replayed(signed_text(convention), replay_of(convention, former))
    return before, applied(before, changes_of(amendment), amendment.terms_after(before.terms))


def content_of(amendment: ConventionAmendment) -> dict[str, Any]:
    """Return the values an amendment prints: plain, JSON-ready, dates in ISO form."""
    convention = amendment.convention
    before, after = before_and_after(amendment)
    written = clauses(before.terms, after.terms, changes_of(amendment))
    return {
        **issuer_content(),
        "company": company_content(convention.company, convention.printed_name),
        "convention": {
            "number": convention.number,
            "title": convention.title,
            "signed_on": _iso(convention.signed_on),
            "former": [_former(row) for row in _signed_before(amendment)],
        },
        "number": amendment.number,
        "purpose": amendment.purpose,
        "clauses": [
            {"heading": c.heading, "sentence": c.sentence, "quoted_title": c.quoted_title, "quoted": list(c.quoted)}
            for c in written
        ],
        "effective_on": _iso(amendment.effective_on),
        "unchanged": UNCHANGED,
        "deliberation": _deliberation(amendment),
        # Written before it is signed: the date of the last signature stands in the file's signatures.
        "signature": None,
        "signing_rule": life.SIGNING_RULE,
        "signatories": {
            side: [_signatory(person) for person in who_signs(after) if person.side == side]
            for side in ("region", "company")
        },
        "archive_note": None,
    }


def _signed_before(amendment: ConventionAmendment) -> list[ConventionAmendment]:
    rows = amendment.convention.amendments.all()
    return [row for row in rows if row.status == life.SIGNED and row.number < amendment.number]


def _former(row: ConventionAmendment) -> dict[str, Any]:
    return {"number": row.number, "signed_on": _iso(row.signed_on)}


def _deliberation(amendment: ConventionAmendment) -> dict[str, Any] | None:
    if not amendment.deliberation_number:
        return None
    return {"number": amendment.deliberation_number, "adopted_on": _iso(amendment.deliberation_date)}


def _signatory(person: Signatory) -> dict[str, Any]:
    return {"name": person.full_name or None, "quality": person.quality}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _amendment_of(document: Document) -> ConventionAmendment:
    subject = document.subject.rsplit(":", 1)[1]
    return ConventionAmendment.objects.select_related("convention__company").get(pk=subject)


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed amendment is worth on a day: that of its convention, from its date of effect on."""
    amendment = _amendment_of(document)
    if amendment.status == life.SHELVED:
        return Standing("ended", "Sans suite", "Ce projet d’avenant a été classé sans suite.")
    if amendment.status != life.SIGNED or amendment.effective_on is None:
        return Standing(
            "future", "Pas encore signé", "Cet avenant n’est pas encore signé : ce document n’engage personne."
        )
    start = french.date_in_letters(amendment.effective_on)
    if day < amendment.effective_on:
        return Standing("future", "Pas encore en vigueur", f"Cet avenant est signé ; il prendra effet {start}.")
    where = situation.situation_on(amendment.convention, day)
    if where in (situation.ACTIVE, situation.LEAVING):
        return Standing(
            "in_force", "En vigueur", f"Cet avenant modifie la convention {amendment.convention.number} depuis {start}."
        )
    return Standing(
        "ended",
        "Convention terminée",
        f"La convention {amendment.convention.number}, que cet avenant modifiait, n’est plus en vigueur.",
    )


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of an amendment to whoever holds its code: nothing that partial diffusion hides today."""
    context, company = document.context, _amendment_of(document).convention.company
    printed = context["company"]["printed_name"]
    amended = f"{context['convention']['number']} – {context['convention']['title']}"
    facts = [
        ("Avenant", without_name(document.title, company, printed)),
        ("Convention", without_name(amended, company, printed)),
        ("Entreprise", shown_name(company, name=printed)),
    ]
    if signed_on := _amendment_of(document).signed_on:
        facts.append(("Signé", french.date_in_letters(signed_on)))
    return facts


def may_read(user: User, document: Document) -> bool:
    return user.has_perm(PartnershipPermission.READ_DOCUMENT)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(PartnershipPermission.WRITE_AMENDMENT)


def subject_url(document: Document) -> str:
    """Return the page of the amendment."""
    return _amendment_of(document).get_absolute_url()


AMENDMENT = DocumentKind(
    name=KIND,
    label="Avenant à une convention de partenariat",
    template=KIND,
    version="v2",
    standing=standing,
    public_facts=public_facts,
    may_read=may_read,
    subject_url=subject_url,
    may_retry=may_retry,
)
