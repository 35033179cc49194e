"""What is posted about the papers, by whom, and how far it carries: heavy tails everywhere."""

from datetime import UTC, datetime, timedelta
from random import Random

from tests.upstream import calendar, prose, words
from tests.upstream.model import Account, Community, Counts, Paper, Person, Tweet

_X_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_BOTS = {"x": ("listbot_one", "arrivals_daily"), "bluesky": ("new-papers",)}
_FORMS = (
    *("https://arxiv.org/abs/{id}",) * 6,
    "https://arxiv.org/pdf/{id}",
    "https://arxiv.org/pdf/{id}v1.pdf",
    "http://www.arxiv.org/abs/{id}v1",
    "https://export.arxiv.org/abs/{id}?context=cs#top",
)
# Other sites carry ids too; a search for arxiv.org does not find these.
_MIRRORS = ("https://www.alphaxiv.org/abs/{id}", "https://huggingface.co/papers/{id}")
DELETED = 0.04


class Chatter:
    """Makes the tweets of a world, one call a paper, with accounts that speak again and again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._serial = 0
        self._stories: set[int] = set()
        self._known: dict[tuple[str, str], Account] = {}
        self.fans = {network: [self._fan(network) for _ in range(120)] for network in _BOTS}
        self.bots = [
            self._account(network, handle, f"{handle} (bot)", "en", bot=True)
            for network, handles in _BOTS.items()
            for handle in handles
        ]

    def about(self, paper: Paper, after: datetime) -> list[Tweet]:
        """Return what is said about a paper from a moment on."""
        tweets = [self._announcement(bot, paper) for bot in self.bots if paper.listing]
        if paper.popularity:
            total = paper.popularity * self._rng.uniform(0.7, 1.2)
            tweets += self._posts(paper, after, total)
            tweets += self._story(paper, after, total)
            tweets += self._daily_paper(paper, total)
        return tweets

    def noise(self, day: datetime, some: list[Paper]) -> list[Tweet]:
        """Return what is posted on a day and links no paper, though some of it looks like it."""
        rng, made = self._rng, []
        links = (
            *(
                "",
                "",
                "",
                "https://blog.arxiv.org/2026/11/a-new-button",
                "https://notarxiv.org/abs",
            ),
            *("https://arxiv.org/list/cs.LG/recent", "https://example.org/?from=arxiv.org"),
        )
        for _ in range(12):
            network = rng.choice(("x", "bluesky", "bluesky"))
            field = rng.choice(some).community.field if some else "learning"
            text = prose.fill(rng, field, rng.choice(words.NOISE), prose.topic(rng, field))
            link = rng.choice(links)
            moment = day + timedelta(hours=24 * rng.random())
            author = rng.choice(self.fans[network])
            made.append(
                self._tweet(author, text, (link,) if link else (), (), moment, Counts(1, 4))
            )
        moment = day + timedelta(hours=24 * rng.random())
        title, link = "A new button on arXiv", "https://blog.arxiv.org/2026/11/a-new-button"
        made.append(self._submit(title, link, (), moment, Counts(0, 40)))
        return made

    def _posts(self, paper: Paper, after: datetime, total: float) -> list[Tweet]:
        rng = self._rng
        many = min(45, 1 + int(total**0.45 * rng.uniform(0.5, 1.5)))
        shares = [rng.paretovariate(1.0) for _ in range(many)]
        tweets: list[Tweet] = []
        for number, share in enumerate(shares):
            own = number == 0 and rng.random() < 0.6
            author = self._own_account(paper) if own else self._anyone()
            # Most of it within two days, some of it in the week after.
            moment = after + timedelta(hours=min(rng.lognormvariate(2.4, 1.1), 400))
            score = total * 0.75 * share / sum(shares)
            retweets = int(score * rng.uniform(0.12, 0.35))
            final = Counts(retweets, max(0, round(score) - retweets))
            text = self._text(paper, author, own)
            ids = self._ids(paper)
            tweets.append(self._tweet(author, text, self._links(author, ids), ids, moment, final))
        return tweets

    def _ids(self, paper: Paper) -> tuple[str, ...]:
        classic = ("2106.05237",) if self._rng.random() < 0.02 else ()
        return tuple(dict.fromkeys((paper.arxiv_id, *classic)))

    def _links(self, author: Account, ids: tuple[str, ...]) -> tuple[str, ...]:
        forms = _MIRRORS if author.network == "bluesky" and self._rng.random() < 0.1 else _FORMS
        return tuple(self._rng.choice(forms).format(id=arxiv_id) for arxiv_id in ids)

    def _text(self, paper: Paper, author: Account, own: bool) -> str:
        title = paper.versions[0].title
        if own:
            first, *others = paper.authors
            other = others[-1].name if others else ""
            return prose.own_words(self._rng, first, other, title)
        field = paper.community.field
        return prose.others_words(self._rng, author.language, field, paper.topic, title)

    def _announcement(self, bot: Account, paper: Paper) -> Tweet:
        assert paper.listing
        midnight = calendar.visible_at(paper.listing) + timedelta(minutes=90)
        moment = midnight + timedelta(seconds=self._rng.uniform(60, 3600))
        title = prose.short(paper.versions[0].title, 180)
        text = words.BOT.replace("{category}", paper.primary).replace("{title}", title)
        final = Counts(int(self._rng.random() < 0.05), int(self._rng.random() < 0.3))
        link = f"https://arxiv.org/abs/{paper.arxiv_id}"
        return self._tweet(bot, text, (link,), (paper.arxiv_id,), moment, final)

    def _tweet(
        self,
        author: Account,
        text: str,
        links: tuple[str, ...],
        papers: tuple[str, ...],
        moment: datetime,
        final: Counts,
    ) -> Tweet:
        self._serial += 1
        deleted = None
        if not author.bot and self._rng.random() < DELETED:
            deleted = moment + timedelta(hours=self._rng.uniform(1, 72))
        # As exact as X's ids are.
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        if author.network == "x":
            external_id = str(self._snowflake(moment))
            url = f"https://x.com/{author.handle}/status/{external_id}"
        else:
            key = record_key(moment, self._serial)
            external_id = f"at://{author.user_id}/app.bsky.feed.post/{key}"
            url = f"https://bsky.app/profile/{author.handle}/post/{key}"
        hours = self._rng.uniform(3, 20)
        return Tweet(
            author.network, external_id, url, author, text, links, papers, moment, deleted, final,
            hours,
        )  # fmt: skip

    def _snowflake(self, moment: datetime) -> int:
        milliseconds = (moment - _X_EPOCH) // timedelta(milliseconds=1)
        return milliseconds << 22 | self._serial % (1 << 22)

    def _story(self, paper: Paper, after: datetime, total: float) -> list[Tweet]:
        if self._rng.random() > min(0.5, total / 400):
            return []
        moment = after + timedelta(hours=self._rng.uniform(4, 60))
        link = self._rng.choice(_FORMS).format(id=paper.arxiv_id)
        title = prose.short(paper.versions[0].title, 80)
        points = Counts(0, max(1, int(total * self._rng.uniform(0.05, 0.6))))
        return [self._submit(title, link, (paper.arxiv_id,), moment, points)]

    def _submit(
        self, title: str, link: str, papers: tuple[str, ...], moment: datetime, final: Counts
    ) -> Tweet:
        self._serial += 1
        item = int(moment.timestamp()) // 8 - 180_000_000
        while item in self._stories:
            item += 1
        self._stories.add(item)
        number = str(item)
        nick = self._rng.choice(words.HACKER_NAMES)
        author = self._account("hackernews", nick, nick, "en")
        deleted = moment + timedelta(hours=5) if self._rng.random() < DELETED else None
        url = f"https://news.ycombinator.com/item?id={number}"
        moment = moment.replace(microsecond=0)
        return Tweet(
            "hackernews", number, url, author, title, (link,), papers, moment, deleted, final, 6.0
        )

    def _daily_paper(self, paper: Paper, total: float) -> list[Tweet]:
        wanted = paper.listing and paper.primary.startswith("cs.")
        if not wanted or paper.listing is None or self._rng.random() > min(0.9, total / 60):
            return []
        moment = calendar.visible_at(paper.listing) + timedelta(hours=self._rng.uniform(0.5, 12))
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        title, link = paper.versions[0].title, f"https://arxiv.org/abs/{paper.arxiv_id}"
        nick = self._rng.choice(words.HACKER_NAMES)
        author = self._account("huggingface", f"{nick}-hf", nick.title(), "en")
        url = f"https://huggingface.co/papers/{paper.arxiv_id}"
        votes = Counts(0, max(1, int(total * self._rng.uniform(0.05, 0.4))))
        ids = (paper.arxiv_id,)
        return [
            Tweet("huggingface", paper.arxiv_id, url, author, title, (link,), ids, moment, None,
                  votes, 12.0)
        ]  # fmt: skip

    def _anyone(self) -> Account:
        return self._rng.choice(self.fans[self._rng.choice(("x", "x", "bluesky"))])

    def _own_account(self, paper: Paper) -> Account:
        network = "x" if self._rng.random() < 0.6 else "bluesky"
        return self._of_person(network, paper.community, paper.authors[0])

    def _of_person(self, network: str, community: Community, person: Person) -> Account:
        people = community.people
        where = people.index(person) if person in people else len(people)
        group = "".join(filter(str.isalnum, community.categories[0])).lower()[:8]
        nick = prose.nickname(person.name) or f"author{where}"
        return self._account(network, f"{nick}_{group}"[:40], person.name, person.language)

    def _fan(self, network: str) -> Account:
        number = len(self._known)
        language = self._rng.choice(("en", "en", "en", "en", *words.OTHERS))
        first, second = words.READERS
        name = f"{first[number % len(first)]} {second[number // len(first) % len(second)]}"
        nick = name.replace(" ", "_").lower()
        return self._account(network, nick, name if number % 9 else f"{name} 📚", language)

    def _account(
        self, network: str, nick: str, name: str, language: str, bot: bool = False
    ) -> Account:
        if known := self._known.get((network, nick)):
            return known
        number = 1_000_000_000_000_000_000 + self._rng.getrandbits(52)
        user_id, handle = str(number), nick
        if network == "bluesky":
            user_id = "did:plc:" + "".join(self._rng.choices(_SORTABLE, k=24))
            handle = f"{nick.replace('_', '-')}.example"
        made = Account(network, user_id, handle, name, language, bot)
        self._known[network, nick] = made
        return made


def record_key(moment: datetime, serial: int) -> str:
    """Return Bluesky's 13-letter key of a record, which sorts as time does."""
    number = int(moment.timestamp() * 1_000_000) << 10 | serial % 1024
    letters = ""
    while number:
        number, digit = divmod(number, 32)
        letters = _SORTABLE[digit] + letters
    return letters.rjust(13, "2")
