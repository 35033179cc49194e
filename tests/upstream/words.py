"""The vocabulary of the seeded world: names, terms and turns of phrase, all invented here.

Nothing in these lists was copied from a paper or a post; people are forenames and family names put
together by chance.
"""

# origin: (language of its people's tweets, forenames, family names)
NAMES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "english": (
        "en",
        ("Ada", "Miles", "Ruth", "Owen", "Hazel", "J. Robin", "Tess", "Ivor", "Nell", "Grant"),
        (
            "Marlowe",
            "Whitcombe",
            "Ashdown",
            "Pell",
            "Thornbury",
            "O'Malley-Reed",
            "Quill",
            "Stroud",
        ),
    ),
    "french": (
        "fr",
        ("Mélodie", "François", "Zoé", "Benoît", "Anaïs", "Jérôme", "Solène"),
        ("Lefèvre", "Béraud", "d'Arcy-Noël", "Gaçon", "Maître", "Rousselet"),
    ),
    "german": (
        "de",
        ("Jürgen", "Käthe", "Björn", "Anneliese", "Götz", "Friederike"),
        ("Müllner", "Größmann", "von der Heyde", "Bäcker", "Strauß", "Lindqvist"),
    ),
    "slavic": (
        "en",
        ("Łukasz", "Živa", "Dvořák-Jan", "Zdeněk", "Małgorzata", "Ivana"),
        ("Wójtowicz", "Šimůnek", "Đorđević", "Kovačić", "Żeleński", "Petrova"),
    ),
    "iberian": (
        "es",
        ("Íñigo", "Begoña", "João", "Conceição", "Andrés", "Núria"),
        ("Muñoz Peña", "Gonçalves", "Ibáñez", "Araújo", "Castañeda", "Solà"),
    ),
    "chinese": (
        "en",
        ("Wenjing", "Haoran", "Yu", "Xiaolin", "Lü", "Zihan", "Mei", "Jianguo"),
        ("Zhang", "Ouyang", "Li", "Wu", "Lü", "Qiao", "Fang", "Shen"),
    ),
    "indian": (
        "en",
        ("Anirudh", "Meera", "K. Lakshmi", "Rohan", "Devika", "S. Karthik"),
        ("Venkataraghavan", "Bose", "Iyer", "Chaudhuri", "Nair", "Deshmukh"),
    ),
    "japanese": (
        "ja",
        ("陽子", "健太", "美咲", "大輔", "千尋"),
        ("青木", "小野寺", "佐久間", "渡会", "星野"),
    ),
    "arabic": (
        "ar",
        ("ليلى", "يوسف", "سلمى", "طارق", "نور"),
        ("الحدّاد", "بن عمر", "القاضي", "السيوطي", "درويش"),
    ),
    "hebrew": (
        "he",
        ("נועה", "איתן", "תמר", "יונתן"),
        ("ברק", "שגיא", "אלמוג", "כרמי"),
    ),
}
AFFILIATIONS = (
    "Institute of Applied Enquiry",
    "Harbour University",
    "North Shore Laboratory",
    "École des Mesures",
    "Observatory of the Two Rivers",
    "Dept. of Statistics, Lakeside College",
)
COLLABORATIONS = ("AURORA", "DEEPWELL", "TRILITH", "SKYLARK-II")

