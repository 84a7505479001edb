"""The sections that the Assises themselves count: who was expected and who came, the list, the door, the conventions."""

from collections import Counter
from collections.abc import Sized
from dataclasses import replace

from assises.life import registrations as life
from assises.models import Category, Checkpoint, Scan, Session
from assises.reads.report_rows import Rows
from assises.reads.report_sections import COUNT, RATE, TEXT, Column, Line, Section, rate_of
from e2c_portal.kernel.french import counted, day_in_letters
from partnerships.models import Company, PartnershipConvention
from schools.models import School

# Under so many people, a school is told together with others: an absence bears on the pay of a trainee (code du travail,
# R6341-45), and a table of two lines would tell whose. Companies send people in the course of their work: they are told
# one by one, and only those that came.
FEWEST = 5
REGISTERED = Column("registered", "Inscriptions", "Toutes les inscriptions reçues, quel que soit leur état : en attente, refusées "
                    "et annulées comprises.")  # fmt: skip
CONFIRMED = Column("confirmed", "Confirmées", "Les inscriptions qui ont une place.", query=(("state", "confirmed"),))
PRESENT = Column("present", "Présentes", "Les personnes comptées à la porte à une demi-journée au moins ; chacune compte une fois.",
                 query=(("presence", "present"),))  # fmt: skip
ABSENT = Column("absent", "Absentes", "Les inscriptions confirmées dont la personne n’est comptée à aucune demi-journée.",
                query=(("state", "confirmed"), ("presence", "absent")))  # fmt: skip
ATTENDANCE = Column("rate", "Taux de présence", "Présentes, divisées par présentes et absentes.", RATE)
CONVENTIONS = Column(
    "conventions", "Conventions signées", "Les conventions de partenariat signées à la cérémonie de l’édition."
)
ATTENDANCES = (REGISTERED, CONFIRMED, PRESENT, ABSENT, ATTENDANCE)


def attendance(rows: Rows, group: set[int]) -> tuple[int | float | None, ...]:
    """Return the five figures of a group of registrations, in the order of ATTENDANCES."""
    confirmed = group & rows.confirmed
    if not rows.was_counted:
        return len(group), len(confirmed), None, None, None
    present = group & rows.came
    absent = confirmed - present
    return len(group), len(confirmed), len(present), len(absent), rate_of(len(present), len(present) + len(absent))


def by_category(rows: Rows) -> Section | None:
    """Count by category of people."""
    groups = rows.by_category
    lines = [
        Line(name, label, attendance(rows, groups[name]), (("category", name),), opens=True)
        for name, label in Category.choices if name in groups
    ]  # fmt: skip
    return _of_attendance(
        "category", "Par catégorie", "Catégorie", "Qui est venu, par catégorie de personnes.", lines, rows.people
    )


def by_school(rows: Rows) -> Section | None:
    """Count by school, trainees and staff together; schools of fewer than five registrations are told together."""
    groups = rows.people.by("school_id")
    names = dict(School.objects.filter(pk__in=groups).values_list("pk", "name"))
    sizes = sorted(groups, key=lambda pk: (len(groups[pk]), names[pk]))
    small: list[int] = []
    while sizes and (len(groups[sizes[0]]) < FEWEST or 0 < sum(len(groups[pk]) for pk in small) < FEWEST):
        small.append(sizes.pop(0))
    lines = [
        Line(f"{pk}", names[pk], attendance(rows, groups[pk]), (("school", str(pk)),), opens=True)
        for pk in sorted(sizes, key=lambda pk: names[pk])
    ]  # fmt: skip
    if small:
        label = (
            names[small[0]] if len(small) == 1 and not lines else f"Autres ({counted(len(small), 'école', 'écoles')})"
        )
        lines.append(Line("small", label, attendance(rows, set().union(*(groups[pk] for pk in small)))))
    note = (
        f"Les écoles de moins de {FEWEST} inscriptions sont dites ensemble : nul n’est désigné par un nombre."
        if small
        else ""
    )
    told = set().union(*groups.values()) if groups else set()
    definition = "Stagiaires et équipes, par école ; les inscriptions sans école ne sont pas dans ce tableau."
    return _of_attendance("school", "Par école", "École", definition, lines, told, note)


