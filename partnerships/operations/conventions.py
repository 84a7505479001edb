"""Write the text of a convention: draft it, revise it. One transaction each; the state never changes here."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.submissions import Sending, once
from partnerships.models import (
    Commitment,
    Company,
    ConventionArticle,
    ConventionSignatory,
    PartnershipConvention,
)
from partnerships.permissions import PartnershipPermission


@dataclass(frozen=True)
class ArticleText:
    title: str
    body: str


@dataclass(frozen=True)
class Promise:
    """A commitment; `target` is None when the promise has no figure."""

    kind: str
    description: str = ""
    target: int | None = None
    unit: str = ""
    period: str = ""
    rhythm: str = Commitment.Rhythm.WHOLE


@dataclass(frozen=True)
class Signatory:
    side: str
    quality: str
    full_name: str = ""
    email: str = ""


@dataclass(frozen=True)
class ConventionText:
    """All that people write of a convention. Lists are in printing order and replace what was there."""

    company: Company
    title: str
    object: str = "Partenariat général"
    printed_company_name: str = ""
    origin: str = PartnershipConvention.Origin.PORTAL
    sources: str = ""
    preamble: str = ""
    visas: str = ""
    recitals: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    renewal: str = PartnershipConvention.Renewal.EXPRESS
    renewal_months: int | None = None
    renewal_limit: int | None = None
    notice_months: int | None = None
    articles: list[ArticleText] = field(default_factory=list)
    commitments: list[Promise] = field(default_factory=list)
    signatories: list[Signatory] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Return the convention's own columns."""
        lists = ("articles", "commitments", "signatories")
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name not in lists}


@transaction.atomic
def draft_convention(
    text: ConventionText,
    actor: User,
    *,
    number: str = "",
    year: int | None = None,
    predecessor: PartnershipConvention | None = None,
    told: str = "Convention créée",
    sending: Sending | None = None,
) -> PartnershipConvention:
    """Create a draft and give it the next number of its year, or the one an archive bears.

    `predecessor` is the convention it renews; `told` is what the history says of its birth; a form sent twice (`sending`)
    gives back the draft it made.

    Raises NotAllowed, AlreadySent, ValidationError with French messages by field.
    """
    _require(actor, PartnershipPermission.ADD_CONVENTION)

    def write() -> PartnershipConvention:
        convention = PartnershipConvention(
            number=number or next_number(year or timezone.localdate().year),
            created_by=actor,
            predecessor=predecessor,
            **text.facts(),
        )
        convention.full_clean()
        convention.save()
        _replace_lines(convention, text)
        record(actor, "convention.drafted", convention, told)
        return convention

    return once(sending, actor, PartnershipConvention, write)


@transaction.atomic
def revise_convention(convention_id: int, revision: int, text: ConventionText, actor: User) -> PartnershipConvention:
    """Replace the text of a convention still open.

    `revision` is the one the person had on screen. Raises NotAllowed, Overtaken when somebody saved meanwhile, Refused
    when the text is settled, ValidationError by field.
    """
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    _require(actor, PartnershipPermission.CHANGE_CONVENTION)
    if not convention.is_editable:
        raise Refused("Le texte de cette convention est arrêté. Pour le changer, revenez d’abord à la négociation.")
    if convention.revision != revision:
        raise Overtaken(
            "Quelqu’un a enregistré cette convention pendant que vous l’écriviez. Votre saisie est conservée ci-dessous : "
            "comparez-la avec la version enregistrée, puis enregistrez de nouveau."
        )
    changed = [name for name, value in text.facts().items() if getattr(convention, name) != value]
    for name in changed:
        setattr(convention, name, getattr(text, name))
    convention.revision += 1
    convention.full_clean()
    convention.save()
    changed += _replace_lines(convention, text)
    record(actor, "convention.revised", convention, _summary(changed), changed=changed)
    return convention


def next_number(year: int) -> str:
    """Return the next free number of a year, CP-2026-001 and so on; the year is locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"convention-number/{year}"])
    prefix = f"CP-{year}-"
    # An archive may bear a number of its own making; and the thousandth must not sort before the hundredth.
    numbered = PartnershipConvention.objects.filter(number__regex=rf"^{prefix}[0-9]+$")
    last = numbered.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:03d}"


def _replace_lines(convention: PartnershipConvention, text: ConventionText) -> list[str]:
    """Write the articles, commitments and signatories anew where they differ. Returns the names of the lists changed."""
    sides: dict[str, int] = {}
    signatories = []
    for item in text.signatories:
        sides[item.side] = sides.get(item.side, 0) + 1
        signatories.append(ConventionSignatory(convention=convention, position=sides[item.side], **asdict(item)))
    _require_names(convention, text.signatories)
    wanted: dict[str, list[Any]] = {
        "articles": [
            ConventionArticle(convention=convention, number=number, **asdict(item))
            for number, item in enumerate(text.articles, start=1)
        ],
        "commitments": [
            Commitment(convention=convention, position=position, **asdict(item))
            for position, item in enumerate(text.commitments, start=1)
        ],
        "signatories": signatories,
    }
    return [name for name, rows in wanted.items() if _replace(convention, name, rows)]


def _replace(convention: PartnershipConvention, name: str, rows: list[Any]) -> bool:
    manager = getattr(convention, name)
    if sorted(map(_values, manager.all())) == sorted(map(_values, rows)):
        return False
    for row in rows:
        row.full_clean(exclude=["convention"], validate_unique=False, validate_constraints=True)
    manager.all().delete()
    manager.bulk_create(rows)
    return True


def _values(row: Any) -> tuple[str, ...]:
    return tuple(str(getattr(row, column.attname)) for column in row._meta.concrete_fields if not column.primary_key)


def _require_names(convention: PartnershipConvention, signatories: list[Signatory]) -> None:
    """Only an archive may lack a name: no source gives it. Everybody else signs under their own."""
    if convention.origin == PartnershipConvention.Origin.PORTAL and any(not item.full_name for item in signatories):
        raise ValidationError("Indiquez le nom de chaque signataire.")


def _summary(changed: list[str]) -> str:
    labels = {"articles": "articles", "commitments": "engagements", "signatories": "signataires"}
    columns = {column.name: str(column.verbose_name) for column in PartnershipConvention._meta.concrete_fields}
    words = [labels.get(name) or columns[name] for name in changed]
    return "Texte modifié : " + ", ".join(words) if words else "Enregistrée sans changement"


def _require(actor: User, permission: PartnershipPermission) -> None:
    if not actor.has_perm(permission):
        raise NotAllowed("Seul un chargé de mission régional peut écrire une convention de partenariat.")
