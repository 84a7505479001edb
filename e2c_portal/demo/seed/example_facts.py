"""Conventions of today that say they are examples: to work on, already signed, signed by link at the start, awaiting."""

from dataclasses import dataclass
from datetime import date, timedelta

from partnerships.models import Company
from partnerships.operations.conventions import ArticleText, ConventionText, Promise, Signatory

OPEN_COMPANY = "Ateliers du Vidourle (exemple)"
SIGNED_COMPANY = "Maraîchers de la Têt (exemple)"
# Signed by link and code once the portal runs: `demo_ready` plays its three signatories.
LINK_COMPANY = "Tonneliers du Minervois (exemple)"
# Left at the signature, so that a visitor sees people awaited.
AWAITED_COMPANY = "Transports du Lez (exemple)"
NOTE = "Entreprise fictive : elle n’existe que pour la démonstration et n’a donc pas de SIREN."
DELIBERATION = "CR-EX/01.001 (exemple)"

ARTICLES = [
    ArticleText(
        "Objet",
        "La présente convention fixe les engagements réciproques de la Région et de l’entreprise en faveur des stagiaires des "
        "Écoles de la 2e chance.",
    ),
    ArticleText(
        "Engagements de l’entreprise",
        "L’entreprise accueille des stagiaires, désigne un tuteur pour chacun et participe à la validation des compétences "
        "techniques développées pendant les stages, dans la limite des cibles du tableau des engagements.\n\n"
        "Elle informe sans délai l’école de toute difficulté.",
    ),
    ArticleText(
        "Engagements de la Région",
        "La Région met en relation l’entreprise et les écoles, suit la réalisation des engagements et en rend compte chaque "
        "année aux signataires.",
    ),
    ArticleText(
        "Durée et renouvellement",
        "La convention prend effet et se termine aux dates qu’elle indique. Elle se renouvelle par une nouvelle signature.",
    ),
]
COMMITMENTS = [
    Promise("internships", "Stages de découverte ou de confirmation", 12, "stages", "par an", "yearly"),
    Promise("tutors", "Un tuteur désigné pour chaque stage", None, "", "durée de la convention"),
    Promise("mock_interviews", "Simulations d’entretien d’embauche", 2, "demi-journées", "par an", "yearly"),
    Promise("skill_validation", "Participer à la validation des compétences techniques"),
]
SIGNATORIES = [
    Signatory("region", "présidente de la Région (exemple)", "Camille Exemple"),
    Signatory("company", "directrice régionale (exemple)", "Dominique Modèle"),
]
THREE_SIGNATORIES = [
    Signatory("region", "présidente de la Région (exemple)", "Camille Exemple", "camille@region.exemple.invalid"),
    Signatory(
        "region", "conseillère déléguée aux écoles de la 2e chance (exemple)", "Inès Exemple",
        "ines@region.exemple.invalid",
    ),
    Signatory("company", "directeur général (exemple)", "Sacha Modèle", "sacha@tonneliers.exemple.invalid"),
]  # fmt: skip
TWO_SIGNATORIES = [
    Signatory("region", "présidente de la Région (exemple)", "Camille Exemple", "camille@region.exemple.invalid"),
    Signatory("company", "gérante (exemple)", "Lou Modèle", "lou@transports.exemple.invalid"),
]
VISAS = "le code de l’éducation, notamment son article L214-14\nle code général des collectivités territoriales"
RECITALS = (
    "que la Région entend faciliter l’accès des jeunes à des stages, à des tuteurs et à des emplois proches de chez eux\n"
    "que l’entreprise souhaite faire connaître ses métiers aux stagiaires"
)


@dataclass(frozen=True)
class Calendar:
    """The dates of the signed example, counted back from today so that it is always in force."""

    voted_on: date
    signed_on: date
    ends_on: date


def calendar(today: date) -> Calendar:
    """Return a vote two months ago, a signature one month ago and an end three years after it."""
    signed_on = today - timedelta(days=30)
    return Calendar(today - timedelta(days=60), signed_on, three_years_from(signed_on))


def three_years_from(day: date) -> date:
    """Return the last day of a period of three years that begins on `day`."""
    day_before = day - timedelta(days=1)
    return day_before.replace(
        year=day_before.year + 3, day=min(day_before.day, 28) if day_before.month == 2 else day_before.day
    )


def example_text(
    company: Company, starts_on: date, ends_on: date, signatories: list[Signatory] = SIGNATORIES
) -> ConventionText:
    """Return a text complete enough to go through every move."""
    return ConventionText(
        company=company,
        title=f"Convention de partenariat avec {company.legal_name}",
        sources="Exemple écrit pour la démonstration : aucune de ces données n’est réelle.",
        preamble="Les Écoles de la 2e chance forment en alternance des jeunes sortis du système scolaire sans diplôme.",
        visas=VISAS,
        recitals=RECITALS,
        starts_on=starts_on,
        ends_on=ends_on,
        articles=ARTICLES,
        commitments=COMMITMENTS,
        signatories=signatories,
    )
