"""What the browser refuses of a page because of its policy, and what it fails to load: listened to while pages are walked."""

from dataclasses import dataclass, field

from playwright.sync_api import Error, Page, Request, Response

REFUSED = "refusedByPolicy"
LISTEN = f"""
window.{REFUSED} = [];
document.addEventListener("securitypolicyviolation", event => window.{REFUSED}.push(
  `${{event.effectiveDirective}} refused ${{event.blockedURI}} ${{event.sample}} ${{event.sourceFile || ""}}:${{event.lineNumber}}`));
"""
HTML = "text/html"
# What Playwright says of an address that answers with a file to keep, or with nothing to show.
NO_PAGE = ("Download is starting", "net::ERR_ABORTED")


@dataclass(frozen=True)
class Seen:
    """What an address answered: its status, its type, and where it led."""

    status: int
    kind: str
    path: str

    @property
    def is_page(self) -> bool:
        """Say whether somebody read a page that is no refusal."""
        return self.kind.startswith(HTML) and self.status < 400


@dataclass
class Watch:
    """Opens pages and gathers what the policy refused and what did not load, each with the page that caused it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    here: str = ""

    def __post_init__(self) -> None:
        self.page.add_init_script(LISTEN)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def open(self, url: str) -> Seen:
        """Open an address, note what its page did wrong, and return what it answered."""
        self.here = url
        try:
            answer = self.page.goto(url)
        except Error as error:
            if not any(words in error.message for words in NO_PAGE):
                raise
            return Seen(200, "a file", url)
        self.look()
        if answer is None:
            return Seen(200, HTML, self.page.url)
        return Seen(answer.status, answer.headers.get("content-type", ""), self.page.url)

    def look(self) -> None:
        """Note what the policy refused to the page on screen."""
        self.faults += [f"{self.here}: {told}" for told in self.page.evaluate(f"window.{REFUSED} || []")]

    def _failed(self, request: Request) -> None:
        # A page that is left, and a file that is kept, end their own request.
        if request.resource_type != "document" and "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"{self.here}: {request.url} failed, {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.request.resource_type != "document" and response.status >= 400:
            self.faults.append(f"{self.here}: {response.url} answered {response.status}")
