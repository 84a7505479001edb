"""Amendments of a signed agreement: choose what changes, write it, read it before and after, put it to signature."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.requesting import current_document
from e2c_portal.kernel.submissions import record_of
from e2c_portal.signing.lookups import latest_envelope
from partnerships.signature_sheet import signature_panel
from partnerships.views.saving import saved
from trainees.forms.agreements import AgreementSignForm, ReasonForm
from trainees.forms.amendments import FORMS, AmendmentForm
from trainees.law.public_holidays import holidays_between
from trainees.life import agreements as life
from trainees.models import AgreementAmendment, Internship
from trainees.models.agreements import AMENDMENT_KIND
from trainees.operations import amendments as operations
from trainees.operations.agreement_signatures import make_document_again
from trainees.reads.agreements import (
    amendment_in_full,
    amendment_known_to,
    internship_in_full,
    living_agreement,
    may_read_agreement,
    may_send_agreement,
)
from trainees.reads.amendment_planning import made_by
from trainees.reads.amendment_words import EFFECTS, WILL_DO, clauses_of
from trainees.reads.signers import needs_representative, representatives_on, signers_of
from trainees.views.agreements import UNPROCESSABLE, done, find_internship, managed_internship, show_or_save

Kind = AgreementAmendment.Kind
EXPLAINED = {
    Kind.DATES: "Prolonger, raccourcir ou déplacer le stage.",
    Kind.SCHEDULE: "Changer les heures de présence dans l’entreprise.",
    Kind.PLACE: "Changer d’établissement dans la même entreprise.",
    Kind.TUTOR: "Changer de tuteur, ou de signataire pour l’entreprise.",
    Kind.ACTIVITIES: "Changer les activités, les objectifs ou les équipements.",
    Kind.SUSPENSION: "Arrêter la présence quelques jours. Prend effet tout de suite.",
    Kind.RUPTURE: "Arrêter le stage avant son terme. Prend effet tout de suite.",
}
SENT = "L’avenant est à la signature : chaque personne est invitée dès que le document est prêt."
# A stay is prolonged within its pathway: two years ahead cover the public holidays of any form.
AHEAD = timedelta(days=730)


@require_safe
def amendment_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what changes."""
    internship = managed_internship(request, pk)
    _signed_agreement(internship)
    kinds = [
        (kind.label, EXPLAINED[kind], reverse("trainees:amendment_new", args=[pk, kind.value])) for kind in FORMS_ORDER
    ]
    return render(request, "trainees/amendment_choose.html", {"internship": internship, "kinds": kinds})


FORMS_ORDER = tuple(Kind(name) for name in FORMS)


@show_or_save
def amendment_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write an amendment of one kind. A suspension and a rupture take effect when this form is sent."""
    managed_internship(request, pk)
    if kind not in FORMS:
        raise Http404
    internship = internship_in_full(pk)
    _signed_agreement(internship)
    cancel = reverse("trainees:amendment_choose", args=[pk])
    holidays = holidays_between(internship.starts_on, internship.ends_on + AHEAD)
    form = FORMS[kind](
        internship, request.POST if request.method == "POST" else None, cancel_url=cancel, holidays=holidays
    )
    if sent_before := record_of(form.sending(), request.user, AgreementAmendment):
        return redirect("trainees:amendment", pk, sent_before.number)
    if form.is_valid() and (made := saved(form, lambda: _written(form, internship, request))):
        messages.success(
            request, TOLD.get(Kind(kind), "L’avenant est écrit. Relisez-le, puis mettez-le à la signature.")
        )
        return redirect("trainees:amendment", pk, made.number)
    context = {
        "internship": internship, "form": form, "title": f"Avenant : {Kind(kind).label.lower()}",
        "lead": WILL_DO.get(Kind(kind), "Rien ne change tant que tout le monde n’a pas signé."),
    }  # fmt: skip
    return render(request, "trainees/agreement_act.html", context, status=UNPROCESSABLE if form.errors else 200)


TOLD = {
    Kind.SUSPENSION: "Le stage est suspendu. L’avenant se signe maintenant.",
    Kind.RUPTURE: "Le stage est arrêté. L’avenant de rupture se signe maintenant.",
}


def _written(form: AmendmentForm, internship: Internship, request: HttpRequest) -> AgreementAmendment:
    wish, sending = form.wish(), form.sending()
    if form.kind == Kind.SUSPENSION:
        asked = wish.after["suspension"]
        first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
        return operations.suspend_internship(internship.pk, first, last, wish, request.user, sending=sending)
    if form.kind == Kind.RUPTURE:
        return operations.break_internship_off(internship.pk, wish, request.user, sending=sending)
    return operations.draft_amendment(internship.pk, wish, request.user, sending=sending)


@require_safe
def amendment_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one amendment: what changes, who signed, what to do next."""
    amendment = _amendment(find_internship(request, pk), number)
    internship = amendment.agreement.internship
    panel = signature_panel(AMENDMENT_KIND, amendment)
    manages = may_send_agreement(request.user, internship)
    context = {
        "internship": internship, "amendment": amendment, "clauses": clauses_of(amendment.changes), "panel": panel,
        "effect": EFFECTS.get(Kind(amendment.kind), ""), "manages": manages,
        "document": current_document(AMENDMENT_KIND, subject_of(amendment)) if may_read_agreement(request.user, internship) else None,
        "late": bool(amendment.signed_on and amendment.is_late_on(amendment.signed_on)),
        "protective": amendment.kind in operations.PROTECTIVE,
        "to_record": bool(panel and panel.is_complete and amendment.status == life.TO_SIGN),
        "stopped": bool(panel and panel.is_over and amendment.status == life.TO_SIGN),
        "failed": bool(panel and panel.envelope.is_alive and panel.envelope.document.status == "failed"),
    }  # fmt: skip
    return render(request, "trainees/amendment.html", context)


