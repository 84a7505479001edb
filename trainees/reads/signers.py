"""Who signs an internship agreement, and how each is reached: the school, the company, the trainee, and who answers for a minor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from e2c_portal.mailing.addresses import checked_phone
from e2c_portal.mailing.sms import sms_available
from e2c_portal.signing.models import Envelope, Method, Mode
from e2c_portal.signing.operations.opening import NewSignatory
from schools.models import Membership
from trainees.models import Internship, LegalRepresentative, Trainee

SCHOOL, HOST, TRAINEE, REPRESENTATIVE = "school", "host", "trainee", "representative"
ROLES = {
    SCHOOL: "Pour l’école",
    HOST: "Pour l’entreprise d’accueil",
    TRAINEE: "Stagiaire",
    REPRESENTATIVE: "Représentant légal du stagiaire",
}
KEYS = {label: key for key, label in ROLES.items()}
POSTS = {
    Membership.Role.DIRECTOR: "direction de l’école",
    Membership.Role.COORDINATOR: "coordination de l’école",
    Membership.Role.REFERENT: "formateur référent",
    Membership.Role.COMPANY_RELATIONS: "relations entreprises de l’école",
}
LIMIT_PASSED = "La date limite pour signer est passée : choisissez un jour à venir."
NO_REPRESENTATIVE = (
    "Le stagiaire est mineur : enregistrez d’abord sur sa fiche un représentant légal, qui signera avec lui."
)
SAME_ADDRESS = (
    "{first} et {second} ont la même adresse électronique ou le même mobile : chacun signe avec le sien. Corrigez-en un, ou "
    "choisissez la signature sur place ou sur papier."
)


@dataclass(frozen=True)
class Signer:
    """One person who must sign. `key` says for whom, `quality` what they are."""

    key: str
    full_name: str
    quality: str
    email: str = ""
    phone: str = ""

    @property
    def role(self) -> str:
        return ROLES[self.key]


@dataclass(frozen=True)
class Way:
    """How one person signs, and where they are reached."""

    method: str = Method.ELECTRONIC
    email: str = ""
    phone: str = ""

    @property
    def label(self) -> str:
        """Say it in a few words: « par lien, à lea@exemple.fr »."""
        if self.method == Method.ELECTRONIC:
            return f"par lien personnel, à {self.email or self.phone}"
        return "sur papier" if self.method == Method.PAPER else "sur place, devant vous"


@dataclass(frozen=True)
class AgreementPlan:
    """What the school chose when it put a text to signature: the way of each, and the last day. All at once."""

    ways: Mapping[str, Way] = field(default_factory=dict)
    until: date | None = None
    mode: str = Mode.PARALLEL

    def way_of(self, person: Signer) -> Way:
        """Return the way chosen for a person, the usual one when nothing was chosen."""
        return self.ways.get(person.key) or usual_way(person)

    def signatories(self, people: Iterable[Signer]) -> list[NewSignatory]:
        """Return the people as the signing engine takes them, in the order of the document."""
        return [_new(person, self.way_of(person)) for person in people]

    def end(self) -> datetime | None:
        """Return the last instant of the last day. Raises Refused when it is past."""
        if self.until is None:
            return None
        if self.until < timezone.localdate():
            raise Refused(LIMIT_PASSED, code="limit_passed")
        return timezone.make_aware(datetime.combine(self.until, time(23, 59, 59)))

    def refuse_shared_addresses(self, people: Iterable[Signer]) -> None:
        """Raise Refused when two people would receive their links at one place: nobody signs for another."""
        seen: dict[str, Signer] = {}
        for person in people:
            way = self.way_of(person)
            if way.method != Method.ELECTRONIC:
                continue
            for address in filter(None, (way.email.strip().lower(), _digits(way.phone))):
                if (other := seen.setdefault(address, person)) and other is not person:
                    raise Refused(
                        SAME_ADDRESS.format(first=other.full_name, second=person.full_name), code="same_address"
                    )


def _new(person: Signer, way: Way) -> NewSignatory:
    return NewSignatory(
        role=person.role, full_name=person.full_name, quality=person.quality, email=way.email, phone=way.phone,
        method=Method(way.method),
    )  # fmt: skip


def _digits(phone: str) -> str:
    return mobile(phone) or phone.strip()


def mobile(phone: str) -> str:
    """Return a number that receives text messages, empty for a landline or none."""
    try:
        return checked_phone(phone) if phone.strip() else ""
    except Refused:
        return ""


def usual_way(person: Signer) -> Way:
    """Return what is proposed first: by link where an address is known, by text message to a mobile, else on site."""
    phone = mobile(person.phone)
    if person.email or (phone and sms_available()):
        return Way(Method.ELECTRONIC, person.email, phone if sms_available() else "")
    return Way(Method.ON_SITE)


def needs_representative(trainee: Trainee, starts_on: date, signing_day: date | None = None) -> bool:
    """Say whether somebody answers for the trainee: under eighteen on the first day, or on the day they sign if it comes before."""
    return trainee.is_minor_on(min(starts_on, signing_day or timezone.localdate()))


def representatives_on(trainee: Trainee, day: date) -> list[LegalRepresentative]:
    """Return who answers for a trainee on a day, the first recorded first."""
    return list(trainee.representatives.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("pk"))


def representative_for(internship: Internship, chosen: int | None = None) -> LegalRepresentative | None:
    """Return who signs for a minor: the one chosen when they still answer for them, else the first. None for an adult."""
    if not needs_representative(internship.trainee, internship.starts_on):
        return None
    people = representatives_on(internship.trainee, timezone.localdate())
    return next((row for row in people if row.pk == chosen), people[0] if people else None)


def signers_of(internship: Internship, chosen: int | None = None) -> list[Signer]:
    """Return who signs, in the order of the document. `chosen` is the representative who signs for a minor.

    A minor without a representative gives three people: `signers_missing` says what lacks.
    """
    people = []
    if internship.school_signatory:
        user = internship.school_signatory
        people.append(Signer(SCHOOL, user.full_name, quality_in(user, internship.school_id), user.email))
    if internship.host_signatory:
        contact = internship.host_signatory
        quality = contact.job_title or "représentant de l’entreprise"
        people.append(Signer(HOST, contact.full_name, quality, contact.email, contact.phone))
    trainee = internship.trainee
    people.append(Signer(TRAINEE, str(trainee), "stagiaire", trainee.email, trainee.phone))
    if row := representative_for(internship, chosen):
        quality = f"{row.get_quality_display().lower()}, représentant légal"
        people.append(Signer(REPRESENTATIVE, row.full_name, quality, row.email, row.phone))
    return people


def signers_missing(internship: Internship) -> list[str]:
    """Say who lacks for the text to be signed."""
    if not needs_representative(internship.trainee, internship.starts_on):
        return []
    return [] if representative_for(internship) else [NO_REPRESENTATIVE]


def quality_in(user: User, school_id: int) -> str:
    """Return what somebody is in a school: « coordination de l’école »."""
    day = timezone.localdate()
    held = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=user, school=school_id)
    roles = set(held.values_list("role", flat=True))
    return next((label for role, label in POSTS.items() if role in roles), "représentant de l’école")


def ways_of(envelope: Envelope) -> dict[str, Way]:
    """Return how the same people were asked to sign last time, by key."""
    rows = envelope.signatories.exclude(status="replaced")
    offered = (Method.ELECTRONIC, Method.PAPER, Method.ON_SITE)
    return {
        KEYS[row.role]: Way(row.method if row.method in offered else Method.ELECTRONIC, row.email, row.phone)
        for row in rows
        if row.role in KEYS
    }
