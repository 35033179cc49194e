"""All settings, read from the environment (and from `.env` beside manage.py).

Nothing set: the embedded stack, SQLite and Celery's filesystem transport in `var/`, served on
loopback. DATABASE_URL and REDIS_URL switch to PostgreSQL and Redis; SITE_URL says where readers
find the site, and decides hosts, secure cookies and HSTS. `.env.example` lists every variable.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor  # type: ignore[import-untyped]

from hotpapers import logs, providers
from hotpapers.allauth import *  # noqa: F403
from hotpapers.rest import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Where the site lives --------------------------------------------------------------------------

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
BIND = env("BIND", default="127.0.0.1")  # the address that the web server listens on
PORT = env.int("PORT", default=8000)
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path:
    raise ImproperlyConfigured(
        f"SITE_URL must be http(s)://host[:port] without a path, not {SITE_URL!r}"
    )
IS_LOOPBACK = providers.is_loopback(_site.hostname)
IS_HTTPS = _site.scheme == "https"
if env("CLOCK_FILE", default="") and not IS_LOOPBACK:
    raise ImproperlyConfigured("CLOCK_FILE moves the clock, and only a loopback site may do that")
if not IS_HTTPS and not IS_LOOPBACK:
    raise ImproperlyConfigured("SITE_URL must be https:// unless the host is loopback")


def _secret_key() -> str:
    """SECRET_KEY, or on a loopback site the one kept in VAR_DIR (made once, readable by us)."""
    if key := env("SECRET_KEY", default=""):
        return key
    if not IS_LOOPBACK:
        raise ImproperlyConfigured("SECRET_KEY must be set unless SITE_URL is loopback")
    path = VAR_DIR / "secret-key"
    try:
        # O_EXCL: of several processes that start at once, one writes and the others read.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if IS_LOOPBACK else [_site.hostname]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Addresses or networks whose X-Forwarded-Proto and X-Forwarded-For tell how a request came, and
# from where; * is whoever reaches us.
TRUSTED_PROXIES = env("TRUSTED_PROXIES", default="127.0.0.1,::1")

# Security --------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # asked on the machine itself, where no proxy stands
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_FAILURE_VIEW = "papers.views.errors.forbidden"
X_FRAME_OPTIONS = "DENY"
_providers = providers.read(os.environ)
SOCIALACCOUNT_PROVIDERS = _providers.settings
# One policy for every page: no inline script or style, nothing from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the admin's stylesheets hold small data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF, *_providers.origins],  # a button of theirs is sent to us first
        "frame-ancestors": [NONE],
    }
}

# Applications ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "hotpapers",
    "papers",
    "accounts",
    "accounts.apps.StaffConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "corsheaders",
    "csp",
    "django_htmx",  # for the copy of htmx that it ships
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "taggit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "accounts.middleware.keep_private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.name_reader",
    "accounts.middleware.keep_time",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "hotpapers.urls"
WSGI_APPLICATION = "hotpapers.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "papers.views.context.site",
            ],
        },
    },
]
TAGGIT_CASE_INSENSITIVE = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
# Who may enter the admin has to have a second factor: an app's code or a passkey.
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=not IS_LOOPBACK)

# Time and language -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Database --------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'hotpapers.sqlite3'}")
}
IS_EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_EMBEDDED:
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that reads and then writes must hold the write lock from its start:
        # without IMMEDIATE a third of them end in "database is locked" whatever the time-out.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA mmap_size=134217728;PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# Accounts and mail; more is in hotpapers/allauth.py ----------------------------------------------

ACCOUNT_EMAIL_VERIFICATION = "optional" if IS_EMBEDDED else "mandatory"
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
    EMAIL_FILE_PATH.mkdir(mode=0o700, parents=True, exist_ok=True)  # links in it open accounts
EMAIL_TIMEOUT = 10  # seconds; a reader waits
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env(
    "DEFAULT_FROM_EMAIL", default=f"Hot Papers <noreply@{_site.hostname}>"
)

# Queue and cache -------------------------------------------------------------------------------

REDIS_URL = env("REDIS_URL", default="")
CACHE_URL = env("CACHE_URL", default=REDIS_URL)
# Processes of the web server, each with its threads; what a page keeps for all lies in the cache.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=2 if CACHE_URL else 1)
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)  # tasks of a worker at once
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True  # what a task did stands in the database
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
TICK = env.float("TICK", default=60.0)  # seconds between two looks at what is due
LEASE = env.float("LEASE", default=60.0)  # seconds without a word after which a worker is lost
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# A message that comes when the next one is due is not wanted any more.
_often = {"schedule": TICK, "options": {"expires": TICK}}
CELERY_BEAT_SCHEDULE = {
    # Every minute: a draft is out at most a minute after its hour.
    "publish-due-digests": {"task": "papers.tasks.publish_due_digests", "schedule": TICK},
    # The ledger decides what is due; the schedule only looks at it.
    "tick": {"task": "papers.tasks.tick", "schedule": TICK},
    "compare-papers": {"task": "papers.tasks.compare_papers", **_often},
    "place-papers": {"task": "papers.tasks.place_papers", **_often},
    "look-up-wanted": {"task": "papers.tasks.look_up_wanted", **_often},
    "save-arrived": {"task": "accounts.tasks.save_arrived", **_often},
    # Visitors who follow have sessions too, and end none of them themselves.
    "forget-ended-sessions": {
        "task": "accounts.tasks.forget_ended_sessions",
        "schedule": crontab(hour="4", minute="20"),
    },
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_WORKER_POOL = "prefork"
    # A process that grows is replaced after the task that made it grow.
    CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
    CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # KiB
    # A worker that dies gives its message back, a bounded number of times; the ledger would bring
    # the work back too, later.
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_TASK_RETRY_ON_WORKER_LOST = True
    # With Redis down a doorbell gives up at once; the row in the ledger is enough.
    CELERY_TASK_PUBLISH_RETRY_POLICY = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    }
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Longer than twice the hard time limit: a running task is never delivered again.
        "visibility_timeout": 1800,
        # Kombu looks for what dead workers held every tenth call only, unless told otherwise.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "global_keyprefix": "hotpapers:",
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "health_check_interval": 25,
    }
else:
    _queue = VAR_DIR / "queue"
    for _folder in ("messages", "processed", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)  # kombu does not make them
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "hotpapers.queue:Transport"
    CELERY_WORKER_POOL = "threads"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),  # one folder: what is sent is what is read
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
        # Seconds between two looks at a queue from which nothing can be taken, for want of messages
        # or with every thread at work. Kombu's own 1.0 would be the pace of a fast schedule.
        "polling_interval": min(1.0, TICK / 10),
    }
if CACHE_URL:
    _cache = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "hotpapers-cache",
    }
else:
    # Tries are counted there: not only the last 300, as Django would.
    _cache = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
CACHES = {
    "default": _cache,
    "sessions": {
        **_cache,
        **({"KEY_PREFIX": "hotpapers-session"} if CACHE_URL else {"LOCATION": "sessions"}),
    },
    # What every process may keep for itself: it is there when Redis is not.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
    },
}

# A session is read with every page of a reader, from the cache where all web processes have one.
if CACHE_URL or WEB_CONCURRENCY == 1:
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"

# Sources: where papers and tweets come from, explained in docs/sources.md ------------------------

CONTACT = env("CONTACT", default="")  # an address or URL for upstreams, in the User-Agent
ARXIV_OAI_URL = env("ARXIV_OAI_URL", default="https://oaipmh.arxiv.org/oai")
ARXIV_RSS_URL = env("ARXIV_RSS_URL", default="https://rss.arxiv.org/rss")
ARXIV_API_URL = env("ARXIV_API_URL", default="https://export.arxiv.org/api/query")
ARXIV_INTERVAL = env.float("ARXIV_INTERVAL", default=3.0)  # seconds; shorter on loopback only
X_API_URL = env("X_API_URL", default="https://api.x.com")
X_OEMBED_URL = env("X_OEMBED_URL", default="https://publish.x.com/oembed")
X_BEARER_TOKEN = env("X_BEARER_TOKEN", default="")
X_DAILY_READS = env.int("X_DAILY_READS", default=1000)  # posts; each one costs money
BLUESKY_JETSTREAM_URL = env(
    "BLUESKY_JETSTREAM_URL", default="wss://jetstream2.us-east.bsky.network"
)
BLUESKY_API_URL = env("BLUESKY_API_URL", default="https://public.api.bsky.app")
HACKERNEWS_API_URL = env("HACKERNEWS_API_URL", default="https://hn.algolia.com")
HACKERNEWS_ITEM_URL = env(
    "HACKERNEWS_ITEM_URL", default="https://hacker-news.firebaseio.com/v0/item/{id}.json"
)
HUGGINGFACE_API_URL = env("HUGGINGFACE_API_URL", default="https://huggingface.co")
DIGEST_HOUR = env.int("DIGEST_HOUR", default=9)  # UTC, on the morning after the listing day

# Static files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
if IS_EMBEDDED:
    # Served from where they lie: nothing to collect before the first page.
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = False
    _static_storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
else:
    STATIC_ROOT = env("STATIC_ROOT", default=str(VAR_DIR / "static"))
    _static_storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    # Pages name files by their hashes alone, and maps are for whoever debugs: to compress the
    # rest as well takes half a minute of every start.
    WHITENOISE_KEEP_ONLY_HASHED_FILES = True
    WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

# API; more is in hotpapers/rest.py ---------------------------------------------------------------

API_PER_MINUTE = env.int("API_PER_MINUTE", default=300)  # requests of an address
API_TOKEN_PER_MINUTE = env.int("API_TOKEN_PER_MINUTE", default=600)  # of a token, or a session

# Logging ---------------------------------------------------------------------------------------

CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # the worker logs as everything else does
LOGGING_CONFIG = "hotpapers.logs.configure"
LOGGING = logs.configuration(
    form=env("LOG_FORMAT", default="line"), level=env("LOG_LEVEL", default="INFO")
)

# Ranking: the blog's rules, explained in docs/ranking.md ----------------------------------------

PAPER_THRESHOLD = env.int("PAPER_THRESHOLD", default=50)  # score from which a paper is hot
TWEET_THRESHOLD = env.int("TWEET_THRESHOLD", default=25)  # score from which a tweet is shown
TWEETS_SHOWN = env.int("TWEETS_SHOWN", default=10)  # tweets of one entry at most
LATE_DAYS = env.int("LATE_DAYS", default=7)  # listing days a paper may cross the line late
LATE_ENTRIES = env.int("LATE_ENTRIES", default=5)  # late papers of one day at most
ENTRIES_AT_LEAST = env.int("ENTRIES_AT_LEAST", default=5)  # a quiet day shows its best this many
HEAT_HALF_LIFE = env.float("HEAT_HALF_LIFE", default=1.0)  # listing days in which heat halves
COUNT_BOTS = env.bool("COUNT_BOTS", default=False)  # tweets of accounts marked as bots count too
