"""What is kept of the changes of the Assises. An answer that names nobody keeps none: who sent it would be known by it."""

from e2c_portal.audit.tracking import Exceptions

ASSISES = Exceptions(
    left_out={
        "assises.SurveyReply": "Réponse anonyme : un historique dirait qui l’a écrite.",
        "assises.LinkRequest": "File de travail : supprimée à son terme.",
    },
    without_inserts={
        "assises.Scan": "Des milliers de passages en une heure, dont chacun dit déjà où, quand et par quelle porte.",
    },
    # What a guest needs in order to come in speaks of their health.
    quiet={"assises.Registration": ("access_needs",)},
    inner={
        "assises.OutboxMessage": ("recipients", "asked", "refused", "reached", "finished_at"),
        "assises.Registration": ("purged_at", "calendar_serial"),
    },
    parents={"assises.ToldFact": "edition", "assises.DoorPost": "edition"},
)
