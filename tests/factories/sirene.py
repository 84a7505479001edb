"""Sirene extracts of the tests, in the layouts that Insee publishes, about companies that do not exist."""

import io
import zipfile
from typing import Any

from django.core.files.base import ContentFile

from e2c_portal.accounts.models import User
from partnerships.models import SireneImport
from partnerships.operations.sirene import SireneOptions, request_application, request_reading
from partnerships.operations.sirene_applying import apply_extract
from partnerships.operations.sirene_reading import read_extract

PLACES = [
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "anneeEffectifsEtablissement",
    "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "nombrePeriodesEtablissement",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
]
COMPANIES = [
    "siren",
    "statutDiffusionUniteLegale",
    "unitePurgeeUniteLegale",
    "dateCreationUniteLegale",
    "sigleUniteLegale",
    "sexeUniteLegale",
    "prenom1UniteLegale",
    "prenomUsuelUniteLegale",
    "trancheEffectifsUniteLegale",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
]
BOTH = [*PLACES, *(name for name in COMPANIES if name not in PLACES)]


def place_cells(siret: str, **cells: str) -> dict[str, str]:
    """Return the cells of an open head office in Montpellier; `cells` replaces some."""
    usual = {
        "siren": siret[:9], "nic": siret[9:], "siret": siret, "statutDiffusionEtablissement": "O",
        "trancheEffectifsEtablissement": "12", "etablissementSiege": "true", "numeroVoieEtablissement": "12",
        "indiceRepetitionEtablissement": "B", "typeVoieEtablissement": "AV", "libelleVoieEtablissement": "DE LA GARE",
        "codePostalEtablissement": "34000", "libelleCommuneEtablissement": "MONTPELLIER",
        "codeCommuneEtablissement": "34172", "dateDebut": "2019-05-01", "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": "43.21A", "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
    }  # fmt: skip
    return usual | cells


def company_cells(siren: str, **cells: str) -> dict[str, str]:
    """Return the cells of a company that is a legal person; `cells` replaces some."""
    usual = {
        "siren": siren, "statutDiffusionUniteLegale": "O", "denominationUniteLegale": "FABRIQUE NOUVELLE",
        "categorieJuridiqueUniteLegale": "5710", "etatAdministratifUniteLegale": "A",
    }  # fmt: skip
    return usual | cells


def extract(rows: list[dict[str, str]], columns: list[str] = BOTH, *, comma: str = ",", bom: bool = False) -> bytes:
    """Return a CSV file of these rows; a cell that holds the separator is quoted, as Insee does."""
    lines = [comma.join(columns)]
    for row in rows:
        cells = [row.get(name, "") for name in columns]
        lines.append(comma.join(f'"{cell}"' if comma in cell else cell for cell in cells))
    return (b"\xef\xbb\xbf" if bom else b"") + "\n".join([*lines, ""]).encode()


def zipped(**members: bytes) -> bytes:
    """Return an archive of files named by the arguments, `_` before the ending."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(".".join(name.rsplit("_", 1)), content)
    return target.getvalue()


def uploaded(content: bytes, name: str = "etablissements.csv") -> ContentFile:
    return ContentFile(content, name=name)


def asked_for(content: bytes, actor: User, **options: Any) -> SireneImport:
    """Deposit a file; nobody has read it yet."""
    return request_reading(uploaded(content), SireneOptions(**options), actor)


def read(content: bytes, actor: User, **options: Any) -> SireneImport:
    """Deposit a file and read it, here and now."""
    asked = asked_for(content, actor, **options)
    while asked.status == SireneImport.Status.READING:
        read_extract(asked.pk)
        asked.refresh_from_db()
    return asked


def applied(asked: SireneImport, actor: User) -> SireneImport:
    """Apply a plan, here and now."""
    request_application(asked.pk, actor)
    asked.refresh_from_db()
    while asked.status == SireneImport.Status.APPLYING:
        apply_extract(asked.pk)
        asked.refresh_from_db()
    return asked
