"""Names of authors, taken apart as programs for references want them. Pure.

arXiv prints the given name first. What is no person, or cannot be told apart, stays whole.
"""

import re
from dataclasses import dataclass

_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_GROUP = re.compile(r"\b(?:and|collaboration|consortium|team|group)\b", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\s]+")


@dataclass(frozen=True, slots=True)
class Name:
    """`whole` is the name as printed; without a family name it cannot be taken apart."""

    whole: str
    family: str = ""
    given: str = ""
    particle: str = ""  # "van der", before the family name
    suffix: str = ""  # "Jr.", behind it

    @property
    def surname(self) -> str:
        """The family name with its particle."""
        return f"{self.particle} {self.family}".strip()


def split(name: str) -> Name:
    """Take a name apart: "Ludwig van Beethoven, Jr." has all four parts.

    In Chinese, Japanese and Korean letters the family name may come first: it stays whole.
    """
    whole = " ".join(name.split())
    words = whole.replace(",", " ").split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    is_odd = "," in whole.removesuffix(f", {suffix}") or _GROUP.search(whole)
    if len(words) < 2 or is_odd or _EAST_ASIAN.fullmatch(whole):
        return Name(whole)
    first = next((i for i, word in enumerate(words) if i and word.islower()), len(words) - 1)
    last = len(words) - 1
    if not all(word.islower() for word in words[first:last]):  # "Ana y Eva Lark"
        first = last
    return Name(
        whole,
        family=words[last],
        given=" ".join(words[:first]),
        particle=" ".join(words[first:last]),
        suffix=suffix,
    )
