"""The pages where meetings of steering committees are written, under the page of their convention."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from e2c_portal.kernel.errors import Overtaken, PortalError
from partnerships.admin.writing import ConventionPages, page_of
from partnerships.meeting_forms import MeetingWriting
from partnerships.models import PartnershipConvention, SteeringMeeting
from partnerships.operations.meetings import complete_action, record_meeting, revise_meeting
from partnerships.permissions import PartnershipPermission
from partnerships.queries import actions_decided_for

PAGE = "admin/partnerships/meeting/page.html"


class ConventionMeetings(ConventionPages):
    """Add and change a meeting; say that an action is done."""

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            name = f"partnerships_partnershipconvention_{name}"
            return path(f"<int:pk>/reunions/{route}", self.admin_site.admin_view(view), name=name)

        return [
            ours("nouvelle/", self.add_meeting_view, "meeting_add"),
            ours("<int:meeting_pk>/", self.meeting_view, "meeting"),
            ours("actions/<int:action_pk>/faite/", require_POST(self.action_done_view), "action_done"),
            *super().get_urls(),
        ]

    def add_meeting_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show an empty meeting; write it when it is posted."""
        convention = self.find(request, pk)
        _require(request)
        posted = request.POST if request.method == "POST" else None
        writing = MeetingWriting(None, posted)
        if posted is not None and writing.is_valid():
            saved = _written(writing, lambda: record_meeting(convention.pk, writing.text(), request.user))
            if saved:
                messages.success(request, "La réunion de suivi est enregistrée.")
                return redirect(page_of(convention) + "#reunions")
        return self._meeting(request, convention, writing)

    def meeting_view(self, request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
        """Show a meeting to be changed."""
        convention = self.find(request, pk)
        _require(request)
        meeting = get_object_or_404(convention.meetings.prefetch_related("actions"), pk=meeting_pk)
        posted = request.POST if request.method == "POST" else None
        writing = MeetingWriting(meeting, posted)
        if posted is not None and writing.is_valid():
            revision = writing.form.cleaned_data["revision"] or 0
            if _written(writing, lambda: revise_meeting(meeting.pk, revision, writing.text(), request.user)):
                messages.success(request, "La réunion de suivi est enregistrée.")
                return redirect(page_of(convention) + "#reunions")
        return self._meeting(request, convention, writing)

    def action_done_view(self, request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
        """Say that an action is done today."""
        convention = self.find(request, pk)
        action = get_object_or_404(actions_decided_for(convention), pk=action_pk)
        try:
            complete_action(action.pk, request.user)
        except PortalError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"C’est noté : « {action.description} » est faite.")
        return redirect(page_of(convention) + "#reunions")

    def _meeting(
        self, request: HttpRequest, convention: PartnershipConvention, writing: MeetingWriting
    ) -> HttpResponse:
        context = {"convention": convention, "writing": writing, "meeting": writing.meeting}
        return TemplateResponse(request, PAGE, context)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(PartnershipPermission.WRITE_MEETING):
        raise PermissionDenied


def _written(writing: MeetingWriting, operation: Callable[[], SteeringMeeting]) -> SteeringMeeting | None:
    try:
        return operation()
    except Overtaken as refusal:
        if writing.meeting:
            writing.meeting.refresh_from_db(fields=["revision"])
            data = writing.form.data.copy()
            data["revision"] = str(writing.meeting.revision)
            writing.form.data = data
        writing.refuse(refusal)
    except (PortalError, ValidationError) as refusal:
        writing.refuse(refusal)
    return None
