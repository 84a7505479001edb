"""What an internship agreement prints, frozen as plain values, and what its document is worth on a day."""

from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from e2c_portal.kernel.french import of_name
from partnerships.diffusion import shown_name
from partnerships.documents import company_content, issuer_content
from partnerships.models import Establishment
from trainees.law.limits import Limit
from trainees.life import agreements as life
from trainees.life import internships as internship_life
from trainees.models import Internship, InternshipAgreement, LegalRepresentative
from trainees.models.agreements import AGREEMENT_KIND
from trainees.models.parameters import limits_on
from trainees.reads.agreements import agreement_in_full, data_officer_address, may_read_agreement, may_send_agreement
from trainees.reads.schedule_words import clock, day_words, duration, rows_of, weeks_of
from trainees.reads.signers import Signer, representative_for, signers_of

PRINTED_LIMITS = (
    Limit.WEEK_HOURS, Limit.DAY_HOURS, Limit.DAILY_REST_HOURS, Limit.MINOR_DAY_HOURS, Limit.MINOR_DAILY_REST_HOURS,
    Limit.MINOR_REST_DAYS, Limit.ACCIDENT_HOURS, Limit.PMSMP_MONTHS, Limit.PMSMP_DAYS,
)  # fmt: skip
LATE = "La dernière signature est venue après le premier jour du stage : l’école a enregistré pourquoi."


def agreement_order(agreement_id: int, representative: int | None = None) -> Order:
    """Return what is to be printed of an agreement, read in full now. `representative` signs for a minor, the first unless said."""
    agreement = agreement_in_full(agreement_id)
    title = f"Convention de stage {of_name(str(agreement.internship.trainee))}"
    return Order(AGREEMENT_KIND, agreement, agreement.reference, title, content_of(agreement, representative))


def content_of(agreement: InternshipAgreement, representative: int | None = None) -> dict[str, Any]:
    """Return the values an agreement prints: plain, JSON-ready, dates in ISO form (domain dossier, 3.2)."""
    internship = agreement.internship
    weeks = weeks_of(rows_of(internship.days.all()))
    return {
        **issuer_content(),
        **parties(internship, representative),
        "version": agreement.version,
        "regime": internship.regime,
        "kind_label": internship.get_kind_display(),
        "trade": {"code": internship.trade.code, "label": internship.trade.label} if internship.trade else None,
        "activities": lines(internship.activities),
        "objectives": lines(internship.objectives),
        "skills": lines(internship.skills),
        "period": {"starts_on": internship.starts_on.isoformat(), "ends_on": internship.ends_on.isoformat()},
        "totals": totals(internship),
        "weeks": [_week(week) for week in weeks],
        "equipment": lines(internship.equipment),
        "safety": lines(internship.safety),
        "benefits": lines(internship.benefits),
        "insurance": lines(internship.insurance),
        "access": lines(internship.access),
        "on_site": internship.on_site,
        "pmsmp": _pmsmp(internship),
        "dangerous": _dangerous(internship),
        "late_reason": agreement.late_reason,
        "limits": printed_limits(internship.starts_on),
        "data_officer": data_officer_address(),
    }


def parties(internship: Internship, representative: int | None = None) -> dict[str, Any]:
    """Return those who agree, as they are identified on paper, and those who sign."""
    people = signers_of(internship, representative)
    return {
        "school": _school(internship),
        "host": _host(internship.establishment),
        "trainee": _trainee(internship),
        "representative": _representative(representative_for(internship, representative)),
        "tutor": _tutor(internship),
        "referent": _referent(internship),
        "signatories": [_signer(person) for person in people],
    }


