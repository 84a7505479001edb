"""Every read of the network."""

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from e2c_portal.kernel.french import period_in_letters
from e2c_portal.kernel.identifiers import printed_number
from e2c_portal.kernel.search import fold
from schools.models import Membership, Network, School, Site
from schools.scope import Scope


def current_network() -> Network | None:
    """Return the network this portal serves: one portal, one Région. None before the installation is finished."""
    return Network.objects.order_by("pk").first()


def schools_visible_to(scope: Scope) -> QuerySet[School]:
    """Return the schools that may be listed. They are public facts: whoever works in the network sees them all."""
    if scope.empty:
        return School.objects.none()
    open_sites = Count("sites", filter=Q(sites__closed_on=None))
    return School.objects.select_related("network").annotate(open_sites=open_sites).order_by("search", "pk")


def schools_searched(schools: QuerySet[School], words: str) -> QuerySet[School]:
    """Keep the schools whose name or operator holds every word, accents and case aside."""
    for word in fold(words).split():
        schools = schools.filter(search__contains=word)
    return schools


def with_sites(schools: QuerySet[School]) -> QuerySet[School]:
    """Read the schools together with their sites, the open ones first."""
    sites = Prefetch("sites", Site.objects.order_by(F("closed_on").asc(nulls_first=True), "name"))
    return schools.select_related("network").prefetch_related(sites)


def school_facts(school: School) -> list[tuple[str, object]]:
    """Return what is known of a school, as terms and values; what is not known stays empty."""
    starts_on, ends_on = school.label_starts_on, school.label_ends_on
    return [
        ("Organisme porteur", school.operator),
        ("Département", school.department_words),
        ("Année d’ouverture", school.opened_year),
        ("Label", period_in_letters(starts_on, ends_on) if starts_on and ends_on else ""),
        ("SIRET", printed_number(school.siret)),
        ("Déclaration d’activité", school.activity_declaration_number),
        ("Code UAI", school.uai),
    ]


def members_visible_to(scope: Scope, school: School) -> QuerySet[Membership]:
    """Return who works in a school today, for those whose scope covers it."""
    if not scope.covers(school.pk):
        return Membership.objects.none()
    day = timezone.localdate()
    current = school.memberships.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    return current.select_related("user").order_by("role", "user__full_name")
