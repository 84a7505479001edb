"""What the fictitious companies of the demonstration offer, and who approached them. Days are counted from the day of loading."""

from dataclasses import dataclass

from trainees.models import Approach

Means, Answer = Approach.Means, Approach.Answer
REGION, COMPANY = "region", "company"


@dataclass(frozen=True)
class Offer:
    """Places at a host (internship_facts.HOSTS). `told_to` is the city of a school, REGION, or COMPANY when it wrote them itself.

    `taken_by` are trainees whose internship is at this host.
    """

    host: str
    told_to: str
    places: int
    starts: int
    lasts: int
    takes_minors: str = ""
    prerequisites: str = ""
    taken_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contacted:
    """An approach by the school of a city: so many days ago, and what follows in so many days (negative: late)."""

    host: str
    city: str
    ago: int
    means: str
    answer: str
    note: str
    trainee: tuple[str, str] | None = None
    next_action: str = ""
    next_in: int | None = None
    settled: bool = False


OFFERS = (
    Offer("garage", "Nîmes", 2, -21, 120, "no", "Chaussures de sécurité, prêtées si besoin. Être là à 8 h.",
          (("Lucas", "Bastide"),)),
    Offer("creche", COMPANY, 1, -7, 60, "yes", "Vaccins à jour.", (("Inès", "Amrani"),)),
    Offer("creche", "Nîmes", 2, 21, 90, "yes", "Une journée de découverte avant le stage."),
    Offer("hotel", REGION, 3, -14, 150, "yes", "Un étage sans ascenseur."),
)  # fmt: skip
APPROACHES = (
    Contacted("garage", "Nîmes", 30, Means.VISIT, Answer.YES, "Le chef d’atelier prend deux personnes jusqu’au printemps.",
              ("Lucas", "Bastide")),
    Contacted("garage", "Nîmes", 6, Means.CALL, Answer.CALL_BACK, "Intéressé par un profil débutant, décide après l’inventaire.",
              ("Théo", "Fabrègue"), "Rappeler pour une journée de découverte", -1),
    Contacted("creche", "Nîmes", 9, Means.MAIL, Answer.WAITING, "Lettre et CV envoyés à l’éducatrice.", ("Aïcha", "Guindo"),
              "Appeler si pas de réponse", 4),
    Contacted("creche", "Nîmes", 45, Means.MEETING, Answer.YES, "Rencontre au forum de l’alternance : d’accord pour accueillir.",
              None, "Prendre rendez-vous pour visiter", -30, settled=True),
    Contacted("hotel", "Montpellier", 12, Means.CALL, Answer.YES, "La gouvernante accueille, y compris des mineurs.",
              ("Léa", "Olivier"), "Préparer le stage avec la famille", 5),
    Contacted("hotel", "Montpellier", 60, Means.CALL, Answer.NO, "Complet pendant la saison : reprendre contact à l’automne."),
)  # fmt: skip