def lines(text: str) -> list[str]:
    """Return the lines of a text, blank ones aside."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def totals(internship: Internship) -> dict[str, str]:
    """Return the hours of effective presence: in company, at school, together."""
    company, school = internship.company_minutes, internship.school_minutes
    return {
        "company": duration(company),
        "school": duration(school) if school else "",
        "all": duration(company + school),
    }


def printed_limits(day: date) -> dict[str, str]:
    """Return the legal limits that the clauses quote, as they hold on a day."""
    known = limits_on(day)
    return {key.value: french.number(known[key].normalize()) for key in PRINTED_LIMITS}


def _school(internship: Internship) -> dict[str, Any]:
    school, site = internship.school, internship.pathway.site
    return {
        "name": school.name,
        "operator": school.operator,
        "siret": school.siret,
        "activity_declaration_number": school.activity_declaration_number,
        "address_lines": [one for one in (site.address, f"{site.postal_code} {site.city}".strip()) if one],
    }


def _host(place: Establishment) -> dict[str, Any]:
    company = company_content(place.company, place.company.legal_name)
    naf = f"{place.naf_code} ({place.naf_version})" if place.naf_code else ""
    return {
        **company,
        "place": {
            "name": place.name,
            "siret": place.siret,
            "naf": naf,
            "address_lines": [one for one in (place.address, f"{place.postal_code} {place.city}".strip()) if one],
        },
    }


def _trainee(internship: Internship) -> dict[str, Any]:
    trainee = internship.trainee
    return {
        "name": str(trainee),
        "birth_date": trainee.birth_date.isoformat(),
        "is_minor": trainee.is_minor_on(internship.starts_on),
        "address_lines": [one for one in (trainee.address, f"{trainee.postal_code} {trainee.city}".strip()) if one],
    }


def _representative(row: LegalRepresentative | None) -> dict[str, str] | None:
    return {"name": row.full_name, "quality": row.get_quality_display().lower()} if row else None


def _tutor(internship: Internship) -> dict[str, str]:
    tutor = internship.tutor
    if tutor is None:
        return {"name": "", "job_title": "", "email": "", "phone": ""}
    return {"name": tutor.full_name, "job_title": tutor.job_title, "email": tutor.email, "phone": tutor.phone}


def _referent(internship: Internship) -> dict[str, str]:
    referent = internship.referent
    return {"name": referent.full_name if referent else "", "email": referent.email if referent else ""}


def _signer(person: Signer) -> dict[str, str]:
    return {"key": person.key, "role": person.role, "name": person.full_name, "quality": person.quality}


def _week(week: Any) -> dict[str, Any]:
    return {
        "title": week.title,
        "total": duration(week.minutes),
        "days": [
            {
                "day": day_words(row.day),
                "place": "entreprise" if row.in_company else "école",
                "from": clock(row.starts_at),
                "to": clock(row.ends_at),
                "pause": f"{clock(row.break_starts_at)} – {clock(row.break_ends_at)}" if row.break_starts_at else "",
                "hours": duration(row.minutes),
            }
            for row in week.rows
        ],
    }


def _pmsmp(internship: Internship) -> dict[str, str] | None:
    if internship.regime != Internship.Regime.PMSMP:
        return None
    return {"delegation": internship.delegation_reference, "structure": internship.prescribing_structure}


def _dangerous(internship: Internship) -> dict[str, Any] | None:
    row = internship.dangerous_work
    if row is None:
        return None
    return {"reference": row.reference, "expires_on": row.expires_on.isoformat(), "works": lines(row.works)}


def agreement_of(document: Document) -> InternshipAgreement:
    """Return the agreement that a document prints, with its internship."""
    rows = InternshipAgreement.objects.select_related("internship__trainee", "internship__establishment__company")
    return rows.get(pk=document.subject.rpartition(":")[2])


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed agreement is worth on a day, in words that name no private person."""
    agreement = agreement_of(document)
    if agreement.status == life.LAPSED:
        return Standing(
            "ended", "Caduque", "Cette version ne compte plus : une autre l’a remplacée, ou le stage est annulé."
        )
    if agreement.status != life.SIGNED:
        return Standing(
            "future", "Signature à enregistrer",
            "Toutes les personnes ont signé ; l’école n’a pas encore enregistré la signature. Le stage ne peut pas commencer.",
        )  # fmt: skip
    label, sentence, state = _worth(agreement.internship, day)
    told = [sentence, amended_words(agreement, day), LATE if agreement.is_late else ""]
    if state in ("in_force", "future") and told[1]:
        label = f"{label}, modifiée"
    if agreement.is_late:
        label = f"{label} (signée en retard)"
    return Standing(state, label, " ".join(filter(None, told)))


def _worth(internship: Internship, day: date) -> tuple[str, str, str]:
    """Return the label, the sentence and the state that the dates and the end of the internship give."""
    first, last = french.date_in_letters(internship.starts_on), french.date_in_letters(internship.last_day)
    if internship.status == internship_life.CANCELLED:
        return "Stage annulé", "Le stage a été annulé : cette convention n’a plus d’effet.", "ended"
    if internship.status == internship_life.NOT_STARTED:
        return "Stage non démarré", "Le stage n’a pas eu lieu : cette convention n’a plus d’effet.", "ended"
    if internship.status == internship_life.BROKEN and day > internship.last_day:
        return "Rompue", f"Le stage s’est arrêté avant son terme, {last}.", "ended"
    if day < internship.starts_on:
        return "Pas encore en vigueur", f"Cette convention est signée ; le stage commence {first}.", "future"
    if day > internship.last_day:
        return "Terminée", f"Le stage a pris fin {last}.", "ended"
    return "En vigueur", f"Cette convention est en vigueur ; le stage prend fin {last}.", "in_force"


def amended_words(agreement: InternshipAgreement, day: date) -> str:
    """Say which signed amendments are in force on a day: « Elle est modifiée par avenant n° 1 du 3 mars 2027. »"""
    signed = agreement.amendments.filter(status=life.SIGNED, effective_on__lte=day).order_by("number")
    named = [f"l’avenant n° {row.number} du {french.day_in_letters(row.signed_on)}" for row in signed if row.signed_on]
    return f"Elle est modifiée par avenant : {french.join_with_and(named)}." if named else ""


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said to whoever holds the code. The trainee is never named, not even by initials (ADR 0015)."""
    agreement = agreement_of(document)
    company = agreement.internship.establishment.company
    facts = [
        ("Document", "Convention de stage"),
        ("École", document.context["school"]["name"]),
        ("Entreprise d’accueil", shown_name(company)),
    ]
    if agreement.signed_on:
        facts.append(("Signée", french.date_in_letters(agreement.signed_on)))
    if agreement.is_late:
        facts.append(("Signature", "en retard sur le premier jour du stage"))
    return facts


def may_read(user: User, document: Document) -> bool:
    return may_read_agreement(user, agreement_of(document).internship)


def may_retry(user: User, document: Document) -> bool:
    return may_send_agreement(user, agreement_of(document).internship)


def subject_url(document: Document) -> str:
    """Return the page of the internship."""
    return agreement_of(document).get_absolute_url()


AGREEMENT = DocumentKind(
    name=AGREEMENT_KIND,
    label="Convention de stage",
    template="internship_agreement",
    version="v1",
    standing=standing,
    public_facts=public_facts,
    may_read=may_read,
    subject_url=subject_url,
    may_retry=may_retry,
)
