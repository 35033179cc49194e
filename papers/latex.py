r"""The TeX-bearing text of titles and abstracts, as safe HTML with MathML and as plain text.

Knows how authors write TeX into running text and which HTML a page may hold; must not know papers,
pages or the database. It is a reader of text, not a TeX engine: what it does not know stays as
typed, so that no word is ever lost, and an author's own macros are shown, not guessed.

The text is other people's. math-core crashes the process on deep nesting, so long, deep and
self-defining expressions are never given to it; nh3 is quadratic in nesting, so tags are opened
only so deep. Everything that leaves `to_html` has passed the allow-list.
"""

import re
import threading
from functools import lru_cache
from html import escape
from unicodedata import normalize

import math_core
import nh3
from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

__all__ = ["MAX_SOURCE", "to_html", "to_text"]

MAX_SOURCE = 50_000
_MAX_EXPRESSION = 1_000
_MAX_BRACES = 100
_MAX_OPEN_TAGS = 20
_WIDE = 24

# Marks of our own, which no text may hold: around a formula until words are glued to it.
_START, _END, _PARAGRAPH = "\ufdd0", "\ufdd1", "\ufdd2"
_UNUSABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ud800-\udfff]")

# Possessive, and never past the next delimiter or a blank line: the scan stays linear.
_BODY = r"(?:[^$\\\n]|\\.|\n(?![ \t]*\n))++"
_BRACKETED = r"(?:[^\\\n]|\\[^()\[\]]|\n(?![ \t]*\n))++"
_TOKEN = re.compile(
    rf"""(?=[\\$~{{}}`'^_\n\-h])(?:
      (?P<math>\$\${_BODY}\$\$ | \\\[{_BRACKETED}\\\] | \${_BODY}\$ | \\\({_BRACKETED}\\\))
    | (?P<accent>\\['"`^~=.]\s?(?:\{{\s?\\?[A-Za-z]\s?\}} | \\[ij](?![A-Za-z]) | [A-Za-z])
        | \\[Hcvukrd](?:\s?\{{\s?\\?[A-Za-z]\s?\}} | \s[A-Za-z](?![A-Za-z])))
    | (?P<command>\\[A-Za-z]+\*?)
    | (?P<url>https?://(?:[^\s<>{{}}\\$"^`|] | \\[_%\#&~]){{1,2000}}(?<![.,;:!?'"*]))
    | (?P<raised>[\^_]\{{) | (?P<open>\{{) | (?P<close>\}}) | (?P<tie>~)
    | (?P<paragraph>\n[ \t]*\n\s*)
    | (?P<sign>\\. | `` | '' | (?<![-<!])-{{2,3}}(?![->]))
    )""",
    re.VERBOSE | re.DOTALL,
)
_ARGUMENT = re.compile(r"(?:\s*\[[^\][]*\]){0,2}\s*\{([^{}]*)\}")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
# A set or an interval, which somebody meant to print with its braces.
_SET = re.compile(r"\{[^{}\\,|;=<>]*+[,|;=<>][^{}]*+\}|\{\s*+-?[0-9.]*+\s*+\}")
_TWO_WORDS = re.compile(r"[A-Za-z]{3,}[ ,.][^$]*\b[A-Za-z]{3}")

# Definitions can grow without bound, lengths can push a page apart, references lead nowhere.
_REFUSED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|[egx]?def|let|hspace|hskip|m?kern"
    r"|mspace|mskip|genfrac|above|raisebox|(?:eq|auto|c)?ref|label|tag|input|include|today)(?![a-z])"
)
_MACROS = {
    **dict.fromkeys(("hbox", "mbox", "textnormal", "textup"), r"\text{#1}"),
    **dict.fromkeys(("nicefrac", "sfrac"), "{#1}/{#2}"),
    **{"AA": r"\text{Å}", "bm": r"\boldsymbol{#1}", "ensuremath": "{#1}", "xspace": ""},
    **{"SI": r"#1\,\mathrm{#2}", "substack": r"\begin{matrix}#1\end{matrix}"},
    **{"mathbbm": r"\mathbb{#1}", "mathds": r"\mathbb{#1}", "widetilde": r"\tilde{#1}"},
}
_MATHML = math_core.LatexToMathML(macros=_MACROS, fancy_error=False)


