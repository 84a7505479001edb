"""Read the requests of companies, as those who answer them see them."""

from django.db.models import Q, QuerySet

from e2c_portal.kernel.search import fold, folded
from partnerships.models import CompanyRequest
from partnerships.models.requests import RECEIVED
from schools.scope import Scope


def requests_visible_to(scope: Scope) -> QuerySet[CompanyRequest]:
    """Return the requests that may be read, the latest first. They are written to the Région: schools do not read them."""
    if not scope.whole_network:
        return CompanyRequest.objects.none()
    return CompanyRequest.objects.select_related("contact__company", "convention", "handled_by")


def requests_searched(requests: QuerySet[CompanyRequest], words: str) -> QuerySet[CompanyRequest]:
    """Keep the requests whose text, number, contact or company holds every word, accents and case aside."""
    found = requests.alias(who=folded("contact__full_name")) if words.strip() else requests
    for word in fold(words).split():
        holds = Q(search__contains=word) | Q(who__contains=word) | Q(contact__company__search__contains=word)
        number = word.removeprefix("d-")
        found = found.filter(holds | Q(pk=int(number)) if number.isdecimal() and len(number) < 10 else holds)
    return found


def waiting_requests(scope: Scope) -> QuerySet[CompanyRequest]:
    """Return the requests that wait for an answer."""
    return requests_visible_to(scope).filter(status=RECEIVED)
