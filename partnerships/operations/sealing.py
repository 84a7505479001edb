"""Ask for the sealed document of one or several conventions."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Batch, Document, Status
from e2c_portal.documents.requesting import Order, request_batch, request_document, retry
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.signing.lookups import completed_among
from partnerships import workflows
from partnerships.documents import KIND, convention_order, issuer_content, order_of
from partnerships.models import PartnershipConvention
from partnerships.operations.signatures import hold_signature, why_not_sealed
from partnerships.permissions import PartnershipPermission
from partnerships.queries import conventions_in_full

TOO_EARLY = "Validez d’abord le projet : un brouillon n’est pas scellé."


@transaction.atomic
def seal_convention(convention: PartnershipConvention, actor: User) -> Document:
    """Ask for the sealed document of a convention; the one that is up to date is given back as it is.

    Raises NotAllowed, and Refused while the text is not settled, under signature or signed: what is signed is not made again.
    """
    _require(actor)
    signature = hold_signature(PartnershipConvention, convention.pk)
    if signature and signature.document.status == Status.FAILED:
        return retry(signature.document, actor)
    # Read again and held: somebody may have reopened the text since the page was shown.
    fresh = PartnershipConvention.objects.select_for_update().get(pk=convention.pk)
    if refusal := _refusal(fresh, signed=bool(fresh.signed_envelope())):
        raise Refused(refusal)
    return request_document(convention_order(fresh.pk), actor)


def seal_conventions(conventions: Iterable[PartnershipConvention], actor: User) -> Batch:
    """Ask for several documents at once, followed as a batch. Drafts are listed as refused. Raises NotAllowed."""
    _require(actor)
    rows = list(conventions)
    if not rows:
        raise Refused("Choisissez au moins une convention.")
    label = f"Documents de {counted(len(rows), 'convention', 'conventions')}"
    return request_batch(label, _orders_and_refusals(rows), actor)


def _orders_and_refusals(conventions: list[PartnershipConvention]) -> Iterator[Order | tuple[str, str]]:
    # Read when the batch asks for them, in its transaction.
    in_full, issuer = conventions_in_full(conventions), issuer_content()
    signed = completed_among(KIND, [subject_of(convention) for convention in conventions])
    for convention in conventions:
        refusal = _refusal(convention, signed=subject_of(convention) in signed)
        yield (str(convention), refusal) if refusal else order_of(in_full[convention.pk], issuer)


def _refusal(convention: PartnershipConvention, *, signed: bool) -> str:
    return why_not_sealed(convention, signed=signed) if convention.status in workflows.PRINTABLE else TOO_EARLY


def _require(actor: User) -> None:
    if not actor.has_perm(PartnershipPermission.SEAL_CONVENTION):
        raise NotAllowed("Seul un chargé de mission régional peut faire sceller une convention.")
