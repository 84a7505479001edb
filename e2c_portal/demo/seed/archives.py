"""Load the conventions of 2013 and 2014 as archives, through the portal's own operations."""

from dataclasses import replace

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed import archive_2013, archive_2014
from e2c_portal.demo.seed.archive_facts import OBJECT, EventFacts, PartnerFacts, YearFacts
from e2c_portal.kernel.french import typeset
from partnerships.models import Company, Establishment, PartnershipConvention, SigningEvent
from partnerships.operations.companies import save_record
from partnerships.operations.conventions import ArticleText, ConventionText, Promise, Signatory, draft_convention
from partnerships.operations.moves import move_convention

YEARS = (archive_2013.CONVENTIONS, archive_2014.CONVENTIONS)


def load_archives(actor: User) -> int:
    """Record the archived conventions that are missing. Returns how many were recorded."""
    return sum(_load_partner(year, partner, actor) for year in YEARS for partner in year.partners)


@transaction.atomic
def _load_partner(year: YearFacts, partner: PartnerFacts, actor: User) -> int:
    """Record one convention, with its company and its ceremony, or nothing of it."""
    event = _event(year.event, actor)
    company = _company(partner, actor)
    if PartnershipConvention.objects.filter(company=company, signing_event=event).exists():
        return 0
    convention = draft_convention(_text(year, partner, company), actor, year=event.held_on.year)
    facts = {
        "signed_on": event.held_on,
        "signed_place": typeset(year.signed_place),
        "signing_event": event,
        "deliberation_number": year.deliberation_number,
        "deliberation_date": year.deliberation_date,
    }
    move_convention(convention.pk, "record_archive", actor, facts=facts)
    return 1


def _event(facts: EventFacts, actor: User) -> SigningEvent:
    name = typeset(facts.name)
    event = SigningEvent.objects.filter(name=name, held_on=facts.held_on).first()
    if event:
        return event
    event = SigningEvent(
        name=name, held_on=facts.held_on, place=typeset(facts.place), city=facts.city, sources=typeset(facts.sources)
    )
    return save_record(event, actor)


def _company(facts: PartnerFacts, actor: User) -> Company:
    company = Company.objects.filter(legal_name=facts.known_as).first()
    if company:
        return company
    company = save_record(Company(legal_name=facts.known_as, siren=facts.siren, note=typeset(facts.note)), actor)
    if facts.head_office_siret:
        office = Establishment(
            company=company, name=f"{facts.known_as} – siège", siret=facts.head_office_siret, is_head_office=True
        )
        save_record(office, actor)
    return company


def _text(year: YearFacts, partner: PartnerFacts, company: Company) -> ConventionText:
    return ConventionText(
        company=company,
        title=typeset(f"Convention de partenariat entre la Région Languedoc-Roussillon et {partner.known_as}"),
        object=typeset(OBJECT),
        printed_company_name=partner.printed_as,
        origin=PartnershipConvention.Origin.ARCHIVE,
        sources=_lines(*year.sources, *partner.sources),
        preamble=typeset(year.preamble),
        visas=_lines(*year.visas),
        recitals=_lines(*year.recitals),
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        renewal=PartnershipConvention.Renewal.UNKNOWN,
        articles=[ArticleText(typeset(item.title), typeset(item.body)) for item in (*year.articles, *partner.articles)],
        commitments=[_promise(item) for item in (*year.promises, *partner.promises)],
        signatories=[_signatory(item) for item in (*year.region_signatories, partner.signatory)],
    )


def _promise(item: Promise) -> Promise:
    return replace(item, description=typeset(item.description))


def _signatory(item: Signatory) -> Signatory:
    return replace(item, quality=typeset(item.quality))


def _lines(*sentences: str) -> str:
    return "\n".join(typeset(sentence) for sentence in sentences)
