"""What a convention prints, frozen as plain values, and what its document is worth on a day."""

from datetime import date, timedelta
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from partnerships import situation
from partnerships.amendment_words import renewal_words
from partnerships.diffusion import shown_name, without_name
from partnerships.models import Company, ConventionSignatory, PartnershipConvention
from partnerships.permissions import PartnershipPermission
from partnerships.queries import convention_in_full, head_office
from schools.queries import current_network

KIND = "convention"
NOTICE_OF_ARCHIVE = (
    "Cette convention a été reprise d’archives. Son texte original n’a pas été retrouvé : le présent document restitue "
    "les seuls faits publiés, avec leurs sources."
)


def convention_order(convention_id: int) -> Order:
    """Return what is to be printed of a convention, read in full now."""
    return order_of(convention_in_full(convention_id))


def order_of(convention: PartnershipConvention, issuer: dict[str, Any] | None = None) -> Order:
    """Return what is to be printed of a convention already read in full; `issuer` as `content_of`."""
    return Order(KIND, convention, convention.number, convention.title, content_of(convention, issuer))


def content_of(convention: PartnershipConvention, issuer: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the values a convention prints: plain, JSON-ready, dates in ISO form.

    `issuer` is what `issuer_content` returned when it was read once for many.
    """
    return {
        **(issuer or issuer_content()),
        "company": company_content(convention.company, convention.printed_name),
        "preamble": convention.preamble,
        "visas": _lines(convention.visas),
        "recitals": _lines(convention.recitals),
        "articles": [
            {"number": article.number, "title": article.title, "body": _lines(article.body)}
            for article in convention.articles.all()
        ],
        "commitments": [
            {
                "kind_label": commitment.get_kind_display(),
                "description": commitment.description,
                "target": None if commitment.target is None else french.number(commitment.target),
                "unit": commitment.unit,
                "period": commitment.period,
            }
            for commitment in convention.commitments.all()
        ],
        "period": _period(convention),
        "deliberation": _deliberation(convention),
        "signature": _signature(convention),
        "signatories": {
            side: [_signatory(row) for row in convention.signatories.all() if row.side == side]
            for side in ("region", "company")
        },
        "archive_note": _archive_note(convention),
    }


def issuer_content() -> dict[str, Any]:
    """Return who issues: the Région and its network of schools."""
    network = current_network()
    return {
        "issuer": network.region_name if network else "",
        "region": {
            "name": network.region_name if network else "",
            "address_lines": network.region_address.splitlines() if network else [],
        },
        "network": {"name": network.name if network else ""},
    }


def company_content(company: Company, printed_name: str) -> dict[str, Any]:
    """Return the company as it is identified on paper.

    In partial diffusion too: a contract identifies its parties, who gave their name and address for it (see diffusion).
    """
    office = head_office(company)
    address = [office.address, f"{office.postal_code} {office.city}".strip()] if office else []
    return {
        "legal_name": company.legal_name,
        "printed_name": printed_name,
        "legal_form": company.legal_form,
        "siren": company.siren,
        "siret": office.siret if office else "",
        "address_lines": [line for line in address if line],
    }


def _period(convention: PartnershipConvention) -> dict[str, Any]:
    notice = convention.notice_months
    return {
        "duration_label": _duration(convention.starts_on, convention.ends_on),
        "starts_on": _iso(convention.starts_on),
        "ends_on": _iso(convention.ends_on),
        "renewal_label": renewal_words(convention.written_terms) if convention.renewal else "",
        "notice_label": f"{notice} mois" if notice else "",
    }


def _duration(starts_on: date | None, ends_on: date | None) -> str:
    """Return « trois ans » when the dates make whole years, nothing otherwise."""
    if starts_on is None or ends_on is None:
        return ""
    following = ends_on + timedelta(days=1)
    years = following.year - starts_on.year
    whole = (following.month, following.day) == (starts_on.month, starts_on.day)
    return french.duration_years(years) if whole and years else ""


def _deliberation(convention: PartnershipConvention) -> dict[str, Any] | None:
    if not convention.deliberation_number:
        return None
    return {"number": convention.deliberation_number, "adopted_on": _iso(convention.deliberation_date)}


def _signature(convention: PartnershipConvention) -> dict[str, Any] | None:
    if convention.signed_on is None:
        return None
    event = convention.signing_event
    return {
        "signed_on": _iso(convention.signed_on),
        "place": convention.signed_place,
        "event": event.name if event else "",
    }


def _signatory(row: ConventionSignatory) -> dict[str, Any]:
    return {"name": row.full_name or None, "quality": row.quality}


def _archive_note(convention: PartnershipConvention) -> dict[str, Any] | None:
    if convention.origin != PartnershipConvention.Origin.ARCHIVE:
        return None
    return {"text": NOTICE_OF_ARCHIVE, "sources": _lines(convention.sources)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _convention_of(document: Document) -> PartnershipConvention:
    return PartnershipConvention.objects.select_related("company").get(pk=document.subject.rsplit(":", 1)[1])


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed convention is worth on a day, in words that name no person."""
    convention = _convention_of(document)
    where = situation.situation_on(convention, day)
    last_day = convention.terms.last_day
    end = french.date_in_letters(last_day) if last_day else ""
    amended = _amended(convention, day)
    if where in (situation.ACTIVE, situation.LEAVING):
        changed = ", modifiée" if amended else ""
        label = f"En vigueur{changed}" if where is situation.ACTIVE else f"En vigueur{changed}, fin annoncée"
        return Standing(
            "in_force", label, f"Cette convention est en vigueur ; {_until(convention, day, end)}.{amended}"
        )
    if where is situation.UPCOMING and convention.starts_on:
        start = french.date_in_letters(convention.starts_on)
        return Standing("future", "Pas encore en vigueur", f"Cette convention est signée ; elle prendra effet {start}.")
    if where is situation.EXPIRED:
        return Standing("ended", "Échue", f"Cette convention n’est plus en vigueur : elle a pris fin {end}.{amended}")
    if where is situation.RENEWED:
        return Standing(
            "ended", "Renouvelée",
            f"Cette convention a pris fin {end} ; une nouvelle convention signée avec la même entreprise la renouvelle.{amended}",
        )  # fmt: skip
    if where is situation.ENDED_EARLY:
        return Standing("ended", "Terminée", f"Cette convention a pris fin avant son terme, {end}.{amended}")
    if where is situation.UNDATED:
        return Standing(
            "unknown", "Dates d’effet non connues",
            "Cette convention a été signée, mais sa durée n’a pas été retrouvée : le portail ne peut pas dire si elle "
            "est encore en vigueur.",
        )  # fmt: skip
    if where.name == "shelved":
        return Standing("ended", "Sans suite", "Ce projet de convention a été classé sans suite.")
    return Standing(
        "future", "Pas encore signée", "Cette convention n’est pas encore signée : ce document n’engage personne."
    )


def _until(convention: PartnershipConvention, day: date, end: str) -> str:
    """Say when it ends, or until when its present period runs."""
    if convention.ended_on:
        return f"elle s’arrêtera {end}"
    period = convention.terms.period_on(day)
    if period and period.ends_on != convention.terms.last_day:
        return (
            f"sa période en cours s’achève {french.date_in_letters(period.ends_on)}, puis elle se reconduit tacitement"
        )
    return f"elle prend fin {end}"


def _amended(convention: PartnershipConvention, day: date) -> str:
    """Say which signed amendments are in force on a day: « Elle est modifiée par l’avenant n° 1 du 3 mars 2027. »"""
    signed = convention.amendments.filter(status="signed", effective_on__lte=day).order_by("number")
    named = [f"l’avenant n° {row.number} du {french.day_in_letters(row.signed_on)}" for row in signed if row.signed_on]
    return f" Elle est modifiée par {french.join_with_and(named)}." if named else ""


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of a convention to whoever holds its code: nothing that partial diffusion hides today."""
    company, printed = _convention_of(document).company, document.context["company"]["printed_name"]
    facts = [
        ("Convention", without_name(document.title, company, printed)),
        ("Entreprise", shown_name(company, name=printed)),
    ]
    if signed_on := _signed_on(document):
        facts.append(("Signée", french.date_in_letters(signed_on)))
    return facts


def _signed_on(document: Document) -> date | None:
    """Return the day that the document prints; one signed in the portal was frozen before, and the convention knows it."""
    if signature := document.context["signature"]:
        return date.fromisoformat(signature["signed_on"])
    return _convention_of(document).signed_on if document.signature_fields and document.is_sealed else None


def may_read(user: User, document: Document) -> bool:
    return user.has_perm(PartnershipPermission.READ_DOCUMENT)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(PartnershipPermission.SEAL_CONVENTION)


def subject_url(document: Document) -> str:
    """Return the page of the convention."""
    return _convention_of(document).get_absolute_url()


CONVENTION = DocumentKind(
    name=KIND,
    label="Convention de partenariat",
    template="convention",
    version="v2",
    standing=standing,
    public_facts=public_facts,
    may_read=may_read,
    subject_url=subject_url,
    may_retry=may_retry,
)
