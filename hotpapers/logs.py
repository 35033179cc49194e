"""How the site logs: a line an event, to standard error, for people or for machines.

What opens something to whoever has it is never written down: addresses of feeds and shared lists.
"""

import logging
import logging.config
import re
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

# What belongs to a run of the ingest carries its number, whoever logs it: sources, database, queue.
_CONTEXT = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# Where something breaks the way there is told, not what variables held: passwords, and tokens.
# Plain: what would write it prettier is in no requirement, and breaks long lines.
_RENDERERS: dict[str, list[Any]] = {
    "line": [
        structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    ],
    "json": [
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        structlog.processors.JSONRenderer(),
    ],
}
# In a path, or in one that a query names; a feed's own by its shape, however the path is written.
# `/settings/feeds/` is no secret.
_SECRET = re.compile(
    r"((?<!settings)(?:/|%2f)(?:feeds|shared)(?:/|%2f))[-\w.]+|\b[0-9]{1,18}-[0-9a-f]{32}\b",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Return a text without the secrets that stand in addresses."""
    return _SECRET.sub(r"\1…", text)


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the line as it is: message, what is said beside it, and a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        return True


def configure(config: dict[str, Any]) -> None:
    """Set logging up, as Django asks; the web server's own logs keep where they go to."""
    logging.config.dictConfig(config)
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).addFilter(_Redacting())


def configuration(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING; raises ImproperlyConfigured for a form that is not line or json."""
    if form not in _RENDERERS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not {form!r}")
    structured = {
        "()": Formatter,
        "foreign_pre_chain": _CONTEXT,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_RENDERERS[form],
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": structured},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Without DEBUG Django would mail errors to ADMINS and print nothing.
            "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # A line for each request or message says nothing that a run does not say.
            "httpx": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
