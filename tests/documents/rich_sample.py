"""One document with everything a document may hold: lists, table, figure, footnote, QR code, header, footer, page numbers."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from e2c_portal.documents.rendering import (
    Attachment,
    DocumentAssets,
    PdfMetadata,
    SignatureField,
    render_pdf,
    render_template_to_html,
)

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).with_name("samples")
ASSETS = DocumentAssets(root=ROOT, allowed=(SAMPLES, ROOT / "static" / "fonts"), templates=SAMPLES)
METADATA = PdfMetadata(
    title="Convention de partenariat n° 1",
    author="Région d’essai",
    subject="Échantillon",
    created_at=datetime(2014, 6, 12, 8, 0, tzinfo=UTC),
)
FIELDS = (
    SignatureField("cachet", "Cachet de la Région"),
    SignatureField("signataire-1", "Signature de l’entreprise"),
)
CONTEXT: dict[str, Any] = {
    "title": METADATA.title,
    "region": "Languedoc-Roussillon",
    "partner": {"name": "La Poste", "siren": "356000000"},
    "reasons": ["que l’emploi des jeunes est une priorité ;", "que l’entreprise s’engage."],
    "commitments": [
        {"kind": "Stages", "count": 30, "unit": "stages"},
        {"kind": "Visites", "count": 4, "unit": "visites"},
    ],
    "total": 34,
    "filler": "Le partenaire accueille des stagiaires et contribue à l’évaluation de leurs compétences. " * 30,
    "address": "https://portail.invalid/v/ABCD-EFGH",
}


def sample_html(context: dict[str, Any] = CONTEXT) -> str:
    """Return the sample's HTML."""
    return render_template_to_html("rich", "v1", context, assets=ASSETS)


def sample_pdf(*, fields: tuple[SignatureField, ...] = FIELDS, context: dict[str, Any] = CONTEXT) -> bytes:
    """Return the sample as a PDF that carries its own context."""
    frozen = Attachment(
        name="donnees.json",
        content=json.dumps(context, ensure_ascii=False, sort_keys=True).encode(),
        mime="application/json",
        description="Données du document",
    )
    return render_pdf(
        sample_html(context),
        metadata=METADATA,
        assets=ASSETS.for_template("rich", "v1"),
        attachments=[frozen],
        signature_fields=fields,
    )
