"""The regional network as published sources describe it. What none of them says stays empty."""

from schools.operations.network import SchoolFacts, SiteFacts

NETWORK_NAME = "Écoles régionales de la 2e chance du Languedoc-Roussillon"
REGION_NAME = "Région Languedoc-Roussillon"
REGION_ADDRESS = "Hôtel de Région\nMontpellier"

OPENINGS = "toulemploi.fr, mars 2020 : année d’ouverture."
LIST_OF_2011 = "objectifgard.com, « Bilan des ER2C », 22 février 2011 : liste des écoles."

SCHOOLS = (
    SchoolFacts(
        name="École de la 2e chance d’Alès",
        slug="ales",
        department="30",
        operator="GRETA-CFA Gard-Lozère",
        opened_year=2010,
        facts="Reçoit une cinquantaine de jeunes par an. Ses locaux ont brûlé en mai 2025 et ont rouvert le 19 janvier 2026.\n"
        "L’année d’ouverture est celle de la liste régionale ; un article de 2015 dit janvier 2009.",
        sources=f"{OPENINGS}\n{LIST_OF_2011}\n"
        "objectifgard.com, article 158870, 2026 : organisme porteur, effectif, incendie, réouverture, rue.\n"
        "objectifgard.com, 12 janvier 2015 : ouverture en janvier 2009.",
        sites=(SiteFacts(name="Alès", address="rue Frédéric-Mistral", city="Alès", opened_year=2010),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Béziers",
        slug="beziers",
        department="34",
        opened_year=2010,
        sources=f"{OPENINGS}\n{LIST_OF_2011}",
        sites=(SiteFacts(name="Béziers", city="Béziers", opened_year=2010),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Carcassonne",
        slug="carcassonne",
        department="11",
        opened_year=2007,
        facts="Recevait plus de 70 jeunes par an en 2010, avec huit formateurs.",
        sources=f"{OPENINGS}\n{LIST_OF_2011}\nreseau-citoyen.org, octobre 2010 : adresse, effectif, équipe, ouverture en octobre 2007.",
        sites=(SiteFacts(name="Carcassonne", address="82 rue Barbacane", city="Carcassonne", opened_year=2007),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Lunel",
        slug="lunel",
        department="34",
        opened_year=2015,
        sources=f"{OPENINGS}\nregionlrmp.fr, « ER2C : des résultats très positifs » : liste des écoles.",
        sites=(SiteFacts(name="Lunel", city="Lunel", opened_year=2015),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Mende",
        slug="mende",
        department="48",
        facts="Citée en 2011 ; absente des listes publiées depuis 2016.",
        sources=LIST_OF_2011,
        sites=(SiteFacts(name="Mende", city="Mende"),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Montpellier",
        slug="montpellier",
        department="34",
        opened_year=2006,
        facts="Première école de la région, inaugurée le 26 janvier 2007 ; une seconde a ouvert à Montpellier en 2011. "
        "Les sources ne disent pas lequel des deux sites a ouvert le premier.",
        sources=f"{OPENINGS}\n{LIST_OF_2011}\nlagazettedescommunes.com, 2007 : ouverture mi-octobre 2006, inauguration.\n"
        "« En direct de l’école » n° 5 : site de Port Marianne.\n"
        "france3-regions.francetvinfo.fr, 2016 : site de Clémenceau.",
        sites=(
            SiteFacts(name="Montpellier Clémenceau", city="Montpellier"),
            SiteFacts(name="Montpellier Port Marianne", city="Montpellier"),
        ),
    ),
    SchoolFacts(
        name="École de la 2e chance de Narbonne",
        slug="narbonne",
        department="11",
        operator="Centre régional de formation professionnelle",
        opened_year=2011,
        facts="Recevait 60 stagiaires à la fois l’année de son ouverture. L’organisme porteur a son siège à Nîmes.",
        sources=f"{OPENINGS}\n{LIST_OF_2011}\ne2clr-montpellier.fr, témoignage 16 : organisme porteur, effectif, ouverture un 14 février.",
        sites=(SiteFacts(name="Narbonne", city="Narbonne", opened_year=2011),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Nîmes",
        slug="nimes",
        department="30",
        operator="Peuple et Culture",
        opened_year=2008,
        facts="Reçoit 170 jeunes par an dans 500 m² et dix salles ; un candidat sur dix environ n’est pas retenu après l’entretien.",
        sources=f"{OPENINGS}\n{LIST_OF_2011}\nobjectifgard.com, article 57980 : organisme porteur, adresse, locaux, effectif.",
        sites=(SiteFacts(name="Nîmes", address="80 avenue Jean-Jaurès", city="Nîmes", opened_year=2008),),
    ),
    SchoolFacts(
        name="École de la 2e chance de Perpignan",
        slug="perpignan",
        department="66",
        operator="CEMEA",
        opened_year=2009,
        facts="Ouverte en janvier 2009 dans le quartier de la gare : 500 m², une équipe de dix personnes. "
        "Accueille plus de cent jeunes par an.",
        sources=f"{OPENINGS}\n{LIST_OF_2011}\nla-clau.net, 2009 : places, locaux, équipe, quartier.\n"
        "telemaque.injep.fr : organisme porteur, effectif annuel.",
        sites=(SiteFacts(name="Perpignan", city="Perpignan", places=70, opened_year=2009),),
    ),
)
