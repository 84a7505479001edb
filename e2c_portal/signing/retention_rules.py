"""How long signatures and their proofs are kept."""

from datetime import datetime

from django.db.models import QuerySet

from e2c_portal.kernel.models import Removal
from e2c_portal.kernel.retention import Fate, Rule, follows, kept
from e2c_portal.signing.models import Code
from e2c_portal.signing.operations import codes

PROOF = "Preuve de la signature (code civil, art. 1366 et 1367) : même durée que le document signé."


def codes_before(limit: datetime) -> QuerySet[Code]:
    """Return the codes asked for before a moment."""
    return Code.objects.filter(requested_at__lt=limit)


def erased_by(act: Removal) -> dict[str, int]:
    """Return what a link of the chain tells once its envelope is gone: the removal that took it."""
    return {"erased": act.pk}


RULES = (
    follows("signing.Envelope", "document", basis=PROOF, mentions=("end_reason",)),
    follows("signing.Signatory", "envelope", basis=PROOF),
    Rule(
        "signing.Code", Fate.DELETED, "Supprimé trente jours après la demande : une empreinte, jamais le code.", PROOF,
        follows=("signatory",), counted_from="la demande du code", delay=codes.CODES_KEPT_FOR, due=codes_before,
        purge=lambda held: codes.purge_codes(),
    ),
    kept("signing.ChainRoot", "Conservée : une empreinte par jour, sans personne.", PROOF),
    follows("signing.Exhibit", "signatory", basis=PROOF),
    follows("signing.OnSiteSession", "signatory", basis=PROOF),
    follows("signing.Act", "signatory", basis=PROOF),
    follows(
        "signing.Evidence", "envelope", basis=PROOF, blank={"envelope": None, "payload": erased_by},
        rule="La chaîne reste entière : le maillon garde ses deux empreintes, son contenu part avec l’enveloppe.",
    ),
)  # fmt: skip
