"""The agreement of an internship: where it stands, have it read, put it to signature, correct it, explain its delay."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing.lookups import latest_envelope
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.agreements import AgreementSignForm, ReasonForm
from trainees.life import agreements as life
from trainees.models import Internship, InternshipAgreement
from trainees.models.agreements import AGREEMENT_KIND
from trainees.operations import agreements as operations
from trainees.operations.agreement_signatures import make_document_again
from trainees.reads.agreement_checks import agreement_refusals
from trainees.reads.agreements import internship_in_full, living_agreement, may_send_agreement
from trainees.reads.schedule_words import rows_of, told
from trainees.reads.signers import needs_representative, representatives_on, signers_of
from trainees.reads.visible import internship_known_to
from trainees.sheets.agreement_card import agreement_card

UNPROCESSABLE = 422
SENT = "La convention est à la signature : chaque personne est invitée dès que le document est prêt."
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the agreement stands, who signed, and what to do next."""
    internship = find_internship(request, pk)
    card = agreement_card(internship, request.user)
    return render(request, "trainees/agreement.html", {"internship": internship, "card": card})


@require_POST
def agreement_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the tutor read the draft, or send the link again."""
    internship = managed_internship(request, pk)
    return done(
        request, internship, lambda: operations.send_to_review(internship.pk, request.user),
        f"Un lien de relecture part à {internship.tutor}.",
    )  # fmt: skip


@require_POST
def agreement_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the draft back from the company."""
    agreement = _agreement(managed_internship(request, pk))
    return done(
        request, agreement.internship, lambda: operations.take_back(agreement.pk, request.user),
        "La relecture est arrêtée : le lien ne s’ouvre plus.",
    )  # fmt: skip


@require_POST
def agreement_make_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the document made again after a failure."""
    agreement = _agreement(managed_internship(request, pk))
    return done(
        request, agreement.internship, lambda: make_document_again(InternshipAgreement, agreement.pk, request.user),
        "La fabrication du document est relancée.",
    )  # fmt: skip


@show_or_save
def agreement_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the agreement to signature, prefilled so that one click is enough; or ask for the signatures again."""
    managed_internship(request, pk)
    internship = internship_in_full(pk)
    agreement = living_agreement(internship)
    if agreement and (agreement.status == life.SIGNED or _all_signed(agreement)):
        return redirect(internship)
    again = agreement is not None and agreement.status == life.TO_SIGN
    former = latest_envelope(AGREEMENT_KIND, subject_of(agreement)) if agreement and again else None
    form = _sign_form(request, internship, former, late=not again and internship.starts_on < timezone.localdate())
    if form.is_valid() and saved(form, lambda: _send(form, internship, agreement if again else None, request)):
        messages.success(request, SENT)
        return redirect(internship)
    context = {
        "internship": internship, "form": form, "again": again,
        "refusals": [] if form.is_bound else _refusals(internship, agreement, again=again),
        "hours": told(rows_of(internship.days.all())),
    }  # fmt: skip
    return render(request, "trainees/agreement_sign.html", context, status=UNPROCESSABLE if form.errors else 200)


def _all_signed(agreement: InternshipAgreement) -> bool:
    return agreement.status == life.TO_SIGN and agreement.signed_envelope() is not None


def _sign_form(request: HttpRequest, internship: Internship, former: Any, *, late: bool) -> AgreementSignForm:
    family = []
    if needs_representative(internship.trainee, internship.starts_on):
        family = representatives_on(internship.trainee, timezone.localdate())
    return AgreementSignForm(
        signers_of(internship), request.POST if request.method == "POST" else None, former=former,
        representatives=family, late=late, cancel_url=internship.get_absolute_url(),
    )  # fmt: skip


def _send(
    form: AgreementSignForm, internship: Internship, again: InternshipAgreement | None, request: HttpRequest
) -> object:
    chosen = form.chosen_representative()
    if again is not None:
        why = form.cleaned_data.get("why", "")
        return operations.sign_again(again.pk, form.plan(), request.user, why_new=why, representative=chosen)
    late = form.cleaned_data.get("late_reason", "")
    return operations.send_to_sign(
        internship.pk, form.plan(), request.user, late_reason=late, representative=chosen
    )  # fmt: skip


