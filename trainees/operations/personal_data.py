"""Trainees as the data officer handles them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Model, Q
from django.utils import timezone

from e2c_portal.kernel.search import fold
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.models import Mail
from e2c_portal.privacy.people import Capacity, PersonKind, Told
from schools.models import Membership
from trainees.models import LegalRepresentative, Trainee
from trainees.operations import retention

FOUND_AT_ONCE = 20


def search(words: str) -> list[Trainee]:
    """Return people by name or address, theirs or that of whoever answers for them: the first ones, by name.

    Each way has its own index; one OR across them would read everybody. When many names hold the words, those that begin with
    them are given.
    """
    answering = LegalRepresentative.objects.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
    found = {
        *_by_name(fold(words)), *_first(Q(email__icontains=words)), *_first(Q(pk__in=answering.values("trainee"))),
    }  # fmt: skip
    people = Trainee.objects.filter(pk__in=found).select_related("school")
    return list(people.order_by("search", "pk")[:FOUND_AT_ONCE])


def _by_name(words: str) -> list[int]:
    beginning = _first(Q(search__startswith=words))
    return beginning if len(beginning) == FOUND_AT_ONCE else _first(Q(search__contains=words))


def _first(wanted: Q) -> list[int]:
    """Return the numbers of the first people in the order of names."""
    return list(Trainee.objects.filter(wanted).order_by("search", "pk").values_list("pk", flat=True)[:FOUND_AT_ONCE])


def names(trainee: Trainee) -> list[str]:
    """Return the ways in which the names and addresses of somebody, and of who answers for them, are written."""
    first, last = trainee.first_name, trainee.last_name
    own = [
        f"{first} {last}",
        f"{last} {first}",
        f"{last.upper()} {first}",
        trainee.email,
        trainee.phone,
        trainee.address,
    ]
    for representative in trainee.representatives.all():
        own += [representative.full_name, representative.email, representative.phone]
    return [name for name in own if name]


def blank(trainee: Trainee) -> Mapping[str, Any]:
    """Return what a file holds once only its agreements are kept."""
    return dict.fromkeys(retention.CONTACT_COLUMNS, "") | {"commune": None}


def told(trainees: Sequence[Trainee]) -> list[Told]:
    """Tell the directors of the school, with the page of the file, the person, and whoever answers or answered for them."""
    found = []
    for trainee in trainees:
        url = settings.PORTAL_URL + trainee.get_absolute_url()
        directors = Membership.objects.filter(school=trainee.school_id, role=Membership.Role.DIRECTOR, ends_on=None)
        found += [
            Told(director.user.email, director.user.full_name, Capacity.STAFF, url)
            for director in directors.select_related("user") if director.user.is_active
        ]  # fmt: skip
        if trainee.email:
            found.append(Told(trainee.email, str(trainee)))
        found += [_told_representative(trainee, row) for row in trainee.representatives.exclude(email="")]
    return found


def _told_representative(trainee: Trainee, row: LegalRepresentative) -> Told:
    """Their own data go too; only who still answers for a minor is told in the minor's place (RGPD, art. 12 and 14)."""
    acts = row.ended_on is None and trainee.is_minor_on(timezone.localdate())
    return Told(row.email, row.full_name, Capacity.FOR_A_MINOR if acts else Capacity.REPRESENTATIVE)


def written_to(trainee: Trainee) -> Iterable[Model]:
    """Return the links and messages that went to the addresses of somebody and of who answers for them."""
    addresses = [trainee.email, *trainee.representatives.values_list("email", flat=True)]
    reached = Q()
    for address in filter(None, addresses):
        reached |= Q(email__iexact=address)
    if not reached:
        return []
    return [*Mail.objects.filter(reached), *PersonalLink.objects.filter(reached)]


TRAINEE = PersonKind(
    slug="stagiaires", label="Stagiaire", model="trainees.Trainee", search=search,
    describe=lambda trainee: f"{trainee}, naissance le {trainee.birth_date:%d/%m/%Y}, {trainee.school}", names=names, blank=blank,
    refusals=retention.refusals, obligations=retention.obligations, first_to_go=retention.FIRST_TO_GO, told=told, also=written_to,
)  # fmt: skip
