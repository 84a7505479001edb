"""The Assises of 2013 and 2014 as far as the sources go, and an edition to come with a published programme (an example)."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from assises.models import Category, Edition, Room, Session
from assises.operations.editions import create_edition, move_edition, set_quotas
from assises.operations.programme import add_part, publish_programme
from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.ceremony import NAME
from e2c_portal.kernel.french import typeset
from partnerships.models import SigningEvent

# Day, presentation, sources. Hours, rooms and programme: not found, so nothing is written of them.
PAST = (
    (
        date(2013, 10, 11),
        "Deuxièmes Assises : ateliers interactifs, exposition de photographies sur les discriminations et émission de radio "
        "publique en direct, après trois mois de préparation. Huit écoles y participent ; cinq entreprises s’y engagent.",
        "info-entrepriseslr.fr, 24 octobre 2013 ; journal de l’E2C Montpellier Port Marianne, « En direct de l’école » n° 5.",
    ),
    (
        date(2014, 12, 12),
        "Troisièmes Assises : plus de 100 jeunes, les écoles et les entreprises. Quatre conventions y sont signées.",
        "objectifgard.com, 12 décembre 2014.",
    ),
)
ROOMS = (("Grande salle", 300, True, "Rez-de-chaussée"), ("Salle Cévennes", 40, True, "1er étage, ascenseur"),
         ("Salle Camargue", 25, False, "Mezzanine, par l’escalier"))  # fmt: skip
QUOTAS = {Category.TRAINEE: 150, Category.STAFF: 60, Category.COMPANY: 60, Category.INSTITUTION: 20, Category.PRESS: 10}
SESSIONS = (
    ("welcome", "Accueil", "08:30", "09:15", "Grande salle", "", "", False),
    ("plenary", "Ouverture", "09:15", "10:00", "Grande salle", "Ce que les écoles ont fait cette année.",
     "Claire Exemple, Région", False),
    ("workshop", "Entretiens d’embauche à blanc", "10:15", "12:00", "Salle Cévennes",
     "Dix minutes avec une entreprise, puis ses conseils.", "Omar Modèle, entreprise partenaire", True),
    ("workshop", "Découvrir un métier par le geste", "10:15", "12:00", "Salle Camargue",
     "Trois métiers à essayer, avec les outils.", "Lise Specimen, artisane", True),
    ("break", "Déjeuner", "12:00", "13:30", "Grande salle", "", "", False),
    ("ceremony", "Signature des conventions", "13:30", "14:30", "Grande salle",
     "Les entreprises signent leur convention avec la Région.", "", False),
    ("plenary", "Parole aux stagiaires", "14:30", "16:00", "Grande salle", "", "", False),
)  # fmt: skip


@transaction.atomic
def load_editions(actor: User) -> int:
    """Write the editions of the demonstration unless they were. Returns how many were written."""
    before = Edition.objects.count()
    for day, presentation, sources in PAST:
        event = SigningEvent.objects.filter(held_on=day).first()
        if event is not None and not Edition.objects.filter(year=day.year).exists():
            edition = Edition(
                year=day.year, name=event.name, held_on=day, place=event.place, city=event.city, ceremony=event,
                presentation=typeset(presentation), sources=typeset(sources),
            )  # fmt: skip
            create_edition(edition, actor)
    event = SigningEvent.objects.filter(name=typeset(NAME)).first()
    if event is not None and not Edition.objects.filter(year=event.held_on.year).exists():
        _to_come(event, actor)
    return Edition.objects.count() - before


def _to_come(event: SigningEvent, actor: User) -> None:
    opens = timezone.make_aware(datetime.combine(event.held_on - timedelta(days=60), time(8)))
    edition = Edition(
        year=event.held_on.year, name=event.name, theme="Apprendre un métier, avec ceux qui le font", held_on=event.held_on,
        starts_at=time(8, 30), ends_at=time(17), place=event.place, city=event.city, postal_code="34000", ceremony=event,
        address="1 place des Exemples", contact_email="assises@exemple.invalid", registration_opens_at=opens,
        access="Tramway à 200 mètres. Entrée sans marche, boucle magnétique dans la grande salle.",
        presentation=typeset(
            "Une journée pour se rencontrer : les stagiaires présentent ce qu’ils ont appris, les entreprises leurs métiers, et "
            "les conventions se signent devant tous.\n\nExemple de la démonstration : les personnes et les lieux sont fictifs."
        ),
        registration_closes_at=timezone.make_aware(datetime.combine(event.held_on - timedelta(days=2), time(18))),
    )  # fmt: skip
    create_edition(edition, actor)
    rooms = {
        name: add_part(Room(edition=edition, name=name, capacity=places, is_step_free=flat, note=note), actor)
        for name, places, flat, note in ROOMS
    }
    for kind, title, first, last, room, summary, speakers, signs_up in SESSIONS:
        session = Session(
            edition=edition, kind=kind, title=title, starts_at=time.fromisoformat(first), ends_at=time.fromisoformat(last),
            room=rooms[room], summary=summary, speakers=speakers, takes_registrations=signs_up,
        )  # fmt: skip
        add_part(session, actor)
    set_quotas(edition.pk, dict(QUOTAS), actor)
    publish_programme(edition.pk, "", actor)
    move_edition(edition.pk, "announce", actor)