def _refusals(internship: Internship, agreement: InternshipAgreement | None, *, again: bool) -> list[str]:
    if again:
        return agreement_refusals(internship, sent=True)
    draft = agreement or InternshipAgreement(internship=internship, version=1)
    draft.internship = internship
    return [*life.sending_missing(draft), *agreement_refusals(internship)]


@show_or_save
def agreement_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the version at the signature lapse, so that the internship can be corrected."""
    agreement = _agreement(managed_internship(request, pk))
    internship = agreement.internship
    form = ReasonForm(
        request.POST if request.method == "POST" else None, submit="Corriger la convention",
        cancel_url=internship.get_absolute_url(), label="Pourquoi la corriger",
        help_text="Les personnes qui ont signé liront ce motif. Une nouvelle version leur sera demandée.",
    )  # fmt: skip
    if form.is_valid() and saved(
        form, lambda: operations.correct_agreement(agreement.pk, form.cleaned_data["reason"], request.user)
    ):
        messages.success(
            request, "Cette version ne compte plus. Corrigez le stage, puis mettez-le de nouveau à la signature."
        )
        return redirect("trainees:internship_edit", internship.pk)
    return _act_page(request, internship, form, "Corriger la convention", CORRECTING)


CORRECTING = (
    "Un texte à la signature ne se modifie pas : cette version devient caduque, les signatures déjà données sont effacées, "
    "et la version suivante s’ouvre en brouillon."
)
DELAYED = (
    "Tout le monde a signé, mais après le premier jour du stage. La convention ne vaut qu’une fois le motif enregistré ; il "
    "reste visible sur la page du stage, dans les listes et lors d’une vérification (sans le motif)."
)


@show_or_save
def agreement_late(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why the last signature came after the first day, which records it at last."""
    agreement = _agreement(managed_internship(request, pk))
    internship = agreement.internship
    form = ReasonForm(
        request.POST if request.method == "POST" else None, submit="Enregistrer la signature",
        cancel_url=internship.get_absolute_url(), label="Motif de la signature tardive",
    )  # fmt: skip
    if form.is_valid() and saved(
        form, lambda: operations.explain_late_signature(agreement.pk, form.cleaned_data["reason"], request.user)
    ):
        messages.success(request, "La signature est enregistrée, avec le motif de son retard.")
        return redirect(internship)
    return _act_page(request, internship, form, "Une signature tardive", DELAYED)


def _act_page(request: HttpRequest, internship: Internship, form: ReasonForm, title: str, lead: str) -> HttpResponse:
    context = {"internship": internship, "form": form, "title": title, "lead": lead}
    return render(request, "trainees/agreement_act.html", context, status=UNPROCESSABLE if form.errors else 200)


def done(request: HttpRequest, internship: Internship, act: Any, told_when_done: str) -> HttpResponse:
    """Run an act without a form, and say what was done or why not on the page of the internship."""
    try:
        act()
        messages.success(request, told_when_done)
    except PortalError as refusal:
        messages.error(request, " ".join([refusal.message, *getattr(refusal, "details", [])]))
    return redirect(internship)


def find_internship(request: HttpRequest, pk: int) -> Internship:
    """Return an internship within the scope of whoever asks; 404 for anybody else."""
    internship = internship_known_to(scope_of(request.user), pk)
    if internship is None:
        raise Http404
    return internship


def managed_internship(request: HttpRequest, pk: int) -> Internship:
    """Return an internship whose agreement this person may manage; 404 out of scope, 403 without the right."""
    internship = find_internship(request, pk)
    if not may_send_agreement(request.user, internship):
        raise PermissionDenied
    return internship


def _agreement(internship: Internship) -> InternshipAgreement:
    agreement = living_agreement(internship)
    if agreement is None:
        raise Http404
    return agreement
