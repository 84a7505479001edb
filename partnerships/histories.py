"""The histories of partnerships: read by whoever reads the page, but where a name or an address is not theirs to read (ADR 0014)."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from e2c_portal.audit.histories import History
from partnerships.diffusion import Diffusion, hides_name, shown_name, shown_place
from partnerships.models import (
    Company,
    CompanyContact,
    CompanyRequest,
    ConventionAmendment,
    SigningEvent,
)
from partnerships.permissions import PartnershipPermission as P
from partnerships.queries import company_known_to, conventions_visible_to
from schools.scope import scope_of


def _writes(user: Any) -> bool:
    return bool(user.has_perm(P.CHANGE_COMPANY))


def company(user: Any, pk: int) -> Model | None:
    """Return a company of the network."""
    return company_known_to(scope_of(user), pk)


def reads_all_of(user: Any, row: Company) -> bool:
    """Say whether nothing of a company is hidden from somebody."""
    if _writes(user) or row.diffusion_status == Diffusion.PARTIAL:
        return _writes(user)
    return not row.establishments.filter(diffusion_status=Diffusion.PARTIAL).exists()


def contact(user: Any, pk: int) -> Model | None:
    """Return somebody met in a company, for those who read contacts."""
    rows = CompanyContact.objects.select_related("company")
    return rows.filter(pk=pk).first() if user.has_perm(P.VIEW_CONTACT) else None


def convention(user: Any, pk: int) -> Model | None:
    """Return a convention that this person reads."""
    return conventions_visible_to(scope_of(user)).select_related("company").filter(pk=pk).first()


def reads_its_company(user: Any, row: Any) -> bool:
    """Say whether the name of the company of a convention is not hidden from somebody."""
    return _writes(user) or not hides_name(row.company)


def amendment(user: Any, pk: int) -> Model | None:
    """Return an amendment of such a convention."""
    found = ConventionAmendment.objects.select_related("convention__company").filter(pk=pk).first()
    return found if found is not None and convention(user, found.convention_id) is not None else None


def request(user: Any, pk: int) -> Model | None:
    """Return what a company asked, for those who read requests."""
    return CompanyRequest.objects.filter(pk=pk).first() if user.has_perm(P.VIEW_REQUEST) else None


def ceremony(user: Any, pk: int) -> Model | None:
    """Return a ceremony, for those who read them."""
    return SigningEvent.objects.filter(pk=pk).first() if user.has_perm(P.VIEW_EVENT) else None


HISTORIES = (
    History("partnerships.Company", company, ("partnerships.Establishment", "partnerships.CompanyContact"), may=reads_all_of),
    History("partnerships.CompanyContact", contact, url=lambda row: row.company.get_absolute_url(), may=lambda user, row: reads_all_of(user, row.company)),
    History(
        "partnerships.PartnershipConvention", convention,
        (
            "partnerships.ConventionArticle", "partnerships.Commitment", "partnerships.ConventionSignatory",
            "partnerships.ConventionAmendment", "partnerships.SteeringMeeting", "partnerships.ConventionComment",
            "partnerships.CommitmentDelivery",
        ),
        may=reads_its_company,
    ),
    History("partnerships.ConventionAmendment", amendment, ("partnerships.AmendmentChange",), may=lambda user, row: reads_its_company(user, row.convention)),
    History("partnerships.CompanyRequest", request),
    History("partnerships.SigningEvent", ceremony, ("partnerships.CeremonyItem",)),
)  # fmt: skip
# A history is read by several people: it names a company as it is named to all of them.
NAMES: dict[str, Callable[[Any], str]] = {Company._meta.label: shown_name, "partnerships.Establishment": shown_place}
