"""Notes of readers and editors: Markdown in, safe HTML out. Pure; knows no models.

HTML in a note is text, an image is a link to it, a heading a bold line: the page's own headings
stay an outline of papers. Links lead to the web or to mail. What stands between dollar signs is
left as it was typed. Whatever the parser gives passes an allow-list once more.
"""

import re
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline

# Each asks the parser to look at all that follows; 10,000 of them would take a quarter of a second.
MOST_BRACKETS = 400

_FORMULA = re.compile(r"\$\$[^$\n]{1,1000}\$\$|\$(?![\s$])[^$\n]{1,1000}(?<!\s)\$(?!\d)")
_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)
_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    link_rel="nofollow noopener",
    url_schemes={"http", "https", "mailto"},
)


def to_html(note: str) -> str:
    """Return the note as safe HTML; a line break is one."""
    if note.count("[") > MOST_BRACKETS:
        return f"<pre>{escape(note)}</pre>"
    return _CLEANER.clean(_MARKDOWN.render(note))


def _formula(state: StateInline, silent: bool) -> bool:
    """Take a formula as it stands: its _ and \\ are no markup."""
    if state.src[state.pos] != "$":
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.pending += match[0]
    state.pos = match.end()
    return True


class _Renderer(RendererHTML):
    def heading_open(self, *_: object) -> str:
        return "<p><strong>"

    def heading_close(self, *_: object) -> str:
        return "</strong></p>\n"


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
# A tag, a comment or an entity's raw form is never asked for: with `html` off they are text.
_MARKDOWN.disable(["image", "html_block", "html_inline", "reference"])
_MARKDOWN.validateLink = lambda url: _ADDRESS.match(url) is not None  # type: ignore[method-assign]
_MARKDOWN.enable("strikethrough")
_MARKDOWN.inline.ruler.before("escape", "formula", _formula)
