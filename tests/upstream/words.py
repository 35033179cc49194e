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
    "Why does {method} improve {property}?",
    "On {property} in {object}",
    "Rethinking {object} through {method}",
    "{tex} bounds on {property} for {object}",
    "{Name}: {method} for {object} & beyond",
    'A "small" note on {property} and {tex}',
    "Beyond {method}: towards {property} of {object}",
    "{Name}: Scaling {object} with {method}",
)
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
)
SENTENCES = (
    "We study {property} of {object} by means of {method}.",
    "Despite recent progress, {property} of {object} is poorly understood.",
    "We show that {method} attains {tex} whenever the data are bounded, i.e. $0 \\le x < 1$.",
    "Our main tool is {method}, which we extend to {object}.",
    "Experiments on {count} collections confirm the predicted {tex} behaviour.",
    "Compared with {method}, the error falls by {percent}\\% at equal cost.",
    "As a by-product we obtain a new proof of a result of Poincaré & Weiß type.",
    "The effect vanishes for {tex} > 3 and reverses for {tex} < 1.",
    "Code and data are available at https://example.org/{slug}.",
    "We close with open questions on {property} and {object}.",
    "Surprisingly, {method} alone does not explain {property}.",
)
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
    ),
    "fr": ("À lire d'urgence.", "Résultat étonnant sur {property}"),
    "de": ("Lesenswert!", "Überraschend schönes Ergebnis"),
    "es": ("Muy recomendable", "Qué buen resultado 👏"),
    "ja": ("これは面白い。", "あとで読む"),
    "ar": ("نتيجة رائعة", "قراءة مفيدة لهذا المساء"),
    "he": ("תוצאה יפה מאוד", "שווה קריאה"),
}
BOT = "[{category}] {title}"
NOISE = (
    "What a sunset over the harbour tonight",
    "Coffee, then email, then more coffee",
    "Does anyone else find {property} hard to explain?",
    "Train delayed again 🚆",
)
HACKER_NAMES = ("tidewater", "pgrep42", "mossgreen", "null_island", "jwq", "hexagonal", "oldmodem")