def by_company(rows: Rows) -> Section | None:
    """Count by company: those that came, one by one; those that did not, together."""
    groups = rows.by_company
    names = {company.pk: str(company) for company in Company.objects.filter(pk__in=groups)}
    shown = {pk for pk in groups if groups[pk] & (rows.came if rows.was_counted else rows.confirmed)}
    lines = [
        Line(f"{pk}", names[pk], attendance(rows, groups[pk]), (("company", str(pk)),), opens=True)
        for pk in sorted(shown, key=lambda pk: (names[pk].casefold(), pk))
    ]  # fmt: skip
    if away := set(groups) - shown:
        label = f"Dont personne n’est venu ({counted(len(away), 'entreprise', 'entreprises')})"
        lines.append(Line("away", label, attendance(rows, set().union(*(groups[pk] for pk in away)))))
    people = rows.by_category.get(Category.COMPANY, set())
    if unlinked := people.difference(*groups.values()):
        lines.append(Line("unlinked", "Qui n’ont pas de fiche dans le portail", attendance(rows, unlinked)))
    definition = (
        "Les personnes inscrites au titre d’une entreprise. Une entreprise est nommée dès qu’une personne est venue."
    )
    return _of_attendance("company", "Par entreprise", "Entreprise", definition, lines, people)


def by_half_day(rows: Rows) -> Section | None:
    """Count at each half-day: everybody confirmed was expected at each."""
    columns = (
        Column("expected", "Attendues", "Les inscriptions qui ont une place.", query=(("state", "confirmed"),)),
        Column("present", "Présentes", "Les personnes comptées à ce contrôle.", query=(("presence", "present"),)),
        Column("absent", "Absentes", "Les inscriptions confirmées qui n’y sont pas comptées.",
               query=(("state", "confirmed"), ("presence", "absent"))),
        ATTENDANCE,
    )  # fmt: skip
    lines = [_at(rows, row, rows.confirmed, row.name) for row in rows.half_days]
    return Section(
        "half_day", "Par demi-journée", "Qui est compté à la porte à chaque demi-journée.", "Demi-journée", columns, tuple(lines),
        counted(sum(len(rows.passages[row.pk]) for row in rows.half_days), "passage compté", "passages comptés"),
        chart=("present", "absent"),
    )  # fmt: skip


def by_session(rows: Rows) -> Section | None:
    """Count in each session that takes registrations or has its checkpoint."""
    columns = (
        Column("expected", "Inscrites", "Les places prises dans ce temps du programme."),
        Column("present", "Présentes", "Les personnes comptées à son contrôle.", query=(("presence", "present"),)),
        Column("absent", "Absentes", "Les places prises dont la personne n’y est pas comptée."),
        ATTENDANCE,
    )  # fmt: skip
    holders: dict[int, set[int]] = {}
    for registration, session in rows.places:
        holders.setdefault(session, set()).add(registration)
    controls = {row.session_id: row for row in rows.checkpoints if row.session_id}
    sessions = Session.objects.filter(edition=rows.edition).order_by("starts_at", "title", "pk")
    lines = [
        _at(rows, controls.get(row.pk), holders.get(row.pk, set()), row.title, (("session", str(row.pk)),))
        for row in sessions if row.takes_registrations or row.pk in controls
    ]  # fmt: skip
    if not rows.people:
        return None
    return Section(
        "session", "Par temps du programme", "Les temps sur inscription, et ceux qui ont leur contrôle.", "Temps", columns,
        tuple(lines), counted(len(rows.places), "place prise", "places prises"), chart=("present", "absent"),
    )  # fmt: skip


def waiting(rows: Rows) -> Section | None:
    """Count what the waiting list and its offers became, by category."""
    columns = (
        Column(
            "waited", "Passées par la liste", "Les inscriptions qui ont attendu une place, quelle qu’en soit l’issue."
        ),
        Column(
            "offered", "Places proposées", "Les propositions faites ; une même personne peut en recevoir plusieurs."
        ),
        Column("accepted", "Acceptées", "Les propositions acceptées à temps."),
        Column("lapsed", "Échues", "Les propositions que le temps prévu a laissées échoir."),
        Column("left", "Restées en attente", "Les inscriptions encore sur la liste.", query=(("state", "waiting"),)),
    )
    waited = rows.people.by("waited").get(True, set())
    if not waited and not rows.offers:
        return None
    groups = rows.by_category
    lines = []
    for name, label in Category.choices:
        offers = Counter(
            (origin, target) for _, registration, origin, target in rows.offers if registration in groups.get(name, ())
        )
        group = groups.get(name, set())
        left = len(group & rows.people.by("status").get(life.WAITING, set()))
        values = (
            len(group & waited), sum(n for (_, target), n in offers.items() if target == life.OFFERED),
            offers[life.OFFERED, life.CONFIRMED], offers[life.OFFERED, life.EXPIRED], left,
        )  # fmt: skip
        if any(values):
            lines.append(Line(name, label, values, (("category", name),), opens=True))
    return Section(
        "waiting", "Liste d’attente et propositions", "Ce que sont devenues les demandes arrivées quand tout était pris.", "Catégorie",
        columns, tuple(lines), counted(len(waited), "inscription", "inscriptions"),
    )  # fmt: skip


