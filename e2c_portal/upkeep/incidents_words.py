"""What each fault is called, what people see of it, what the portal does by itself, and what the operator does. In French."""

from dataclasses import dataclass

from e2c_portal.kernel.french import counted


@dataclass(frozen=True)
class Words:
    """`count` says what is counted, for one and for several; empty when nothing is."""

    title: str
    count: tuple[str, str] | tuple[()]
    seen: str
    portal: str
    to_do: str
    tone: str = "danger"

    def counted(self, number: int) -> str:
        """Return how many things are stopped, in words; nothing when none is."""
        return counted(number, *self.count) if number and self.count else ""


BROKER, WORKERS, DATABASE, SLEEP, PAGES = "broker", "workers", "database", "sleep", "pages"
INTERRUPTED, SERVICES, FAILED, SIGNING = "interrupted", "services", "failed", "signing"
STORAGE = "storage"
MAIL_MUTE, MAIL_LATER, MAIL_FAILED, CLOCK = "mail_mute", "mail_later", "mail_failed", "clock"

WORDS = {
    DATABASE: Words(
        "La base de données n’a pas répondu", (),
        "Une page « Portail indisponible pour un moment » ; rien de ce qui était enregistré n’est perdu.",
        "Il reprend tout seul dès que la base répond ; un document en cours est refait depuis le début.",
        "Vérifiez que PostgreSQL tourne et que son disque a de la place. Rien à relancer ensuite.",
    ),
    BROKER: Words(
        "La file d’attente ne répond pas", ("travail attend", "travaux attendent"),
        "Les pages répondent à qui est déjà connecté ; documents et messages restent « en attente ». Personne ne peut se connecter : les "
        "essais y sont comptés.",
        "Les travaux sont gardés dans la base et partent tout seuls dès que la file répond.",
        "Redémarrez Redis ou Valkey, et vérifiez que le veilleur (run_sweeper) tourne. Rien à relancer ensuite.",
    ),
    WORKERS: Words(
        "Aucun ouvrier ne prend les documents", ("document attend", "documents attendent"),
        "Les documents demandés restent « en attente ».",
        "Il redemande chaque document jusqu’à ce qu’un ouvrier le prenne.",
        "Redémarrez les ouvriers (worker). S’ils tournent, ils sont trop peu nombreux : ajoutez-en.",
    ),
    PAGES: Words(
        "Un processus des pages s’est arrêté brutalement", ("processus", "processus"),
        "Ceux qui envoyaient une page à cet instant ont vu une erreur ; s’ils l’envoient de nouveau, rien n’est fait deux fois.",
        "Un autre processus a pris sa place. Ce qui n’était pas entièrement enregistré ne l’est pas du tout.",
        "Rien si c’est une fois. Si cela revient, cherchez la cause : mémoire insuffisante, machine redémarrée.", "warning",
    ),
    INTERRUPTED: Words(
        "Un ouvrier s’est arrêté en plein travail", ("travail repris", "travaux repris"),
        "Un document met une ou deux minutes de plus.",
        "Le travail a été repris depuis le début par un autre ouvrier ; rien n’est fait deux fois.",
        "Rien si c’est une fois. Si cela revient, cherchez la cause : mémoire insuffisante, machine redémarrée.", "warning",
    ),
    SERVICES: Words(
        "Des documents attendent un service qui ne répond pas", ("document", "documents"),
        "Le document est « en échec », avec la raison ci-dessus.",
        "Il réessaie tout seul chaque minute.",
        "Suivez la raison : faites de la place ou rendez l’espace de stockage accessible en écriture, ou rétablissez "
        "l’horodatage. Rien à relancer ensuite.",
    ),
    STORAGE: Words(
        "L’espace de stockage a refusé des fichiers aux pages", (),
        "Un fichier envoyé n’est pas pris : le formulaire le dit et garde ce qui était tapé. Un document scellé ne s’ouvre pas : la "
        "page dit de réessayer.",
        "Il n’enregistre rien à moitié, et sert de nouveau dès que l’espace répond.",
        "Faites de la place, ou rendez l’espace de stockage accessible ; regardez aussi le dossier temporaire de la machine. Rien à "
        "relancer ensuite : les gens envoient de nouveau.",
    ),
    FAILED: Words(
        "Des documents sont en échec", ("document", "documents"),
        "Le document est « en échec », avec sa raison.",
        "Il attend une décision : refaire sans rien changer échouerait de nouveau.",
        "Ouvrez chaque document, corrigez ce que dit la raison, puis relancez.", "warning",
    ),
    SIGNING: Words(
        "Des signatures ne s’écrivent pas dans leur fichier", ("document", "documents"),
        "La signature compte dès qu’elle est donnée ; le document signé n’est pas encore à télécharger.",
        "Il réessaie tout seul chaque minute.",
        "Suivez la raison ci-dessus. Rien à relancer ensuite.",
    ),
    MAIL_MUTE: Words(
        "Le service d’envoi des messages ne répond pas", ("message attend", "messages attendent"),
        "Les messages promis n’arrivent pas : codes, liens, convocations.",
        "Un message essaie toutes les trente secondes ; tous partent dès que le service répond, dans les deux jours.",
        "Vérifiez EMAIL_URL et le serveur d’envoi. Prévenez ceux qui attendent un code.",
    ),
    MAIL_LATER: Words(
        "Le service d’envoi remet des messages à plus tard", ("message", "messages"),
        "Ces messages arrivent en retard.",
        "Il réessaie chacun, de plus en plus rarement, pendant deux jours.",
        "Regardez la réponse du serveur ci-dessus : quota dépassé ou adresse d’expédition refusée, le plus souvent.", "warning",
    ),
    MAIL_FAILED: Words(
        "Des messages n’ont pas pu partir depuis hier", ("message", "messages"),
        "Leur destinataire ne les recevra pas.",
        "Rien de plus : le serveur a refusé pour de bon.",
        "Corrigez l’adresse sur la fiche, puis relancez le message ; sinon, choisissez un autre moyen.", "warning",
    ),
    CLOCK: Words(
        "Une horloge n’est pas à l’heure", (),
        "Les codes à usage unique et la double authentification peuvent être refusés ; des messages partent en retard.",
        "Les travaux suivent l’horloge de la base : aucun n’est perdu ni fait deux fois.",
        "Remettez cette machine à l’heure (NTP), puis redémarrez ses programmes.",
    ),
    SLEEP: Words(
        "Le veilleur était arrêté", (),
        "Selon ce qui était arrêté avec lui : des pages absentes, des travaux en retard.",
        "Il a repris là où il s’était arrêté, et mis en route ce qui attendait.",
        "Si l’arrêt n’était pas voulu, cherchez sa cause : machine redémarrée, programme run_sweeper arrêté.", "warning",
    ),
}  # fmt: skip
