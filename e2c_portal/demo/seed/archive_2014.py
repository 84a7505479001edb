"""The four conventions signed on 12 December 2014 at the third Assises."""

from datetime import date

from e2c_portal.demo.seed.archive_facts import OWN_NUMBER, PROMISES, PURPOSE, EventFacts, PartnerFacts, YearFacts
from partnerships.operations.conventions import ArticleText, Signatory

SOURCE = "objectifgard.com, 12 décembre 2014"
UNKNOWN_SIGNATORY = Signatory("company", "représentant de l’entreprise, qualité non retrouvée")

CONVENTIONS = YearFacts(
    event=EventFacts(
        name="3es Assises régionales des Écoles régionales de la 2e chance",
        held_on=date(2014, 12, 12),
        sources=f"{SOURCE} : date, entreprises, signataires de la Région, plus de cent jeunes et représentants présents.",
    ),
    preamble="Depuis 2013, la Région met en place des partenariats entre les Écoles régionales de la 2e chance et des "
    "entreprises à rayonnement régional, qui étaient jusque-là peu accessibles aux jeunes de ces écoles. Les premiers ont été "
    "conclus avec des entreprises qui relèvent pour l’essentiel du secteur public ; en 2014, la Région élargit cette "
    "collaboration au secteur privé.",
    visas=(
        "le Code général des collectivités territoriales, et notamment sa quatrième partie relative à la région",
        "le montant des crédits inscrits au budget de la Région pour 2014",
        "le règlement général des interventions de la Région",
        "le rapport n° CR-14/06.540 présenté par Monsieur le Président du Conseil régional Languedoc-Roussillon",
        "l’avis de la Commission Formation professionnelle et Apprentissage",
        "le Contrat de plan régional de développement des formations professionnelles adopté par le Conseil régional "
        "du 21 octobre 2011",
        "la délibération du Conseil régional n° CR-14/06.540 du 17 octobre 2014",
    ),
    recitals=(
        "qu’une dotation de fonctionnement de 2 450 000 € a été prévue au budget 2014 de la Région afin de consolider et "
        "développer le réseau des Écoles régionales de la 2e chance du Languedoc-Roussillon",
        "que le concept d’École régionale de la 2e chance est en totale conformité avec les préconisations du Livre blanc de la "
        "Commission européenne « Enseigner et apprendre : vers une société cognitive »",
        "que le développement de ces écoles repose sur la volonté politique de la Région, traduite dans le Contrat de plan "
        "régional de développement des formations professionnelles, de mettre en œuvre des outils adaptés au service de "
        "l’insertion professionnelle et sociale",
    ),
    articles=(
        PURPOSE,
        ArticleText(
            "Approbation",
            "Le Conseil régional a délibéré le 17 octobre 2014, sous le n° CR-14/06.540, sur les « conventions de partenariat "
            "entre les Écoles régionales de la 2e chance du Languedoc-Roussillon et des entreprises à rayonnement régional ».",
        ),
    ),
    promises=PROMISES,
    region_signatories=(
        Signatory("region", "président de la Région Languedoc-Roussillon", "Damien Alary"),
        Signatory("region", "vice-présidente déléguée à la formation et à l’apprentissage", "Béatrice Négrier"),
        Signatory("region", "conseillère régionale déléguée aux Écoles de la 2e chance", "Karine Chevalier"),
    ),
    deliberation_number="CR-14/06.540",
    deliberation_date=date(2014, 10, 17),
    sources=(
        f"{SOURCE} : date de la signature, entreprises, but des conventions, signataires de la Région et leurs qualités.",
        "Délibération du Conseil régional n° CR-14/06.540 du 17 octobre 2014, première page (docplayer.fr, document 8983990) : "
        "vote, visas et considérants, repris de la délibération elle-même.",
        "Texte signé, durée, dates d’effet et lieu de la signature : non retrouvés.",
        "Signataire de l’entreprise : nom et qualité non retrouvés.",
        OWN_NUMBER,
    ),
    partners=(
        PartnerFacts(
            "La Poste", UNKNOWN_SIGNATORY, siren="356000000", head_office_siret="35600000000048",
            sources=("SIREN et SIRET du siège : Wikipédia, article « SIRET ».",),
        ),
        PartnerFacts("Kiloutou", UNKNOWN_SIGNATORY),
        PartnerFacts(
            "Cofely-INEO-GDF-SUEZ", UNKNOWN_SIGNATORY,
            sources=(f"{SOURCE} écrit « Cofely-INEO-GDF-SUEZ », puis « COFELY INEO GDF Suez ».",),
        ),
        PartnerFacts(
            "Pro BTP", UNKNOWN_SIGNATORY, printed_as="Pro-BOP",
            note="Imprimée une fois « Pro-BOP » en 2014.",
            sources=(f"{SOURCE} écrit « Pro-BOP » une fois et « Pro BTP » une fois pour le même signataire.",),
        ),
    ),
)  # fmt: skip
