"""One look at a page: its policy, axe at both widths, its pictures when asked for, its forms refused; all in a journal."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error

from tests.harness.accessibility import WIDTHS, faults_of
from tests.harness.browser import LivePortal
from tests.harness.look_journal import Entry, Form, Journal
from tests.harness.policy import Seen, Watch
from tests.harness.refused_forms import Refusals

# The page of a message as it is sent: drawn for programs of mail, and shown by the portal in a frame of its own.
AS_SENT = ("/html/", "/apercu/")
IS_FRAGMENT = "!document.doctype"
IS_EMPTY = "Boolean(document.querySelector('main .empty-state'))"
LINKS = "[...document.querySelectorAll('main a[href]')].map(link => link.href.split('#')[0])"
BROKEN = 500
UNREAD = Seen(0, "", "")


@dataclass
class Look:
    """Opens pages one after the other; `whole` says whether axe judges them and their forms are sent."""

    live: LivePortal
    watch: Watch
    journal: Journal
    whole: bool
    # What comes from an address that bears these words is no fault: a page that fails on purpose.
    ignoring: str = ""
    # Where the last page leads.
    links: list[str] = field(default_factory=list)
    refusals: Refusals = field(init=False)

    def __post_init__(self) -> None:
        self.refusals = Refusals(self.live.page, self._refused)

    def at(self, name: str, address: str, reader: str = "") -> Seen:
        """Open an address and write down all that is wrong with it and with its refused forms."""
        entry = Entry(self.journal.walk, name, address.removeprefix(self.live.url), reader)
        seen = self._opened(entry, address)
        entry.status, entry.kind = seen.status, seen.kind.partition(";")[0]
        if seen.kind.startswith("text/html"):
            entry.empty = self.live.page.evaluate(IS_EMPTY)
            self.links = list(dict.fromkeys(self.live.page.evaluate(LINKS)))
            entry.faults += [] if self.journal.knows(name) else self._judged(entry)
            if self.whole and seen.is_page and not self.journal.knows(name):
                entry.forms += self._forms(entry, address)
        if seen.status >= BROKEN and not self.ignoring:
            entry.faults.append(f"répond {seen.status}")
        entry.faults += self._told()
        if not self.journal.knows(name):
            self.journal.keep(entry)
        return seen

    def _opened(self, entry: Entry, address: str) -> Seen:
        try:
            return self.watch.open(address)
        except Error as error:
            entry.faults.append(f"ne s’ouvre pas : {error.message}")
            return UNREAD

    def _judged(self, entry: Entry) -> list[str]:
        """Have axe read the page on screen; a fragment is read in the page that holds it."""
        if any(part in entry.address for part in AS_SENT) or self.live.page.evaluate(IS_FRAGMENT):
            return []
        self._pictures(entry.name)
        if not self.whole:
            return []
        entry.widths = list(WIDTHS)
        return self._axe()

    def _axe(self) -> list[str]:
        try:
            return faults_of(self.live.page)
        except Error as error:
            return [f"axe n’a pas pu lire la page : {error.message}"]

    def _forms(self, entry: Entry, address: str) -> list[Form]:
        try:
            return self.refusals.of_the_page(self.live.url, address)
        except Error as error:
            entry.faults.append(f"un formulaire ne se lit pas : {error.message}")
            return []

    def _refused(self, address: str) -> list[str]:
        """Look at a refused form, which Refusals has put at its address."""
        self.watch.open(address)
        self._pictures(f"refus {urlsplit(address).path}")
        return self._axe() + self._told()

    def _told(self) -> list[str]:
        """Return what the browser complained of since it was last asked."""
        told = self.watch.faults + self.live.faults
        self.watch.faults.clear()
        self.live.faults.clear()
        return [fault for fault in told if not self.ignoring or self.ignoring not in fault.partition(": ")[2]]

    def _pictures(self, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            for width in WIDTHS:
                self.live.picture(Path(folder), name.strip("/").replace("/", "_")[:120] or "accueil", width)
