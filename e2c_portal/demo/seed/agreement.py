"""A minor trainee of Nîmes whose internship agreement waits for four signatures: `demo_ready` plays the four people."""

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.demo.personas import persona_named
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import typeset
from e2c_portal.signing.lookups import latest_envelope
from e2c_portal.signing.models import Envelope
from partnerships.models import Company, CompanyContact, Establishment
from partnerships.operations.companies import save_record
from trainees.law.public_holidays import holidays_between
from trainees.law.timetable import Slot, spread
from trainees.models import (
    Internship,
    InternshipAgreement,
    LegalRepresentative,
    Pathway,
    ReferenceDataset,
    Trade,
    Trainee,
)
from trainees.models.agreements import AGREEMENT_KIND
from trainees.operations.agreements import send_to_sign
from trainees.operations.internships import plan_internship
from trainees.operations.pathways import move_pathway, open_pathway
from trainees.operations.people import register_trainee, save_representative
from trainees.reads.signers import AgreementPlan

COMPANY = "Fournil des Arènes (exemple)"
TRAINEE = ("Modèle", "Lina", "lina.modele@exemple.invalid")
ADDRESS = "Entreprise fictive : elle n’existe que pour la démonstration et n’a donc pas de SIREN."
DAY = Slot(time(8), time(16), time(12), time(13))


@transaction.atomic
def load_agreement(officer: User) -> int:
    """Put the agreement of the example to signature unless it was. Returns how many were."""
    if _internship() is not None:
        return 0
    coordinator = _coordinator()
    trainee, pathway = _trainee(coordinator)
    place = _host(officer)
    first = _first_day()
    internship = Internship(
        trainee=trainee, pathway=pathway, school=trainee.school, establishment=place, starts_on=first,
        ends_on=first + timedelta(days=11), kind=Internship.Kind.DISCOVERY, trade=_trade(), referent=coordinator,
        school_signatory=coordinator, **_people(place), **_texts(),
    )  # fmt: skip
    closed = holidays_between(first, internship.ends_on)
    days = spread(dict.fromkeys(range(5), DAY), {}, first, internship.ends_on, closed)
    plan_internship(internship, days, coordinator, accepted=True)
    send_to_sign(internship.pk, AgreementPlan(), coordinator)
    return 1


def example_envelope() -> Envelope | None:
    """Return the signature of the example, None when it is not loaded."""
    internship = _internship()
    agreement = (
        InternshipAgreement.objects.filter(internship=internship).order_by("-version").first() if internship else None
    )
    return latest_envelope(AGREEMENT_KIND, subject_of(agreement)) if agreement else None


def _internship() -> Internship | None:
    rows = Internship.objects.filter(establishment__company__legal_name=typeset(COMPANY), trainee__email=TRAINEE[2])
    return rows.order_by("pk").first()


def _coordinator() -> User:
    persona = persona_named("sofia-roux")
    if persona is None:
        raise PortalError("Le personnage de la coordinatrice de Nîmes n’existe plus.")
    return User.objects.get(email__iexact=persona.email)


def _trainee(actor: User) -> tuple[Trainee, Pathway]:
    school = actor.memberships.get(ends_on=None).school
    today, last_name, first_name, email = timezone.localdate(), *TRAINEE
    trainee = register_trainee(
        Trainee(
            school=school, last_name=last_name, first_name=first_name, birth_date=date(today.year - 17, 3, 12), email=email,
            phone="0600000001", address=typeset("3 rue des Exemples"), postal_code="30000", city="Nîmes",
        ), actor,
    )  # fmt: skip
    save_representative(
        LegalRepresentative(
            trainee=trainee, full_name="Hélène Modèle", quality=LegalRepresentative.Quality.MOTHER,
            email="helene.modele@exemple.invalid", phone="0600000002",
        ), actor,
    )  # fmt: skip
    entered_on = today - timedelta(days=28)
    pathway = Pathway(
        trainee=trainee, site=school.sites.order_by("pk").first(), entered_on=entered_on,
        trial_ends_on=entered_on + timedelta(days=42), planned_ends_on=entered_on + timedelta(days=240), referent=actor,
    )  # fmt: skip
    return trainee, move_pathway(open_pathway(pathway, actor).pk, "arrive", actor)


def _first_day() -> date:
    """Return a Monday to come, after the next one: there is time to sign."""
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


def _host(officer: User) -> Establishment:
    company = save_record(Company(legal_name=typeset(COMPANY), legal_form="SARL", note=typeset(ADDRESS)), officer)
    place = Establishment(
        company=company, name=typeset(COMPANY), is_head_office=True, address=typeset("12 rue du Four"),
        postal_code="30000", city="Nîmes", commune_code="30189",
    )  # fmt: skip
    save_record(place, officer)
    for name, job, email, phone in (
        ("Yanis Modèle", "chef boulanger", "yanis@fournil.exemple.invalid", "0600000003"),
        ("Odette Modèle", "gérante", "odette@fournil.exemple.invalid", "0600000004"),
    ):
        person = CompanyContact(
            company=company, establishment=place, full_name=name, job_title=job, email=email, phone=phone
        )
        save_record(person, officer)
    return place


def _people(place: Establishment) -> dict[str, CompanyContact]:
    return {
        "tutor": place.contacts.get(job_title="chef boulanger"),
        "host_signatory": place.contacts.get(job_title="gérante"),
    }


def _texts() -> dict[str, str]:
    return {
        "activities": typeset("Préparer les pâtes avec le chef\nFaçonner et enfourner\nServir en boutique"),
        "objectives": typeset("Découvrir le métier de boulanger\nConfirmer ou non le projet de formation"),
        "skills": typeset(
            "Respecter une recette et des quantités\nAppliquer les règles d’hygiène\nTravailler en équipe"
        ),
        "equipment": typeset("Chaussures de sécurité, tablier et coiffe"),
        "safety": typeset("Règles d’hygiène du fournil, expliquées le premier jour"),
        "benefits": typeset("Repas de midi offert"),
        "insurance": typeset("Responsabilité civile professionnelle (exemple)"),
        "access": typeset("Bus, arrêt Arènes, puis trois minutes à pied"),
    }


def _trade() -> Trade:
    """Return the trade of a baker: of the reference in service when one is loaded, else of an extract that says so."""
    known = Trade.objects.filter(code="D1102", dataset__is_current=True).first()
    if known:
        return known
    dataset, _made = ReferenceDataset.objects.get_or_create(
        kind=ReferenceDataset.Kind.TRADES, vintage=typeset("Extrait de la démonstration"),
        defaults={"source": "ROME, France Travail", "licence": "Licence ouverte", "is_sample": True},
    )  # fmt: skip
    return Trade.objects.get_or_create(dataset=dataset, code="D1102", defaults={"label": "Boulangerie - viennoiserie"})[
        0
    ]
