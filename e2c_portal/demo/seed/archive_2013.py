"""The five conventions signed on 11 October 2013 at the second Assises."""

from datetime import date

from e2c_portal.demo.seed.archive_facts import OWN_NUMBER, PROMISES, PURPOSE, EventFacts, PartnerFacts, YearFacts
from partnerships.operations.conventions import ArticleText, Promise, Signatory

SOURCE = "info-entrepriseslr.fr, 24 octobre 2013"


def _for_the_company(full_name: str, quality: str) -> Signatory:
    return Signatory("company", quality, full_name)


CONVENTIONS = YearFacts(
    event=EventFacts(
        name="2es Assises des Écoles régionales de la 2e chance",
        held_on=date(2013, 10, 11),
        place="Hôtel de Région",
        city="Montpellier",
        sources=f"{SOURCE} : date, lieu, signataires.\n« En direct de l’école » n° 5 : huit écoles, ateliers, émission de radio.\n"
        "france3-regions.francetvinfo.fr, 2015 : ville de l’Hôtel de Région.",
    ),
    preamble="La Région met en place des partenariats entre les Écoles régionales de la 2e chance et des entreprises à "
    "rayonnement régional, qui étaient jusque-là peu accessibles aux jeunes de ces écoles.",
    articles=(
        PURPOSE,
        ArticleText("Durée", "La convention est triennale."),
    ),
    promises=PROMISES,
    region_signatories=(
        Signatory("region", "président de la Région Languedoc-Roussillon", "Christian Bourquin"),
        Signatory("region", "vice-présidente à la formation professionnelle et à l’apprentissage", "Béatrice Négrier"),
        Signatory(
            "region", "conseillère régionale en charge des Écoles régionales de la 2e chance", "Karine Chevalier"
        ),
        Signatory("region", "conseillère régionale", "Florence Brutus"),
    ),
    starts_on=date(2013, 10, 11),
    ends_on=date(2016, 10, 10),
    signed_place="Montpellier",
    sources=(
        f"{SOURCE} : date et lieu de la signature, durée de trois ans, entreprises, personnes et qualités.",
        "Signataires de la Région : les quatre élus que la légende de la photographie nomme aux côtés des cinq dirigeants ; "
        "la source ne dit pas lesquels ont signé.",
        "objectifgard.com, 12 décembre 2014 : but de ces conventions, mises en place « depuis l’an dernier ».",
        "Dates d’effet : déduites de la signature et de la durée de trois ans.",
        "Délibération et texte signé : non retrouvés.",
        OWN_NUMBER,
    ),
    partners=(
        PartnerFacts("Castorama", _for_the_company("Didier Garcia", "directeur régional de Castorama")),
        PartnerFacts(
            "EDF",
            _for_the_company("Jean Cottave", "directeur régional d’EDF"),
            articles=(
                ArticleText(
                    "Portée de l’engagement",
                    "« Il s’agit d’aider les jeunes à trouver des stages, des tuteurs, à chercher des emplois, à avoir enfin "
                    "leur chance. L’accord régional est complémentaire de l’accord national d’EDF avec les Écoles de la "
                    "2e chance. » (paroles de Jean Cottave aux Assises)",
                ),
            ),
            promises=(
                Promise("internships", "Aider les jeunes à trouver des stages"),
                Promise("tutors", "Aider les jeunes à trouver des tuteurs"),
                Promise("jobs", "Aider les jeunes à chercher des emplois"),
            ),
            sources=(f"{SOURCE} : la légende le nomme « directeur régional », le texte « délégué régional ».",),
        ),
        PartnerFacts(
            "ERDF",
            _for_the_company("Karim Rafai", "directeur régional d’ERDF"),
            note="Un article de 2014 cite « GDF » parmi les signataires de 2013 ; deux sources de 2013 disent ERDF.",
            sources=(
                "objectifgard.com, 12 décembre 2014, écrit « GDF » ; deux sources de 2013 disent ERDF, retenu ici.",
            ),
        ),
        PartnerFacts("Orange", _for_the_company("Pierre Clément", "directeur Orange Sud")),
        PartnerFacts("SNCF", _for_the_company("Jean Ghedira", "directeur régional de la SNCF")),
    ),
)
