"""What one line of a spreadsheet would do: the same plan is shown by the check and executed by the import."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from e2c_portal.kernel.french import date_in_letters
from e2c_portal.kernel.search import fold
from trainees.models import LegalRepresentative, Pathway, Prescriber, Referral, Trainee, TraineeImport
from trainees.models.people import MAJORITY, age_on
from trainees.operations.pathways import age_outside
from trainees.reads.import_cells import Person
from trainees.reads.import_directory import Directory

COMPLETED = ("gender", "email", "phone", "address", "postal_code", "city")


@dataclass
class Plan:
    """What a line would write. `pathway`, `referral` and `representative` are not saved; `changes` tell it in French."""

    person: Person
    trainee: Trainee | None = None
    fills: dict[str, str] = field(default_factory=dict)
    pathway: Pathway | None = None
    existing_pathway: Pathway | None = None
    arrives: bool = False
    profile: dict[str, object] = field(default_factory=dict)
    referral: Referral | None = None
    representative: LegalRepresentative | None = None
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)

    @property
    def action(self) -> str:
        if self.faults:
            return "refused"
        if self.trainee is None:
            return "create"
        return "complete" if self.changes else "unchanged"

    @property
    def reason(self) -> str:
        return " ".join(self.faults or self.notes)


def plan_of(person: Person, asked: TraineeImport, directory: Directory) -> Plan:
    """Return what a line would do in the school as `directory` finds it. Writes nothing."""
    plan = Plan(person, faults=list(person.faults))
    if person.birth_date is None or not person.texts["last_name"] or not person.texts["first_name"]:
        return plan
    plan.trainee = directory.known(person)
    if plan.trainee is None:
        plan.changes.append(["Fiche", "créée"])
        _note_other_addresses(plan, directory)
    else:
        _fills(plan, plan.trainee)
    _pathway(plan, asked, directory)
    _referral(plan, directory)
    _representative(plan, directory)
    return plan


def label_of(name: str) -> str:
    """Return the French name of a column of the trainee."""
    return str(getattr(Trainee._meta.get_field(name), "verbose_name", name))


def _note_other_addresses(plan: Plan, directory: Directory) -> None:
    for other in directory.with_email(plan.person)[:1]:
        plan.notes.append(
            f"Même courriel que {other}, née ou né le {other.birth_date:%d/%m/%Y} : vérifiez qu’il sert aux deux."
        )


def _fills(plan: Plan, trainee: Trainee) -> None:
    """Fill what is empty in a known file; what somebody typed is never replaced."""
    for name in COMPLETED:
        told, kept = plan.person.texts[name], getattr(trainee, name)
        label = label_of(name)
        if told and not kept:
            plan.fills[name] = told
            plan.changes.append([label.capitalize(), told])
        elif told and fold(told) != fold(kept):
            plan.notes.append(f"{label.capitalize()} : la fiche garde « {kept} ».")
    written = f"{plan.person.texts['last_name']} {plan.person.texts['first_name']}"
    if fold(written) != fold(f"{trainee.last_name} {trainee.first_name}"):
        plan.notes.append(f"Reconnue d’après son courriel et sa date de naissance : la fiche garde « {trainee} ».")


def _pathway(plan: Plan, asked: TraineeImport, directory: Directory) -> None:
    person = plan.person
    entered, until = person.entered_on, person.planned_ends_on
    if entered is None or until is None or until < entered:
        if person.profile and not person.faults:
            plan.notes.append("Niveau, permis et quartier s’enregistrent avec un parcours : donnez sa date d’entrée.")
        return
    theirs = [row for row in directory.of(Pathway, plan.trainee) if row.status != "no_show"]
    plan.existing_pathway = next((row for row in theirs if row.entered_on == entered or row.is_open), None)
    if plan.existing_pathway is not None:
        _profile(plan, directory)
        if plan.existing_pathway.entered_on != entered:
            since = date_in_letters(plan.existing_pathway.entered_on)
            plan.notes.append(f"Un parcours est déjà ouvert depuis {since} : il est gardé.")
        return
    if any(row.last_day >= entered for row in theirs):
        plan.faults.append("Cette personne a déjà un parcours à ces dates.")
    if refusal := age_outside(age_on(person.birth_date, entered), directory.limits(entered), with_derogation=False):  # type: ignore[arg-type]
        plan.faults.append(refusal)
    _new_pathway(plan, asked, directory)
    _profile(plan, directory)


def _new_pathway(plan: Plan, asked: TraineeImport, directory: Directory) -> None:
    person = plan.person
    entered, until = person.entered_on, person.planned_ends_on
    site = directory.site(person.site)
    if site is None:
        names = " ; ".join(row.name for row in directory.sites) or "aucun site ouvert"
        said = f"« {person.site} » n’est pas un site ouvert de l’école" if person.site else "dites lequel"
        plan.faults.append(f"Site : {said} ({names}).")
    referent = directory.member(person.referent) if person.referent else None
    if person.referent and referent is None:
        plan.faults.append(f"Référent : « {person.referent} » ne travaille pas dans l’école, d’après le portail.")
    if site is None or entered is None or until is None:
        return
    trial = min(until, entered + timedelta(weeks=asked.trial_weeks) - timedelta(days=1))
    plan.pathway = Pathway(site=site, entered_on=entered, trial_ends_on=trial, planned_ends_on=until, referent=referent)
    plan.arrives = asked.records_arrivals and entered <= timezone.localdate()
    plan.changes.append(["Parcours", f"du {entered:%d/%m/%Y} au {until:%d/%m/%Y}, {site.name}"])
    if plan.arrives:
        plan.changes.append(["Arrivée", "enregistrée"])


def _profile(plan: Plan, directory: Directory) -> None:
    if not plan.person.profile:
        return
    if plan.existing_pathway is not None and directory.profile_of(plan.existing_pathway) is not None:
        return
    plan.profile = plan.person.profile
    plan.changes.append(["Profil d’entrée", "enregistré"])


def _referral(plan: Plan, directory: Directory) -> None:
    person = plan.person
    if not person.prescriber:
        return
    prescriber = directory.prescriber(person.prescriber)
    day = person.referred_on or person.entered_on
    if prescriber is None:
        plan.faults.append(
            f"Prescripteur : « {person.prescriber} » n’est pas dans la liste du portail. Ajoutez-le d’abord, ou corrigez le nom."
        )
    elif day is None:
        plan.faults.append("Date de prescription : indiquez-la.")
    elif person.entered_on and day > person.entered_on:
        plan.faults.append("Date de prescription : elle suit la date d’entrée.")
    elif not _referred_already(plan, directory, prescriber):
        # Nobody enters without having been admitted: the day of the entry is the last on which it was decided.
        decided = {"outcome": Referral.Outcome.ADMITTED, "outcome_on": person.entered_on} if person.entered_on else {}
        plan.referral = Referral(prescriber=prescriber, referred_on=day, **decided)
        plan.changes.append(["Prescription", f"{prescriber}, {day:%d/%m/%Y}"])


def _referred_already(plan: Plan, directory: Directory, prescriber: Prescriber) -> bool:
    day = plan.person.referred_on or plan.person.entered_on
    known = directory.of(Referral, plan.trainee)
    return any(row.prescriber_id == prescriber.pk and row.referred_on == day for row in known)


def _representative(plan: Plan, directory: Directory) -> None:
    person, told = plan.person, plan.person.representative
    theirs = directory.of(LegalRepresentative, plan.trainee)
    if told and told["full_name"] and told["quality"]:
        if not any(fold(row.full_name) == fold(told["full_name"]) for row in theirs):
            plan.representative = LegalRepresentative(**told)
            plan.changes.append(["Représentant légal", told["full_name"]])
    elif not theirs and age_on(person.birth_date, timezone.localdate()) < MAJORITY:  # type: ignore[arg-type]
        plan.notes.append("Mineur sans représentant légal : il en faudra un avant tout stage.")
