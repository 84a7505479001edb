"""Working time of a trainee in company (domain dossier 3.1): a timetable in, what the law refuses out. Pure.

Trainees of vocational training have the rules of the labour code on working time, weekly rest, health and safety (L6343-1), and no
overtime (L6343-3). Time at school counts with time in company. A person is a minor on the very day they are under eighteen; a
week is a minor's when they are one on any day of it, a rest between two days when they are one on the evening it begins.

The database holds the same rules (migration 0003, function trainees_check_schedule); one table of cases tries both.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trainees.law.findings import Finding, day_words, days_listed, hours_words, listed
from trainees.law.limits import Limit
from trainees.law.timetable import COMPANY, DAY, Stint, monday_of

MAJORITY = 18
CODE = "code du travail, art. "
SOURCES = {
    "too_young": f"{CODE}L4153-1",
    "overlapping_times": f"{CODE}L6343-2",
    "sunday": f"{CODE}L6343-4",
    "labour_day": f"{CODE}L3133-4",
    "minor_holiday": f"{CODE}L3164-6",
    "holiday": f"{CODE}L3133-1 ; choix du portail : l’école est fermée ce jour-là",
    "day_hours": f"{CODE}L6343-2 et L3121-18",
    "minor_day_hours": f"{CODE}L3162-1",
    "break": f"{CODE}L3121-16",
    "minor_break": f"{CODE}L3162-3",
    "minor_night": f"{CODE}L3163-1 et L3163-2",
    "daily_rest": f"{CODE}L3131-1",
    "minor_daily_rest": f"{CODE}L3164-1",
    "week_hours": f"{CODE}L6343-2 et L3121-27",
    "minor_week_hours": f"{CODE}L3162-1",
    "week_days": f"{CODE}L3132-1",
    "minor_rest_days": f"{CODE}L3164-2",
}


@dataclass(frozen=True)
class Setting:
    """What the timetable is judged by: the person's age on a day, the dated limits of a day, the public holidays by name."""

    age_on: Callable[[date], int]
    limits_on: Callable[[date], Mapping[str, Decimal]]
    holidays: Mapping[date, str]

    def minor_on(self, day: date) -> bool:
        return self.age_on(day) < MAJORITY

    def limit(self, key: Limit, day: date) -> float:
        return float(self.limits_on(day)[key])


@dataclass(frozen=True)
class Workday:
    """All the presence of one day, in both places."""

    day: date
    stints: tuple[Stint, ...]

    @property
    def own(self) -> bool:
        return any(stint.own for stint in self.stints)

    @property
    def minutes(self) -> int:
        return sum(stint.minutes for stint in self.stints)

    @property
    def spans(self) -> list[tuple[int, int]]:
        return sorted(span for stint in self.stints for span in stint.spans)

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return max(end for _, end in self.spans)

    def overlaps(self) -> bool:
        """Say whether the person would be in two places at once."""
        spans = self.spans
        return any(after[0] < before[1] for before, after in zip(spans, spans[1:], strict=False))

    def longest_stretch(self, pause: float) -> int:
        """Return the longest work, in minutes, that no break of `pause` minutes interrupts."""
        longest = current = 0
        last_end: int | None = None
        for start, end in self.spans:
            current = 0 if last_end is not None and start - last_end >= pause else current
            current, last_end = current + end - start, end
            longest = max(longest, current)
        return longest


def check_timetable(stints: Iterable[Stint], setting: Setting) -> list[Finding]:
    """Return what the law and the calendar refuse of a timetable, day by day then week by week; empty when it is lawful."""
    days = _workdays(stints)
    findings = [
        finding
        for check in (_places, _ages, _calendar, _lengths, _breaks, _nights)
        for finding in check([day for day in days if day.own], setting)
    ]
    return [*findings, *_rests(days, setting), *_weeks(days, setting)]


def _workdays(stints: Iterable[Stint]) -> list[Workday]:
    found: dict[date, list[Stint]] = defaultdict(list)
    for stint in stints:
        found[stint.day].append(stint)
    return [Workday(day, tuple(found[day])) for day in sorted(found)]


def _finding(rule: str, sentence: str, days: Iterable[date]) -> Finding:
    return Finding(rule, sentence, SOURCES[rule], tuple(days))


