"""Titles, abstracts, names and what people say, put together by chance from the word lists."""

import re
import unicodedata
from random import Random

from tests.upstream import words
from tests.upstream.model import Community, Person, Topic

_TEX_ACCENTS = {"\u0301": "'", "\u0300": "`", "\u0308": '"', "\u0302": "^", "\u0303": "~"}
# The categories that go together, with the field they draw their words from and their warmth.
COMMUNITIES = (
    ("learning", ("cs.LG", "cs.AI", "stat.ML"), 2.0),
    ("learning", ("cs.CL", "cs.AI", "cs.LG"), 2.5),
    ("learning", ("cs.CV", "cs.LG", "eess.IV"), 1.6),
    ("learning", ("cs.RO", "cs.LG", "eess.SY", "cs.SY"), 1.0),
    ("learning", ("cs.IT", "math.IT", "eess.SP"), 0.4),
    ("physics", ("hep-th", "gr-qc", "math-ph", "math.MP"), 0.6),
    ("physics", ("hep-ex", "hep-ph"), 0.5),
    ("physics", ("astro-ph.EP", "astro-ph.SR"), 0.9),
    ("physics", ("quant-ph", "cond-mat.str-el"), 0.8),
    ("physics", ("cond-mat.mes-hall", "physics.app-ph"), 0.3),
    ("mathematics", ("math.NT", "math.AG"), 0.5),
    ("mathematics", ("math.PR", "math.CO", "cs.DM"), 0.5),
    ("mathematics", ("math.AP", "math.NA", "cs.NA"), 0.2),
    ("measurement", ("stat.ME", "math.ST", "stat.TH"), 0.5),
    ("measurement", ("q-bio.NC", "q-bio.QM", "physics.bio-ph"), 0.7),
    ("measurement", ("econ.GN", "q-fin.EC"), 0.6),
)


def communities(rng: Random) -> list[Community]:
    return [
        Community(field, categories, tuple(_people(rng, 30)), warmth)
        for field, categories, warmth in COMMUNITIES
    ]


def _people(rng: Random, number: int) -> list[Person]:
    people: dict[str, Person] = {}
    origins = list(words.NAMES)
    while len(people) < number:
        language, forenames, keynames = words.NAMES[rng.choice(origins)]
        ending = rng.choice(("", "", "", "", "", "", "", " Jr."))
        person = Person(
            rng.choice(forenames),
            rng.choice(keynames) + (ending if language in ("en", "es") else ""),
            language,
            rng.choice(words.AFFILIATIONS) if rng.random() < 0.3 else "",
        )
        tex = in_tex(person.name)
        if tex != person.name and rng.random() < 0.5:
            person = Person(
                person.forenames, person.keyname, language, person.affiliation, tex_name=tex
            )
        people.setdefault(person.name, person)
    return list(people.values())


def in_tex(name: str) -> str:
    """Return a name with the accents TeX has letters for written in TeX: M\\'elodie."""
    written = []
    for letter in name:
        parts = unicodedata.normalize("NFD", letter)
        accent = _TEX_ACCENTS.get(parts[1]) if len(parts) == 2 else None
        written.append(f"\\{accent}{parts[0]}" if accent else letter)
    return "".join(written)


def nickname(name: str) -> str:
    """Return a name in ASCII, as a handle: "melodie_gacon"; "" for one in another script."""
    ascii_only = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    return "_".join(re.findall("[a-z]+", ascii_only.lower()))


def topic(rng: Random, field: str) -> Topic:
    return Topic(**{name: rng.choice(terms) for name, terms in words.FIELDS[field].items()})


def title(rng: Random, field: str, topic: Topic) -> str:
    patterns = words.TITLES + words.TITLES_OF[field]
    pattern = words.LONG_TITLE if rng.random() < 0.02 else rng.choice(patterns)
    filled = fill(rng, field, pattern, topic)
    return filled[0].upper() + filled[1:]


def abstract(rng: Random, field: str, topic: Topic) -> str:
    places = sorted(rng.sample(range(len(words.MIDDLES)), rng.randint(2, 6)))
    middle = (words.MIDDLES[place] for place in places)
    sentences = (rng.choice(words.OPENINGS), *middle, rng.choice(words.CLOSINGS))
    return fill(rng, field, " ".join(sentences), topic)


def fill(rng: Random, field: str, pattern: str, topic: Topic) -> str:
    """Put words for the marks of a pattern; {Method} begins with a capital, {method} does not.

    The first mark of a kind is the topic's, the others are other terms of the field. {title} is
    left for who knows it.
    """
    lists = words.FIELDS[field]
    first = topic._asdict()
    used = set(topic)

    def word(match: re.Match[str]) -> str:
        mark = match[1]
        if mark.lower() in lists:
            chosen = first.pop(mark.lower(), "") or rng.choice(
                [term for term in lists[mark.lower()] if term not in used]
            )
            used.add(chosen)
            return chosen if mark in lists else chosen[0].upper() + chosen[1:]
        if mark == "Name":
            return rng.choice(words.NAMES_OF_SYSTEMS)
        if mark == "slug":
            return f"{rng.choice(words.HACKER_NAMES)}-{rng.randint(10, 99)}"
        return str(rng.randint(2, 60))

    return re.sub(r"\{(?!title\})(\w+)\}", word, pattern)


def plain(text: str) -> str:
    """Return a title as people type it in a tweet: without its TeX."""
    for tex, typed in words.TYPED.items():
        text = text.replace(tex, typed)
    return re.sub(r"[\\${}]", "", text)


def own_words(rng: Random, author: Person, other: str, paper_title: str) -> str:
    """Return what an author says; `other` is "" where nobody wrote it with them."""
    patterns = [one for one in words.OWN[author.language] if other or "{other}" not in one]
    pattern = rng.choice(patterns)
    return pattern.replace("{other}", other).replace("{title}", short(paper_title, 150))


def others_words(rng: Random, language: str, field: str, topic: Topic, paper_title: str) -> str:
    pattern = rng.choice(words.OTHERS[language])
    return fill(rng, field, pattern, topic).replace("{title}", short(paper_title, 150))


def short(text: str, length: int) -> str:
    readable = plain(text)
    return readable if len(readable) <= length else readable[: length - 1].rstrip() + "…"
