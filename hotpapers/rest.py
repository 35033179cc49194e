"""Settings of the REST API: what does not depend on the environment."""

DESCRIPTION = """\
What a reader sees on the pages, for programs, with the parameters of the pages.

* **Lists** answer `{"results": […], "next": …}`. `next` is the address of the next page, or null;
  the header `Link` says it too. `size` is 30 unless you say otherwise, 100 at most.
* **`fields=`** answers with the fields you name alone, which is also quicker.
* **Moments** are ISO 8601 in UTC. Papers are named by their arXiv id without version.
* **Errors** are problem details (RFC 9457), whatever went wrong: `application/problem+json`.
* **ETag**: send it as `If-None-Match`, and what did not change is answered 304, without a body.
* **Requests** are counted by the minute, of an address or a token. `RateLimit` says how many are
  left; who is refused (429) finds in `Retry-After` when to ask again.
* **Posts on X** are their handle, date, counts and address. Their text is on X.
"""

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "papers.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["papers.api.throttling.MinuteThrottle"],
    "DEFAULT_METADATA_CLASS": None,  # the schema says it; OPTIONS is for other origins alone
    "EXCEPTION_HANDLER": "papers.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hot Papers",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # As they are written: what matters most comes first.
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    # Of an answer `fields=` leaves out what it likes.
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    # Where fields of one name have other values, each set has a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "SavedState": ["later", "reading", "done"],
        "FollowedKind": ["category", "author", "search"],
        "ReasonKind": ["category", "author", "search", "close"],
    },
}
# Whatever anybody may read a page of another site may read too; never with a reader's cookie.
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"]
CORS_URLS_REGEX = r"^/api/"
