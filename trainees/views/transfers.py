"""Transfers between schools: ask, accept, refuse, withdraw."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.refusals import status_of
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.transfers import RefusalForm, TransferForm
from trainees.models import TraineeTransfer
from trainees.operations.transfers import accept_transfer, ask_transfer, refuse_transfer, withdraw_transfer
from trainees.permissions import TraineePermission
from trainees.reads.transfers import other_schools, transfer_known_to, transfers_to_answer, transfers_visible_to
from trainees.views.finding import find_trainee, require, show_or_save
from trainees.views.people import act_page

PER_PAGE = 25
TO_ANSWER = "a-repondre"


def transfers_on_screen(request: HttpRequest) -> QuerySet[TraineeTransfer] | None:
    """Return the transfers of the schools in scope; None for whoever has no part in them."""
    scope = scope_of(request.user)
    leads = request.user.has_perm(TraineePermission.TRANSFER_TRAINEE)
    if not (leads or scope.whole_network):
        return None
    return transfers_to_answer(scope) if TO_ANSWER in request.GET else transfers_visible_to(scope)


@require_safe
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Show the transfers asked and received, those that wait for an answer first."""
    rows = transfers_on_screen(request)
    if rows is None:
        raise Http404
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "to_answer": TO_ANSWER, "narrowed": TO_ANSWER in request.GET}
    return render(request, "trainees/transfers.html", context)


@require_safe
def transfer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one transfer, and what may be answered."""
    transfer = _found(request, pk)
    answers = transfer.waits and request.user.has_perm(TraineePermission.TRANSFER_TRAINEE, transfer.to_school)
    context = {
        "transfer": transfer,
        "may_open": scope_of(request.user).covers(transfer.trainee.school_id),
        "may_accept": answers and transfer.leaves_on <= timezone.localdate(),
        "too_early": answers and transfer.leaves_on > timezone.localdate(),
        "may_refuse": answers,
        "may_withdraw": transfer.waits
        and request.user.has_perm(TraineePermission.TRANSFER_TRAINEE, transfer.from_school),
    }
    return render(request, "trainees/transfer.html", context)


@show_or_save
def transfer_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask another school to take a trainee over."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.TRANSFER_TRAINEE, trainee)
    transfer = TraineeTransfer(trainee=trainee, from_school=trainee.school)
    form = TransferForm(
        request.POST or None, transfer=transfer, schools=other_schools(scope_of(request.user), trainee),
        cancel_url=trainee.get_absolute_url(),
    )  # fmt: skip
    if sent_before := record_of(form.sending(), request.user, TraineeTransfer):
        return redirect(sent_before)
    if form.is_valid() and (
        made := saved(form, lambda: ask_transfer(form.instance, request.user, sending=form.sending()))
    ):
        messages.success(request, f"Le transfert est demandé : {made.to_school} est prévenue.")
        return redirect(made)
    lead = (
        "Quand l’école d’accueil accepte, le parcours d’ici prend fin au jour indiqué, avec le motif « Transfert », et le dossier "
        "lui est confié : vous ne le lirez plus. Les stages et les parcours faits ici restent à votre école."
    )
    return act_page(request, trainee, form, "Demander un transfert", lead=lead)


@require_POST
def transfer_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive the trainee."""
    transfer = _answerable(request, pk)
    try:
        accept_transfer(transfer.pk, request.user)
    except PortalError as refusal:
        return _refused(request, transfer, refusal)
    messages.success(request, f"{transfer.trainee} est désormais stagiaire de votre école : ouvrez son parcours.")
    return redirect(transfer.trainee)


@show_or_save
def transfer_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer no, with the reason."""
    transfer = _answerable(request, pk)
    form = RefusalForm(request.POST or None, cancel_url=transfer.get_absolute_url())
    if form.is_valid() and saved(form, lambda: refuse_transfer(pk, form.cleaned_data["answer"], request.user)):
        messages.success(request, "Le transfert est refusé, et l’école qui le demandait est prévenue.")
        return redirect(transfer)
    context = {"transfer": transfer, "form": form}
    return render(request, "trainees/transfer_refusal.html", context, status=status_of(form))


@require_POST
def transfer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a transfer that nobody answered."""
    transfer = _found(request, pk)
    require(request, TraineePermission.TRANSFER_TRAINEE, transfer.from_school)
    try:
        withdraw_transfer(transfer.pk, request.user)
    except PortalError as refusal:
        return _refused(request, transfer, refusal)
    messages.success(request, "Le transfert est retiré.")
    return redirect(transfer.trainee)


def _found(request: HttpRequest, pk: int) -> TraineeTransfer:
    if transfers_on_screen(request) is None:
        raise Http404
    transfer = transfer_known_to(scope_of(request.user), pk)
    if transfer is None:
        raise Http404
    return transfer


def _answerable(request: HttpRequest, pk: int) -> TraineeTransfer:
    transfer = _found(request, pk)
    require(request, TraineePermission.TRANSFER_TRAINEE, transfer.to_school)
    return transfer


def _refused(request: HttpRequest, transfer: TraineeTransfer, refusal: PortalError) -> HttpResponse:
    details = " ".join(getattr(refusal, "details", []))
    messages.error(request, f"{refusal.message} {details}".strip())
    return redirect(transfer)
