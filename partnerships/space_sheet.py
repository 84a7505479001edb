"""What the space of a company tells: what comes next, each convention in plain words, and who to talk to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import date_in_letters, day_in_letters, duration_months, period_in_letters
from e2c_portal.signing.models import Signatory
from partnerships import workflows
from partnerships.followers import officer_of, officers_of
from partnerships.models import Company, CompanyContact, CompanyRequest, ContactReplacement, PartnershipConvention
from partnerships.situation import ACTIVE, LEAVING, SITUATIONS, UPCOMING, Situation
from partnerships.space_access import contacts_here
from partnerships.space_queries import open_requests_of, shown_conventions, signatures_awaited, signed_papers
from partnerships.terms import EXPRESS, NONE, Terms

# How long before a date the page says that it comes: half a year is the time to prepare a renewal.
ENDS_SOON = timedelta(days=183)
NOTICE_SOON = timedelta(days=90)
PREPARED = {
    workflows.NEGOTIATION: Situation("negotiation", "En discussion", "info"),
    workflows.APPROVED: Situation("approved", "Attend le vote de la Région", "info"),
    workflows.DELIBERATED: Situation("deliberated", "Votée, bientôt à signer", "info"),
    workflows.TO_SIGN: Situation("to_sign", "À signer", "warning"),
}


@dataclass(frozen=True)
class ConventionLine:
    """A convention as the company reads it."""

    convention: PartnershipConvention
    situation: Situation
    sentences: list[str]
    papers: list[Document]
    officer: User | None

    @property
    def in_force(self) -> bool:
        return self.situation.name in (ACTIVE.name, LEAVING.name)


@dataclass(frozen=True)
class NextStep:
    """Something that waits for this contact. `signatory` is the signature awaited, when it is one."""

    title: str
    text: str
    tone: str = "info"
    signatory: Signatory | None = None


@dataclass(frozen=True)
class SpaceSheet:
    """The first page of the space."""

    company: Company
    contact: CompanyContact
    lines: list[ConventionLine]
    steps: list[NextStep]
    waiting: list[CompanyRequest] = field(default_factory=list)

    @property
    def in_force(self) -> list[ConventionLine]:
        return [line for line in self.lines if line.in_force]


@dataclass(frozen=True)
class Correspondents:
    """Who follows the partnership, on both sides."""

    officers: list[tuple[User, list[str]]]
    contacts: list[CompanyContact]


def space_sheet(contact: CompanyContact, day: date | None = None) -> SpaceSheet:
    """Read what a contact finds on the first page, in a constant number of queries."""
    day = day or timezone.localdate()
    conventions = list(shown_conventions(contact.company))
    papers = signed_papers(conventions)
    lines = [_line(row, papers.get(row.number, []), day) for row in conventions]
    steps = [_signature(row) for row in signatures_awaited(contact, conventions)]
    steps += [step for line in lines if line.in_force for step in _dates_to_come(line, day)]
    return SpaceSheet(
        contact.company, contact, lines, steps + _handing_over(contact, day), list(open_requests_of(contact))
    )


def correspondents(company: Company) -> Correspondents:
    """Return the officers, with the numbers of the conventions that each one follows, and the contacts of the company."""
    followed: dict[int, tuple[User, list[str]]] = {}
    for row in shown_conventions(company):
        if officer := officer_of(row):
            followed.setdefault(officer.pk, (officer, []))[1].append(row.number)
    officers = list(followed.values()) or [(officer, []) for officer in officers_of(company)]
    return Correspondents(officers, list(contacts_here(company)))


def dates_in_words(terms: Terms, situation: Situation, day: date) -> list[str]:
    """Return what the dates of a signed convention mean for the company, one sentence each."""
    if situation.name == UPCOMING.name and terms.starts_on:
        return [f"Elle prendra effet {date_in_letters(terms.starts_on)}."]
    if situation.name not in (ACTIVE.name, LEAVING.name):
        return [f"Elle a pris fin {date_in_letters(terms.last_day)}."] if terms.last_day else []
    if terms.ended_on:
        return [f"Sa fin est annoncée : elle s’arrêtera {date_in_letters(terms.ended_on)}."]
    return _in_force(terms, day)


def _in_force(terms: Terms, day: date) -> list[str]:
    period = terms.period_on(day)
    if period is None:
        return []
    said = [f"Elle vaut {period_in_letters(period.starts_on, period.ends_on)}."]
    deadline = terms.notice_deadline(day)
    if terms.is_tacit and period.ends_on != terms.agreed_last_day:
        months = duration_months(terms.renewal_months or 0)
        said.append(f"Elle se reconduit ensuite d’elle-même pour {months}.")
        if deadline:
            said.append(f"Pour l’arrêter à cette date, la lettre de congé doit nous parvenir {_by(deadline, day)}.")
    elif terms.renewal == EXPRESS:
        said.append("Elle ne se prolonge pas toute seule : pour continuer, il faudra en signer une nouvelle.")
    elif terms.renewal == NONE:
        said.append("Elle ne se renouvelle pas.")
    if terms.notice_months and not deadline:
        said.append(f"Chaque partie peut y mettre fin avec un préavis de {duration_months(terms.notice_months)}.")
    return said


def _by(deadline: date, day: date) -> str:
    return f"au plus tard {date_in_letters(deadline)}{' (date passée)' if deadline < day else ''}"


def _line(convention: PartnershipConvention, papers: list[Document], day: date) -> ConventionLine:
    prepared = PREPARED.get(convention.status)
    if prepared:
        return ConventionLine(convention, prepared, [], [], officer_of(convention))
    situation = SITUATIONS[convention.situation]  # type: ignore[attr-defined]
    return ConventionLine(
        convention, situation, dates_in_words(convention.terms, situation, day), papers, officer_of(convention)
    )


def _signature(signatory: Signatory) -> NextStep:
    title, until = signatory.envelope.document.title, timezone.localtime(signatory.envelope.expires_at)
    text = (
        f"{title} : à signer avant le {day_in_letters(until.date())}. Utilisez le lien du message « Votre signature est "
        "attendue », ou recevez-le de nouveau."
    )
    return NextStep("Votre signature est attendue", text, "warning", signatory)


def _dates_to_come(line: ConventionLine, day: date) -> Iterable[NextStep]:
    terms, number = line.convention.terms, line.convention.number
    deadline = terms.notice_deadline(day)
    if deadline and day <= deadline <= day + NOTICE_SOON:
        yield NextStep(
            f"Convention {number} : reconduction à venir",
            f"Sans lettre de congé reçue au plus tard {date_in_letters(deadline)}, elle se reconduit d’elle-même.",
        )
    last_day = terms.last_day
    if last_day and last_day <= day + ENDS_SOON:
        who = line.officer.full_name if line.officer else "la Région"
        text = f"Préparez la suite avec {who}."
        yield NextStep(f"Convention {number} : fin {date_in_letters(last_day)}", text, "warning")


def _handing_over(contact: CompanyContact, day: date) -> list[NextStep]:
    named = ContactReplacement.objects.filter(former=contact, effective_on__gt=day).select_related("successor").first()
    if named is None:
        return []
    text = f"{named.successor.full_name} prend votre place {date_in_letters(named.effective_on)} ; votre lien s’arrête ce jour-là."
    return [NextStep("Un remplaçant est désigné", text)]
