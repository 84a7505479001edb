"""The trainees of the demonstration: fictitious people, at every stage of a pathway. Days are told from the day of loading."""

from dataclasses import dataclass

from trainees.models import EntryProfile, LegalRepresentative, Prescriber, Trainee

F, H = Trainee.Gender.WOMAN, Trainee.Gender.MAN
Level = EntryProfile.Level


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist. `age` at entry; `entered` and `lasts` in days, the first counted back from today.

    `stage` is where the pathway is taken: planned, trial, running, suspended, completed.
    """

    first_name: str
    last_name: str
    gender: str
    age: int
    school: str
    entered: int
    lasts: int = 240
    stage: str = "running"
    representative: str = ""
    level: str = Level.BELOW_3


PEOPLE = (
    Person("Inès", "Amrani", F, 19, "Nîmes", 70),
    Person("Lucas", "Bastide", H, 20, "Nîmes", 84),
    Person("Mélissa", "Carrère", F, 22, "Nîmes", 120, level=Level.LEVEL_3_FAILED),
    Person("Yanis", "Djellal", H, 18, "Nîmes", 63),
    Person("Chloé", "Estève", F, 17, "Nîmes", 77, representative="Sandrine Estève"),
    Person("Théo", "Fabrègue", H, 21, "Nîmes", 12, stage="trial"),
    Person("Aïcha", "Guindo", F, 24, "Nîmes", 9, stage="trial"),
    Person("Enzo", "Hébrard", H, 19, "Nîmes", 98, stage="suspended"),
    Person("Manon", "Izard", F, 18, "Nîmes", -5, stage="planned"),
    Person("Rayan", "Jourdan", H, 20, "Nîmes", 330, lasts=210, stage="completed"),
    Person("Lila", "Khelifi", F, 23, "Nîmes", 300, lasts=200, stage="completed", level=Level.LEVEL_3),
    Person("Dylan", "Lacroix", H, 16, "Nîmes", 56, representative="Patrick Lacroix"),
    Person("Sarah", "Moulin", F, 19, "Montpellier", 80),
    Person("Kévin", "Nègre", H, 21, "Montpellier", 60),
    Person("Léa", "Olivier", F, 17, "Montpellier", 40, representative="Céline Olivier"),
    Person("Bilal", "Pagès", H, 22, "Montpellier", 14, stage="trial"),
    Person("Jade", "Quéré", F, 20, "Montpellier", 280, lasts=180, stage="completed"),
)  # fmt: skip

PRESCRIBERS = {
    "Nîmes": (Prescriber.Kind.LOCAL_MISSION, "Mission locale (exemple)", "Nîmes"),
    "Montpellier": (Prescriber.Kind.LOCAL_MISSION, "Mission locale (exemple)", "Montpellier"),
}
REPRESENTATIVES = {
    "Sandrine Estève": LegalRepresentative.Quality.MOTHER,
    "Patrick Lacroix": LegalRepresentative.Quality.FATHER,
    "Céline Olivier": LegalRepresentative.Quality.MOTHER,
}
OBJECTIVES = "Confirmer un projet professionnel, reprendre confiance, valider des compétences en entreprise."
