"""Who registered to the edition to come of the demonstration (all fictitious), its doors, its checkpoints and its badges."""

from django.db import transaction

from assises.models import Category, DoorPost, Edition, Question, Registration
from assises.operations.badges import print_badges
from assises.operations.doors import add_post, make_usual_checkpoints
from assises.operations.editions import set_quotas
from assises.operations.group_registering import Attendee, register_school_group
from assises.operations.questions import add_question
from assises.operations.registering import choose_sessions, register
from assises.reads.badges import BadgeChoice
from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.editions import QUOTAS
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import typeset
from schools.models import Membership, School
from trainees.models import Trainee

OF_EACH_SCHOOL = 6
GUESTS = (
    (Category.COMPANY, "Omar", "Modèle", "Atelier du Lez (exemple)", "Responsable de production"),
    (Category.COMPANY, "Lise", "Specimen", "Menuiserie Specimen (exemple)", "Artisane"),
    (Category.COMPANY, "Paul", "Exemple", "Transports d’Oc (exemple)", "Directeur"),
    (Category.INSTITUTION, "Anne", "Gabarit", "Mission locale (exemple)", "Conseillère"),
    (Category.INSTITUTION, "Rémi", "Esquisse", "Ville (exemple)", "Élu à l’emploi"),
    (Category.PRESS, "Jeanne", "Ébauche", "Journal (exemple)", "Journaliste"),
)
# One guest of the press too many: somebody waits on the list of the demonstration.
LAST_OF_THE_PRESS = (Category.PRESS, "Luc", "Brouillon", "Radio (exemple)", "Journaliste")
POSTS = (
    ("Porte nord", "Sacha Accueil", "sacha.accueil@exemple.invalid"),
    ("Porte sud", "Nour Accueil", "nour.accueil@exemple.invalid"),
)
MEAL = ("Repas", "Sans viande, ou sans repas : dites-le, rien de plus.", "Repas complet\nSans viande\nPas de repas")


@transaction.atomic
def load_registrations(actor: User) -> int:
    """Register the people of the demonstration unless they were. Returns how many were."""
    edition = Edition.objects.filter(status="announced").order_by("-held_on").first()
    if edition is None or edition.registrations.exists():
        return 0
    label, precision, choices = MEAL
    add_question(
        Question(
            edition=edition, label=label, help_text=typeset(precision), kind=Question.Kind.CHOICE, choices=choices
        ),
        actor,
    )
    set_quotas(edition.pk, dict(QUOTAS) | {Category.PRESS: 1}, actor)
    for school in School.objects.order_by("name"):
        _register_school(edition, school)
    for person in (*GUESTS, LAST_OF_THE_PRESS):
        _register_guest(edition, *person)
    for name, holder, email in POSTS:
        add_post(DoorPost(edition=edition, name=name, holder_name=holder, holder_email=email), actor)
    make_usual_checkpoints(edition.pk, actor)
    print_badges(edition, BadgeChoice(), actor)
    return edition.registrations.count()


def _register_school(edition: Edition, school: School) -> None:
    leads = Membership.objects.filter(school=school, role=Membership.Role.COORDINATOR).select_related("user").first()
    trainees = list(Trainee.objects.filter(school=school, pathways__status="running").distinct()[:OF_EACH_SCHOOL])
    if leads is None or not trainees:
        return
    people = [
        Attendee(
            Registration(
                trainee=row, first_name=row.first_name, last_name=row.last_name, email=row.email,
                image_consent=None if row.birth_date.year > edition.year - 19 else rank % 3 != 0,
            )
        )
        for rank, row in enumerate(trainees)
    ]  # fmt: skip
    first, _, last = leads.user.full_name.partition(" ")
    people.append(
        Attendee(Registration(first_name=first, last_name=last, email=leads.user.email, job_title="Coordination"))
    )
    outcome = register_school_group(edition.pk, school, people, leads.user)
    workshop = edition.sessions.filter(takes_registrations=True).order_by("pk").first()
    for row in outcome.registered[:2]:
        if workshop and row.holds_a_place:
            choose_sessions(row.pk, [workshop.pk], leads.user)


def _register_guest(edition: Edition, category: str, first: str, last: str, organisation: str, job: str) -> None:
    address = f"{first}.{last}".lower().translate(str.maketrans("éèÉë", "eeee"))
    row = Registration(
        edition=edition, category=category, first_name=first, last_name=last, organisation=typeset(organisation), job_title=job,
        email=f"{address}@exemple.invalid", origin=Registration.Origin.LINK, image_consent=True,
    )  # fmt: skip
    register(row)


def badges_paper() -> Document | None:
    """Return the badges of the edition to come, None before they are asked for."""
    return Document.objects.filter(kind="assises.badges").exclude(status="abandoned").order_by("pk").first()
