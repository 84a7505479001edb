"""The internships of the demonstration: fictitious companies, and who goes where. Days are told from the Monday of this week."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """A company that does not exist."""

    name: str
    city: str
    postal_code: str
    commune: str
    tutor: str
    tutor_title: str
    signatory: str
    trade: str
    activities: str


@dataclass(frozen=True)
class Stay:
    """Who goes to which host. `week` counts from this week; `stage` is prospected, accepted, to_sign or signed (on paper)."""

    first_name: str
    last_name: str
    host: str
    week: int
    stage: str


HOSTS = {
    "garage": Host(
        "Garage des Garrigues (exemple)", "Nîmes", "30000", "30189", "Bruno Exemple", "chef d’atelier", "Nathalie Exemple",
        "I1604", "Accueillir le véhicule avec le chef d’atelier\nVidanger et changer les filtres\nRanger l’atelier",
    ),
    "creche": Host(
        "Crèche des Jardins (exemple)", "Nîmes", "30000", "30189", "Farida Exemple", "éducatrice", "Olivier Exemple",
        "K1303", "Préparer les repas et les jeux avec l’éducatrice\nAccueillir les enfants et les parents",
    ),
    "hotel": Host(
        "Hôtel du Cours (exemple)", "Montpellier", "34000", "34172", "Lucie Exemple", "gouvernante", "Marc Exemple",
        "G1501", "Faire les chambres avec la gouvernante\nTenir le stock de linge",
    ),
}  # fmt: skip
STAYS = (
    Stay("Inès", "Amrani", "creche", 0, "signed"),
    Stay("Lucas", "Bastide", "garage", 0, "signed"),
    Stay("Yanis", "Djellal", "garage", -4, "signed"),
    Stay("Mélissa", "Carrère", "creche", 2, "to_sign"),
    Stay("Chloé", "Estève", "creche", 1, "prospected"),
    Stay("Kévin", "Nègre", "hotel", 0, "signed"),
    Stay("Sarah", "Moulin", "hotel", 2, "accepted"),
)
EARLIER = "Exemplaires papier signés avant le premier jour, enregistrés ensuite."
OBJECTIVES = "Découvrir le métier dans une vraie équipe\nConfirmer ou non le projet"
