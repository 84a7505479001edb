"""Companies and conventions of the tests, made by the real operations, at the stage one asks for."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.models import Company, Establishment, PartnershipConvention
from partnerships.operations.companies import save_record
from partnerships.operations.conventions import ArticleText, ConventionText, Promise, Signatory, draft_convention
from partnerships.operations.moves import move_convention
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.network import network_of
from tests.factories.signing import signed_on_paper

_numbers = count(1)

# The moves that lead from a draft to each state of a convention written in the portal.
WAYS: dict[str, tuple[str, ...]] = {
    workflows.DRAFT: (),
    workflows.NEGOTIATION: ("open_negotiation",),
    workflows.APPROVED: ("approve",),
    workflows.DELIBERATED: ("approve", "record_vote"),
    workflows.TO_SIGN: ("approve", "record_vote", "send_to_sign"),
    workflows.SHELVED: ("shelve",),
    workflows.SIGNED: ("approve", "record_vote", "send_to_sign", "record_signature"),
    workflows.DENOUNCED: ("approve", "record_vote", "send_to_sign", "record_signature", "denounce"),
    workflows.TERMINATED: ("approve", "record_vote", "send_to_sign", "record_signature", "terminate"),
    workflows.ARCHIVED: ("approve", "record_vote", "send_to_sign", "record_signature", "archive"),
}


def company_named(name: str, actor: User, *, siren: str | None = None, head_office: bool = True) -> Company:
    """Create a company with a possible SIREN and, unless told otherwise, its head office."""
    company = save_record(Company(legal_name=name, siren=new_siren() if siren is None else siren), actor)
    if head_office:
        office = Establishment(
            company=company, name="Siège", is_head_office=True, siret=siret_of(company.siren) if company.siren else "",
            address="2 rue de l’Essai", postal_code="34000", city="Montpellier",
        )  # fmt: skip
        save_record(office, actor)
    return company


def text_of(company: Company, **changes: Any) -> ConventionText:
    """Return a text complete enough for every move, in force today."""
    today = timezone.localdate()
    text = ConventionText(
        company=company,
        title=f"Convention de partenariat avec {company.legal_name}",
        preamble="La Région et l’entreprise veulent ouvrir les métiers de l’entreprise aux stagiaires.",
        visas="le code de l’éducation, article L214-14\nle code du travail",
        recitals="que les stages sont la clé de voûte du parcours",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=335),
        articles=[
            ArticleText("Objet", "La convention fixe le cadre du partenariat.\n\nElle n’emporte aucun flux financier."),
            ArticleText("Durée", "La convention court d’une date à l’autre."),
        ],
        commitments=[
            Promise("internships", "Stages de découverte", 12, "stages", "par an", "yearly"),
            Promise("skill_validation", "Prendre part à la validation des compétences"),
        ],
        signatories=[
            Signatory("region", "Présidente de la Région", "Anne Exemple"),
            Signatory("company", "Directeur régional", "Paul Exemple"),
        ],
    )
    return replace(text, **changes)


def drafted(actor: User, company: Company | None = None, **changes: Any) -> PartnershipConvention:
    """Create a draft; without a company, one of its own."""
    network_of(actor)
    # As many digits each time: a test that searches for "Entreprise 1" must not find "Entreprise 10".
    company = company or company_named(f"Entreprise {next(_numbers):04}", actor)
    return draft_convention(text_of(company, **changes), actor)


def convention_at(
    state: str, actor: User, company: Company | None = None, *, archive: bool = False, **changes: Any
) -> PartnershipConvention:
    """Return a convention brought to `state` by the real moves.

    A signed one has a document which is only said to be sealed; `archive=True` takes the short way of old papers.
    """
    if archive:
        changes = {"origin": "archive", "sources": "Essai"} | changes
    way = WAYS[state]
    if archive and "record_signature" in way:
        way = ("record_archive", *way[4:])
    if "archive" in way:
        # Only what is over can be archived.
        past = timezone.localdate() - timedelta(days=10)
        changes = {"starts_on": date(2023, 1, 1), "ends_on": past} | changes
    convention = drafted(actor, company, **changes)
    for name in way:
        convention = sign(convention, actor) if name == "record_signature" else make_move(convention, name, actor)
    return convention


def sign(convention: PartnershipConvention, actor: User, on: date | None = None) -> PartnershipConvention:
    """Have everybody sign a convention put to signature, twenty days ago unless said: the portal records it by itself."""
    signed_on_paper(convention, actor, on or timezone.localdate() - timedelta(days=20))
    convention = PartnershipConvention.objects.get(pk=convention.pk)
    assert convention.status == workflows.SIGNED
    return convention


def make_move(convention: PartnershipConvention, name: str, actor: User, **facts: Any) -> PartnershipConvention:
    """Make one move with all that it asks for; `facts` replaces what it would record."""
    today = timezone.localdate()
    usual: dict[str, dict[str, Any]] = {
        "record_vote": {"deliberation_number": "CR-26/01.001", "deliberation_date": today - timedelta(days=40)},
        "record_archive": {"signed_on": convention.starts_on or today, "signed_place": "Montpellier"},
        "denounce": {"notice_given_on": today, "notice_given_by": "company", "ended_on": today + timedelta(days=60)},
        "terminate": {"ended_on": today - timedelta(days=1)},
    }
    return move_convention(convention.pk, name, actor, reason="Motif de l’essai", facts=usual.get(name, {}) | facts)