# field: what its titles and abstracts are made of
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "learning": {
        "method": (
            "sparse attention",
            "contrastive pre-training",
            "score-based diffusion",
            "low-rank adapters",
            "retrieval-augmented decoding",
            "implicit regularisation",
            "mixture-of-experts routing",
            "curriculum replay",
            "speculative sampling",
            "neural operators",
        ),
        "object": (
            "large language models",
            "vision transformers",
            "graph neural networks",
            "offline reinforcement learners",
            "speech encoders",
            "robot policies",
            "protein language models",
            "tabular predictors",
        ),
        "property": (
            "calibration",
            "out-of-distribution robustness",
            "sample efficiency",
            "length generalisation",
            "memory footprint",
            "privacy leakage",
            "inference cost",
        ),
        "tex": (
            "$\\mathcal{O}(n\\log n)$",
            "$k$-shot",
            "$\\ell_2$",
            "$10^{-3}$",
            "$\\alpha$-divergence",
            "$\\epsilon$-differential privacy",
        ),
    },
    "physics": {
        "method": (
            "effective field theory",
            "lattice simulations",
            "weak lensing",
            "pump-probe spectroscopy",
            "tensor networks",
            "Bayesian template fits",
            "hydrodynamic modelling",
            "holographic duality",
        ),
        "object": (
            "hot Jupiters",
            "kagome metals",
            "neutrino oscillations",
            "fast radio bursts",
            "trapped-ion qubits",
            "dark photons",
            "twisted bilayers",
            "stellar streams",
        ),
        "property": (
            "phase coherence",
            "the mass gap",
            "anisotropy",
            "parity violation",
            "the decay width",
            "entanglement growth",
        ),
        "tex": (
            "$\\beta$-decay",
            "$\\sqrt{s}=13$ TeV",
            "$z\\sim 6$",
            "CeRh$_2$As$_2$",
            "$\\Lambda$CDM",
            "$SU(3)$",
            "$B^0_s\\to\\mu^+\\mu^-$",
        ),
    },
    "mathematics": {
        "method": (
            "a sieve argument",
            "motivic integration",
            "optimal transport",
            "spectral methods",
            "a probabilistic construction",
            "derived deformation theory",
        ),
        "object": (
            "Fano threefolds",
            "random regular graphs",
            "Hölder maps",
            "semilinear wave equations",
            "Poincaré duality groups",
            "Galois representations",
            "expander codes",
        ),
        "property": (
            "rigidity",
            "the boundedness problem",
            "well-posedness",
            "a sharp threshold",
            "uniqueness",
            "the finiteness conjecture",
        ),
        "tex": (
            "$\\mathbb{Z}/p^n$",
            "$L^p$",
            "$\\zeta(s)$",
            "$C^{1,\\alpha}$",
            "$(\\infty,1)$-categories",
            "$x^2+y^2=z^n$",
            "$\\frac{\\partial u}{\\partial t}=\\Delta u$",
        ),
    },
    "measurement": {
        "method": (
            "hierarchical Bayes",
            "difference-in-differences",
            "single-cell imaging",
            "conformal prediction",
            "agent-based simulation",
            "instrumental variables",
        ),
        "object": (
            "hospital records",
            "gene regulatory circuits",
            "limit order books",
            "tree-ring archives",
            "minimum-wage reforms",
            "neural spike trains",
        ),
        "property": (
            "identifiability",
            "selection bias",
            "false discovery rates",
            "long-run risk",
            "heterogeneous effects",
        ),
        "tex": (
            "$p<0.05$",
            "$\\chi^2$",
            "$R_0$",
            "$\\hat{\\beta}$",
            "$95\\%$",
            "$\\sigma$-algebra",
        ),
    },
}

