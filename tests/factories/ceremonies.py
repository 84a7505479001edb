"""Ceremonies of the tests: a programme of conventions, which the president signs, each with somebody of its company."""

from datetime import date
from itertools import count

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.signing.models import Signatory as EngineSignatory
from e2c_portal.signing.operations.on_site import find_session, sign_on_site
from e2c_portal.signing.visitors import Visitor
from partnerships import workflows
from partnerships.models import PartnershipConvention, SigningEvent
from partnerships.operations.ceremonies import add_to_programme, plan_ceremony
from partnerships.operations.ceremony_day import hand_screen_to
from partnerships.operations.conventions import Signatory
from tests.factories.partnerships import company_named, convention_at
from tests.factories.signing import envelope_of

PRESIDENT = "Camille Exemple"
VISITOR = Visitor("192.0.2.7", "Tablette d’essai")
_numbers = count(1)


def ceremony_on(day: date | None, officer: User, *conventions: PartnershipConvention) -> SigningEvent:
    """Return a ceremony held on a day, today unless said, with these conventions at its programme."""
    event = SigningEvent(
        name=f"Assises d’essai {next(_numbers)}", held_on=day or timezone.localdate(), place="Hôtel de Région",
        city="Montpellier",
    )  # fmt: skip
    plan_ceremony(event, officer)
    if conventions:
        add_to_programme(event.pk, [convention.pk for convention in conventions], officer)
    return event


def voted(officer: User, state: str = workflows.DELIBERATED, **changes: object) -> PartnershipConvention:
    """Return a convention that the president and somebody of its own company sign."""
    number = next(_numbers)
    people = [
        Signatory("region", "Présidente de la Région", PRESIDENT, "camille@region.exemple.invalid"),
        Signatory("company", "Directrice", f"Direction Numéro {number}", f"direction{number}@exemple.invalid"),
    ]
    company = company_named(f"Atelier {number} (exemple)", officer)
    return convention_at(state, officer, company, **{"signatories": people, **changes})


def people_of(convention: PartnershipConvention) -> list[EngineSignatory]:
    """Return those who sign a convention put to signature, the Région first."""
    return list(envelope_of(convention).signatories.exclude(status="replaced").order_by("pk"))


def sign_here(event: SigningEvent, person: EngineSignatory, officer: User) -> None:
    """Have somebody sign on the officer's screen."""
    address = hand_screen_to(event.pk, person.pk, officer, vouched=True)
    session = find_session(address.rstrip("/").rsplit("/", 1)[-1])
    shown = session.signatory.envelope.document.revisions.get(number=0).sha256
    sign_on_site(session, consented=True, shown_sha256=shown, visitor=VISITOR)
