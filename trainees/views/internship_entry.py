"""The guided entry of an internship: choose a host, then one page that fills itself and says what the law refuses before saving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.forms import refusals_in
from e2c_portal.ui.refusals import status_of
from partnerships.models import Company, Establishment
from partnerships.queries import company_known_to, likely_doubles, surviving
from partnerships.views.saving import saved
from schools.scope import Scope, scope_of
from trainees.forms.hosts_entry import HostForm, HostSearchForm
from trainees.forms.internships import InternshipForm
from trainees.forms.timetable import ExceptionsForm, WeekForm
from trainees.law.findings import Finding
from trainees.law.public_holidays import holidays_between
from trainees.law.timetable import Slot, Stint, exceptions_to, spread, usual_week
from trainees.life.internships import OPEN
from trainees.models import Internship, InternshipOffer, Pathway, Trainee
from trainees.operations.host_entry import register_host
from trainees.operations.internships import SETTLED, plan_internship, revise_internship
from trainees.permissions import TraineePermission
from trainees.reads import entry
from trainees.reads.legality import examine, stint_of
from trainees.reads.offers import offer_of, offers_to_answer
from trainees.reads.school_week import hours_on
from trainees.reads.visible import trainee_known_to
from trainees.sheets.internship import Week, weeks_of
from trainees.views.internships import find_internship

show_or_save = require_http_methods(["GET", "HEAD", "POST"])
TWO_WEEKS = timedelta(days=11)


@dataclass
class Check:
    """What the page says before saving: the weeks with their hours, and what refuses them. `ready` is False while facts lack."""

    ready: bool = False
    findings: list[Finding] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)


@dataclass
class Entry:
    """The forms of one internship being written, and what they make together."""

    form: InternshipForm
    week: WeekForm
    exceptions: ExceptionsForm
    scope: Scope

    @property
    def shows_more(self) -> bool:
        """Say whether the folded part holds something to look at."""
        form, names = (
            self.form,
            ("dangerous_work", "dangerous_works", "delegation_reference", "prescribing_structure", "skills"),
        )
        regime = form["regime"].value() == Internship.Regime.PMSMP
        return regime or any(form[name].errors or name != "skills" and form[name].value() for name in names)

    @property
    def refusals(self) -> list[tuple[str, str, str]]:
        """Return all that is wrong in the page, in its order: (field, where its link leads, sentence)."""
        return [told for form in (self.form, self.week, self.exceptions) for told in refusals_in(form)]

    def is_valid(self) -> bool:
        """Say whether all three are; all of them speak, not only the first that refuses."""
        valid = all([one.is_valid() for one in (self.form, self.week, self.exceptions)])
        self._settle()
        return valid

    def _as_shown(self) -> "Entry":
        """Return the same forms as if the page were sent as it fills itself: the first look tells what is refused already."""
        data = QueryDict(mutable=True)
        for bound in (bound for form in (self.form, self.week, self.exceptions) for bound in form):
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = value.isoformat() if isinstance(value, date | time) else str(value)
        form = InternshipForm(data, instance=self.form.instance, place=self.form.place)
        return Entry(form, WeekForm(data), ExceptionsForm(data), self.scope)

    def _settle(self) -> None:
        """Give the internship the pathway and the partnership convention of its first day: nobody has to choose them."""
        internship, day = self.form.instance, self.form.cleaned_data.get("starts_on")
        if day is None:
            return
        internship.pathway = entry.pathway_to_fill(internship.trainee, day) or internship.pathway
        internship.partnership_convention = entry.convention_in_force(self.scope, self.form.place.company_id, day)

    def stints(self) -> list[Stint]:
        """Return the days that the forms make. Only when the week, the exceptions and both dates are valid."""
        first, last = self.form.cleaned_data["starts_on"], self.form.cleaned_data["ends_on"]
        return spread(self.week.week(), self.exceptions.exceptions(), first, last, holidays_between(first, last))

    def check(self) -> Check:
        """Return what the law and the calendar say of what is typed, or of what the page filled by itself."""
        if not self.form.is_bound:
            return self._as_shown().check()
        self.is_valid()
        typed = self.form.cleaned_data
        known = typed.get("starts_on") and typed.get("ends_on") and typed["starts_on"] <= typed["ends_on"]
        if not known or self.week.errors or self.exceptions.errors:
            return Check()
        stints = self.stints()
        return Check(True, examine(self.form.instance, stints), weeks_of(stints))


@show_or_save
def internship_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write an internship for a trainee, from what is known of them."""
    trainee = _find_trainee(request, public_id)
    pathway = entry.pathway_to_fill(trainee)
    if pathway is None:
        return render(request, "trainees/internship_no_pathway.html", {"trainee": trainee})
    last = entry.last_internship_of(trainee)
    scope = scope_of(request.user)
    asked = request.POST.get("establishment") or request.GET.get("accueil") or (last and last.establishment_id) or ""
    place = entry.place_known_to(scope, asked)
    if place is None:
        return redirect("trainees:internship_host", trainee.public_id)
    internship = Internship(trainee=trainee, pathway=pathway, school=trainee.school, establishment=place)
    offer = _offer_asked(request, place)
    initial = _known(internship, last if last and last.establishment_id == place.pk else None, last, offer)
    written = _entry(request, internship, initial, _first_week(trainee, last, initial["starts_on"]), {})
    if sent_before := record_of(written.form.sending(), request.user, Internship):
        return redirect(sent_before)
    return _answer(request, written, lambda: _plan(request, written), place=place)


