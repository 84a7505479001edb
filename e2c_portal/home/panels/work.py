"""What the portal could not do by itself: what is stopped, what failed, what it found wrong, the files it refused."""

from django.urls import reverse

from e2c_portal.accounts.permissions import AccountPermission
from e2c_portal.documents.quarantine import set_apart_files
from e2c_portal.documents.queries import failed_documents
from e2c_portal.home.panels.counting import number_of, task, waiting
from e2c_portal.home.panels.desk import Desk
from e2c_portal.home.panels.page import Task, Urgency
from e2c_portal.upkeep.consistency.reading import open_findings_count
from e2c_portal.upkeep.incidents import on_first_page
from e2c_portal.upkeep.permissions import UpkeepPermission
from e2c_portal.upkeep.queues import failed_work_count


def tasks_of(desk: Desk) -> list[Task]:
    """Return what waits for whoever operates the portal: faults first, then what they may ask again."""
    if not desk.may(UpkeepPermission.RESTART_WORK):
        return []
    return [*_faults(desk), *_failures(desk), *_documents(desk), *_refused_files(desk)]


def _faults(desk: Desk) -> list[Task]:
    told = on_first_page(desk.user)
    if told is None:
        return []
    words, url, tone = told
    return [Task(words, url, Urgency.NOW if tone == "danger" else Urgency.LATE)]


def _failures(desk: Desk) -> list[Task]:
    found = []
    if failed := failed_work_count(desk.user):
        url = reverse("upkeep:work")
        found.append(Task(number_of(failed, "travail en échec", "travaux en échec"), url, Urgency.LATE))
    if wrong := open_findings_count(desk.user):
        words = number_of(wrong, "anomalie trouvée par les contrôles", "anomalies trouvées par les contrôles")
        found.append(Task(words, reverse("upkeep:checks"), Urgency.LATE))
    return found


def _documents(desk: Desk) -> list[Task]:
    if not desk.may(AccountPermission.RETRY_DOCUMENT):
        return []
    words = ("document en échec à relancer", "documents en échec à relancer")
    url = f"{reverse('admin:documents_document_changelist')}?status__exact=failed"
    return task(failed_documents(), "queued_at", words, url, Urgency.LATE, wait=waiting)


def _refused_files(desk: Desk) -> list[Task]:
    if not desk.may(AccountPermission.DESTROY_QUARANTINED):
        return []
    words = ("fichier refusé par l’antivirus", "fichiers refusés par l’antivirus")
    return task(
        set_apart_files(),
        "at",
        words,
        reverse("admin:documents_quarantinedfile_changelist"),
        Urgency.OPEN,
        wait=waiting,
    )
