"""Issue an attestation of acquired skills, replace it, revoke it, choose what its verification shows. One transaction each.

Numbers follow each other without a gap within a school and a year: whoever numbers waits for the one before.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.search import fold
from trainees.documents.certificates import certificate_order, content_sha256
from trainees.emails.certificates import send_revoked
from trainees.life import certificates as life
from trainees.models import Pathway, SkillsCertificate
from trainees.models.nir import refuse_nir_in
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.certificate_content import CertificateDraft, draft_of, what_is_attested

NOT_YOURS = "Seules la direction et la coordination de l’école émettent, remplacent et révoquent ses attestations."
NO_REASON = "Écrivez pourquoi cette attestation ne vaut plus : la page de vérification le dira."
NAMES_SOMEBODY = "Ce motif paraît sur la page publique de vérification : n’y écrivez pas le nom du stagiaire."
NOTHING_NEW = "L’attestation dirait la même chose : il n’y a rien à remplacer."
NOT_IN_FORCE = "Cette attestation n’est plus en vigueur. Rechargez la page."


@transaction.atomic
def issue_certificate(pathway_id: int, actor: User) -> SkillsCertificate:
    """Issue the attestation of a pathway and ask for its sealed document.

    Raises NotAllowed, Overtaken when one is in force already, Refused with `details` saying what is missing.
    """
    pathway = _locked_pathway(pathway_id, actor)
    if in_force := pathway.certificates.filter(status=life.ISSUED).first():
        raise Overtaken(f"L’attestation {in_force.number} est déjà en vigueur pour ce parcours : ouvrez-la.")
    return _issued(pathway, _draft(pathway, actor), actor)


@says_why
@transaction.atomic
def reissue_certificate(certificate_id: int, reason: str, actor: User) -> SkillsCertificate:
    """Replace an attestation by a new one with a number of its own: the former stays, superseded, with the reason.

    What the trainee lets the verification show follows to the new one. Raises NotAllowed, Overtaken, Refused without a reason
    or when nothing would change.
    """
    pathway = _locked_pathway(SkillsCertificate.objects.values_list("pathway", flat=True).get(pk=certificate_id), actor)
    former = _locked(certificate_id, actor)
    draft = _draft(pathway, actor)
    if what_is_attested(draft.content) == what_is_attested(former.content):
        raise Refused(NOTHING_NEW, code="nothing_new")
    _end(former, life.SUPERSEDED, reason, actor)
    made = _issued(pathway, draft, actor, former)
    record(actor, "certificate.superseded", former, f"Remplacée par {made.number} : {former.ended_reason}")
    return made


@says_why
@transaction.atomic
def revoke_certificate(certificate_id: int, reason: str, actor: User) -> SkillsCertificate:
    """Say that an attestation is worth nothing any more, and why; the trainee is told.

    Raises NotAllowed, Overtaken, Refused without a reason or with one that names the person.
    """
    certificate = _locked(certificate_id, actor)
    _end(certificate, life.REVOKED, reason, actor)
    record(actor, "certificate.revoked", certificate, f"Attestation révoquée : {certificate.ended_reason}")
    send_revoked(certificate)
    return certificate


@transaction.atomic
def choose_shown(
    certificate_id: int, parts: Iterable[str], actor: User | None, *, reason: str = ""
) -> SkillsCertificate:
    """Record what the trainee lets the verification show: by themselves (no actor), or told to the school, with how.

    Raises NotAllowed, Overtaken, Refused without a reason from the school.
    """
    rows = SkillsCertificate.objects.select_for_update(of=("self",)).select_related("school", "trainee")
    certificate = rows.get(pk=certificate_id)
    if actor and not actor.has_perm(TraineePermission.VALIDATE_SKILLS, certificate):
        raise NotAllowed("Seule l’équipe pédagogique de l’école note le choix d’un stagiaire.")
    if actor and not reason.strip():
        raise Refused("Écrivez quand et comment la personne vous a dit son choix.", code="reason_required")
    if certificate.status != life.ISSUED:
        raise Overtaken(NOT_IN_FORCE)
    wanted = set(parts)
    shown = [part for part in life.PARTS if part in wanted]
    if shown == certificate.shown:
        return certificate
    certificate.shown = shown
    save_or_refuse(certificate)
    named = ", ".join(life.PARTS[part].lower() for part in shown) or "rien de plus que le numéro, l’état et les dates"
    told = f" ({reason.strip()})" if reason.strip() else ""
    record(actor, "certificate.shown", certificate, f"La vérification montre : {named}{told}"[:500])
    return certificate


def _draft(pathway: Pathway, actor: User) -> CertificateDraft:
    draft = draft_of(pathway, actor, timezone.localdate())
    if draft.refusals:
        raise Refused("L’attestation ne peut pas encore être émise.", details=draft.refusals, code="incomplete")
    return draft


def _issued(
    pathway: Pathway, draft: CertificateDraft, actor: User, former: SkillsCertificate | None = None
) -> SkillsCertificate:
    """Write the next attestation of a locked pathway and ask for its document."""
    today = timezone.localdate()
    certificate = SkillsCertificate(
        school=pathway.school, pathway=pathway, trainee=pathway.trainee, issued_by=actor, issued_at=timezone.now(),
        version=(pathway.certificates.aggregate(last=Max("version"))["last"] or 0) + 1,
        year=today.year, rank=_next_rank(pathway.school_id, today.year),
        minutes_at_school=draft.minutes["school"], minutes_in_company=draft.minutes["company"],
        shown=former.shown if former else [],
    )  # fmt: skip
    certificate.content = _content(certificate, draft.content, today, former)
    certificate.sha256 = content_sha256(certificate.content)
    save_or_refuse(certificate)
    request_document(certificate_order(certificate), actor)
    record(actor, "certificate.issued", pathway.trainee, f"Attestation de compétences émise : {certificate.number}")
    return certificate


def _content(
    certificate: SkillsCertificate, attested: dict[str, Any], today: date, former: SkillsCertificate | None
) -> dict[str, Any]:
    return {
        **attested, "number": certificate.number, "version": certificate.version, "issued_on": today.isoformat(),
        "replaces": former.number if former else "",
    }  # fmt: skip


def _next_rank(school_id: int, year: int) -> int:
    """Return the next number of a school in a year, once everybody before has theirs. The database asks for the same lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('certificate/' || %s || '/' || %s, 0))",
            [str(school_id), str(year)],
        )
    rows = SkillsCertificate.objects.filter(school=school_id, year=year)
    return (rows.aggregate(last=Max("rank"))["last"] or 0) + 1


