"""What an amendment of an internship agreement prints, and what its document is worth on a day."""

from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from e2c_portal.kernel.french import of_name
from partnerships.diffusion import shown_name
from partnerships.documents import issuer_content
from trainees.documents.agreements import parties
from trainees.life import agreements as life
from trainees.models import AgreementAmendment, Internship
from trainees.models.agreements import AMENDMENT_KIND
from trainees.reads.agreements import amendment_in_full, data_officer_address, may_read_agreement, may_send_agreement
from trainees.reads.amendment_words import EFFECTS, clauses_of
from trainees.reads.schedule_words import duration

LATE = "La dernière signature est venue après sa date d’effet."


def amendment_order(amendment_id: int, after: Internship, representative: int | None = None) -> Order:
    """Return what is to be printed of an amendment; `after` is the internship as the amendment makes it, people included."""
    amendment = amendment_in_full(amendment_id)
    title = f"Avenant n° {amendment.number} à la convention de stage {of_name(str(after.trainee))}"
    return Order(AMENDMENT_KIND, amendment, amendment.reference, title, content_of(amendment, after, representative))


def content_of(amendment: AgreementAmendment, after: Internship, representative: int | None = None) -> dict[str, Any]:
    """Return the values an amendment prints: plain, JSON-ready, dates in ISO form."""
    agreement = amendment.agreement
    return {
        **issuer_content(),
        **parties(after, representative),
        "agreement": {
            "reference": agreement.reference,
            "signed_on": agreement.signed_on.isoformat() if agreement.signed_on else None,
            "starts_on": after.starts_on.isoformat(),
            "ends_on": after.ends_on.isoformat(),
        },
        "number": amendment.number,
        "kind_label": amendment.get_kind_display(),
        "reason": amendment.reason,
        "effective_on": amendment.effective_on.isoformat(),
        "effect": EFFECTS.get(AgreementAmendment.Kind(amendment.kind), ""),
        "clauses": [
            {"heading": clause.heading, "before": clause.before, "after": clause.after}
            for clause in clauses_of(amendment.changes)
        ],
        "total": duration(after.company_minutes),
        "data_officer": data_officer_address(),
    }


def amendment_of(document: Document) -> AgreementAmendment:
    """Return the amendment that a document prints, with its internship."""
    rows = AgreementAmendment.objects.select_related(
        "agreement__internship__trainee", "agreement__internship__establishment__company"
    )
    return rows.get(pk=document.subject.rpartition(":")[2])


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed amendment is worth on a day, in words that name no private person."""
    amendment = amendment_of(document)
    internship, label, late = amendment.agreement.internship, "En vigueur", ""
    if amendment.status != life.SIGNED or amendment.agreement.status != life.SIGNED:
        return Standing(
            "future", "Signature à enregistrer", "Cet avenant n’est pas enregistré : il ne modifie pas la convention."
        )
    if amendment.signed_on and amendment.is_late_on(amendment.signed_on):
        late = f" {LATE}"
    effect = french.date_in_letters(amendment.effective_on)
    if day < amendment.effective_on:
        return Standing("future", "Pas encore en vigueur", f"Cet avenant est signé ; il prend effet {effect}.{late}")
    if day > internship.last_day:
        end = french.date_in_letters(internship.last_day)
        return Standing(
            "ended", "Stage terminé", f"Cet avenant a pris effet {effect} ; le stage a pris fin {end}.{late}"
        )
    return Standing("in_force", label, f"Cet avenant modifie la convention de stage depuis {effect}.{late}")


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said to whoever holds the code; the trainee is never named."""
    amendment = amendment_of(document)
    facts = [
        ("Document", f"Avenant n° {amendment.number} à la convention de stage {amendment.agreement.reference}"),
        ("Objet", amendment.get_kind_display()),
        ("École", document.context["school"]["name"]),
        ("Entreprise d’accueil", shown_name(amendment.agreement.internship.establishment.company)),
    ]
    if amendment.signed_on:
        facts.append(("Signé", french.date_in_letters(amendment.signed_on)))
    return facts


def may_read(user: User, document: Document) -> bool:
    return may_read_agreement(user, amendment_of(document).agreement.internship)


def may_retry(user: User, document: Document) -> bool:
    return may_send_agreement(user, amendment_of(document).agreement.internship)


def subject_url(document: Document) -> str:
    """Return the page of the internship."""
    return amendment_of(document).get_absolute_url()


AMENDMENT = DocumentKind(
    name=AMENDMENT_KIND,
    label="Avenant à une convention de stage",
    template="internship_amendment",
    version="v1",
    standing=standing,
    public_facts=public_facts,
    may_read=may_read,
    subject_url=subject_url,
    may_retry=may_retry,
)
