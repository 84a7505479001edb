"""What a column of the coordinator’s spreadsheet may hold, and how its title is recognised."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from e2c_portal.kernel.search import fold


@dataclass(frozen=True)
class ImportedField:
    """One piece of information: its name in French, the titles by which it is known, an example, and what to type."""

    name: str
    label: str
    titles: tuple[str, ...]
    example: str
    note: str
    required: bool = False


FIELDS = (
    ImportedField("last_name", "Nom", ("nom", "nom de famille", "nom stagiaire", "nom de naissance", "nom usuel", "lastname"), "PONS", "Obligatoire.", True),
    ImportedField("first_name", "Prénom", ("prenom", "prenoms", "prenom stagiaire", "prenom usuel", "firstname"), "Léa", "Obligatoire.", True),
    ImportedField("birth_date", "Date de naissance", ("date de naissance", "ne le", "nee le", "ne e le", "naissance", "date naissance", "ddn", "date naiss", "dn"), "12/03/2006", "Obligatoire. 12/03/2006, 12.03.06 ou 12 mars 2006.", True),
    ImportedField("gender", "Sexe", ("sexe", "genre", "civilite", "h f", "f h", "m f", "titre"), "F", "F ou H ; Mme ou M. conviennent."),
    ImportedField("email", "Courriel", ("courriel", "email", "e mail", "mail", "adresse mail", "adresse email", "adresse electronique", "mel", "courriel stagiaire"), "lea.pons@exemple.invalid", "Sert aussi à reconnaître une personne déjà connue."),
    ImportedField("phone", "Téléphone", ("telephone", "tel", "portable", "mobile", "numero de telephone", "n telephone", "tel portable", "gsm", "telephone portable"), "06 12 34 56 78", ""),
    ImportedField("address", "Adresse", ("adresse", "rue", "adresse postale", "voie", "domicile", "adresse 1"), "4 rue des Essais", ""),
    ImportedField("postal_code", "Code postal", ("code postal", "cp", "codepostal", "c p"), "34000", "Cinq chiffres ; un zéro perdu par le tableur est remis."),
    ImportedField("city", "Ville", ("ville", "commune", "localite", "ville de residence"), "Montpellier", ""),
    ImportedField("site", "Site", ("site", "site e2c", "lieu", "antenne", "site d accueil", "lieu de formation"), "Montpellier", "Un site de l’école. Inutile quand elle n’en a qu’un."),
    ImportedField("entered_on", "Date d’entrée", ("date d entree", "entree", "entree le", "date entree", "debut", "date de debut", "debut de parcours", "date debut", "arrivee", "entree e2c"), "01/09/2026", "Avec elle, un parcours s’ouvre. L’âge légal se compte ce jour-là."),
    ImportedField("planned_ends_on", "Fin prévue", ("fin prevue", "date de fin", "fin", "fin de parcours", "date fin", "sortie prevue", "date de fin prevue", "fin previsionnelle"), "31/03/2027", "Nécessaire quand la date d’entrée est donnée."),
    ImportedField("referent", "Référent (courriel)", ("referent", "formateur referent", "formateur", "referent courriel", "courriel referent", "mail referent", "email referent", "courriel du referent"), "formateur@ecole.invalid", "L’adresse d’un membre de l’école dans le portail."),
    ImportedField("prescriber", "Prescripteur", ("prescripteur", "oriente par", "prescription", "organisme prescripteur", "structure prescriptrice", "mission locale"), "Mission locale de Montpellier", "Le nom d’un prescripteur de la liste du portail."),
    ImportedField("referred_on", "Date de prescription", ("date de prescription", "prescrit le", "oriente le", "date prescription", "date d orientation"), "24/08/2026", "Nécessaire quand le prescripteur est donné, sauf s’il y a une date d’entrée."),
    ImportedField("education_level", "Niveau de formation", ("niveau", "niveau de formation", "niveau scolaire", "diplome", "niveau d etudes", "niveau a l entree"), "infra 3", "infra 3, 3 sans diplôme, 3 (CAP, BEP) ou 4 (bac)."),
    ImportedField("driving_licence", "Permis de conduire", ("permis", "permis de conduire", "permis b"), "non", "oui ou non."),
    ImportedField("qpv", "Quartier prioritaire (QPV)", ("qpv", "quartier prioritaire", "code qpv", "quartier"), "QN03401M", "Le code du quartier, suivi de l’année de sa liste si ce n’est pas 2024 : QP034001 2015."),
    ImportedField("representative_name", "Représentant légal : nom", ("representant legal", "nom representant legal", "representant legal nom", "responsable legal", "parent", "nom du representant legal", "nom responsable legal"), "Anne PONS", "Demandé pour un mineur qui part en stage."),
    ImportedField("representative_quality", "Représentant légal : qualité", ("qualite", "qualite representant legal", "representant legal qualite", "lien", "lien de parente", "qualite du representant legal"), "mère", "mère, père, tuteur, ou ASE."),
    ImportedField("representative_email", "Représentant légal : courriel", ("courriel representant legal", "representant legal courriel", "mail representant legal", "email representant legal", "email responsable legal", "mail parent", "courriel du representant legal"), "anne.pons@exemple.invalid", ""),
    ImportedField("representative_phone", "Représentant légal : téléphone", ("telephone representant legal", "representant legal telephone", "tel representant legal", "tel responsable legal", "tel parent", "telephone du representant legal"), "06 98 76 54 32", ""),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
REQUIRED = tuple(field.name for field in FIELDS if field.required)
# Columns that the file of refused lines adds: brought back, they are left aside.
LINE_TITLE, REASON_TITLE = "Ligne du fichier", "Motif du refus"
NIR_TITLES = re.compile(
    r"\b(nir|secu|securite sociale|num ss|n ss|no ss|numero ss|numero de ss|numero insee|n insee|no insee|immatriculation sociale)\b"
)


def key_of(title: str) -> str:
    """Return a title as it is compared: lower case, no accents, no signs, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(title)).split())[:200]


def names_a_nir(title: str) -> bool:
    """Say whether a column says by its title that it holds social security numbers."""
    return NIR_TITLES.search(key_of(title)) is not None


def guess(titles: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Return which field each column holds, by its number as text: what the school said before, then the usual titles.

    `remembered` gives a field (or nothing: left aside) by key of title. A field is given to one column only, the first.
    """
    found: dict[str, str] = {}
    for number, title in enumerate(titles):
        key = key_of(title)
        name = remembered[key] if key in remembered else KNOWN.get(key, "")
        if name in BY_NAME and name not in found.values():
            found[str(number)] = name
    return found


KNOWN = {key_of(title): field.name for field in FIELDS for title in (*field.titles, field.label)}
