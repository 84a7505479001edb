"""What is told to somebody who works in no school and follows no network: where to go, or whom to ask."""

from django.utils import timezone

from assises.reads.editions import next_edition
from e2c_portal.accounts.models import Role, User
from e2c_portal.accounts.queries import regional_officers
from e2c_portal.home.panels.page import Welcome
from e2c_portal.kernel.french import date_in_letters
from schools.queries import current_network

NAMED_AT_MOST = 3


def welcome_of(user: User) -> Welcome:
    """Return what to tell this person."""
    return _at_the_door() if user.role == Role.DOOR_STAFF else _no_school(user)


def _at_the_door() -> Welcome:
    """Door staff have no page of their own: they scan from a personal link."""
    edition = next_edition(timezone.localdate())
    if edition is None:
        when = "Aucune édition des Assises n’est annoncée pour l’instant."
    elif edition.held_on == timezone.localdate():
        when = f"{edition.name} : c’est aujourd’hui."
    else:
        when = f"{edition.name} : le {date_in_letters(edition.held_on)}."
    return Welcome("Vous accueillez le public des Assises", (
        when,
        "Votre poste s’ouvre par le lien personnel que la Région vous envoie par message avant la journée : il lit les billets.",
        "Le lien n’est pas arrivé ? Demandez-le à la Région : il se renvoie, ou se montre sur son écran.",
    ))  # fmt: skip


def _no_school(user: User) -> Welcome:
    network = current_network()
    region = network.region_name if network else "la Région"
    people = list(regional_officers()[:NAMED_AT_MOST])
    items = tuple(f"{person.full_name}, {person.email}" for person in people)
    whom = f"Écrivez à {region}" + (" :" if items else ".")
    return Welcome("Votre compte n’est rattaché à aucune école", (
        f"Demandez votre rattachement en donnant l’adresse de votre compte, {user.email}, votre école et votre fonction. "
        "Les pages s’ouvriront aussitôt.", whom,
    ), items)  # fmt: skip
