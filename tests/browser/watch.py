"""What went wrong in a browser while nobody looked, and what a page looks like to a machine."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

# Not fetching the stylesheets once more: what axe reads of them is an experiment of its own.
AXE = {"resultTypes": ["violations"], "preload": False}
VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.reportViolation(`${event.violatedDirective} refused ${event.blockedURI}`));
"""
# Buffered entries arrive after a task; two frames later nothing that was painted is missing.
SHIFTS = """
() => new Promise((resolve) => {
  const found = [];
  const read = (entries) => entries.forEach((entry) => found.push(
    `${entry.value}: ${entry.sources.map(({node}) => node?.className || node?.nodeName)}`));
  const observer = new PerformanceObserver((list) => read(list.getEntries()));
  observer.observe({type: "layout-shift", buffered: true});
  const resolveNow = () => { read(observer.takeRecords()); resolve(found); };
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolveNow)));
})
"""
FACES = """
async () => [...await document.fonts.ready]
  .filter(({status}) => status === "loaded").map(({family}) => family)
"""
TOO_WIDE = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const inside = (element) => element.getBoundingClientRect().right <= root.clientWidth;
  const name = (element) => `${element.nodeName.toLowerCase()}.${element.className}`;
  return [`${root.scrollWidth} px`, ...[...document.body.querySelectorAll("*")]
    .filter((element) => !inside(element)).slice(0, 9).map(name)];
}
"""


class Watch:
    """Collects what no page may do: talk to the console, to another host, or break its policy."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.complaints: list[str] = []
        # An error page is itself a resource that failed to load; the console always says so.
        self.error_pages: set[str] = set()
        context.on("console", self._console)
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        context.expose_function(
            "reportViolation", lambda text: self.complaints.append(f"policy: {text}")
        )
        context.add_init_script(VIOLATIONS)

    def _console(self, message: ConsoleMessage) -> None:
        is_load = message.text.startswith("Failed to load resource")
        if not (is_load and message.location["url"] in self.error_pages):
            self.complaints.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:")):
            self.complaints.append(f"request: {request.url}")


def layout_shifts(page: Page) -> list[str]:
    """Return each shift since the page was opened, and what moved."""
    found: list[str] = page.evaluate(SHIFTS)
    return found


def faces(page: Page) -> set[str]:
    """Return the names of the fonts that were loaded; none is on the reader's machine."""
    names: list[str] = page.evaluate(FACES)
    return {name.strip('"') for name in names}


def too_wide(page: Page) -> list[str]:
    """Return how wide the page is and the elements that stick out, when it scrolls sideways."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def open_all_details(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach((it) => { it.open = true })")


def axe_violations(page: Page) -> list[str]:
    """Return each broken rule of axe with the elements that break it."""
    violations: list[dict[str, Any]] = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{broken['id']}: {' | '.join(str(node['target']) for node in broken['nodes'])}"
        for broken in violations
    ]
