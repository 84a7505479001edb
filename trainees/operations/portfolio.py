"""Keep, and remove for good, what a trainee shows of their work. A file is made anew before it is kept."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import Upload, store_to_show
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.nir import refuse_nir
from trainees.models import Evidence, Pathway, Trainee
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.portfolio import EVIDENCE_AT_MOST, skills_to_show, stays_to_show

FOLDER = "preuves"
NOT_YOURS = "Vous n’avez pas le droit de changer le portefeuille d’un stagiaire de cette école."
FULL = f"Il y a déjà {EVIDENCE_AT_MOST} preuves, le plus que l’on puisse garder : retirez-en une avant d’en ajouter une autre."


@dataclass(frozen=True)
class EvidenceText:
    """What is typed about a piece of evidence. `public_id` is given by the page: sent twice, it is kept once."""

    title: str
    words: str = ""
    skill_id: int | None = None
    internship_id: int | None = None
    public_id: UUID = field(default_factory=uuid4)


def add_evidence(trainee_id: int, text: EvidenceText, upload: Upload, actor: User | None = None) -> Evidence:
    """Keep a photo or a paper that a trainee shows; nobody acts when it comes by their own link.

    The same page sent twice keeps it once. Raises NotAllowed, Refused for a file that is not one, beyond thirty pieces, or
    for a skill or an internship that is not theirs, StorageFault.
    """
    with transaction.atomic():
        trainee = _held(trainee_id, actor)
        if before := _already(trainee, text):
            return before
        pathway = _checked(trainee, text)
    # Reading somebody's file may take seconds: nobody waits meanwhile.
    file = store_to_show(FOLDER, upload)
    with transaction.atomic():
        trainee = _held(trainee_id, actor)
        if before := _already(trainee, text):
            storage.discard(file.key)
            return before
        _refuse_when_full(trainee)
        row = Evidence(
            public_id=text.public_id, school_id=pathway.school_id, pathway=pathway, trainee=trainee, title=text.title.strip(),
            words=text.words.strip(), skill_id=text.skill_id, internship_id=text.internship_id, file=file.key, mime=file.mime,
            sha256=file.sha256, size=file.size, added_by=actor,
        )  # fmt: skip
        save_or_refuse(row)
        record(actor, "evidence.added", trainee, f"Preuve ajoutée au portefeuille : {row.title}", evidence=row.pk)
    return row


@says_why
@transaction.atomic
def remove_evidence(evidence_id: int, trainee_id: int, actor: User | None = None, reason: str = "") -> None:
    """Remove a piece of evidence, its file included: nothing cites it, an attestation rests on validations alone.

    Removed twice, it is removed once. Raises NotAllowed, Refused when somebody of the school gives no reason.
    """
    trainee = _held(trainee_id, actor)
    row = Evidence.objects.select_for_update().filter(pk=evidence_id, trainee=trainee).first()
    if row is None:
        return
    if actor is not None and not reason.strip():
        raise Refused("Écrivez pourquoi vous retirez cette preuve : elle est à la personne.", code="reason_required")
    refuse_nir(reason)
    told = f" : {reason.strip()}" if reason.strip() else ""
    record(actor, "evidence.removed", trainee, f"Preuve retirée du portefeuille{told}", evidence=row.pk)
    key = row.file
    row.delete()
    transaction.on_commit(lambda: storage.discard(key), robust=True)


def trace_reading(row: Evidence, actor: User) -> None:
    """Keep the trace of whoever of the school opened a piece of evidence."""
    record(actor, "evidence.read", row.trainee, f"Preuve lue : {row.title}", evidence=row.pk)


def _held(trainee_id: int, actor: User | None) -> Trainee:
    trainee = Trainee.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=trainee_id)
    if actor is not None and not actor.has_perm(TraineePermission.PLAN_SKILLS, trainee):
        raise NotAllowed(NOT_YOURS)
    return trainee


def _already(trainee: Trainee, text: EvidenceText) -> Evidence | None:
    return Evidence.objects.filter(trainee=trainee, public_id=text.public_id).first()


def _checked(trainee: Trainee, text: EvidenceText) -> Pathway:
    """Return the pathway that keeps the evidence. Raises Refused before anything is read of the file."""
    if not text.title.strip():
        raise Refused("Donnez un titre à cette preuve.", code="title_required")
    for typed in (text.title, text.words):
        refuse_nir(typed)
    _refuse_when_full(trainee)
    if text.internship_id and text.internship_id not in {row.pk for row in stays_to_show(trainee)}:
        raise Refused("Ce stage n’est pas dans la liste : rechargez la page.")
    offered = {skill.pk for _, skills in skills_to_show(trainee) for skill in skills}
    if text.skill_id and text.skill_id not in offered:
        raise Refused("Cette compétence n’est pas dans la liste : rechargez la page.")
    pathway = trainee.pathways.order_by("-entered_on", "-pk").first()
    if pathway is None:
        raise Refused("Ouvrez d’abord un parcours : une preuve se garde avec lui.", code="no_pathway")
    return pathway


def _refuse_when_full(trainee: Trainee) -> None:
    if Evidence.objects.filter(trainee=trainee).count() >= EVIDENCE_AT_MOST:
        raise Refused(FULL, code="full")
