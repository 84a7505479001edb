"""The references of the network: which vintages are loaded, load another, put one in service."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.ui.refusals import note_too_large
from partnerships.views.saving import saved
from trainees.forms.references import ReferenceForm, rows_in_words
from trainees.operations.references import load_reference, put_in_service, summary_of
from trainees.permissions import TraineePermission
from trainees.reads.references import datasets_loaded
from trainees.views.hosts import UNPROCESSABLE, require, show_or_save

PER_PAGE = 25


@require_safe
def reference_list(request: HttpRequest) -> HttpResponse:
    """Show the vintages loaded, with their source and licence."""
    _reader(request)
    page = Paginator(datasets_loaded(), PER_PAGE).get_page(request.GET.get("page"))
    for dataset in page:
        dataset.rows_told = rows_in_words(dataset)
    context = {"page_obj": page, "may_load": request.user.has_perm(TraineePermission.LOAD_REFERENCE)}
    return render(request, "trainees/references.html", context)


@show_or_save
def reference_load(request: HttpRequest) -> HttpResponse:
    """Read a file: say what is wrong with it line by line, or keep it as a new vintage in service."""
    _reader(request)
    require(request, TraineePermission.LOAD_REFERENCE)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReferenceForm(*typed, cancel_url=reverse("trainees:references"))
    note_too_large(form, request, "file")
    loaded = None
    if form.is_valid():
        content, dry_run = form.cleaned_data["file"].read(), form.cleaned_data["dry_run"]
        loaded = saved(form, lambda: load_reference(content, form.origin(), request.user, dry_run=dry_run))
    if loaded and loaded.dataset:
        messages.success(request, f"{loaded.dataset} : {rows_in_words(loaded.dataset)}, en service.")
        return redirect("trainees:references")
    report = {"summary": summary_of(loaded.reading), "reading": loaded.reading} if loaded else None
    refused = bool(form.errors or (loaded and loaded.reading.refused))
    context = {"form": form, "report": report}
    return render(request, "trainees/reference_load.html", context, status=UNPROCESSABLE if refused else 200)


@require_POST
def reference_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a vintage loaded before in service again."""
    _reader(request)
    require(request, TraineePermission.LOAD_REFERENCE)
    dataset = get_object_or_404(datasets_loaded(), pk=pk)
    put_in_service(dataset.pk, request.user)
    messages.success(request, f"{dataset} : en service.")
    return redirect("trainees:references")


def _reader(request: HttpRequest) -> None:
    if not request.user.has_perm(TraineePermission.VIEW_REFERENCE):
        raise Http404
