"""The conventions, for regional staff: the list, the page, the buttons."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.admin.company_choice import CompanyChoice
from partnerships.admin.listing import ConventionListing
from partnerships.admin.meetings import ConventionMeetings
from partnerships.admin.renewals import ConventionRenewals
from partnerships.admin.signatures import ConventionSignatures
from partnerships.admin.steps import ConventionSteps
from partnerships.models import PartnershipConvention


@admin.register(PartnershipConvention)
class ConventionAdmin(
    ConventionListing, CompanyChoice, ConventionSteps, ConventionSignatures, ConventionMeetings, ConventionRenewals
):
    """Conventions are written and moved here, never deleted: the operations do it, by the rules of the app."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
