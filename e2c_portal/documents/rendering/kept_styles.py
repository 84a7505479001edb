"""Style sheets and fonts read once in a process, and given to each document of the same template after that.

The engine's public way: `CSS` objects and their `FontConfiguration`, given to `render`. They count as sheets of the reader and
no longer of the author, which changes nothing as long as the document has no other style of its own: such a document, or one
that links its sheets in a way we do not know, is drawn the full way.
"""

import atexit
import os
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from weasyprint import CSS
from weasyprint.urls import URLFetcherResponse

from e2c_portal.documents.rendering.assets import GIVEN, ORIGIN, ClosedFetcher
from e2c_portal.documents.rendering.fonts import DeclaredFonts

LINK = re.compile(r'<link rel="stylesheet" href="([\w./-]+)">')
# Styles whose place among those of the sheets depends on whom the sheets belong to, and what moves relative addresses.
OWN_STYLES = re.compile(r"<style|\bstyle\s*=|<base", re.IGNORECASE)
ANY_LINK = re.compile(r"<link", re.IGNORECASE)
# A portal has fifteen templates; each set of sheets holds a few megabytes of fonts.
GREATEST_NUMBER = 24


@dataclass(frozen=True, slots=True)
class Styles:
    """Sheets, and the fonts that they declare."""

    fonts: DeclaredFonts
    sheets: tuple[CSS, ...] = ()
    # When the files behind the sheets were last written: what changed is read again.
    stamps: dict[Path, int] = field(default_factory=dict)

    @property
    def current(self) -> bool:
        """Tell whether no file changed since the sheets were read."""
        return all(_stamp(path) == stamp for path, stamp in self.stamps.items())


_lock = threading.Lock()
_kept: dict[tuple[object, ...], Styles] = {}


@contextmanager
def styles_for(html: str, fetcher: ClosedFetcher) -> Iterator[tuple[str, Styles]]:
    """Lend the styles of a document, and its HTML without what links to them.

    Nobody else has them meanwhile: the engine's fonts serve one document at a time. They are kept for the next one when all
    goes well. Raises what reading them raises.
    """
    links = LINK.findall(html)
    if not links or OWN_STYLES.search(html) or len(ANY_LINK.findall(html)) != len(links):
        yield html, Styles(DeclaredFonts())
        return
    urls = [urljoin(fetcher.base_url, link) for link in links]
    key = (os.getpid(), fetcher.assets.root, fetcher.assets.allowed, *urls)
    styles = _taken(key) or _read(urls, fetcher)
    if styles is None:
        yield html, Styles(DeclaredFonts())
        return
    # The links stay, and lead nowhere: the tree keeps its shape.
    yield LINK.sub("<link>", html), styles
    _give_back(key, styles)


def forget_styles() -> None:
    """Forget the sheets, and remove the fonts that the engine keeps in temporary files for them."""
    with _lock:
        _kept.clear()


# A process that ends in order leaves no temporary file.
atexit.register(forget_styles)


def _taken(key: tuple[object, ...]) -> Styles | None:
    with _lock:
        styles = _kept.pop(key, None)
    return styles if styles and styles.current else None


def _give_back(key: tuple[object, ...], styles: Styles) -> None:
    with _lock:
        _kept[key] = styles
        while len(_kept) > GREATEST_NUMBER:
            # The one that has not served for the longest time: what serves is put back last.
            del _kept[next(iter(_kept))]


def _read(urls: Sequence[str], fetcher: ClosedFetcher) -> Styles | None:
    """Return the sheets and their fonts, None when they hold what must be read again for each document."""
    if any(not url.startswith(f"{ORIGIN}/") or url.startswith(f"{ORIGIN}{GIVEN}") for url in urls):
        return None
    fonts, counters, profiles = DeclaredFonts(), dict[str, object](), dict[str, object]()
    noting = _NotingFetcher(fetcher)
    sheets = tuple(
        CSS(url=url, url_fetcher=noting, font_config=fonts, counter_style=counters, color_profiles=profiles)
        for url in urls
    )
    if counters or profiles or any(sheet.layers for sheet in sheets):
        return None
    return Styles(fonts, sheets, noting.stamps)


class _NotingFetcher(ClosedFetcher):
    """Reads for a document's fetcher, and remembers which files."""

    def __init__(self, fetcher: ClosedFetcher) -> None:
        super().__init__(fetcher.assets)
        self._fetcher = fetcher
        self.stamps: dict[Path, int] = {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return what the document's fetcher returns. Raises what it raises."""
        answer = self._fetcher.fetch(url, headers)
        path = self._fetcher.assets.locate(url)
        self.stamps[path] = _stamp(path)
        return answer


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
