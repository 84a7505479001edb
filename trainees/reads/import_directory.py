"""What an import compares its lines to: the school’s sites, members and trainees, the prescribers, the communes, the limits."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.search import fold
from schools.models import Membership, School, Site
from trainees.models import Commune, EntryProfile, LegalRepresentative, Pathway, Prescriber, Referral, Trainee
from trainees.models.parameters import limits_on
from trainees.reads.import_cells import Person, key_of_person
from trainees.reads.import_columns import key_of


class Directory:
    """The school as an import finds it. `load` reads the people that some lines may speak of; the rest is read once."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.sites = list(Site.objects.filter(school=school, closed_on=None).order_by("name"))
        self._members = _members_of(school)
        self._prescribers = list(Prescriber.objects.filter(closed_on=None))
        self._limits: dict[date, dict[str, Decimal]] = {}
        self._communes: dict[str, list[Commune]] = {}
        self._by_key: dict[tuple[str, date], Trainee] = {}
        self._by_email: dict[str, list[Trainee]] = {}
        self._about: dict[type, dict[int, list]] = {}

    def load(self, people: Iterable[Person]) -> None:
        """Read the trainees of the school born on the days of these people, or with their addresses, and what is theirs."""
        people = list(people)
        births = {person.birth_date for person in people if person.birth_date}
        emails = {person.texts["email"] for person in people} - {""}
        alike = Q(birth_date__in=births) | Q(email__in=emails)
        found = list(Trainee.objects.filter(alike, school=self.school).order_by("pk")) if births or emails else []
        self._by_key, self._by_email = {}, defaultdict(list)
        for trainee in found:
            self._by_key.setdefault((key_of_person(trainee.last_name, trainee.first_name), trainee.birth_date), trainee)
            self._by_email[trainee.email.lower()].append(trainee)
        # Many share a birthday: what is theirs is read for the one that a line speaks of, and for no other.
        self._read_about([known.pk for person in people if (known := self.known(person))])
        self._read_communes({person.texts["postal_code"] for person in people} - {"", *self._communes})

    def _read_about(self, ids: list[int]) -> None:
        self._about = {model: defaultdict(list) for model in (Pathway, Referral, LegalRepresentative)}
        if not ids:
            return
        reads = (
            Pathway.objects.filter(trainee__in=ids).order_by("-entered_on"),
            Referral.objects.filter(trainee__in=ids),
            LegalRepresentative.objects.filter(trainee__in=ids, ended_on=None),
        )
        for rows in reads:
            for row in rows:
                self._about[rows.model][row.trainee_id].append(row)

    def _read_communes(self, codes: set[str]) -> None:
        if not codes:
            return
        self._communes |= {code: [] for code in codes}
        wanted = Q()
        for code in codes:
            wanted |= Q(search__contains=code)
        for commune in Commune.objects.filter(wanted, dataset__is_current=True):
            for code in codes & set(commune.postal_codes.split()):
                self._communes[code].append(commune)

    def limits(self, day: date) -> dict[str, Decimal]:
        """Return the legal limits of a day, read once."""
        if day not in self._limits:
            self._limits[day] = limits_on(day)
        return self._limits[day]

    def known(self, person: Person) -> Trainee | None:
        """Return the trainee of the school that a line speaks of: same names and birth date, else same address and birth date."""
        if person.birth_date is None:
            return None
        key = key_of_person(person.texts["last_name"], person.texts["first_name"])
        same = self._by_key.get((key, person.birth_date))
        by_address = (row for row in self.with_email(person) if row.birth_date == person.birth_date)
        return same or next(by_address, None)

    def with_email(self, person: Person) -> list[Trainee]:
        """Return the trainees of the school who have the address of a line."""
        return self._by_email.get(person.texts["email"], []) if person.texts["email"] else []

    def of(self, model: type, trainee: Trainee | None) -> list:
        """Return the pathways, referrals or representatives of a trainee that was loaded."""
        return self._about[model][trainee.pk] if trainee else []

    def profile_of(self, pathway: Pathway) -> EntryProfile | None:
        """Return the entry profile of a pathway, None when it has none."""
        return EntryProfile.objects.filter(pathway=pathway).first()

    def site(self, text: str) -> Site | None:
        """Return the open site of that name or city; the only one when none is named."""
        if not text:
            return self.sites[0] if len(self.sites) == 1 else None
        asked = key_of(text)
        named = [site for site in self.sites if key_of(site.name) == asked]
        found = named or [site for site in self.sites if key_of(site.city) == asked]
        found = found or [site for site in self.sites if asked in key_of(site.name)]
        return found[0] if len(found) == 1 else None

    def member(self, text: str) -> User | None:
        """Return who works in the school today by that address or full name."""
        return self._members.get(fold(text).strip())

    def prescriber(self, text: str) -> Prescriber | None:
        """Return the open prescriber of that name, with or without its city; None when none or several answer."""
        asked = key_of(text)
        exact = [row for row in self._prescribers if asked in (key_of(str(row)), key_of(f"{row.name} {row.city}"))]
        found = exact or [row for row in self._prescribers if key_of(row.name) == asked]
        found = found or [row for row in self._prescribers if asked == key_of(row.get_kind_display())]
        return found[0] if len(found) == 1 else None

    def commune(self, person: Person) -> Commune | None:
        """Return the commune of the reference in service that has this postal code and this name."""
        asked = key_of(person.texts["city"])
        found = [row for row in self._communes.get(person.texts["postal_code"], []) if key_of(row.name) == asked]
        return found[0] if len(found) == 1 else None


def _members_of(school: School) -> dict[str, User]:
    """Return the present members of a school by address and by full name; a name borne by two answers to nothing."""
    day = timezone.localdate()
    current = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), school=school, starts_on__lte=day)
    found: dict[str, set[User]] = defaultdict(set)
    for membership in current.select_related("user"):
        user = membership.user
        if user.is_active:
            found[fold(user.email)].add(user)
            found[fold(user.full_name)].add(user)
    return {name: next(iter(users)) for name, users in found.items() if len(users) == 1}