@show_or_save
def internship_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an internship while its agreement is not put to signature."""
    internship = find_internship(request, pk)
    if not request.user.has_perm(TraineePermission.WRITE_INTERNSHIP, internship):
        raise PermissionDenied
    if request.method != "POST" and (internship.status not in OPEN or internship.is_settled):
        messages.warning(request, SETTLED)
        return redirect(internship)
    asked = request.POST.get("establishment") or request.GET.get("accueil") or internship.establishment_id
    place = entry.place_known_to(scope_of(request.user), asked) or internship.establishment
    stints = [stint_of(row) for row in internship.days.all()]
    holidays = holidays_between(internship.starts_on, internship.ends_on)
    week = usual_week(stints)
    apart = exceptions_to(week, stints, internship.starts_on, internship.ends_on, holidays)
    initial = {"trade_text": str(internship.trade or ""), "offer": offer_of(internship)}
    internship.establishment = place
    written = _entry(request, internship, initial, week, apart)
    return _answer(request, written, lambda: _revise(request, written), place=place)


def _answer(request: HttpRequest, written: Entry, save: Any, *, place: Establishment) -> HttpResponse:
    """Save, or show what was typed with what stands against it; the answer to a keystroke is the verdict alone."""
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "trainees/fragments/verdict.html", {"check": written.check()})
    asked, internship = request.POST, written.form.instance
    known_by = internship.pk
    if request.method == "POST" and "verifier" not in asked and "remplir" not in asked and written.is_valid():
        if made := saved(written.form, save):
            next_step = " Choisissez maintenant les compétences qu’il prévoit." if known_by is None else ""
            messages.success(request, f"Le stage est enregistré.{next_step}")
            return redirect(made)
        # A refusal that came after the row was written took it back: the page must not take it for a saved one.
        internship.pk, internship._state.adding = known_by, known_by is None
    context = {
        "entry": written, "form": written.form, "check": written.check(), "place": place, "trainee": internship.trainee,
        "internship": internship, "convention": internship.partnership_convention,
        "trades": entry.trades_of(internship.trainee.school), "age": internship.trainee.age_on(timezone.localdate()),
    }  # fmt: skip
    # A look at what would be refused is answered as a look.
    looks = "verifier" in asked or "remplir" in asked
    status = 200 if looks else status_of(written.form, written.week, written.exceptions)
    return render(request, "trainees/internship_entry.html", context, status=status)


def _plan(request: HttpRequest, written: Entry) -> Internship:
    form = written.form
    return plan_internship(
        form.instance, written.stints(), request.user, newcomer=form.newcomer(), accepted=form.cleaned_data["accepted"],
        offer_id=form.offer_id(), sending=form.sending(),
    )  # fmt: skip


def _revise(request: HttpRequest, written: Entry) -> Internship:
    form = written.form
    return revise_internship(
        form.instance, written.stints(), form.seen(), request.user, newcomer=form.newcomer(), offer_id=form.offer_id()
    )


def _offer_asked(request: HttpRequest, place: Establishment) -> InternshipOffer | None:
    """Return the offer of the place from which the person came (`?offre=`), None when it cannot be answered."""
    asked = request.GET.get("offre", "")[:15]
    return offers_to_answer(place).filter(pk=asked).first() if asked.isdecimal() else None


def _entry(
    request: HttpRequest,
    internship: Internship,
    initial: dict[str, Any],
    week: Mapping[int, Slot],
    apart: Mapping[date, Sequence[Slot]],
) -> Entry:
    """Return the forms: bound to what was sent, else to what is known, so that the first look already tells what is refused."""
    bound = request.method == "POST"
    data = _filled(request.POST, internship) if bound else None
    form = InternshipForm(data, instance=internship, place=internship.establishment, initial=initial)
    forms = WeekForm(data, week=week), ExceptionsForm(data, exceptions=apart)
    return Entry(form, *forms, scope_of(request.user))


def _filled(data: QueryDict, internship: Internship) -> QueryDict:
    """Fill the empty texts with those kept for the trade, when the person asks for it."""
    if "remplir" not in data:
        return data
    filled = data.copy()
    words = entry.words_for(
        internship.trainee, entry.trade_meant(data.get("trade_text", "")), internship.trainee.school
    )
    for name, text in words.items():
        if not filled.get(name, "").strip():
            filled[name] = text
    return filled


def _known(
    internship: Internship, same_place: Internship | None, last: Internship | None, offer: InternshipOffer | None
) -> dict[str, Any]:
    """Return what a new internship starts from: people of the place, words of the trade, the next free fortnight, the offer."""
    trainee, place, school = internship.trainee, internship.establishment, internship.trainee.school
    starts_on = _first_day(internship.pathway, last, offer)
    people = list(entry.people_of(place)[:2])
    only = people[0].pk if len(people) == 1 else None
    model = same_place or entry.last_at(place, school)
    here = {person.pk for person in entry.people_of(place)}
    tutor = model.tutor_id if model and model.tutor_id in here else only
    signatory = model.host_signatory_id if model and model.host_signatory_id in here else tutor
    trade = offer.trade if offer else last.trade if last else None
    signer = entry.signatory_for(school)
    return {
        "kind": last.kind if last else Internship.Kind.DISCOVERY, "regime": Internship.Regime.TRAINING,
        "starts_on": starts_on, "ends_on": min(starts_on + TWO_WEEKS, max(internship.pathway.last_day, starts_on)),
        "tutor": tutor, "host_signatory": signatory, "referent": internship.pathway.referent_id,
        "school_signatory": signer.pk if signer else None, "trade_text": str(trade or ""), "offer": offer,
        **entry.words_for(trainee, trade, school), **entry.words_of_place(place, school),
    }  # fmt: skip


def _first_day(pathway: Pathway, last: Internship | None, offer: InternshipOffer | None) -> date:
    """Return the first Monday that is free: after today, after the entry, after the last internship, within the offer."""
    after = [timezone.localdate(), pathway.entered_on - timedelta(days=1), *([last.last_day] if last else [])]
    after += [offer.starts_on - timedelta(days=1)] if offer else []
    return entry.next_monday(max(after))


def _first_week(trainee: Trainee, last: Internship | None, first: date) -> Mapping[int, Slot]:
    """Return the week of the last internship, else that of the school on the first day."""
    stints = [stint_of(row) for row in last.days.all()] if last else []
    return usual_week(stints) or hours_on(trainee.school, first)


@require_safe
def internship_host(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose the host of an internship: those the school knows first, then a search; the answer to a keystroke is the list."""
    trainee = _find_trainee(request, public_id)
    form = HostSearchForm(request.GET, request.path)
    words = form.words()
    found = entry.places_searched(scope_of(request.user), words, trainee.school)
    context = {
        "trainee": trainee, "form": form, "words": words, "found": found,
        "known": [] if words else entry.places_welcoming(trainee.school),
        "target": _target(request, trainee),
    }  # fmt: skip
    live = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "trainees/fragments/host_choice.html" if live else "trainees/internship_host.html", context)


