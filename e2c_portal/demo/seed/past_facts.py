"""People of the years before, in two schools: fictitious, enough of them for figures that may be published."""

from collections.abc import Mapping
from dataclasses import dataclass

from trainees.models import EntryProfile, Exit, Trainee

F, H = Trainee.Gender.WOMAN, Trainee.Gender.MAN
Level, Category, Contract = EntryProfile.Level, Exit.Category, Exit.Contract


@dataclass(frozen=True)
class Ending:
    """How a pathway ended, and what it led to."""

    move: str
    exit: Mapping[str, object]


NONE = {"category": Category.NONE, "evidence": Exit.Evidence.DECLARED}
QUALIFIED = Ending("complete", {
    "category": Category.QUALIFYING, "training": "Formation qualifiante (exemple)", "evidence": Exit.Evidence.DECLARED,
})  # fmt: skip
WORK_STUDY = Ending("complete", {
    "category": Category.APPRENTICESHIP, "evidence": Exit.Evidence.DECLARED,
})  # fmt: skip
HIRED = Ending("complete", {"category": Category.JOB, "contract": Contract.CDI, "evidence": Exit.Evidence.DECLARED})
SHORT = Ending("complete", {
    "category": Category.JOB, "contract": Contract.CDD, "contract_days": 60, "evidence": Exit.Evidence.DECLARED,
})  # fmt: skip
NOTHING_YET = Ending("complete", NONE)
LEFT = Ending("abandon", NONE)
ENDINGS = (QUALIFIED, WORK_STUDY, HIRED, LEFT, QUALIFIED, NOTHING_YET, HIRED, WORK_STUDY, SHORT, QUALIFIED, LEFT, HIRED)
LEVELS = (Level.BELOW_3, Level.BELOW_3, Level.LEVEL_3_FAILED, Level.BELOW_3, Level.LEVEL_3)

# First name, last name, gender, age at entry.
NAMES = (
    ("Anaïs", "Albert", F, 19), ("Mehdi", "Barthe", H, 21), ("Océane", "Cazals", F, 18), ("Jordan", "Delmas", H, 22),
    ("Fatou", "Espinas", F, 20), ("Loïc", "Fages", H, 19), ("Marine", "Galtier", F, 24), ("Sofiane", "Hugon", H, 18),
    ("Élodie", "Icard", F, 23), ("Nathan", "Jalabert", H, 20), ("Samira", "Kerrien", F, 21), ("Hugo", "Lauret", H, 17),
    ("Camille", "Mazel", F, 19), ("Idriss", "Nougaret", H, 25), ("Laura", "Ollier", F, 22), ("Maxime", "Paulet", H, 18),
    ("Nora", "Quintard", F, 20), ("Alexis", "Roumieu", H, 21), ("Justine", "Sabatier", F, 19), ("Karim", "Teissier", H, 23),
    ("Pauline", "Ursule", F, 18), ("Steven", "Valette", H, 20), ("Wendy", "Ximenes", F, 24), ("Younes", "Zanetti", H, 19),
    ("Célia", "Aubanel", F, 21), ("Florian", "Boissier", H, 22), ("Imane", "Chabrol", F, 18), ("Quentin", "Daudet", H, 20),
    ("Lucie", "Fontanes", F, 19), ("Moussa", "Gilles", H, 21), ("Elsa", "Hérail", F, 20), ("Rémi", "Jonquet", H, 18),
)  # fmt: skip
# (years before the last complete one, city, how many of the names): two dozen in the last year, ten the year before.
GROUPS = ((0, "Nîmes", 12), (0, "Montpellier", 10), (1, "Nîmes", 5), (1, "Montpellier", 5))