TITLES = (
    "{Method} for {object}",
    "{Property} of {object}: a {tex} view",
    "Can {method} explain {property}?",
    "On {property} of {object}",
    "Rethinking {object} through {method}",
    'A "small" note on {property} and {tex}',
    "Beyond {method}: towards {property} of {object}",
    "{Method} & {property}: two sides of {object}",
)
TITLES_OF = {
    "learning": (
        "{Name}: {method} for {object} & beyond",
        "{Name}: scaling {object} with {method}",
        "{tex} bounds on {property} of {object}",
        "How much {method} do {object} need?",
        "{Property} of {object}, measured at last",
    ),
    "physics": (
        "Evidence for {property} in {object}",
        "A search for {property} in {object} with {method}",
        "{Property} of {object} at {tex}",
        "{Object} and {object}: one mechanism for {property}",
    ),
    "mathematics": (
        "{Property} for {object} over {tex}",
        "A short proof of {property} for {object}",
        "{Property} of {object} via {method}",
        "{Object} without {property}: counterexamples",
    ),
    "measurement": (
        "What {object} tell us about {property}",
        "{Property} in {object}: evidence from {method}",
        "{Object} revisited: {property} & {method}",
    ),
}
LONG_TITLE = (
    "{Method} and {method} for {property} in {object}, with an application to {tex} and a detailed"
    " comparison of seventeen approaches on eleven public and four private collections, followed by"
    " a discussion of what remains to be understood about {property} of {object} in practice, of"
    " {tex}, and of the conditions under which none of these approaches can be expected to succeed"
)
NAMES_OF_SYSTEMS = (
    "Larkspur",
    "TIDEPOOL",
    "Öresund",
    "KiteNet",
    "Σ-Former",
    "Pebble-2",
    "NaïveRAG",
    "Windrow",
    "HALYARD",
    "Moth-XL",
    "Quayside",
)
# An abstract: how it opens, some of the middle in this order, how it closes.
OPENINGS = (
    "We study {property} of {object} by means of {method}.",
    "Despite recent progress, little is known about {property} of {object}.",
    "How far can {method} carry us towards {property} of {object}?",
    "Much of what is believed about {object} rests on {property}.",
    "This paper revisits {object} in the light of {method}.",
)
MIDDLES = (
    "We rely on {method}, extended to {object}.",
    "We show how to reach {tex} whenever the data are bounded, i.e. $0 \\le x < 1$.",
    "The argument rests on one observation: {property} and {tex} are two sides of one quantity.",
    "Experiments on {count} collections confirm the predicted {tex} behaviour.",
    "Compared with {method}, the error falls by {percent}\\% at equal cost.",
    "As a by-product we obtain a new proof of a result of Poincaré & Weiß type.",
    "The effect vanishes for ratios > 3 and reverses for ratios < 1, as {tex} suggests.",
    "Surprisingly, {method} alone cannot explain {property}.",
    "We report where it fails, and why {method} would not have helped.",
)
CLOSINGS = (
    "Code and data are available at https://example.org/{slug}.",
    "We close with open questions on {property} of {object}.",
    "All measurements, those that disagree included, are published with the paper.",
    "We discuss what remains open, and what it would take to settle it.",
)
CORRECTED = "This version corrects the constants of the third section."
COMMENTS = (
    "12 pages, 4 figures",
    "Accepted at a workshop on measurement; 9 pages",
    "38 pages, comments welcome",
    "Fixed typos & added Section 5",
    "",
    "",
)
JOURNALS = (
    "J. Appl. Enquiry 12 (2026) 101-119",
    "Proc. 9th Conf. on Measurement, vol. 3, pp. 44--58",
    "Ann. Obs. {month} 77, 5",
)
LICENCES = (
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "http://creativecommons.org/licenses/by/4.0/",
    "http://creativecommons.org/licenses/by-nc-sa/4.0/",
    "http://creativecommons.org/publicdomain/zero/1.0/",
)
WITHDRAWN = (
    "This paper has been withdrawn by the author due to an error in Lemma {count}",
    "Withdrawn by the authors: the data of Figure {count} were mislabelled",
)