def _target(request: HttpRequest, trainee: Trainee) -> str:
    """Return the address of the page that waits for a host: a new internship, or the one being changed (`?stage=`)."""
    pk = request.GET.get("stage", "")
    if pk.isdigit() and (changed := find_internship(request, int(pk))).trainee_id == trainee.pk:
        return reverse("trainees:internship_edit", args=[changed.pk])
    return reverse("trainees:internship_new", args=[trainee.public_id])


@show_or_save
def internship_host_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a host the portal does not know, or another place of a company it knows (`?entreprise=`)."""
    trainee = _find_trainee(request, public_id)
    back = reverse("trainees:internship_host", args=[trainee.public_id])
    form = HostForm(request.POST or None, cancel_url=back, company=_company_asked(request))
    if sent_before := record_of(form.sending(), request.user, Establishment):
        return redirect(_entry_at(trainee, sent_before))
    alike = _alike(request, form)
    if request.method == "POST" and form.is_valid():
        if alike and not form.cleaned_data["confirmed"]:
            form.add_error(
                None, "Une fiche ressemble à celle-ci : choisissez-la, ou cochez la case pour en créer une autre."
            )
        elif place := saved(form, lambda: register_host(form.host(), request.user, sending=form.sending())):
            messages.success(request, f"{place.company} est enregistrée : écrivez maintenant le stage.")
            return redirect(_entry_at(trainee, place))
    if alike:
        form.ask_confirmation()
    context = {"trainee": trainee, "form": form, "alike": alike, "back": back, "company": form.company}
    return render(request, "trainees/internship_host_new.html", context, status=status_of(form))


def _company_asked(request: HttpRequest) -> Company | None:
    pk = request.GET.get("entreprise", "")
    company = company_known_to(scope_of(request.user), int(pk)) if pk.isdigit() else None
    return surviving(company) if company else None


def _alike(request: HttpRequest, form: HostForm) -> list[Company]:
    name, siren = request.POST.get("legal_name", "")[:200], request.POST.get("siren", "")[:20]
    if form.company is not None or not (name.strip() or siren.strip()):
        return []
    return likely_doubles(scope_of(request.user), name, siren)


def _entry_at(trainee: Trainee, place: Establishment) -> str:
    return f"{reverse('trainees:internship_new', args=[trainee.public_id])}?accueil={place.pk}"


@require_safe
def trades(request: HttpRequest) -> HttpResponse:
    """Answer the trades that hold what is typed, as the choices of the field."""
    if not request.user.has_perm(TraineePermission.VIEW_REFERENCE):
        raise PermissionDenied
    found = entry.trades_searched(request.GET.get("trade_text", ""))
    return render(request, "trainees/fragments/trades.html", {"trades": found})


def _find_trainee(request: HttpRequest, public_id: str) -> Trainee:
    """Return a trainee somebody may write an internship for; 404 outside the scope, 403 without the right."""
    trainee = trainee_known_to(scope_of(request.user), public_id)
    if trainee is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.WRITE_INTERNSHIP, trainee):
        raise PermissionDenied
    return trainee
