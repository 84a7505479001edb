"""Write templates of conventions, and draft a convention from one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending
from partnerships import variables
from partnerships.models import Company, ConventionTemplate, PartnershipConvention, TemplateArticle
from partnerships.operations.conventions import ArticleText, ConventionText, draft_convention
from partnerships.permissions import PartnershipPermission
from partnerships.template_filling import TEXTS, filled_template


@dataclass(frozen=True)
class TemplateLines:
    """The articles of a template as typed: those kept, unsaved, and those removed."""

    kept: Sequence[TemplateArticle] = field(default_factory=list)
    removed: Sequence[TemplateArticle] = field(default_factory=list)


@transaction.atomic
def save_template(template: ConventionTemplate, lines: TemplateLines, actor: User) -> ConventionTemplate:
    """Create or change a template with its articles.

    Raises NotAllowed, ValidationError when a field is wrong or a variable unknown.
    """
    verb = "add" if template._state.adding else "change"
    if not actor.has_perm(f"partnerships.{verb}_conventiontemplate"):
        raise NotAllowed("Seul un chargé de mission régional peut écrire un modèle de convention.")
    _require_known([getattr(template, name) for name in TEXTS])
    _require_known([text for article in lines.kept for text in (article.title, article.body)])
    if not template._state.adding:
        template.revision += 1
    template.full_clean()
    template.save()
    for article in lines.removed:
        article.delete()
    for article in lines.kept:
        article.template = template
        article.full_clean(validate_constraints=False, validate_unique=False)
        article.save()
    record(actor, "template.saved", template, "Modèle créé" if verb == "add" else "Modèle modifié")
    return template


def _require_known(texts: list[str]) -> None:
    if unknown := variables.unknown_in(texts):
        known = ", ".join(f"{{{name}}}" for name in variables.KNOWN)
        named = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"Variable inconnue : {named}. Le portail connaît : {known}.")


@transaction.atomic
def draft_from_template(
    template_id: int, company: Company, starts_on: date, actor: User, *, sending: Sending | None = None
) -> PartnershipConvention:
    """Create the draft of a convention with the text of a template, its variables replaced.

    A variable without a value stays in the text, between braces: it must be replaced before the text is settled. A
    form sent twice (`sending`) gives back the draft it made. Raises NotAllowed, AlreadySent, Refused for a retired template,
    ValidationError.
    """
    if not actor.has_perm(PartnershipPermission.ADD_CONVENTION):
        raise NotAllowed("Seul un chargé de mission régional peut écrire une convention de partenariat.")
    template = ConventionTemplate.objects.select_for_update().get(pk=template_id)
    if template.retired:
        raise Refused("Ce modèle est retiré : choisissez-en un autre.")
    filled = filled_template(template, company, starts_on)
    texts: dict[str, Any] = dict(filled.texts)
    text = ConventionText(
        company=company,
        starts_on=filled.starts_on,
        ends_on=filled.ends_on,
        renewal=template.renewal,
        renewal_months=template.renewal_months,
        renewal_limit=template.renewal_limit,
        notice_months=template.notice_months,
        articles=[ArticleText(title, body) for title, body in filled.articles],
        **texts,
    )
    return draft_convention(text, actor, told=f"Convention créée à partir du modèle « {template} »", sending=sending)