def refused_scans(rows: Rows) -> Section | None:
    """Count the readings that the door refused, by reason."""
    reasons = Counter(rows.scans.outcomes)
    del reasons[Scan.Outcome.OK]
    column = Column("scans", "Passages", "Les lectures d’un billet refusées à la porte, non annulées.", COUNT)
    lines = [Line(name, label, (reasons[name],)) for name, label in Scan.Outcome.choices if reasons[name]]
    return Section(
        "refused", "Passages refusés", "Pourquoi un billet n’a pas été accepté à la porte.", "Raison", (column,), tuple(lines),
        counted(len(rows.scans.outcomes), "passage", "passages"),
    )  # fmt: skip


def conventions(rows: Rows) -> Section | None:
    """List the conventions signed at the ceremony of the edition."""
    columns = (
        Column("number", "Convention", "", TEXT),
        Column("signed_on", "Signée le", "Le jour de la signature, tel que le portail le garde.", TEXT),
    )
    lines = [
        Line(f"{row.pk}", _company_of(row), (row.number, day_in_letters(row.signed_on) if row.signed_on else None))
        for row in rows.conventions
    ]
    return Section(
        "conventions", "Conventions signées", "Les conventions de partenariat que le portail garde comme signées à la cérémonie de "
        "cette édition.", "Entreprise", columns, tuple(lines), counted(len(lines), "convention", "conventions"),
    )  # fmt: skip


def _company_of(convention: PartnershipConvention) -> str:
    """Return the company as it is known, and as its convention prints it when that differs."""
    known, printed = str(convention.company), convention.shown_company_name
    return known if known == printed else f"{known} (« {printed} » dans la convention)"


def comparison(rows: Rows) -> Section | None:
    """Set this edition beside those that have a frozen report: what each one counted, nothing told by others."""
    if not rows.earlier:
        return None
    columns = tuple(replace(column, query=()) for column in (CONFIRMED, PRESENT, ATTENDANCE, CONVENTIONS))
    _, confirmed, present, _, rate = attendance(rows, rows.people.everyone)
    ours = (*((confirmed, present, rate) if rows.people else (None, None, None)), len(rows.conventions))
    lines = [Line(f"{rows.edition.year}", f"{rows.edition.year} (ce bilan)", ours)]
    for report in rows.earlier:
        told = {figure["key"]: figure["value"] for figure in report.content["summary"]}
        values = tuple(told.get(column.key) for column in columns)
        lines.append(Line(f"{report.edition.year}", f"{report.edition.year} ({report.reference})", values))
    kept = [place for place in range(len(columns)) if any(line.values[place] is not None for line in lines)]
    lines = [replace(line, values=tuple(line.values[place] for place in kept)) for line in lines]
    columns = tuple(columns[place] for place in kept)
    return Section(
        "comparison", "D’une édition à l’autre", "Les chiffres du bilan en vigueur de chaque édition ; ce que le portail n’a pas compté "
        "n’est pas deviné.", "Édition", columns, tuple(lines), counted(len(rows.earlier) + 1, "bilan", "bilans"),
    )  # fmt: skip


def _at(
    rows: Rows, checkpoint: Checkpoint | None, expected: set[int], label: str, query: tuple[tuple[str, str], ...] = ()
) -> Line:
    key = query[0][1] if query else str(checkpoint.pk if checkpoint else 0)
    if checkpoint is None:
        return Line(key, label, (len(expected), None, None, None), query, opens=True)
    present = rows.passages[checkpoint.pk]
    absent = expected - present
    values = (len(expected), len(present), len(absent), rate_of(len(present), len(present) + len(absent)))
    return Line(key, label, values, (*query, ("checkpoint", str(checkpoint.pk))), opens=True)


def _of_attendance(
    key: str, title: str, heading: str, definition: str, lines: list[Line], behind: Sized, note: str = ""
) -> Section:
    told = counted(len(behind), "inscription", "inscriptions")
    return Section(key, title, definition, heading, ATTENDANCES, tuple(lines), told, note, chart=("present", "absent"))
