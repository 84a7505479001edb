"""Trainees, pathways and hosts of the tests, made by the real operations."""

from datetime import date
from itertools import count

from e2c_portal.accounts.models import User
from partnerships.models import Company, CompanyContact, Establishment
from schools.models import School, Site
from trainees.law.first_values import values
from trainees.models import LegalParameter, LegalRepresentative, Pathway, ReferenceDataset, Trade, Trainee
from trainees.operations.pathways import Derogation, move_pathway, open_pathway
from trainees.operations.people import register_trainee, save_representative

_numbers = count(1)
ENTRY = date(2026, 9, 1)
END = date(2027, 3, 31)
ADULT, MINOR = date(2006, 5, 20), date(2009, 7, 14)


def limits() -> None:
    """Write the dated limits again: a test with real transactions leaves empty tables behind it."""
    if not LegalParameter.objects.exists():
        LegalParameter.objects.bulk_create(
            LegalParameter(key=key, value=value, starts_on=first, ends_on=last, source=source)
            for key, value, first, last, source in values()
        )


def trade(code: str = "G1602", label: str = "Personnel de cuisine") -> Trade:
    """Return a trade of the reference in service."""
    dataset, _ = ReferenceDataset.objects.get_or_create(
        kind=ReferenceDataset.Kind.TRADES, is_current=True,
        defaults={"vintage": "essais", "source": "essais", "licence": "essais", "is_sample": True},
    )  # fmt: skip
    return Trade.objects.get_or_create(dataset=dataset, code=code, defaults={"label": label})[0]


def site_of(school: School) -> Site:
    """Return a site of the school, made at the first call."""
    return Site.objects.get_or_create(school=school, name="Site principal", defaults={"city": "Montpellier"})[0]


def trainee_in(school: School, actor: User, *, last_name: str = "", first_name: str = "", **facts: object) -> Trainee:
    """Register a trainee, an adult unless `birth_date` says otherwise."""
    number = next(_numbers)
    known = {
        "birth_date": ADULT, "email": f"stagiaire{number}@exemple.invalid", "phone": "0600000000", "city": "Montpellier",
        "postal_code": "34000", "address": f"{number} rue des Essais",
    } | facts  # fmt: skip
    trainee = Trainee(school=school, last_name=last_name or f"Nom{number}", first_name=first_name or "Prénom", **known)
    return register_trainee(trainee, actor)


def representative_of(trainee: Trainee, actor: User, full_name: str = "Anne Parent") -> LegalRepresentative:
    """Record who answers for a minor."""
    row = LegalRepresentative(
        trainee=trainee, full_name=full_name, quality=LegalRepresentative.Quality.MOTHER,
        email=f"parent{next(_numbers)}@exemple.invalid", phone="0611111111",
    )  # fmt: skip
    return save_representative(row, actor)


def pathway_of(
    trainee: Trainee,
    actor: User,
    *,
    entered_on: date = ENTRY,
    ends_on: date = END,
    derogation: Derogation | None = None,
) -> Pathway:
    """Open a pathway and record the arrival, so that internships may begin."""
    limits()
    pathway = Pathway(
        trainee=trainee, site=site_of(trainee.school), entered_on=entered_on, trial_ends_on=min(ends_on, date(entered_on.year, 12, 31)),
        planned_ends_on=ends_on, referent=actor,
    )  # fmt: skip
    opened = open_pathway(pathway, actor, derogation=derogation)
    return move_pathway(opened.pk, "arrive", actor)


def host(name: str = "", *, city: str = "Montpellier") -> Establishment:
    """Return an establishment of a company, with a tutor and somebody who signs."""
    number = next(_numbers)
    company = Company.objects.create(legal_name=name or f"Entreprise {number}", legal_form="SAS")
    place = Establishment.objects.create(
        company=company, name=company.legal_name, is_head_office=True, address="1 avenue du Marché", postal_code="34000",
        city=city, commune_code="34172",
    )  # fmt: skip
    for title, box in (("Tutrice", "tutrice"), ("Gérant", "gerant")):
        CompanyContact.objects.create(
            company=company, establishment=place, full_name=f"{title} Numéro {number}", job_title=title,
            email=f"{box}{number}@entreprise.invalid", phone="0467000000",
        )  # fmt: skip
    return place


def tutor_at(place: Establishment) -> CompanyContact:
    return place.contacts.get(job_title="Tutrice")


def signatory_at(place: Establishment) -> CompanyContact:
    return place.contacts.get(job_title="Gérant")
