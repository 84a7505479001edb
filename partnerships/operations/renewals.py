"""Renew a convention: a new draft that follows it with neither gap nor overlap."""

from dataclasses import asdict

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from partnerships import workflows
from partnerships.calendar import same_length_after
from partnerships.consolidation import consolidated
from partnerships.models import PartnershipConvention
from partnerships.operations.conventions import ArticleText, ConventionText, Promise, Signatory, draft_convention
from partnerships.permissions import PartnershipPermission
from partnerships.queries import convention_with_amendments, successor_of


@transaction.atomic
def renew_convention(convention_id: int, actor: User) -> PartnershipConvention:
    """Create the draft that renews a signed convention: its text as amended, the same length, from the day after its end.

    Raises NotAllowed, Refused when it is renewed already, has no end, or was signed without renewal.
    """
    if not actor.has_perm(PartnershipPermission.ADD_CONVENTION):
        raise NotAllowed("Seul un chargé de mission régional peut renouveler une convention de partenariat.")
    PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    convention = convention_with_amendments(convention_id)
    if missing := renewal_missing(convention):
        raise Refused("Cette convention ne peut pas être renouvelée.", details=missing)
    draft = draft_convention(
        _text(convention), actor, predecessor=convention, told=f"Convention créée pour renouveler {convention.number}"
    )
    record(actor, "convention.renewing", convention, f"Renouvellement préparé : {draft.number}", draft=draft.pk)
    return draft


def renewal_missing(convention: PartnershipConvention) -> list[str]:
    """Return why a convention cannot be renewed now, nothing when it can."""
    terms = convention.terms
    if convention.status not in (workflows.SIGNED, workflows.DENOUNCED):
        return ["Seule une convention signée, qui n’est ni résiliée ni archivée, se renouvelle."]
    if terms.renewal == "none":
        return ["Elle a été conclue sans renouvellement : écrivez une nouvelle convention."]
    if terms.starts_on is None or terms.ends_on is None:
        return ["Ses dates ne sont pas connues : écrivez une nouvelle convention."]
    if terms.last_day is None:
        return ["Elle se reconduit tacitement sans limite : pour la remplacer, enregistrez d’abord sa dénonciation."]
    if successor := successor_of(convention):
        return [f"La convention {successor.number} la renouvelle déjà."]
    return []


def _text(convention: PartnershipConvention) -> ConventionText:
    """Return the text in force on the last day, its dates moved to the following period."""
    agreement = consolidated(convention).agreement
    terms = agreement.terms
    assert terms.starts_on is not None and terms.ends_on is not None and terms.last_day is not None  # noqa: S101, PT018  renewal_missing told otherwise
    period = same_length_after(terms.last_day, terms.starts_on, terms.ends_on)
    return ConventionText(
        company=convention.company,
        title=convention.title,
        object=convention.object,
        printed_company_name=convention.printed_company_name,
        preamble=convention.preamble,
        visas=convention.visas,
        recitals=convention.recitals,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        renewal=terms.renewal,
        renewal_months=terms.renewal_months,
        renewal_limit=terms.renewal_limit,
        notice_months=terms.notice_months,
        articles=[ArticleText(article.title, article.body) for article in agreement.articles],
        commitments=[Promise(**_without_place(asdict(line))) for line in agreement.commitments],
        signatories=[Signatory(**_without_place(asdict(line))) for line in agreement.signatories if line.full_name],
    )


def _without_place(values: dict) -> dict:
    return {name: value for name, value in values.items() if name != "position"}
