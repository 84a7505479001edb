"""The only files a document may read: the portal's own templates, fonts and pictures, through a closed fetcher."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from django.conf import settings
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from e2c_portal.documents.rendering.errors import AssetMissing, ForbiddenResource

# A name that can never be resolved (RFC 2606): assets are looked up in folders, the network is never asked.
# It also keeps the paths of the machine out of the file, so every machine makes the same bytes.
ORIGIN = "https://documents.invalid"
GIVEN = "/given/"

# mimetypes reads the machine's own tables: the few kinds we use must not depend on them.
KINDS = {
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class DocumentAssets:
    """Where the files of documents are, and the folder that relative addresses of a template start from.

    An asset's address is its path under `root`: `/static/fonts/serif.ttf`. Only files inside one of `allowed` are served.
    """

    root: Path
    allowed: tuple[Path, ...]
    templates: Path
    folder: Path | None = None
    # Pictures of one document, by name: `/given/<name>` reads them from memory, never from the disk.
    given: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def from_settings(cls) -> Self:
        """Read BASE_DIR, DOCUMENT_TEMPLATE_DIR and DOCUMENT_ASSET_DIRS."""
        return cls(
            root=Path(settings.BASE_DIR),
            allowed=tuple(Path(folder) for folder in settings.DOCUMENT_ASSET_DIRS),
            templates=Path(settings.DOCUMENT_TEMPLATE_DIR),
        )

    def for_template(self, kind: str, version: str) -> Self:
        """Return the same assets, relative addresses starting from the folder of this template."""
        return replace(self, folder=self.templates / kind / version)

    def with_given(self, pictures: Mapping[str, bytes]) -> Self:
        """Return the same assets and these pictures, printed from `/given/<name>`."""
        return replace(self, given=pictures)

    @property
    def base_url(self) -> str:
        """The address that relative addresses of the template start from."""
        if self.folder is None:
            return f"{ORIGIN}/"
        return f"{ORIGIN}/{self.folder.relative_to(self.root).as_posix()}/"

    def locate(self, url: str) -> Path:
        """Return the file behind `url`. Raises ForbiddenResource outside the allowed folders, AssetMissing if absent."""
        if not url.startswith(f"{ORIGIN}/"):
            raise ForbiddenResource(url)
        try:
            path = (self.root / unquote(urlsplit(url).path).lstrip("/")).resolve()
        except (ValueError, OSError) as error:
            raise ForbiddenResource(url) from error
        # Resolved first: a link inside an allowed folder must not lead out of it.
        if not any(path.is_relative_to(folder.resolve()) for folder in self.allowed):
            raise ForbiddenResource(url)
        if not path.is_file():
            raise AssetMissing(url)
        return path


class FatalAssetError(FatalURLFetchingError):
    """Stops the engine, which swallows ordinary errors and would draw the document without the asset."""


class ClosedFetcher(URLFetcher):
    """Serves allowed assets from the disk; anything else stops the document. It has no way to reach a network."""

    def __init__(self, assets: DocumentAssets) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.assets = assets
        self.base_url = assets.base_url
        self.refusal: ForbiddenResource | AssetMissing | None = None

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the content of an allowed asset. Raises FatalAssetError for everything else."""
        name = url.removeprefix(f"{ORIGIN}{GIVEN}")
        if name in self.assets.given:
            return URLFetcherResponse(url, self.assets.given[name], {"Content-Type": KINDS[Path(name).suffix.lower()]})
        try:
            path = self.assets.locate(url)
        except (ForbiddenResource, AssetMissing) as refusal:
            self.refusal = refusal
            raise FatalAssetError(url) from refusal
        kind = KINDS.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
