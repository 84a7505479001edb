"""One of each thing that waits for the operator, in the states its own triggers allow."""

from itertools import count
from uuid import uuid4

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.kernel import failures
from e2c_portal.kernel.models import Job, TaskFailure
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import all_mail_types
from e2c_portal.mailing.models import Mail, Sms
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.mailing.requesting import send_mail_on_commit

STORAGE_FULL = "L’espace de stockage n’a pas pu enregistrer le document. Vérifiez la place disponible puis relancez."
NO_SUCH_ADDRESS = "L’adresse n’existe pas. Corrigez-la, puis relancez."
_numbers = count(1)


def failed_task(task: str = "signing.remind", error: type[Exception] = ValueError, **arguments: int) -> TaskFailure:
    """A task that raised, as a worker tells it."""
    try:
        raise error("Camille Dupont <camille.dupont@exemple.fr>")
    except error as fault:
        failures.note(task, arguments, fault)
    return TaskFailure.objects.get(task=task, arguments=arguments)


def waiting_job() -> Job:
    """A job that the broker did not take."""
    return Job.objects.create(task="documents.build", arguments={"document_id": 0})


def document_in(status: DocumentStatus, actor: User) -> Document:
    """A document that waits, is being made, or failed for want of room."""
    number = next(_numbers) + 10_000_000
    document = Document.objects.create(
        kind="convention", subject=f"partnerships.partnershipconvention:{number}", reference=f"CONV-{number}",
        title=f"Convention d’essai {number}", template_version="v1", context={}, content_sha256="0" * 64, requested_by=actor,
    )  # fmt: skip
    rows = Document.objects.filter(pk=document.pk)
    if status != DocumentStatus.QUEUED:
        rows.update(status=DocumentStatus.BUILDING, claim=uuid4(), claimed_at=timezone.now(), attempts=1)
    if status == DocumentStatus.FAILED:
        rows.update(status=status, failure=STORAGE_FULL, claim=None, claimed_at=None)
    document.refresh_from_db()
    return document


def mail_in(status: MessageStatus) -> Mail:
    """An e-mail that failed, or came back."""
    kind = next(kind for kind in all_mail_types() if not kind.digestable)
    mail = send_mail_on_commit(
        kind.name, Recipient(f"accueil{next(_numbers)}@exemple.fr", "Un accueil"), None, kind.sample
    )
    _failed(Mail, mail.pk, status)
    mail.refresh_from_db()
    return mail


def failed_sms() -> Sms:
    """A text message that failed."""
    sms = Sms.objects.create(
        kind="essai", phone=f"+336{next(_numbers):08}", content_sha256="0" * 64, due_at=timezone.now(),
    )  # fmt: skip
    _failed(Sms, sms.pk, MessageStatus.FAILED)
    return sms


def _failed(model: type[Mail] | type[Sms], pk: int, status: MessageStatus) -> None:
    rows = model._default_manager.filter(pk=pk)
    rows.update(status=MessageStatus.SENDING, claim=uuid4(), claimed_at=timezone.now(), attempts=3)
    rows.update(status=status, claim=None, claimed_at=None, finished_at=timezone.now(), failure=NO_SUCH_ADDRESS)
