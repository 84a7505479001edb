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
LEFT = Ending("abandon", NONE)
# Nobody of the demonstration stands alone in a number: five at least, so that its report has figures to show.
# Years before the last complete one; city; how many of each ending.
GROUPS = (
    (0, "Nîmes", ((QUALIFIED, 6), (WORK_STUDY, 5), (HIRED, 5), (LEFT, 5))),
    (0, "Montpellier", ((QUALIFIED, 6), (HIRED, 6), (LEFT, 5))),
    (1, "Nîmes", ((QUALIFIED, 5), (LEFT, 5))),
)
LEVELS = (Level.BELOW_3, Level.LEVEL_3_FAILED)

FIRST_NAMES = (
    ("Anaïs", F), ("Mehdi", H), ("Océane", F), ("Jordan", H), ("Fatou", F), ("Loïc", H), ("Marine", F), ("Sofiane", H),
    ("Élodie", F), ("Nathan", H), ("Samira", F), ("Hugo", H), ("Camille", F), ("Idriss", H), ("Laura", F), ("Maxime", H),
)  # fmt: skip
LAST_NAMES = (
    "Albert", "Barthe", "Cazals", "Delmas", "Espinas", "Fages", "Galtier", "Hugon", "Icard", "Jalabert", "Kerrien", "Lauret",
    "Mazel", "Nougaret", "Ollier", "Paulet", "Quintard", "Roumieu", "Sabatier", "Teissier", "Ursule", "Valette", "Ximenes",
    "Zanetti", "Aubanel", "Boissier", "Chabrol", "Daudet", "Fontanes", "Gilles", "Hérail", "Jonquet", "Laval", "Mathieu",
    "Noguier", "Peyre", "Rigal", "Soulier", "Tardieu", "Vidal", "Arnal", "Bousquet", "Coste", "Durand", "Evrard", "Flandin",
    "Gachon", "Huguet",
)  # fmt: skip
AGES = (19, 21, 18, 22, 20, 23, 24)
