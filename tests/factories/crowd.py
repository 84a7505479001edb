"""Many conventions and all that happens to them, written at one stroke: only the past is built so, never what a test does."""

from datetime import date, timedelta
from itertools import count

import pgtrigger
from django.db import connection
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.audit.trail import subject_of
from partnerships.models import (
    Commitment,
    Company,
    CompanyExchange,
    ConventionArticle,
    ConventionComment,
    ConventionMove,
    ConventionSignatory,
    PartnershipConvention,
)

CONVENTIONS_OF_A_COMPANY = 5
EVENTS_OF_A_CONVENTION = 10
# Where each fifth convention stands, and from how many days ago on: projects, in force, ending soon, over, denounced.
STANDINGS = (
    ("negotiation", 0, 365),
    ("signed", 100, 365),
    ("signed", 330, 365),
    ("signed", 900, 365),
    ("denounced", 200, 900),
)
_numbers = count(1)


def crowd(conventions: int, actor: User) -> list[PartnershipConvention]:
    """Write that many conventions, five for each company, with ten events each: moves, traces, comments, exchanges."""
    with pgtrigger.ignore():
        rows = [row for _ in range(conventions // CONVENTIONS_OF_A_COMPANY) for row in _of_a_company(actor)]
        written = PartnershipConvention.objects.bulk_create(rows)
        _lines(written)
        _events(written, actor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return written


def _of_a_company(actor: User) -> list[PartnershipConvention]:
    company = Company.objects.create(legal_name=f"Établissements n° {next(_numbers)} de l’Hérault")
    today = timezone.localdate()
    return [
        PartnershipConvention(
            number=f"FOULE-{next(_numbers)}", company=company, title=f"Partenariat avec {company.legal_name}", object=f"Objet {n}",
            origin="archive", sources="Essai", status=status, created_by=actor, moves_made=2,
            starts_on=today - timedelta(days=ago), ends_on=today + timedelta(days=length - ago),
            signed_on=today - timedelta(days=ago) if status != "negotiation" else None,
            ended_on=today + timedelta(days=30) if status == "denounced" else None,
            notice_given_on=today if status == "denounced" else None, early_end_agreement="Accord" if status == "denounced" else "",
        )
        for n, (status, ago, length) in enumerate(STANDINGS)
    ]  # fmt: skip


def _lines(conventions: list[PartnershipConvention]) -> None:
    ConventionArticle.objects.bulk_create(
        ConventionArticle(convention=row, number=number, title="Objet", body="Texte de l’article.")
        for row in conventions for number in (1, 2, 3)
    )  # fmt: skip
    Commitment.objects.bulk_create(
        Commitment(convention=row, position=position, kind="internships", target=12, unit="stages", period="par an")
        for row in conventions for position in (1, 2)
    )  # fmt: skip
    ConventionSignatory.objects.bulk_create(
        ConventionSignatory(convention=row, side=side, position=1, full_name="Anne Exemple", quality="Directrice")
        for row in conventions for side in ("region", "company")
    )  # fmt: skip


def _events(conventions: list[PartnershipConvention], actor: User) -> None:
    ConventionMove.objects.bulk_create(
        ConventionMove(convention=row, origin=origin, target=target, actor=actor, rank=rank)
        for row in conventions
        for rank, (origin, target) in enumerate((("draft", "negotiation"), ("negotiation", row.status)), start=1)
    )
    Entry.objects.bulk_create(
        Entry(actor=actor, action="convention.revised", subject=subject_of(row), summary=f"Texte modifié : version {n}")
        for row in conventions for n in range(3)
    )  # fmt: skip
    ConventionComment.objects.bulk_create(
        ConventionComment(convention=row, part="fact", key="title", place_label="Titre", text=f"Remarque {n}", author=actor)
        for row in conventions for n in range(3)
    )  # fmt: skip
    CompanyExchange.objects.bulk_create(
        CompanyExchange(company_id=row.company_id, held_on=date(2026, 1, n), kind="call", recorded_by=actor)
        for row in conventions for n in (5, 6)
    )  # fmt: skip