def _names(text: str) -> set[str]:
    return set(text.split())


_MATHML_TAGS = _names(
    "math mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt"
    " mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)
_LAYOUT = {"displaystyle", "linethickness", "scriptlevel"}
_CLEANER = nh3.Cleaner(
    tags=_MATHML_TAGS | _names("a code em p span strong sub sup"),
    attributes={
        **dict.fromkeys(("mfrac", "mrow", "mstyle", "mtable"), _LAYOUT),
        **{"a": {"href"}, "math": {"display"}, "mi": {"mathvariant"}, "mover": {"accent"}},
        **{"mpadded": {"width", "height"}, "mspace": {"width"}, "munder": {"accentunder"}},
        "mo": _names("form largeop lspace maxsize minsize movablelimits rspace stretchy symmetric"),
    },
    allowed_classes={"code": {"tex"}, "span": {"nb", "wide"}},
    link_rel="nofollow noopener",
    url_schemes={"http", "https"},
)

_PLAIN = LatexNodes2Text(math_mode="text")
_PLAIN_LOCK = threading.Lock()
_FUNCTION = re.compile(r"(?<=[\w)}])\s*(?=\\(?:arg|log|ln|exp|min|max|sin|cos|tan|operatorname))")
# A script or a part of a fraction that needs parentheses once its braces are gone.
_COMPOUND = re.compile(
    r"(?:(?<=[\^_}])|(?<=frac))\{(?!\([^()]*\)\}|[-+]\w+\})([^{}]*[^{}\w.\\*][^{}]*)\}"
)
_AFTER_SIGN = re.compile("(?<=\\S)([×÷±·\u2190-\u22ff]) ")

_TAGS = {
    **{"emph": "em", "textit": "em", "textsl": "em", "textbf": "strong", "texttt": "code"},
    **{"textsuperscript": "sup", "textsubscript": "sub"},
    **dict.fromkeys(_names("text textrm textsc textsf textup textnormal mbox hbox underline"), ""),
    **dict.fromkeys(_names("ensuremath operatorname mathrm mathcal mathsf mathbb mathbf SI"), ""),
}
_SWITCHES = {"em": "em", "it": "em", "sl": "em", "itshape": "em", "bf": "strong", "tt": "code"}
_UNSEEN = _names("rm sf sc scshape normalfont small large noindent protect displaystyle xspace par")
_LETTERS = _names("aa AA ae AE oe OE o O l L ss i j dh DH th TH dj DJ ng NG")
_WITH_KEYS = re.compile(r"(?:text|paren)?[Cc]ite[a-z]*|(?:eq|auto|[cC])?ref")
_SILENT = _names("label vspace hspace begin end color textcolor href")
# Combining characters, in the order of their commands below.
_MARKS = "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u030b\u0327\u030c\u0306\u0328\u030a\u0323"
_ACCENTS = dict(zip("'`^\"~=.Hcvukrd", _MARKS, strict=True))
_TYPED = {
    **{"--": "–", "---": "—", "``": "“", "''": "”", "\\,": "\u00a0"},
    **dict.fromkeys(["\\\\", "\\ ", "\\\n", "\\;", "\\:"], " "),
    **dict.fromkeys(["\\!", "\\/", "\\-", "\\@"], ""),
    **{f"\\{sign}": sign for sign in "%&#_{}$"},
}
_SIGNS = {
    **{"ie": "i.e.", "eg": "e.g.", "Ie": "I.e.", "Eg": "E.g.", "etc": "etc.", "etal": "et al."},
    **{"wrt": "w.r.t.", "vs": "vs.", "TeX": "TeX", "LaTeX": "LaTeX", "deg": "°", "degree": "°"},
    **{"S": "§", "P": "¶", "ddag": "‡", "prime": "′", "textless": "<", "textgreater": ">"},
    **{"textasciicircum": "^", "textasciitilde": "~", "textbackslash": "\\", "item": " • "},
    **{name: name for name in _names("arg cos exp inf lim ln log max min sin sup tan")},
}
# Greek, arrows, relations, letters.
for _known in get_default_latex_context_db().iter_macro_specs():
    if len(sign := str(_known.simplify_repl)) == 1 and not sign.isascii():
        _SIGNS.setdefault(_known.macroname, sign)

# What stands at a formula without a blank; Chinese and Japanese break anywhere.
_GLUE = "[^\\s<>&;\u2e80-\uffff]"
_HEAD = re.compile(rf"{_GLUE}+\Z")
_FORMULAS = re.compile(
    rf"{_START}[^{_END}]*{_END}(?:{_GLUE}{{0,10}}{_START}[^{_END}]*{_END}){{0,3}}"
    rf"(?:(?<=</span>{_END}){_GLUE}?|{_GLUE}{{0,20}})"
)


def to_html(source: str, *, block: bool = False) -> str:
    """Safe HTML: phrasing content for a title, which may stand inside a link; with `block`,
    paragraphs in <p> whose URLs are links. Beyond MAX_SOURCE it is cut, and its TeX left alone."""
    source = _usable(source)
    if len(source) > MAX_SOURCE:
        body = escape(source[:MAX_SOURCE], quote=False) + "…"
    else:
        body = _glued(_Walk(source, markup=True, block=block).run())
    body = _BLANKS.sub(" ", body).strip(" ")
    if block:
        paragraphs = [text.strip(" ") for text in body.split(_PARAGRAPH)]
        body = "".join(f"<p>{text}</p>" for text in paragraphs if text)
    return _CLEANER.clean(body)


def to_text(source: str) -> str:
    """Plain text on one line, formulas in Unicode; not escaped."""
    source = _usable(source)
    if len(source) > MAX_SOURCE:
        return " ".join(source[:MAX_SOURCE].split()) + "…"
    return " ".join(_Walk(source, markup=False, block=False).run().split())


def _usable(source: str) -> str:
    return _UNUSABLE.sub("\ufffd", source.replace("\r\n", "\n").replace("\r", "\n"))


def _brace_pairs(source: str) -> dict[int, int]:
    pairs, opened = {}, []
    for brace in re.finditer(r"\\.|[{}]", source, re.DOTALL):
        if brace.group() == "{":
            opened.append(brace.start())
        elif brace.group() == "}" and opened:
            pairs[opened.pop()] = brace.start()
    return pairs


def _is_formula(source: str, start: int, end: int) -> bool:
    """Whether what stands between two dollar signs was meant as one, and not as two prices."""
    before, body, after = (
        source[start - 1 : start],
        source[start + 1 : end - 1],
        source[end : end + 1],
    )
    has_tex = re.search(r"[\\^_={}<>|+*/]", body) is not None
    if body.isspace() or (after.isdigit() and "\\" not in body and re.search(r"\w", body)):
        return False
    if body[0].isspace() or body[-1].isspace():
        return has_tex or (body[0].isspace() and len(body.split()) == 1 and not before.isalnum())
    return has_tex or not _TWO_WORDS.search(body, 0, 200)


def _is_safe(tex: str) -> bool:
    is_small = len(tex) <= _MAX_EXPRESSION and tex.count("{") <= _MAX_BRACES
    return is_small and not _REFUSED.search(tex)


@lru_cache(maxsize=4096)
def _formula_html(tex: str, is_display: bool) -> str:
    raw = f'<code class="tex">{escape(tex, quote=False)}</code>'
    if not _is_safe(tex):
        return raw
    try:
        formula = _MATHML.convert_with_local_state(tex, displaystyle=is_display)
    except math_core.LatexError:
        return raw
    if is_display or len(tex) > _WIDE:
        formula = f'<span class="wide">{formula}</span>'
    return f"{_START}{formula}{_END}"


@lru_cache(maxsize=4096)
def _formula_text(tex: str) -> str:
    if not re.search(r"[\\{}~%]", tex) or not _is_safe(tex):
        return tex
    # What the converter does not know or would leave out, by what it knows.
    plain = re.sub(r"\\[dt]frac", r"\\frac", tex.replace(r"\wide", "\\").replace("texttt", "text"))
    plain = _COMPOUND.sub(r"{(\1)}", _FUNCTION.sub(r"\\ ", plain))
    try:
        # The converter changes itself while it is inside a formula.
        with _PLAIN_LOCK:
            plain = _PLAIN.latex_to_text(f"${plain}$")
    except Exception:  # whatever a parser of anything may raise: the title is shown all the same
        return tex
    plain = re.sub("[\U0001d400-\U0001d7ff]", lambda sign: normalize("NFKC", sign[0]), plain)
    plain = _AFTER_SIGN.sub(r"\1", plain.replace("^∘", "°").replace("^'", "′"))
    return plain.strip() or tex


def _glued(html: str) -> str:
    """Keeps `$n$-Fold` and `$n$,` on one line: a browser may break on both sides of a formula. At
    a wide one a single character is enough, and the rest of a long word may go on below."""
    out: list[str] = []
    done = 0
    for found in _FORMULAS.finditer(html):
        start = found.start()
        reach = 1 if html.startswith("<span", start + 1) else 20
        head = _HEAD.search(html, max(done, start - reach), start)
        start = head.start() if head else start
        glued = html[start : found.end()]
        is_alone = glued[0] == _START and glued[-1] == _END and glued.count(_START) == 1
        out.append(html[done:start] + (glued if is_alone else f'<span class="nb">{glued}</span>'))
        done = found.end()
    return "".join([*out, html[done:]]).replace(_START, "").replace(_END, "")


class _Walk:
    """One pass over a source, from token to token."""

    def __init__(self, source: str, *, markup: bool, block: bool) -> None:
        self.source, self.markup, self.block = source, markup, block
        self.position = self.open_tags = 0
        self.link_end = -1
        self.out: list[str] = []
        # The open groups, the last one innermost: where its brace closes, and what to write there.
        self.groups: list[tuple[int, str]] = []
        self.ends = _brace_pairs(source) if "{" in source else {}

    def run(self) -> str:
        while token := _TOKEN.search(self.source, self.position):
            self.text(self.source[self.position : token.start()])
            self.position = token.end()
            getattr(self, f"on_{token.lastgroup}")(token.group(), token.start())
        self.text(self.source[self.position :])
        while self.groups:
            self.leave()
        return "".join(self.out)

    def text(self, text: str) -> None:
        self.out.append(escape(text, quote=False) if self.markup else text)

    def enter(self, end: int, tag: str = "", closing: str = "") -> None:
        if tag and self.markup and self.open_tags < _MAX_OPEN_TAGS:
            self.out.append(f"<{tag}>")
            self.open_tags += 1
            closing = f"</{tag.split()[0]}>"
        self.groups.append((end, closing))

    def leave(self) -> None:
        closing = self.groups.pop()[1]
        self.open_tags -= closing.startswith("</")
        self.out.append(closing)

    def enter_argument(self, tag: str = "", opening: str = "", closing: str = "") -> bool:
        """Goes into the balanced argument that follows, if there is one."""
        blank = _BLANKS.match(self.source, self.position)
        start = blank.end() if blank else self.position
        if start not in self.ends:
            return False
        self.text(opening)
        self.enter(self.ends[start], tag, closing)
        self.position = start + 1
        return True

    def on_open(self, typed: str, start: int) -> None:
        if start not in self.ends or _SET.match(self.source, start, self.ends[start] + 1):
            self.text(typed)
        else:
            self.enter(self.ends[start])

    def on_raised(self, typed: str, start: int) -> None:
        self.text("" if self.markup and start + 1 in self.ends else typed[0])
        self.position = start + 1
        self.enter_argument("sup" if typed[0] == "^" else "sub")

    def on_close(self, typed: str, start: int) -> None:
        is_ours = False
        while self.groups and self.groups[-1][0] <= start:
            is_ours = self.groups[-1][0] == start
            self.leave()
        if not is_ours:
            self.text(typed)

    def on_paragraph(self, typed: str, start: int) -> None:
        self.out.append(_PARAGRAPH if self.block and not self.open_tags else " ")

    def on_math(self, typed: str, start: int) -> None:
        is_bare = typed[0] == "$" != typed[1]
        if is_bare and not _is_formula(self.source, start, self.position):
            self.text("$")
            self.position = start + 1
            return
        tex = typed[1:-1].strip() if is_bare else typed[2:-2].strip()
        if tex.startswith((r"\href", r"\url")):
            self.out.append(_Walk(tex, markup=self.markup, block=self.block).run())
            return
        is_display = self.block and typed.startswith(("$$", r"\["))
        self.out.append(_formula_html(tex, is_display) if self.markup else _formula_text(tex))

    def on_accent(self, typed: str, start: int) -> None:
        letter = typed[2:].strip("{} \t\n").removeprefix("\\")
        self.text(normalize("NFC", letter + _ACCENTS[typed[1]]))

    def on_sign(self, typed: str, start: int) -> None:
        self.text(_TYPED.get(typed, typed))

    def on_tie(self, typed: str, start: int) -> None:
        """Between words it is a blank; before what stands free it says "about", as in ~10."""
        before = self.source[start - 1 : start]
        after = self.source[start + 1 : start + 3].lstrip("$")
        if before.strip(" \n([/"):
            self.text("\u00a0")
        elif before == "/" or after[:1].isalnum():
            self.text("~")

    def on_url(self, typed: str, start: int) -> None:
        shown = typed if "(" in typed else typed.rstrip(").,;:")
        self.position = start + len(shown)
        self.link(shown)

    def link(self, url: str) -> None:
        url = re.sub(r"\\(?=[_%#&~])", "", url)
        if self.is_linkable(url):
            self.out.append(f'<a href="{escape(url)}">{escape(url, quote=False)}</a>')
        else:
            self.text(url)

    def is_linkable(self, url: str) -> bool:
        is_web = url.startswith(("http://", "https://"))
        return is_web and self.markup and self.block and self.position > self.link_end

    def on_command(self, typed: str, start: int) -> None:
        name = typed[1:].rstrip("*")
        if name in _SIGNS:
            self.text(_SIGNS[name])
        if name in _LETTERS or name in _SWITCHES or name in _UNSEEN:
            blank = _BLANKS.match(self.source, self.position)
            if blank and blank.group().count("\n") < 2:
                self.position = blank.end()
        if name in _SWITCHES:
            self.enter(self.groups[-1][0] if self.groups else len(self.source), _SWITCHES[name])
        elif not (name in _SIGNS or name in _UNSEEN or self.takes_argument(name)):
            self.text(typed)
            if self.source.startswith("{}", self.position):
                self.position += 2
            elif self.position in self.ends:
                self.enter_argument(opening="{", closing="}")

    def takes_argument(self, name: str) -> bool:
        if name in _TAGS:
            return self.enter_argument(_TAGS[name])
        if name in ("footnote", "thanks"):
            return self.enter_argument(opening=" (", closing=")")
        argument = _ARGUMENT.match(self.source, self.position)
        has_keys = _WITH_KEYS.fullmatch(name)
        if argument is None or not (has_keys or name in _SILENT or name == "url"):
            return False
        value = " ".join(argument[1].split())
        self.position = argument.end()
        if name == "url":
            self.link(value)
        elif has_keys:
            self.text(f"[{value}]")
        elif name == "href":
            tag = f'a href="{escape(value)}"' if self.is_linkable(value) else ""
            if self.enter_argument(tag) and tag:
                self.link_end = self.groups[-1][0]
        return True
