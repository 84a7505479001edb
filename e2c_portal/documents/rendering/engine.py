"""HTML in, one PDF/A-3a and PDF/UA-1 file out, the same bytes for the same input."""

import io
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC

from weasyprint import Attachment as EmbeddedFile
from weasyprint import Document
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.urls import FatalURLFetchingError

from e2c_portal.documents.rendering.accessibility import make_universally_accessible
from e2c_portal.documents.rendering.assets import ORIGIN, ClosedFetcher, DocumentAssets
from e2c_portal.documents.rendering.collection_pause import paused_collection
from e2c_portal.documents.rendering.description import Attachment, PdfMetadata, SignatureField
from e2c_portal.documents.rendering.errors import ForbiddenResource, RenderingError, TemplateFault
from e2c_portal.documents.rendering.fonts import DeclaredFonts, refuse_unprintable_characters
from e2c_portal.documents.rendering.html_tree import page_of
from e2c_portal.documents.rendering.kept_styles import styles_for
from e2c_portal.documents.rendering.signature_fields import add_signature_fields
from e2c_portal.documents.rendering.written_once import write_each_object_once

ENGINE_LOG = logging.getLogger("weasyprint")
VARIANT = "pdf/a-3a"
# The engine checks its input with assertions: whatever it trips on comes from the template. The interruptions that a worker
# raises when a job lasts too long are none of these, and pass through.
ENGINE_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def render_pdf(
    html: str,
    *,
    metadata: PdfMetadata,
    assets: DocumentAssets | None = None,
    attachments: Sequence[Attachment] = (),
    signature_fields: Sequence[SignatureField] = (),
) -> bytes:
    """Return the document as one PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) file.

    The same arguments give the same bytes: dates come from `metadata`, fonts and pictures from `assets` alone.
    Rules for the HTML: all text in p, li, td, th or h1-h6, no block inside p, a `<title>` in each `<svg>`, an `alt` on each
    image, no link in page margins, fonts declared with @font-face.

    Raises MissingGlyphs, ForbiddenResource, AssetMissing, TemplateFault.
    """
    fetcher = ClosedFetcher(assets or DocumentAssets.from_settings())
    try:
        with paused_collection(), _engine_complaints() as complaints:
            return _draw(html, metadata, attachments, signature_fields, fetcher, complaints)
    except FatalURLFetchingError as fatal:
        raise _reason(fatal, fetcher) from fatal
    except RenderingError:
        raise
    except ENGINE_FAULTS as error:
        raise TemplateFault(f"la mise en page a échoué ({type(error).__name__} : {error}).") from error


def _reason(fatal: FatalURLFetchingError, fetcher: ClosedFetcher) -> BaseException:
    """Return what stopped the reading of an asset: the engine hides it, even a worker's interruption, behind a fault of its own."""
    cause = fatal.__cause__
    if cause is None or isinstance(cause, (FatalURLFetchingError, *ENGINE_FAULTS)):
        return fetcher.refusal or ForbiddenResource(str(fatal))
    return cause


def _draw(
    html: str,
    metadata: PdfMetadata,
    attachments: Sequence[Attachment],
    signature_fields: Sequence[SignatureField],
    fetcher: ClosedFetcher,
    complaints: list[str],
) -> bytes:
    with styles_for(html, fetcher) as (body, styles):
        document = page_of(body, fetcher).render(
            font_config=styles.fonts, stylesheets=styles.sheets, pdf_variant=VARIANT
        )
        _refuse_foreign_links(document)
        document.metadata = _document_metadata(metadata)
        return _written(document, styles.fonts, metadata, attachments, signature_fields, fetcher, complaints)


def _written(
    document: Document,
    fonts: DeclaredFonts,
    metadata: PdfMetadata,
    attachments: Sequence[Attachment],
    signature_fields: Sequence[SignatureField],
    fetcher: ClosedFetcher,
    complaints: list[str],
) -> bytes:
    def finish(finished: Document, pdf: object) -> None:
        # Drawings (SVG) swallow even fatal errors: the fetcher remembers.
        if fetcher.refusal:
            raise fetcher.refusal
        refuse_unprintable_characters(finished, fonts)
        make_universally_accessible(finished, pdf)
        _refuse_complaints(complaints)
        add_signature_fields(pdf, signature_fields)
        write_each_object_once(pdf)

    return document.write_pdf(
        finisher=finish,
        pdf_variant=VARIANT,
        attachments=[_embedded(item, metadata) for item in attachments],
    )


def _refuse_foreign_links(document: Document) -> None:
    # Files are attached by the caller alone: an attachment asked by the text would carry today's date and a foreign content.
    if document.metadata.attachments:
        raise ForbiddenResource("<link rel=attachment>")
    for page in document.pages:
        for kind, target, *_place in page.links:
            if kind == "attachment":
                raise ForbiddenResource(target)
            if kind == "external" and target.startswith(ORIGIN):
                raise TemplateFault(f"un lien relatif ne mène nulle part hors du portail ({target[len(ORIGIN) :]}).")


def _document_metadata(metadata: PdfMetadata) -> DocumentMetadata:
    created = metadata.created_at.isoformat(timespec="seconds")
    return DocumentMetadata(
        title=metadata.title,
        authors=[metadata.author],
        description=metadata.subject,
        keywords=list(metadata.keywords),
        created=created,
        modified=created,
        lang=metadata.language,
    )


def _embedded(item: Attachment, metadata: PdfMetadata) -> EmbeddedFile:
    # The engine writes these dates as UTC without converting them.
    date = metadata.created_at.astimezone(UTC)
    embedded = EmbeddedFile(
        file_obj=io.BytesIO(),
        name=item.name,
        description=item.description,
        created=date,
        modified=date,
        relationship=item.relationship,
    )
    embedded.source = _opened(item)
    return embedded


@contextmanager
def _opened(item: Attachment) -> Iterator[tuple[io.BytesIO, None, None, str]]:
    # The shape of weasyprint.urls.select_source: the only way to state the media type instead of having it guessed.
    yield io.BytesIO(item.content), None, None, item.mime


def _refuse_complaints(complaints: list[str]) -> None:
    if complaints:
        raise TemplateFault(f"{complaints[0]}.")


class _ThreadLog(logging.Handler):
    """Collects the errors that the engine logs instead of raising, those of this thread only."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(level=logging.ERROR)
        self._complaints = complaints
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        if record.thread == self._thread:
            self._complaints.append(record.getMessage())


@contextmanager
def _engine_complaints() -> Iterator[list[str]]:
    complaints: list[str] = []
    handler = _ThreadLog(complaints)
    ENGINE_LOG.addHandler(handler)
    try:
        yield complaints
    finally:
        ENGINE_LOG.removeHandler(handler)
