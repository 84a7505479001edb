"""The worker's reading of an extract: some hundreds of lines at a time, each batch in one transaction, from where it stopped."""

import logging
from itertools import islice
from time import monotonic
from uuid import UUID

from django.db import InterfaceError, OperationalError

from e2c_portal.documents import storage
from e2c_portal.kernel.errors import PortalError, Refused
from partnerships.models import SireneImport, SireneImportLine
from partnerships.operations.sirene_turns import ClaimLost, end, held, turn
from partnerships.sirene_columns import row_of
from partnerships.sirene_file import SireneFile
from partnerships.sirene_planning import plan_lines
from partnerships.sirene_queries import figures_of

logger = logging.getLogger(__name__)
Status = SireneImport.Status

LINES_AT_ONCE = 500
MOST_REFUSED = 1000
TOO_MANY_FAULTS = (
    "Plus de 1 000 lignes ont un SIREN ou un SIRET non valable : le fichier a sans doute été ouvert dans un tableur. "
    "Téléchargez-le de nouveau et déposez-le tel quel."
)
UNEXPECTED = "Une erreur imprévue a arrêté la lecture. L’exploitant la trouvera dans les journaux ; aucune fiche n’a été changée."


def read_extract(import_id: int) -> bool:
    """Read for one turn. Returns whether the import is settled by this call: plan ready, or refused with its reason."""
    return turn(import_id, Status.READING, _read)


def _read(import_id: int, claim: UUID, until: float) -> bool:
    try:
        return _read_on(import_id, claim, until)
    except (OperationalError, InterfaceError, ClaimLost):
        raise
    except PortalError as refusal:
        reason = refusal.message
    except Exception:
        logger.exception("sirene import %s failed", import_id)
        reason = UNEXPECTED
    with held(import_id, claim) as asked:
        end(asked, Status.FAILED, reason)
    return True


def _read_on(import_id: int, claim: UUID, until: float) -> bool:
    asked = SireneImport.objects.get(pk=import_id)
    with storage.document_storage().open(asked.file) as stored:
        extract = SireneFile(stored)
        lines = islice(extract, asked.lines_read, None)
        while batch := list(islice(lines, LINES_AT_ONCE)):
            with held(import_id, claim) as asked:
                _keep(asked, batch, extract.percent)
            if monotonic() > until:
                return False
    with held(import_id, claim) as asked:
        asked.figures = figures_of(asked)
        end(asked, Status.READY)
    return True


def _keep(asked: SireneImport, batch: list[tuple[int, dict[str, str]]], percent: int) -> None:
    """Write the plan of a batch and how far the reading is."""
    kept, aside = plan_lines(asked, [row_of(number, cells) for number, cells in batch])
    SireneImportLine.objects.bulk_create(kept)
    asked.lines_read += len(batch)
    asked.percent_read = percent
    asked.left_aside += aside
    refused = any(line.action == SireneImportLine.Action.REFUSED for line in kept)
    if refused and asked.lines.filter(action=SireneImportLine.Action.REFUSED).count() > MOST_REFUSED:
        raise Refused(TOO_MANY_FAULTS)
