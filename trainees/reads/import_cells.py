"""What the cells of one line say, in the portal’s own terms, with what is wrong in them said in French."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from e2c_portal.kernel.search import fold
from e2c_portal.tables.days import day_in
from trainees.models import EntryProfile, LegalRepresentative, Trainee
from trainees.reads.import_columns import BY_NAME

Level, Quality = EntryProfile.Level, LegalRepresentative.Quality
GENDERS = {
    "f": "F", "femme": "F", "feminin": "F", "fille": "F", "mme": "F", "mlle": "F", "madame": "F", "mademoiselle": "F", "w": "F",
    "h": "H", "homme": "H", "masculin": "H", "garcon": "H", "m": "H", "mr": "H", "monsieur": "H", "a": "A", "autre": "A",
}  # fmt: skip
LEVELS = {
    "infra3": Level.BELOW_3, "sansdiplome": Level.BELOW_3, "infrav": Level.BELOW_3, "vi": Level.BELOW_3, "vbis": Level.BELOW_3,
    "niveauinfra3": Level.BELOW_3, "aucun": Level.BELOW_3, "brevet": Level.BELOW_3, "dnb": Level.BELOW_3, "niveau2": Level.BELOW_3,
    "niveau1": Level.BELOW_3, "1": Level.BELOW_3, "2": Level.BELOW_3, "3sansdiplome": Level.LEVEL_3_FAILED,
    "3nonvalide": Level.LEVEL_3_FAILED, "niveau3sansdiplome": Level.LEVEL_3_FAILED, "capnonobtenu": Level.LEVEL_3_FAILED,
    "niveau3nonvalide": Level.LEVEL_3_FAILED, "3": Level.LEVEL_3, "niveau3": Level.LEVEL_3, "cap": Level.LEVEL_3, "bep": Level.LEVEL_3,
    "capbep": Level.LEVEL_3, "v": Level.LEVEL_3, "4": Level.LEVEL_4, "niveau4": Level.LEVEL_4, "bac": Level.LEVEL_4,
    "baccalaureat": Level.LEVEL_4, "bacpro": Level.LEVEL_4, "iv": Level.LEVEL_4,
}  # fmt: skip
QUALITIES = {
    "mere": Quality.MOTHER, "maman": Quality.MOTHER, "pere": Quality.FATHER, "papa": Quality.FATHER, "tuteur": Quality.GUARDIAN,
    "tutrice": Quality.GUARDIAN, "tuteurlegal": Quality.GUARDIAN, "ase": Quality.INSTITUTION, "etablissement": Quality.INSTITUTION,
    "aidesocialealenfance": Quality.INSTITUTION, "foyer": Quality.INSTITUTION,
}  # fmt: skip
YES, NO = ("oui", "o", "x", "vrai", "1", "yes", "permis b", "b"), ("non", "n", "faux", "0", "no", "aucun")
BIRTHS, OTHERS = ("birth_date",), ("entered_on", "planned_ends_on", "referred_on")
QPV = re.compile(r"^(Q[NP][0-9A-Z]{6})(?:\D*(20\d{2}))?$")
QPV_LIST = "2024"


@dataclass
class Person:
    """What one line says of somebody. `texts` are the columns of the trainee; a date that is not given is None."""

    texts: dict[str, str] = field(default_factory=dict)
    birth_date: date | None = None
    site: str = ""
    entered_on: date | None = None
    planned_ends_on: date | None = None
    referent: str = ""
    prescriber: str = ""
    referred_on: date | None = None
    profile: dict[str, object] = field(default_factory=dict)
    representative: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.texts.get('last_name', '')} {self.texts.get('first_name', '')}".strip()


def key_of_person(last_name: str, first_name: str) -> str:
    """Return a name as it is compared: « Jean-Noël D’ARC » and « jean noel darc » are one."""
    return " ".join(re.sub(r"[^a-z0-9]+", "", fold(part)) for part in (last_name, first_name))


def person_in(cells: list[str], mapping: Mapping[str, str]) -> Person:
    """Return what the cells of a line say, read by the columns kept."""
    told = {name: cells[int(number)] for number, name in mapping.items() if int(number) < len(cells)}
    person = Person()
    _texts(person, told)
    for name in (*BIRTHS, *OTHERS):
        _day(person, name, told.get(name, ""))
    person.site, person.referent, person.prescriber = (
        told.get(name, "") for name in ("site", "referent", "prescriber")
    )
    _profile(person, told)
    _representative(person, told)
    _refuse_what_lacks(person)
    return person


def _texts(person: Person, told: Mapping[str, str]) -> None:
    for name in ("last_name", "first_name", "address", "city"):
        person.texts[name] = told.get(name, "")
    person.texts["gender"] = _word(person, "gender", told, GENDERS)
    person.texts["email"] = _email(person, "email", told)
    person.texts["phone"] = _phone(person, "phone", told)
    person.texts["postal_code"] = _postal_code(person, told.get("postal_code", ""))
    for name, text in person.texts.items():
        longest = getattr(Trainee._meta.get_field(name), "max_length", None) or 250
        if len(text) > longest:
            person.faults.append(f"{BY_NAME[name].label} : {longest} caractères au plus.")


def _day(person: Person, name: str, text: str) -> None:
    if not text:
        return
    day = day_in(text, future_years=0 if name in BIRTHS else 20)
    if day is None:
        person.faults.append(f"{BY_NAME[name].label} : « {text} » n’est pas une date. Écrivez-la 12/03/2006.")
    elif name in BIRTHS and (day > timezone.localdate() or day.year < 1900):
        person.faults.append(f"{BY_NAME[name].label} : le {day:%d/%m/%Y} n’est pas possible.")
    else:
        setattr(person, name, day)


def _word(person: Person, name: str, told: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Return the value of a word of the list; another word is a fault, none is nothing."""
    text = told.get(name, "")
    found = words.get(re.sub(r"[^a-z0-9]+", "", fold(text)), "")
    if text and not found:
        person.faults.append(f"{BY_NAME[name].label} : « {text} » n’est pas compris. {BY_NAME[name].note}".strip())
    return str(found)


