"""What is kept of the changes of trainees' files. Health is never told, nor which of its columns changed."""

from e2c_portal.audit.tracking import EVERY_COLUMN, Exceptions

REFERENCE = "Référence publique, chargée en bloc depuis une source datée : le jeu chargé dit par qui et quand."
COMPUTED = "Calculé par le portail à partir d’autres fiches, qui gardent leur historique."
WORK = (
    "Travail d’import : ses états et ses dates sont dans la ligne, et les fiches qu’il écrit gardent leur historique."
)

TRAINEES = Exceptions(
    left_out={
        "trainees.Trade": REFERENCE,
        "trainees.TradeTitle": REFERENCE,
        "trainees.Commune": REFERENCE,
        "trainees.LikelyDouble": COMPUTED,
        "trainees.DoublesSearch": COMPUTED,
        "trainees.SchoolDay": COMPUTED,
        "trainees.SchoolNews": "Des marques sans auteur ni contenu : elles disent seulement qu’une fiche de l’école a changé.",
        "trainees.SkillTally": COMPUTED,
        "trainees.TraineeImport": WORK,
        "trainees.TraineeImportLine": WORK,
        "trainees.RememberedColumn": WORK,
    },
    without_inserts={
        "trainees.AttendanceHalfDay": "Des millions de demi-journées, dont chacune dit déjà par qui et quand elle fut écrite.",
    },
    quiet={"trainees.SensitiveFlag": (EVERY_COLUMN,), "trainees.AccidentReport": (EVERY_COLUMN,)},
    inner={"trainees.CompanyAssessment": ("draft", "draft_revision", "draft_saved_at", "reminders", "asked_at")},
    parents={
        "trainees.InternshipOffer": "establishment", "trainees.HostProfile": "establishment",
        "trainees.DangerousWorkDerogation": "establishment", "trainees.SchoolClosure": "school",
        "trainees.SkillDomain": "framework", "trainees.SkillLevel": "framework", "trainees.Skill": "framework",
        "trainees.SkillLevelWords": "skill", "trainees.MonthlyAttendanceStatement": "school",
    },
)  # fmt: skip
