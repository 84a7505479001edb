"""What a caller says about the file it wants: plain frozen values, no behaviour."""

from dataclasses import dataclass
from datetime import datetime

# The relationships that ISO 32000-2 §7.11.3 knows between a document and a file it carries.
RELATIONSHIPS = frozenset(
    {"Source", "Data", "Alternative", "Supplement", "EncryptedPayload", "FormData", "Schema", "Unspecified"}
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF, for example the frozen JSON context the document was made from."""

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str = "Source"

    def __post_init__(self) -> None:
        """Refuse a relationship that readers would not understand."""
        if self.relationship not in RELATIONSHIPS:
            raise ValueError(f"unknown relationship: {self.relationship}")


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """What the file says about itself. `created_at` must carry its time zone: it makes the bytes repeatable."""

    title: str
    author: str
    subject: str
    created_at: datetime
    language: str = "fr"
    keywords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what PDF/UA-1 refuses: no title, no language, a date without time zone."""
        if not self.title.strip() or not self.language.strip():
            raise ValueError("a PDF/UA document needs a title and a language")
        if self.created_at.tzinfo is None:
            raise ValueError("created_at needs a time zone")


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An invisible signature field made before the first signature; `label` is read out by screen readers.

    The visible box is drawn by the template: stamps made by signature libraries break PDF/A.
    """

    name: str
    label: str

    def __post_init__(self) -> None:
        """Refuse names that PDF reads as a hierarchy (a dot) and empty labels (PDF/UA-1 §7.18.1)."""
        if not self.name or "." in self.name:
            raise ValueError(f"a signature field needs a name without a dot: {self.name!r}")
        if not self.label.strip():
            raise ValueError("a signature field needs a readable label")