def _email(person: Person, name: str, told: Mapping[str, str]) -> str:
    text = told.get(name, "").removeprefix("mailto:").strip(" ;,<>").lower()
    if text:
        try:
            validate_email(text)
        except ValidationError:
            person.faults.append(f"{BY_NAME[name].label} : « {text} » n’est pas une adresse électronique.")
            return ""
    return text


def _phone(person: Person, name: str, told: Mapping[str, str]) -> str:
    """Return a French number as ten digits, another as it is: « 612345678 » lost its zero in a spreadsheet."""
    text = told.get(name, "")
    digits = re.sub(r"\D", "", text)
    if len(digits) == 11 and digits.startswith("33"):
        digits = f"0{digits[2:]}"
    elif len(digits) == 9 and not digits.startswith("0"):
        digits = f"0{digits}"
    if not text or len(digits) == 10:
        return digits
    if text.lstrip().startswith(("+", "00")) and 8 <= len(digits) <= 15:
        return text[:20]
    person.faults.append(f"{BY_NAME[name].label} : « {text} » n’est pas un numéro de téléphone.")
    return ""


def _postal_code(person: Person, text: str) -> str:
    digits = text.replace(" ", "")
    digits = f"0{digits}" if len(digits) == 4 and digits.isdigit() else digits
    if digits and not (len(digits) == 5 and digits.isdigit()):
        person.faults.append(f"Code postal : « {text} » n’a pas cinq chiffres.")
        return ""
    return digits


def _profile(person: Person, told: Mapping[str, str]) -> None:
    if level := _word(person, "education_level", told, LEVELS):
        person.profile["education_level"] = level
    if licence := fold(told.get("driving_licence", "")):
        if licence in YES or licence in NO:
            person.profile["driving_licence"] = licence in YES
        else:
            person.faults.append(f"Permis de conduire : « {told['driving_licence']} » : écrivez oui ou non.")
    qpv = told.get("qpv", "").upper().replace(" ", "")
    if found := QPV.match(qpv):
        person.profile |= {"qpv_code": found[1], "qpv_vintage": found[2] or QPV_LIST}
    elif qpv and fold(qpv) not in NO:
        person.faults.append(f"Quartier prioritaire : « {told['qpv']} » n’est pas un code. {BY_NAME['qpv'].note}")


def _representative(person: Person, told: Mapping[str, str]) -> None:
    name = told.get("representative_name", "")
    quality = _word(person, "representative_quality", told, QUALITIES)
    email = _email(person, "representative_email", told)
    phone = _phone(person, "representative_phone", told)
    if not any((name, quality, email, phone)):
        return
    if not name:
        person.faults.append("Représentant légal : son nom manque.")
    elif not quality:
        person.faults.append("Représentant légal : dites sa qualité (mère, père, tuteur, ASE).")
    person.representative = {"full_name": name[:150], "quality": quality, "email": email, "phone": phone}


def _refuse_what_lacks(person: Person) -> None:
    lacking = [
        ("last_name", bool(person.texts["last_name"])), ("first_name", bool(person.texts["first_name"])),
        ("birth_date", person.birth_date is not None or any("naissance" in fault for fault in person.faults)),
    ]  # fmt: skip
    person.faults += [f"{BY_NAME[name].label} : cette colonne est vide." for name, given in lacking if not given]
    unsaid = person.planned_ends_on is None and not any(fault.startswith("Fin prévue") for fault in person.faults)
    if person.entered_on and unsaid:
        person.faults.append("Fin prévue : indiquez-la, elle est nécessaire pour ouvrir le parcours.")
    if person.planned_ends_on and not person.entered_on and not any("entrée" in fault for fault in person.faults):
        person.faults.append("Date d’entrée : indiquez-la, une fin prévue seule n’ouvre pas de parcours.")
    if person.entered_on and person.planned_ends_on and person.planned_ends_on < person.entered_on:
        person.faults.append("Fin prévue : elle précède la date d’entrée.")
