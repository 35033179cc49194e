"""What went wrong in a browser while nobody looked, and what a page looks like to a machine."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

# Without `preload` axe does not fetch the stylesheets once more, for an experiment of its own.
AXE: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
# Four fifths of axe's time go into contrast, which depends on what a thing is and not on its place
# in a list: it is measured apart, on the first few of each.
CONTRAST = "color-contrast"
FIRST_FEW = {"exclude": [[".list > :nth-child(n+5)"], [".grid-cats > :nth-child(n+5)"]]}
VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.reportViolation(`${event.violatedDirective} refused ${event.blockedURI}`));
"""
# Buffered entries arrive after a task; two frames later nothing that was painted is missing.
# Under a ten-thousandth is an icon behind a word, moved by the pixels that the word grew: with
# `font-display: optional` a face may still come in the tenth of a second after the first paint.
SHIFTS = """
() => new Promise((resolve) => {
  const found = [];
  const name = ({node}) => node?.parentElement?.outerHTML.slice(0, 90);
  const read = (entries) => entries.filter(({value}) => value >= 0.0001).forEach(
    ({value, sources}) => found.push(`${value}: ${sources.map(name)}`));
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

    def __init__(
        self, context: BrowserContext, site: str, failing: str = "", also: str = ""
    ) -> None:
        self.sites = tuple(f"{url}/" for url in (site, also) if url)
        self.failing = failing
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
        if self.failing and (
            message.text.startswith("htmx:")
            or self.failing in message.text + message.location["url"]
        ):
            return
        if not (is_load and message.location["url"] in self.error_pages):
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((*self.sites, "data:")):
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
    page.wait_for_load_state()  # a click waits for a new page to begin, and no longer
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def open_all_details(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach((it) => { it.open = true })")


def axe_violations(page: Page, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return each rule of axe, `but` contrast and those named, that is broken, and by what."""
    return _axe(page, {}, {"rules": {name: {"enabled": False} for name in (CONTRAST, *but)}})


def faint_text(page: Page) -> list[str]:
    """Return the text that stands out too little from what is behind it, WCAG's level AA."""
    return _axe(page, FIRST_FEW, {"runOnly": [CONTRAST]})


def _axe(page: Page, context: dict[str, Any], options: dict[str, Any]) -> list[str]:
    page.wait_for_load_state()  # see too_wide
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    context = {"include": [["html"]], **context}
    results = page.evaluate("given => axe.run(...given)", [context, {**AXE, **options}])
    return [
        f"{broken['id']}: {' | '.join(str(node['target']) for node in broken['nodes'])}"
        for broken in results["violations"]
    ]
