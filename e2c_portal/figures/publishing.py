"""Publish the figures of a year in the name of the Région, and correct them by a new version that says why."""

from typing import Any

from django.db import connection, transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.figures.counting import moment, years_known
from e2c_portal.figures.models import PublishedYear
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.figures.public_content import changes_between, content_of, fingerprint_of
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir

NOT_YOURS = "Seules les personnes de la Région publient les chiffres."
UNCHANGED = "Aucun chiffre public n’a changé depuis la dernière version : il n’y a rien à publier."


def published(year: int) -> PublishedYear | None:
    """Return the version in force of the public figures of a year, None when they are not published."""
    return PublishedYear.objects.filter(year=year).order_by("-number").first()


def years_published() -> list[int]:
    """Return the years whose figures are public, the last one first."""
    return list(PublishedYear.objects.order_by("-year").values_list("year", flat=True).distinct())


def versions_of(year: int) -> list[PublishedYear]:
    """Return the versions of a year, the one in force first, without their figures."""
    return list(PublishedYear.objects.filter(year=year).defer("content").order_by("-number"))


@transaction.atomic
def publish(year: int, actor: User, *, reason: str = "", seen: int = 0) -> PublishedYear:
    """Freeze and publish the figures of a year as they stand. `seen` is the version that the person had before them, 0 for none.

    Raises NotAllowed, Overtaken when another version came meanwhile, Refused (unknown year, no reason, nothing changed).
    """
    if not actor.has_perm(FigurePermission.PUBLISH):
        raise NotAllowed(NOT_YOURS)
    if year not in years_known():
        raise Refused("Cette année n’a pas de chiffres.", code="unknown_year")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('figures/publish', 0))")
    former = published(year)
    if (former.number if former else 0) != seen:
        raise Overtaken("Une autre version vient d’être publiée : relisez-la avant de la corriger.")
    content = content_of(year)
    return _freeze(year, content, former, reason.strip(), actor)


def _freeze(
    year: int, content: dict[str, Any], former: PublishedYear | None, reason: str, actor: User
) -> PublishedYear:
    changes = changes_between(former.content, content) if former else []
    if former and not reason:
        raise Refused("Écrivez pourquoi les chiffres publiés sont corrigés.", code="reason_required")
    if former and not changes:
        raise Refused(UNCHANGED, code="unchanged")
    refuse_nir(reason)
    row = PublishedYear(
        year=year, number=former.number + 1 if former else 1, content=content, data_sha256=fingerprint_of(content), changes=changes,
        reason=reason if former else "", counted_on=moment().day, published_by=actor,
    )  # fmt: skip
    row.full_clean()
    row.save()
    row.refresh_from_db()
    record(actor, "figures.published", row, f"Chiffres de {year} publiés, version {row.number}", sha256=row.data_sha256)
    return row
