"""Drawing of documents: strict template, closed resources, PDF/A-3a and PDF/UA-1 in one repeatable file.

Pure functions: no database, and settings are read through `DocumentAssets.from_settings()` alone.
"""

from e2c_portal.documents.rendering.assets import DocumentAssets
from e2c_portal.documents.rendering.collection_pause import paused_collection
from e2c_portal.documents.rendering.description import Attachment, PdfMetadata, SignatureField
from e2c_portal.documents.rendering.engine import render_pdf
from e2c_portal.documents.rendering.errors import (
    AssetMissing,
    ForbiddenResource,
    MissingGlyphs,
    RenderingError,
    TemplateFault,
    TemplateMissing,
    UndefinedWord,
    UnsuitableContext,
)
from e2c_portal.documents.rendering.kept_styles import forget_styles
from e2c_portal.documents.rendering.templating import render_template_to_html

__all__ = [
    "AssetMissing",
    "Attachment",
    "DocumentAssets",
    "ForbiddenResource",
    "MissingGlyphs",
    "PdfMetadata",
    "RenderingError",
    "SignatureField",
    "TemplateFault",
    "TemplateMissing",
    "UndefinedWord",
    "UnsuitableContext",
    "forget_styles",
    "paused_collection",
    "render_pdf",
    "render_template_to_html",
]
