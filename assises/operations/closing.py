"""Close an edition with its frozen report, and correct a report by a new version that says what changes."""

from django.db import transaction

from assises.documents.report import report_order
from assises.life.editions import CLOSE, CLOSED, EDITION_LIFE
from assises.models import Edition, EditionReport
from assises.permissions import AssisesPermission
from assises.reads.report import has_moved, report_in_force
from assises.reads.report_content import Computed, changes_between, compute
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.nir import refuse_nir
from trainees.operations.moving import refuse_if_moved, save_or_refuse, write_move

NOT_YOURS = "Seules les personnes de la Région clôturent une édition et corrigent son bilan."
UNCHANGED = "Rien n’a changé depuis la dernière version du bilan : il n’y a rien à corriger."
NO_FIGURE_MOVES = "Aucun chiffre ne change : seules les lignes qui sont derrière ont changé."


@transaction.atomic
def close_edition(edition_id: int, actor: User, seen_state: str | None = None) -> EditionReport:
    """Close an edition and freeze the first version of its report; its sealed document is asked for.

    Raises NotAllowed, Overtaken when it is closed already, Refused before the day.
    """
    edition = _held(edition_id, actor)
    refuse_if_moved(edition, seen_state, "Cette édition")
    write_move(edition, EDITION_LIFE, EDITION_LIFE.move(CLOSE), actor)
    return _freeze(edition, compute(edition), [], "", actor)


@says_why
@transaction.atomic
def revise(edition_id: int, reason: str, actor: User) -> EditionReport:
    """Freeze a new version of the report of a closed edition, with what changes figure by figure.

    Raises NotAllowed, Refused when the edition is not closed, without a reason, or when nothing changed.
    """
    edition = _held(edition_id, actor)
    former = report_in_force(edition)
    if edition.status != CLOSED or former is None:
        raise Refused("Cette édition n’est pas clôturée : son bilan se fige à la clôture.", code="not_closed")
    if not reason.strip():
        raise Refused("Écrivez pourquoi le bilan est corrigé.", code="reason_required")
    refuse_nir(reason)
    computed = compute(edition)
    if not has_moved(former, computed):
        raise Refused(UNCHANGED, code="unchanged")
    changes = changes_between(former.content, computed.content) or [NO_FIGURE_MOVES]
    return _freeze(edition, computed, changes, reason.strip(), actor, former.number + 1)


def _held(edition_id: int, actor: User) -> Edition:
    """Lock the edition: two people close or correct one after the other. Raises NotAllowed."""
    if not actor.has_perm(AssisesPermission.CLOSE_EDITION):
        raise NotAllowed(NOT_YOURS)
    return Edition.objects.select_for_update().get(pk=edition_id)


def _freeze(
    edition: Edition, computed: Computed, changes: list[str], reason: str, actor: User, number: int = 1
) -> EditionReport:
    report = EditionReport(
        edition=edition, number=number, content=computed.content, data_sha256=computed.data_sha256, changes=changes,
        reason=reason, made_by=actor,
    )  # fmt: skip
    save_or_refuse(report)
    report.refresh_from_db()
    record(actor, "edition.report", edition, f"Bilan figé, version {number}", sha256=computed.data_sha256)
    request_document(report_order(report), actor)
    return report
