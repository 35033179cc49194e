r"""Text as words: what a search, and whoever compares texts, takes for the same word.

Accents, case and styles of letters are folded away; TeX is read as it is shown; a Greek letter is
its name, so that `\alpha`, α and "alpha" are one word. Knows no papers and no database: whatever
engine searches, these are the words it is given, in the index and in a query.
"""

import re
import unicodedata
from collections.abc import Iterator

from papers import latex

LONGEST = 60  # letters of a word that are looked at

# Letters that carry no accent to strip, so that NFKD leaves them outside ASCII.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        (
            *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"),
            *("kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau"),
            *("upsilon", "phi", "chi", "psi", "omega"),
        ),
        strict=True,
    )
)
# Written without blanks: each sign is a word, and a longer one of several is a phrase.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGNS}]|[α-ω]+|[^\W_{_SIGNS}α-ω]+")
_RAISED = re.compile(r"(?<=[a-z])[_^](?=\d)")  # H_2O is H2O
_RAW = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_HISSING = ("s", "x", "z", "ch", "sh")


def fold(text: str) -> str:
    """Return `text` in lower case and without accents: "Łukasz Żółć" becomes "lukasz zolc"."""
    if text.isascii():  # most text is, and there is a lot of it
        return text.lower()
    # Decomposed before as well: a styled letter (𝐀) has a lower case only as a plain one.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)


def words(text: str) -> list[str]:
    """Return the words of a text that may hold TeX, in order: letters and digits, folded."""
    return list(_split(fold(latex.to_text(text))))


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a plain text, each with where it stands: from, and up to."""
    for raw in _RAW.finditer(text):
        for word in _split(fold(raw.group())):
            yield word, raw.start(), raw.end()


def _split(folded: str) -> Iterator[str]:
    for found in _WORD.findall(_RAISED.sub("", folded)):
        if found[0] in _GREEK and len(found) < 3:  # more are a word of Greek, not symbols
            yield from (_GREEK[letter] for letter in found)
        else:
            yield found[:LONGEST]


def forms(word: str) -> tuple[str, ...]:
    """Return the word and, by the rules of English spelling, its singular or its plural."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return (word,)
    if word.endswith("s") and (word[-2] not in "sui" or word.endswith("pus")):  # GPUs
        return word, _singular(word)
    if word.endswith("s") and word[-2] != "s":  # analysis, consensus
        return (word,)
    if word.endswith("y") and word[-2] not in "aeiou":
        return word, word[:-1] + "ies"
    return word, word + ("es" if word.endswith(_HISSING) else "s")


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and word[:-2].endswith(("ss", "x", "z", "ch", "sh")):
        return word[:-2]
    return word[:-1]
