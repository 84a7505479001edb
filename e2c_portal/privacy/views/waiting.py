"""What waits for the data officer: the access files to hand over, the erasures announced."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from e2c_portal.privacy.models import AccessFile
from e2c_portal.privacy.queries import (
    access_files,
    access_files_to_give,
    access_files_to_make_again,
    name_of,
    notices_given,
    page_of,
)
from e2c_portal.privacy.views.rights import handles_people

PER_PAGE = 50
CHOICES = (
    ("", "Tous", access_files),
    (AccessFile.Status.READY.value, "À remettre", access_files_to_give),
    (AccessFile.Status.FAILED.value, "À fabriquer de nouveau", access_files_to_make_again),
)


@require_GET
@never_cache
@handles_people
def access_file_list(request: HttpRequest) -> HttpResponse:
    """Show the access files: all, those to hand over, or those to make again."""
    asked = request.GET.get("etat", "")
    chosen, _, read = next((choice for choice in CHOICES if choice[0] == asked), CHOICES[0])
    page = Paginator(read().select_related("asked_by"), PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.what = name_of(row.subject)
    choices = [(name, label) for name, label, _ in CHOICES]
    return render(request, "privacy/access_files.html", {"page_obj": page, "chosen": chosen, "choices": choices})


@require_GET
@never_cache
@handles_people
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show the erasures announced, the first first: a record and a day, never a name."""
    page = Paginator(notices_given(), PER_PAGE).get_page(request.GET.get("page"))
    for notice in page:
        notice.what, notice.page = name_of(notice.subject), page_of(notice.subject)
    return render(request, "privacy/notices.html", {"page_obj": page})
