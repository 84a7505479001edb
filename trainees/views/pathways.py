"""Pathways: open one, make it move, plan it, and write its parts."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved
from trainees.forms.pathways import (
    ContractForm,
    MoveForm,
    PathwayForm,
    PhaseForm,
    ProfileForm,
    ReferentForm,
    ReplanForm,
)
from trainees.life.pathways import PATHWAY_LIFE
from trainees.models import EntryProfile, Pathway, PathwayPhase, TrainingContract
from trainees.operations.pathway_parts import record_contract, save_profile, start_phase
from trainees.operations.pathways import move_pathway, name_referent, open_pathway, replan_pathway
from trainees.permissions import TraineePermission
from trainees.views.finding import find_pathway, find_trainee, require, show_or_save
from trainees.views.people import act_page


@show_or_save
def pathway_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open the pathway of a trainee in their school."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.MOVE_PATHWAY, trainee)
    derogates = request.user.has_perm(TraineePermission.DEROGATE, trainee)
    pathway = Pathway(trainee=trainee, school=trainee.school)
    form = PathwayForm(
        request.POST or None, pathway=pathway, derogates=derogates, cancel_url=trainee.get_absolute_url()
    )
    if record_of(form.sending(), request.user, Pathway):
        return redirect(trainee)
    if form.is_valid() and saved(
        form,
        lambda: open_pathway(form.instance, request.user, derogation=form.derogation() if derogates else None, sending=form.sending()),
    ):  # fmt: skip
        messages.success(request, "Le parcours est ouvert.")
        return redirect(trainee)
    return act_page(request, trainee, form, "Ouvrir un parcours")


@show_or_save
def pathway_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Make one step in the life of a pathway, with its reason and the days it records."""
    pathway = find_pathway(request, pk)
    step = next((known for known in PATHWAY_LIFE.moves if known.name == move), None)
    if step is None:
        raise Http404
    require(request, step.permission, pathway)
    trainee = pathway.trainee
    form = MoveForm(step, pathway, request.POST or None, cancel_url=pathway.get_absolute_url())
    if form.is_valid() and saved(
        form,
        lambda: move_pathway(
            pathway.pk, step.name, request.user, seen_state=form.cleaned_data["seen_state"],
            reason=form.cleaned_data.get("reason", ""), facts=form.facts(),
        ),
    ):  # fmt: skip
        messages.success(request, f"C’est enregistré : {step.label[0].lower()}{step.label[1:]}.")
        return redirect(pathway)
    notes = step.missing(pathway) if not step.records and request.method != "POST" else []
    return act_page(request, trainee, form, step.label, lead=step.consequence, notes=notes)


@show_or_save
def pathway_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the plan of an open pathway."""
    pathway = _open(request, pk)
    form = ReplanForm(request.POST or None, pathway=pathway, cancel_url=pathway.get_absolute_url())
    if form.is_valid() and saved(form, lambda: replan_pathway(pathway.pk, form.facts(), form.seen(), request.user)):
        messages.success(request, "Le parcours est enregistré.")
        return redirect(pathway)
    return act_page(request, pathway.trainee, form, "Modifier le parcours")


@show_or_save
def pathway_referent(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who follows the pathway."""
    pathway = _open(request, pk)
    form = ReferentForm(request.POST or None, pathway=pathway, cancel_url=pathway.get_absolute_url())
    if form.is_valid() and saved(form, lambda: name_referent(pathway.pk, form.cleaned_data["referent"], request.user)):
        messages.success(request, "Le formateur référent est enregistré.")
        return redirect(pathway)
    return act_page(request, pathway.trainee, form, "Formateur référent")


@show_or_save
def pathway_phase(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next phase."""
    pathway = _open(request, pk)
    form = PhaseForm(request.POST or None, proposed=_next_phase(pathway), cancel_url=pathway.get_absolute_url())
    if form.is_valid() and saved(
        form, lambda: start_phase(pathway.pk, form.cleaned_data["kind"], form.cleaned_data["starts_on"], request.user)
    ):
        messages.success(request, "La phase est enregistrée.")
        return redirect(pathway)
    return act_page(
        request, pathway.trainee, form, "Commencer une phase", lead="La phase en cours prend fin la veille."
    )


def _next_phase(pathway: Pathway) -> str:
    """Return the kind that follows the last phase, the last kind when all were begun."""
    kinds = list(PathwayPhase.Kind.values)
    last = pathway.phases.last()
    return kinds[min(kinds.index(last.kind) + 1, len(kinds) - 1)] if last else kinds[0]


@show_or_save
def pathway_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the training contract, or correct it."""
    pathway = _writable(request, pk)
    contract = getattr(pathway, "contract", None) or TrainingContract(pathway=pathway)
    form = ContractForm(request.POST or None, contract=contract, cancel_url=pathway.get_absolute_url())
    if form.is_valid() and saved(
        form, lambda: record_contract(pathway.pk, form.cleaned_data, form.seen(), request.user)
    ):
        messages.success(request, "Le contrat de formation est enregistré.")
        return redirect(pathway)
    return act_page(request, pathway.trainee, form, "Contrat de formation")


@show_or_save
def pathway_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the situation at entry, or correct it."""
    pathway = _writable(request, pk)
    profile = getattr(pathway, "profile", None) or EntryProfile(pathway=pathway)
    form = ProfileForm(request.POST or None, profile=profile, cancel_url=pathway.get_absolute_url())
    if form.is_valid() and saved(form, lambda: save_profile(pathway.pk, form.facts(), request.user)):
        messages.success(request, "Le profil d’entrée est enregistré.")
        return redirect(pathway)
    lead = "Ce que le réseau compte, et rien de plus. Rien ici ne concerne la santé."
    return act_page(request, pathway.trainee, form, "Profil d’entrée", lead=lead)


def _writable(request: HttpRequest, pk: int) -> Pathway:
    pathway = find_pathway(request, pk)
    require(request, TraineePermission.MOVE_PATHWAY, pathway)
    return pathway


def _open(request: HttpRequest, pk: int) -> Pathway:
    """Return a pathway that may still be written: the pages of an ended one do not exist."""
    pathway = _writable(request, pk)
    if not pathway.is_open:
        raise Http404
    return pathway
