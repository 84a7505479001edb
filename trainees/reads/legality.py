"""What stands against an internship as it is known: the law of its timetable, and the facts around it.

`findings_of` is asked before an internship is saved and again before its agreement is put to signature. What the database says by
itself (overlap, tutor of another firm, dates outside the pathway) is told here first, in words that say what to do.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from e2c_portal.kernel.french import day_in_letters
from trainees.law.findings import Finding, days_listed
from trainees.law.pmsmp import DELEGATION, Period, check_pmsmp
from trainees.law.public_holidays import holidays_between
from trainees.law.timetable import COMPANY, Stint, monday_of, others
from trainees.law.working_time import Setting, check_timetable
from trainees.life import internships as life
from trainees.models import Internship, LegalRepresentative, ScheduleDay, Suspension
from trainees.reads.dated_limits import limits_between

HOUSE = "règle du portail"
AGREEMENT = "convention de stage : chaque signature a son auteur (code civil, art. 1367)"
WEEK = timedelta(days=7)


def findings_of(internship: Internship) -> list[Finding]:
    """Return all that refuses an internship as it is saved, law first; empty when nothing does. Some ten queries."""
    return examine(internship, [stint_of(row) for row in internship.days.all()])


def examine(internship: Internship, stints: Sequence[Stint]) -> list[Finding]:
    """Return all that refuses an internship, saved or not, with this timetable. Its trainee, dates and host are known."""
    checks: tuple[Callable[[Internship, Sequence[Stint]], Iterable[Finding]], ...] = (
        _working_time, _pmsmp, _dates, _overlap, _host, _convention, _minor, _addresses, _dangerous_work,
    )  # fmt: skip
    return [finding for check in checks for finding in check(internship, stints)]


def stint_of(row: ScheduleDay) -> Stint:
    """Return a day of a saved timetable as the rules read it."""
    return Stint(row.day, row.starts_at, row.ends_at, row.break_starts_at, row.break_ends_at, row.place)


def _working_time(internship: Internship, stints: Sequence[Stint]) -> list[Finding]:
    if not any(stint.place == COMPANY for stint in stints):
        return [Finding("no_days", "Indiquez les jours et les heures en entreprise.", HOUSE)]
    around = _other_days(internship)
    days = [stint.day for stint in (*stints, *around)]
    setting = Setting(
        internship.trainee.age_on, limits_between(min(days), max(days)), holidays_between(min(days), max(days))
    )
    return [*_outside(internship, stints), *check_timetable([*stints, *around], setting)]


def _outside(internship: Internship, stints: Sequence[Stint]) -> list[Finding]:
    beyond = [stint.day for stint in stints if not internship.starts_on <= stint.day <= internship.ends_on]
    told = f"Retirez {days_listed(sorted(set(beyond)))}, hors des dates du stage, ou changez ces dates."
    return [Finding("outside_internship", told, HOUSE, tuple(beyond))] if beyond else []


def _other_days(internship: Internship) -> list[Stint]:
    """Return the days of the other internships of the person in the weeks of this one and the days beside them.

    One that overlaps is refused as such: its days would only be told of twice.
    """
    first, last = monday_of(internship.starts_on), monday_of(internship.ends_on) + WEEK
    beside = Q(internship__last_day__lt=internship.starts_on) | Q(internship__starts_on__gt=internship.ends_on)
    rows = ScheduleDay.objects.filter(
        beside, internship__trainee=internship.trainee_id, internship__status__in=life.TAKING_DAYS,
        day__range=(first - timedelta(days=1), last),
    ).exclude(internship=internship.pk).select_related("internship")  # fmt: skip
    return others(stint_of(row) for row in rows if row.day <= row.internship.last_day)


def _pmsmp(internship: Internship, stints: Sequence[Stint]) -> list[Finding]:
    if internship.regime != Internship.Regime.PMSMP:
        return []
    findings = []
    if not (internship.delegation_reference.strip() and internship.prescribing_structure.strip()):
        told = "Une PMSMP suppose une délégation de prescription : indiquez sa référence et la structure prescriptrice."
        findings.append(Finding("pmsmp_delegation", told, DELEGATION))
    rows = Internship.objects.filter(
        trainee=internship.trainee_id, regime=Internship.Regime.PMSMP, status__in=life.TAKING_DAYS
    ).exclude(pk=internship.pk)
    found = rows.values_list("establishment__company", "starts_on", "last_day")
    this = Period(internship.establishment.company_id, internship.starts_on, internship.ends_on)
    limits = limits_between(internship.starts_on, internship.starts_on)(internship.starts_on)
    return [*findings, *check_pmsmp(this, [Period(*row) for row in found], limits)]


def _dates(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    pathway = internship.pathway
    if internship.starts_on < pathway.entered_on or internship.ends_on > pathway.last_day:
        told = f"Le parcours va du {day_in_letters(pathway.entered_on)} au {day_in_letters(pathway.last_day)} : "
        yield Finding(
            "outside_pathway", f"{told}rapprochez les dates du stage.", f"{HOUSE} : un stage a lieu pendant un parcours"
        )
    stopped = Suspension.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=internship.starts_on), pathway=pathway.pk, starts_on__lte=internship.ends_on
    ).first()
    if stopped:
        told = (
            f"Le parcours est suspendu depuis le {day_in_letters(stopped.starts_on)} : terminez la suspension d’abord."
        )
        yield Finding("suspended", told, f"{HOUSE} : un stage a lieu pendant un parcours")


def _overlap(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    other = overlapping(internship).first()
    if other:
        told = (
            f"{internship.trainee} a déjà un stage du {day_in_letters(other.starts_on)} au {day_in_letters(other.last_day)} "
            f"chez {other.establishment.company} : changez les dates, ou annulez l’autre stage."
        )
        yield Finding(
            "overlap", told, "code du travail, art. L6343-2 : deux stages à la fois dépassent la durée permise"
        )


def overlapping(internship: Internship) -> QuerySet[Internship]:
    """Return the other internships of the same person that hold days of this one."""
    rows = Internship.objects.taking_days().filter(trainee=internship.trainee_id).exclude(pk=internship.pk)
    rows = rows.filter(starts_on__lte=internship.ends_on, last_day__gte=internship.starts_on)
    return rows.select_related("establishment__company")


def _host(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    closed_on = internship.establishment.closed_on
    if closed_on and closed_on <= internship.ends_on:
        told = f"Cet établissement est fermé depuis le {day_in_letters(closed_on)} : choisissez un autre lieu."
        yield Finding("closed_establishment", told, HOUSE)
    for title, person in (("Le tuteur", internship.tutor), ("Le signataire", internship.host_signatory)):
        if person is None:
            continue
        host = internship.establishment
        if person.company_id != host.company_id or person.establishment_id not in (None, host.pk):
            told = f"{title} ({person}) n’appartient pas à l’établissement d’accueil : choisissez une personne de {host.company}."
            yield Finding(
                "tutor_elsewhere", told, "code du travail, art. D1221-23-1 : le tuteur est celui de l’accueil"
            )
        if person.left_on and not person.is_here_on(internship.ends_on):
            told = f"{title} ({person}) quitte l’entreprise le {day_in_letters(person.left_on)} : choisissez quelqu’un d’autre."
            yield Finding("contact_left", told, HOUSE)


def _convention(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    if internship.partnership_convention and (
        internship.partnership_convention.company_id != internship.establishment.company_id
    ):
        yield Finding("convention_elsewhere", "La convention de partenariat est celle d’une autre entreprise.", HOUSE)


def active_representatives(internship: Internship) -> list[LegalRepresentative]:
    """Return those who answer for the person on the first day of the internship."""
    rows = internship.trainee.representatives.filter(Q(ended_on=None) | Q(ended_on__gt=internship.starts_on))
    return list(rows)


def _minor(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    if internship.trainee.is_minor_on(internship.starts_on) and not active_representatives(internship):
        told = f"{internship.trainee} est mineur au premier jour : enregistrez son représentant légal, qui signe aussi."
        yield Finding("no_representative", told, "code civil, art. 388-1-1")


def _addresses(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    """Refuse one address for two people of the agreement: a link to sign would reach the wrong one.

    The tutor may sign for the company: the same contact is one person. So may the referent for the school. Two parents may share
    an address: one of them signs.
    """
    people = [("le stagiaire", internship.trainee.email), ("le tuteur", _address(internship.tutor))]
    if internship.host_signatory_id != internship.tutor_id:
        people.append(("le signataire de l’entreprise", _address(internship.host_signatory)))
    people.append(("le signataire de l’école", _address(internship.school_signatory)))
    if internship.referent_id != internship.school_signatory_id:
        people.append(("le formateur référent", _address(internship.referent)))
    if internship.trainee.is_minor_on(internship.starts_on):
        family = {person.email.lower() for person in active_representatives(internship) if person.email}
        people += [("le représentant légal", email) for email in sorted(family)]
    seen: dict[str, str] = {}
    for who, email in people:
        if not (address := email.strip().lower()):
            continue
        if address in seen:
            told = f"{seen[address].capitalize()} et {who} ont la même adresse électronique ({address}) : donnez à chacun la sienne."
            yield Finding("same_email", told, AGREEMENT)
        else:
            seen[address] = who


def _address(person: object) -> str:
    return getattr(person, "email", "") or ""


def _dangerous_work(internship: Internship, stints: Sequence[Stint]) -> Iterable[Finding]:
    if not internship.dangerous_works:
        return
    minor_days = sorted(
        {stint.day for stint in stints if stint.place == COMPANY and internship.trainee.is_minor_on(stint.day)}
    )
    if not minor_days:
        return
    derogation = internship.dangerous_work
    source = "code du travail, art. R4153-40 et R4153-41"
    if derogation is None:
        told = "Travaux réglementés pour un mineur : enregistrez la déclaration de dérogation de cet établissement, ou retirez ces travaux."
        yield Finding("dangerous_work", told, source, tuple(minor_days))
    elif derogation.establishment_id != internship.establishment_id:
        told = "La dérogation pour travaux réglementés vaut pour un autre établissement : choisissez celle du lieu du stage."
        yield Finding("dangerous_work", told, source, tuple(minor_days))
    elif not _covers(derogation.declared_on, derogation.expires_on, minor_days):
        told = (
            f"La dérogation pour travaux réglementés va du {day_in_letters(derogation.declared_on)} au "
            f"{day_in_letters(derogation.expires_on)} : elle ne couvre pas tous les jours du stage."
        )
        yield Finding("dangerous_work", told, source, tuple(minor_days))


def _covers(first: date, last: date, days: Sequence[date]) -> bool:
    return first <= days[0] and days[-1] <= last