def _end(certificate: SkillsCertificate, status: str, reason: str, actor: User) -> None:
    if certificate.status != life.ISSUED:
        raise Overtaken(NOT_IN_FORCE)
    certificate.status, certificate.ended_by, certificate.ended_at = status, actor, timezone.now()
    certificate.ended_reason = _public_reason(certificate, reason)
    refuse_nir_in(certificate, "ended_reason")
    save_or_refuse(certificate)


def _public_reason(certificate: SkillsCertificate, reason: str) -> str:
    """Return a reason that anybody may read. Raises Refused when there is none, or when it names the trainee."""
    if not reason.strip():
        raise Refused(NO_REASON, code="reason_required")
    words = set(fold(reason).replace("-", " ").split())
    names = fold(f"{certificate.trainee.first_name} {certificate.trainee.last_name}").replace("-", " ").split()
    if words.intersection(name for name in names if len(name) > 2):
        raise Refused(NAMES_SOMEBODY, code="names_somebody")
    return reason.strip()


def _locked(certificate_id: int, actor: User) -> SkillsCertificate:
    rows = SkillsCertificate.objects.select_for_update(of=("self",)).select_related(
        "school", "trainee", "pathway__referent"
    )
    certificate = rows.get(pk=certificate_id)
    _require(actor, certificate)
    return certificate


def _locked_pathway(pathway_id: int, actor: User) -> Pathway:
    rows = Pathway.objects.select_for_update(of=("self",)).select_related("school", "trainee")
    pathway = rows.get(pk=pathway_id)
    _require(actor, pathway)
    return pathway


def _require(actor: User, row: Pathway | SkillsCertificate) -> None:
    if not actor.has_perm(TraineePermission.ISSUE_CERTIFICATE, row):
        raise NotAllowed(NOT_YOURS)