@show_or_save
def amendment_sign(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Put an amendment to signature, prefilled; or ask for its signatures again."""
    amendment = _amendment(managed_internship(request, pk), number)
    if amendment.status not in (life.DRAFT, life.TO_SIGN) or amendment.signed_envelope():
        return redirect("trainees:amendment", pk, number)
    again = amendment.status == life.TO_SIGN
    former = latest_envelope(AMENDMENT_KIND, subject_of(amendment)) if again else None
    after = made_by(amendment_in_full(amendment.pk))
    form = _sign_form(request, after, former, reverse("trainees:amendment", args=[pk, number]))
    if form.is_valid() and saved(form, lambda: _send(form, amendment, request, again=again)):
        messages.success(request, SENT)
        return redirect("trainees:amendment", pk, number)
    context = {
        "internship": amendment.agreement.internship, "form": form, "title": f"Faire signer l’avenant n° {number}",
        "lead": "Les personnes du jour signent : le nouveau tuteur ou le nouveau signataire s’ils changent.",
    }  # fmt: skip
    return render(request, "trainees/agreement_act.html", context, status=UNPROCESSABLE if form.errors else 200)


def _sign_form(request: HttpRequest, after: Internship, former: Any, cancel_url: str) -> AgreementSignForm:
    family = []
    if needs_representative(after.trainee, after.starts_on):
        family = representatives_on(after.trainee, after.starts_on)
    data = request.POST if request.method == "POST" else None
    return AgreementSignForm(signers_of(after), data, former=former, representatives=family, cancel_url=cancel_url)


def _send(form: AgreementSignForm, amendment: AgreementAmendment, request: HttpRequest, *, again: bool) -> object:
    chosen = form.chosen_representative()
    if again:
        why = form.cleaned_data.get("why", "")
        return operations.sign_amendment_again(
            amendment.pk, form.plan(), request.user, why_new=why, representative=chosen
        )
    return operations.send_amendment_to_sign(amendment.pk, form.plan(), request.user, representative=chosen)


@show_or_save
def amendment_shelve(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give an amendment up, with a reason."""
    amendment = _amendment(managed_internship(request, pk), number)
    back = reverse("trainees:amendment", args=[pk, number])
    form = ReasonForm(
        request.POST if request.method == "POST" else None, submit="Classer sans suite", cancel_url=back,
        help_text="Les personnes qui ont signé liront ce motif.",
    )  # fmt: skip
    if form.is_valid() and saved(
        form, lambda: operations.shelve_amendment(amendment.pk, form.cleaned_data["reason"], request.user)
    ):
        messages.success(request, "L’avenant est classé sans suite : la convention reste comme elle est.")
        return redirect("trainees:amendment", pk, number)
    context = {
        "internship": amendment.agreement.internship, "form": form, "title": f"Classer l’avenant n° {number} sans suite",
        "lead": "La convention reste comme elle est.",
    }  # fmt: skip
    return render(request, "trainees/agreement_act.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def amendment_record(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Record at last an amendment that everybody signed."""
    amendment = _amendment(managed_internship(request, pk), number)
    internship = amendment.agreement.internship
    return done(
        request, internship, lambda: operations.record_amendment_again(amendment.pk, request.user),
        "L’avenant est enregistré.",
    )  # fmt: skip


@require_POST
def amendment_make_again(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Have the document of an amendment made again after a failure."""
    amendment = _amendment(managed_internship(request, pk), number)
    internship = amendment.agreement.internship
    return done(
        request, internship, lambda: make_document_again(AgreementAmendment, amendment.pk, request.user),
        "La fabrication du document est relancée.",
    )  # fmt: skip


def _amendment(internship: Internship, number: int) -> AgreementAmendment:
    amendment = amendment_known_to(internship, number)
    if amendment is None:
        raise Http404
    return amendment


def _signed_agreement(internship: Internship) -> None:
    agreement = living_agreement(internship)
    if agreement is None or agreement.status != life.SIGNED:
        raise Http404
