"""The baseline of every page: axe finds nothing, and nothing must be scrolled sideways, on a phone and on a desk."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (320, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": RULES},
    # Preloading copies the style sheets into the page, and our content security policy rightly refuses that.
    "preload": False,
    # Describing each element that passed takes as long as judging the page.
    "resultTypes": ["violations"],
}


def assert_accessible(page: Page) -> None:
    """Raise AssertionError with the faults of the page as it stands now, at 320 and 1280 pixels wide."""
    faults = faults_of(page)
    assert not faults, f"{page.url}\n" + "\n".join(faults)


def faults_of(page: Page) -> list[str]:
    """Return the faults of the page as it stands now, at 320 and 1280 pixels wide."""
    before = page.viewport_size
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    faults = [fault for width in WIDTHS for fault in _faults_at(page, width)]
    if before:
        page.set_viewport_size(before)
    return faults


def _faults_at(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    # The violations alone come back: the rest of the report is long to carry, and nobody reads it.
    found = page.evaluate("options => axe.run(options).then(report => report.violations)", OPTIONS)
    faults = [
        f"{width} px, {violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html']}\n    {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
    needed = page.evaluate("document.documentElement.scrollWidth")
    if needed > width:
        faults.append(f"{width} px: the page is {needed} px wide and scrolls sideways")
    return faults