def _places(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    twice = [day.day for day in days if day.overlaps()]
    told = f"Les heures à l’école et en entreprise se chevauchent {days_listed(twice)} : décalez l’une des deux."
    return [_finding("overlapping_times", told, twice)] if twice else []


def _ages(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    in_company = [day.day for day in days if any(stint.place == COMPANY for stint in day.stints)]
    young = [day for day in in_company if setting.age_on(day) < setting.limit(Limit.WORK_AGE_MIN, day)]
    if not young:
        return []
    age = setting.limit(Limit.WORK_AGE_MIN, young[0])
    told = f"Pas de stage en entreprise avant {age:.0f} ans : retirez les jours jusqu’au {day_words(young[-1])} inclus."
    return [_finding("too_young", told, young)]


def _calendar(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    by_rule: dict[str, list[date]] = defaultdict(list)
    for day in (one.day for one in days):
        if day.weekday() == 6:
            by_rule["sunday"].append(day)
        elif day in setting.holidays:
            by_rule[_rule_of_holiday(day, setting)].append(day)
    reasons = {
        "sunday": "le dimanche est un jour de repos",
        "labour_day": "le 1er mai est chômé par tous",
        "minor_holiday": "un mineur ne travaille pas les jours fériés",
        "holiday": "pas de stage un jour férié",
    }
    return [
        _finding(rule, f"Retirez {days_listed(found)} : {reasons[rule]}.", found) for rule, found in by_rule.items()
    ]


def _rule_of_holiday(day: date, setting: Setting) -> str:
    if (day.month, day.day) == (5, 1):
        return "labour_day"
    return "minor_holiday" if setting.minor_on(day) else "holiday"


def _lengths(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    long: dict[str, list[Workday]] = defaultdict(list)
    for day in days:
        rule, key = _for_age(setting, day.day, "day_hours", Limit.DAY_HOURS, Limit.MINOR_DAY_HOURS)
        if day.minutes > setting.limit(key, day.day) * 60:
            long[rule].append(day)
    keys = {"day_hours": Limit.DAY_HOURS, "minor_day_hours": Limit.MINOR_DAY_HOURS}
    return [_too_long(rule, found, setting.limit(keys[rule], found[0].day) * 60) for rule, found in long.items()]


def _too_long(rule: str, days: Sequence[Workday], most: float) -> Finding:
    named = [f"le {day_words(day.day)} ({hours_words(day.minutes)})" for day in days]
    who = " pour un mineur" if rule.startswith("minor") else ""
    told = f"{hours_words(most)} au plus par jour{who} : raccourcissez {listed(named)}."
    return _finding(rule, told, (day.day for day in days))


def _breaks(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    short: dict[str, list[date]] = defaultdict(list)
    for day in days:
        if rule := _break_refused(day, setting):
            short[rule].append(day.day)
    findings = []
    for rule, found in short.items():
        minor = rule == "minor_break"
        after = setting.limit(Limit.MINOR_BREAK_AFTER_HOURS if minor else Limit.BREAK_AFTER_HOURS, found[0]) * 60
        pause = setting.limit(Limit.MINOR_BREAK_MINUTES if minor else Limit.BREAK_MINUTES, found[0])
        told = f"Prévoyez une pause d’au moins {hours_words(pause)} {days_listed(found)}, "
        told += (
            f"sans dépasser {hours_words(after)} de travail d’affilée pour un mineur."
            if minor
            else f"avant la fin de la {after / 60:.0f}e heure de travail."
        )
        findings.append(_finding(rule, told, found))
    return findings


def _break_refused(day: Workday, setting: Setting) -> str:
    if setting.minor_on(day.day):
        stretch = day.longest_stretch(setting.limit(Limit.MINOR_BREAK_MINUTES, day.day))
        return "minor_break" if stretch > setting.limit(Limit.MINOR_BREAK_AFTER_HOURS, day.day) * 60 else ""
    stretch = day.longest_stretch(setting.limit(Limit.BREAK_MINUTES, day.day))
    after = setting.limit(Limit.BREAK_AFTER_HOURS, day.day) * 60
    # The break is due as soon as the day reaches six hours, and no later than at the end of the sixth.
    return "break" if stretch > after or stretch == day.minutes >= after else ""


def _nights(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    nights = [day for day in days if setting.minor_on(day.day) and _at_night(day, setting)]
    if not nights:
        return []
    starts, ends = (setting.limit(key, nights[0].day) for key in (Limit.MINOR_NIGHT_STARTS, Limit.MINOR_NIGHT_ENDS))
    told = f"Pas de travail de nuit pour un mineur, de {hours_words(starts * 60)} à {hours_words(ends * 60)} : "
    return [
        _finding("minor_night", f"{told}corrigez {days_listed(day.day for day in nights)}.", (d.day for d in nights))
    ]


def _at_night(day: Workday, setting: Setting) -> bool:
    starts, ends = setting.limit(Limit.MINOR_NIGHT_STARTS, day.day), setting.limit(Limit.MINOR_NIGHT_ENDS, day.day)
    return day.start < ends * 60 or day.end > starts * 60


def _rests(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    short: dict[str, list[tuple[Workday, Workday]]] = defaultdict(list)
    keys = {"daily_rest": Limit.DAILY_REST_HOURS, "minor_daily_rest": Limit.MINOR_DAILY_REST_HOURS}
    for evening, morning in zip(days, days[1:], strict=False):
        if morning.day - evening.day != DAY or not (evening.own or morning.own):
            continue
        rule, key = _for_age(setting, evening.day, "daily_rest", *keys.values())
        if 24 * 60 - evening.end + morning.start < setting.limit(key, evening.day) * 60:
            short[rule].append((evening, morning))
    return [_too_short(rule, found, setting.limit(keys[rule], found[0][0].day)) for rule, found in short.items()]


def _too_short(rule: str, pairs: Sequence[tuple[Workday, Workday]], least: float) -> Finding:
    named = [f"le {day_words(evening.day)} et le lendemain" for evening, _ in pairs]
    who = " pour un mineur" if rule.startswith("minor") else ""
    told = f"{hours_words(least * 60)} de repos au moins entre deux journées{who} : finissez plus tôt ou commencez plus tard entre "
    return _finding(
        rule, f"{told}{listed(named, 'autre nuit', 'autres nuits')}.", (morning.day for _, morning in pairs)
    )


def _weeks(days: Sequence[Workday], setting: Setting) -> list[Finding]:
    weeks: dict[date, list[Workday]] = defaultdict(list)
    for day in days:
        weeks[monday_of(day.day)].append(day)
    return [
        finding
        for monday, found in weeks.items()
        if any(day.own for day in found)
        for finding in _week(monday, found, days, setting)
    ]


def _week(monday: date, week: Sequence[Workday], days: Sequence[Workday], setting: Setting) -> list[Finding]:
    minor = next((day.day for day in week if setting.minor_on(day.day)), None)
    judged_on = minor or week[0].day
    rule, key = ("minor_week_hours", Limit.MINOR_WEEK_HOURS) if minor else ("week_hours", Limit.WEEK_HOURS)
    named, dates = f"la semaine du {day_words(monday)}", [day.day for day in week]
    findings = []
    most, done = setting.limit(key, judged_on) * 60, sum(day.minutes for day in week)
    if done > most:
        told = (
            f"{hours_words(most)} au plus par semaine, école comprise : retirez {hours_words(done - most)} à {named} "
        )
        findings.append(_finding(rule, f"{told}({hours_words(done)}).", dates))
    if len(week) > (most_days := setting.limit(Limit.WEEK_DAYS, judged_on)):
        told = f"{most_days:.0f} jours au plus par semaine : retirez un jour à {named}."
        findings.append(_finding("week_days", told, dates))
    if minor and not _rests_in_a_row(
        monday, {day.day for day in days}, int(setting.limit(Limit.MINOR_REST_DAYS, minor))
    ):
        told = f"Un mineur a deux jours de repos à la suite : libérez aussi le samedi ou le lundi dans {named}."
        findings.append(_finding("minor_rest_days", told, dates))
    return findings


def _rests_in_a_row(monday: date, worked: set[date], wanted: int) -> bool:
    """Say whether enough days off follow one another from the Sunday before to the Sunday that ends the week."""
    row = 0
    for number in range(-1, 7):
        row = 0 if monday + timedelta(days=number) in worked else row + 1
        if row >= wanted:
            return True
    return False


def _for_age(setting: Setting, day: date, rule: str, adult: Limit, minor: Limit) -> tuple[str, Limit]:
    return (f"minor_{rule}", minor) if setting.minor_on(day) else (rule, adult)
