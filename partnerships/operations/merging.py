"""Merge two records of one company: everything goes to the one that lives on, nothing of what was signed changes."""

from datetime import date

from django.db import transaction
from django.db.models import Case, F, Value, When

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import counted
from partnerships import workflows
from partnerships.models import Company, CompanyContact, CompanyExchange, Establishment, PartnershipConvention
from partnerships.permissions import PartnershipPermission

COMPLETED = ("job_title", "phone", "establishment")


@transaction.atomic
def merge_companies(double_id: int, kept_id: int, actor: User) -> Company:
    """Attach all that belongs to `double_id` to `kept_id`, for good, and return the company kept.

    Signed conventions keep the name they print; the record merged leads to the other from then on. Raises NotAllowed, and
    Refused for one and the same record, a record merged already, two different SIREN, or conventions that would overlap.
    """
    if not actor.has_perm(PartnershipPermission.MERGE_COMPANY):
        raise NotAllowed("Seul un chargé de mission régional peut réunir deux fiches d’entreprise.")
    double, kept = _locked(double_id, kept_id)
    _check(double, kept)
    _move(double, kept, actor)
    return kept


def merge_obstacles(double: Company, kept: Company) -> list[str]:
    """Return what prevents the merge of two records, in French; empty when nothing does."""
    if double.pk == kept.pk:
        return ["Choisissez deux fiches différentes."]
    merged = [company for company in (double, kept) if company.merged_into_id]
    if merged:
        return [f"« {company.legal_name} » a déjà été réunie à une autre fiche." for company in merged]
    if double.siren and kept.siren and double.siren != kept.siren:
        return [
            "Ces fiches portent deux SIREN différents : ce sont deux personnes morales, elles ne se réunissent pas."
        ]
    return _foreign_sirets(double, kept) + _overlaps(double, kept)


def _locked(double_id: int, kept_id: int) -> tuple[Company, Company]:
    """Lock both records, always in the same order: two merges that cross each other wait instead of blocking."""
    rows = {
        row.pk: row for row in Company.objects.select_for_update().filter(pk__in=[double_id, kept_id]).order_by("pk")
    }
    if double_id not in rows or kept_id not in rows:
        raise Refused("L’une des deux fiches n’existe pas.")
    return rows[double_id], rows[kept_id]


def _check(double: Company, kept: Company) -> None:
    obstacles = merge_obstacles(double, kept)
    if obstacles:
        raise Refused("Ces deux fiches ne peuvent pas être réunies.", details=obstacles)


def _overlaps(double: Company, kept: Company) -> list[str]:
    dated = PartnershipConvention.objects.filter(
        company__in=[double, kept], status__in=workflows.SIGNED_STATES, starts_on__isnull=False, ends_on__isnull=False
    )
    ours = [row for row in dated if row.company_id == double.pk]
    theirs = [row for row in dated if row.company_id == kept.pk]
    return [
        f"Les conventions {one.number} et {other.number} ont le même objet aux mêmes dates."
        for one in ours for other in theirs
        if one.object == other.object and _meet(_days(one), _days(other))
    ]  # fmt: skip


def _days(convention: PartnershipConvention) -> tuple[date, date]:
    """The first and last day in force of a signed and dated convention: the same rule as the exclusion constraint's."""
    terms = convention.terms
    if terms.starts_on is None or terms.ends_on is None:
        raise ValueError("only a dated convention has days in force")
    # A convention renewed tacitly without limit takes all the days to come.
    return terms.starts_on, max(terms.starts_on, terms.last_day or date.max)


def _meet(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _foreign_sirets(double: Company, kept: Company) -> list[str]:
    siren = kept.siren or double.siren
    if not siren:
        return []
    numbered = Establishment.objects.filter(company__in=[double, kept]).exclude(siret="")
    return [
        f"L’établissement « {place.name} » a un SIRET qui ne commence pas par le SIREN {siren}."
        for place in numbered.exclude(siret__startswith=siren)
    ]


def _move(double: Company, kept: Company, actor: User) -> None:
    """Merge first, then attach: the database lets a settled convention follow a record that was merged, and only there."""
    Company.objects.filter(pk=double.pk).update(merged_into=kept)
    _complete(kept, double)
    moved = _move_conventions(double, kept)
    _move_establishments(double, kept)
    _move_contacts(double, kept)
    CompanyExchange.objects.filter(company=double).update(company=kept)
    what = f"avec {counted(moved, 'convention', 'conventions')}"
    facts = {"double": double.pk, "kept": kept.pk}
    record(actor, "company.merged", kept, f"Fiche « {double.legal_name} » réunie à celle-ci, {what}", **facts)
    record(actor, "company.merged", double, f"Fiche réunie à « {kept.legal_name} », {what}", **facts)


def _complete(kept: Company, double: Company) -> None:
    """Fill what the kept record does not know; both notes are kept."""
    kept.siren = kept.siren or double.siren
    kept.legal_form = kept.legal_form or double.legal_form
    if double.note and double.note not in kept.note:
        kept.note = "\n".join(part for part in (kept.note, double.note) if part)
    kept.revision += 1
    kept.save(update_fields=["siren", "legal_form", "note", "revision"])


def _move_conventions(double: Company, kept: Company) -> int:
    conventions = PartnershipConvention.objects.filter(company=double)
    # Somebody may be writing one: their page then says that it changed meanwhile.
    open_ones = conventions.filter(status__in=workflows.EDITABLE)
    moved = open_ones.update(company=kept, revision=F("revision") + 1)
    printed = Case(When(printed_company_name="", then=Value(double.legal_name)), default=F("printed_company_name"))
    return moved + conventions.update(company=kept, printed_company_name=printed)


def _move_establishments(double: Company, kept: Company) -> None:
    places = Establishment.objects.filter(company=double)
    if Establishment.objects.filter(company=kept, is_head_office=True, closed_on=None).exists():
        places.filter(closed_on=None).update(is_head_office=False)
    places.update(company=kept)


def _move_contacts(double: Company, kept: Company) -> None:
    """Somebody known on both records stays once in the lists; the other line is kept as their double."""
    active = CompanyContact.objects.filter(left_on=None, duplicate_of=None).exclude(email="")
    known = {contact.email: contact for contact in active.filter(company=kept)}
    for contact in active.filter(company=double):
        twin = known.get(contact.email)
        if twin is None:
            continue
        CompanyContact.objects.filter(pk=contact.pk).update(duplicate_of=twin)
        for name in COMPLETED:
            setattr(twin, name, getattr(twin, name) or getattr(contact, name))
        twin.save(update_fields=COMPLETED)
    CompanyContact.objects.filter(company=double).update(company=kept)