# What authors say of their own paper, and what others say; {title} may be shortened.
OWN: dict[str, tuple[str, ...]] = {
    "en": (
        "New paper with {other}! {title} 🧵👇",
        "Excited to share our latest: {title}",
        "Two years in the making & finally out: {title}",
        "Our preprint is up: {title}. Comments very welcome",
        "What I learnt about a stubborn question from {other}: {title}",
        "{title}. Code and data are out too",
    ),
    "fr": ("Notre nouvel article est en ligne : « {title} »", "Très fière de ce travail ! {title}"),
    "de": ("Endlich draußen: {title}", "Unser neues Paper – größer als gedacht: {title}"),
    "es": ("¡Nuevo artículo! {title}", "Después de mucho trabajo: {title}"),
    "ja": ("新しい論文を公開しました:{title}", "共著論文がarXivに出ました! {title}"),
    "ar": ("ورقتنا الجديدة متاحة الآن: {title}", "يسعدنا مشاركة هذا العمل {title}"),
    "he": ("המאמר החדש שלנו עלה: {title}", "שמחים לשתף: {title}"),
}
OTHERS: dict[str, tuple[str, ...]] = {
    "en": (
        "This is a beautiful result.",
        "{title}",
        "Not sure I believe Figure 3, but worth reading <3",
        "Everyone working on {property} should read this",
        "Great thread on {title}",
        "“{title}” — finally somebody did the ablation",
        "Reading list for today",
        "The appendix is better than most papers I read this month",
        "Three years ago nobody would have believed this about {object}",
        "I have been saying this about {object} for ages. Nice to see it measured",
        "Clear writing, small claims, careful numbers. More of this please",
        "Anyone from the group here? I would love to ask about Section 4",
        "We tried the same with {method} last spring and gave up. Respect",
        "For our reading group on Thursday",
        "If you read one paper on {property} this week, make it this one",
        "A short paper with one idea, and the idea is good",
        "Hot take: the baseline in Table 2 is the real result",
        "Does this still hold for small {object}? Asking for a friend",
        "So the answer was {method} all along…",
        "Printing it for the train home 🚆",
        "The proof fits on a page & I understand it. Rare",
        "Saving this for the weekend",
        "Bold title, modest abstract, very good experiments",
        "Not my field, but the introduction alone is worth your time",
    ),
    "fr": (
        "À lire d'urgence.",
        "Résultat étonnant !",
        "Court, clair, convaincant.",
        "Les figures à elles seules valent le détour.",
    ),
    "de": (
        "Lesenswert!",
        "Überraschend schönes Ergebnis",
        "Kurz, klar, sorgfältig gemessen.",
        "Kommt am Donnerstag in unseren Lesekreis.",
    ),
    "es": (
        "Muy recomendable",
        "Qué buen resultado 👏",
        "Corto, claro y con datos.",
        "Para leer este fin de semana",
    ),
    "ja": ("これは面白い。", "あとで読む", "図がとても分かりやすい。", "実験が丁寧。"),
    "ar": ("نتيجة رائعة", "قراءة مفيدة لهذا المساء", "عمل متقن وعرض واضح", "أنصح بقراءتها"),
    "he": ("תוצאה יפה מאוד", "שווה קריאה", "כתוב בבהירות, מומלץ", "סוף סוף מישהו בדק את זה"),
}
# Whoever is no author: a word of each list, so that none is called as a person is.
READERS = (
    ("Quiet", "Amber", "Northern", "Late", "Paper", "Second")
    + ("Slow", "Copper", "Winter", "Plain", "Distant", "Sunday"),
    ("Lantern", "Otter", "Harbour", "Ledger", "Kite", "Margin", "Heron", "Compass", "Orchard")
    + ("Pebble", "Signal", "Thimble", "Meadow", "Anchor", "Sparrow", "Theorem", "Kettle", "Atlas")
    + ("Cricket", "Willow"),
)
BOT = "[{category}] {title}"
NOISE = (
    "What a sunset over the harbour tonight",
    "Coffee, then email, then more coffee",
    "Does anyone else find {property} hard to explain?",
    "Train delayed again 🚆",
)
# How the TeX of the fields' terms is typed in a post.
TYPED = {
    "\\frac{\\partial u}{\\partial t}=\\Delta u": "∂u/∂t = Δu",
    "\\mathbb{Z}": "ℤ",
    "\\mathcal{O}": "O",
    "n\\log n": "n log n",
    "\\hat{\\beta}": "β",
    "\\epsilon": "ε",
    "\\alpha": "α",
    "\\beta": "β",
    "\\Lambda": "Λ",
    "\\sigma": "σ",
    "\\zeta": "ζ",
    "\\chi": "χ",
    "\\mu": "μ",
    "\\ell": "ℓ",
    "\\infty": "∞",
    "\\sqrt{s}": "√s",
    "\\sim ": "~",
    "\\to": " → ",
    "\\%": "%",
    "^{-3}": "⁻³",
    "^2": "²",
    "_2": "₂",
    "_0": "₀",
}
HACKER_NAMES = ("tidewater", "pgrep42", "mossgreen", "null_island", "jwq", "hexagonal", "oldmodem")
