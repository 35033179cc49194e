"""Every address of the site, and what it answers to whom.

A new address is one line in ADDRESSES: its name, a path that leads to it, the rule it follows and,
where it changes something, a form that its owner may send. tests/test_access.py holds the site to
it. The addresses of the admin follow from the models registered there, and so does their test.
"""

# ruff: noqa: E501
from dataclasses import dataclass, field

from accounts import feed_links
from accounts.models import FeedLink

SIGN_IN = "sign in"  # a redirect to the page for signing in
CONFIRM = "confirm"  # a redirect to the page that asks for the password, or a code, once more
Answer = int | str
PASSWORD = "heliotrope marzipan"
# Two with an account each, of whom `owner` is whose a thing is and has two steps on; one who may
# enter the admin and do nothing there; one with the roles of curator and operator.
WHO = ("visitor", "reader", "owner", "staff", "curator")


@dataclass(frozen=True)
class Rule:
    """What is answered to each of WHO: to GET, and to POST with a token and the address's form.

    Where `post` is None nothing is changed there, and what POST is answered does not matter.
    `without_token` is answered to a POST that brings no token.
    """

    get: tuple[Answer, ...]
    post: tuple[Answer, ...] | None = None
    without_token: tuple[Answer, ...] = (403,) * len(WHO)


@dataclass(frozen=True)
class Address:
    name: str
    path: str
    rule: Rule
    form: dict[str, str] = field(default_factory=dict)


def everybody(answer: Answer) -> tuple[Answer, ...]:
    return (answer,) * len(WHO)


def signed_in(answer: Answer, visitor: Answer = SIGN_IN) -> tuple[Answer, ...]:
    return (visitor, answer, answer, answer, answer)


def its_owner(answer: Answer) -> tuple[Answer, ...]:
    """Whose it is; to all others with an account it is not there."""
    return (SIGN_IN, 404, answer, 404, 404)


# Pages. What all may read sets no cookie, but for a form.
OPEN = Rule(everybody(200))
OPEN_WITH_FORM = Rule(everybody(200))
OPEN_FORM = Rule(everybody(200), everybody(302))
MOVED = Rule(everybody(302))
MOVED_FOR_GOOD = Rule(everybody(301))
PERSONAL = Rule(signed_in(200))
PERSONAL_OF_OWN = Rule(its_owner(200))
CONFIRMED_PAGE = Rule(signed_in(CONFIRM))
CONFIRMED_PAGE_OF_OWN = Rule(its_owner(CONFIRM))

# Changes, by POST alone.
CHANGE = Rule(everybody(405), signed_in(303))
CHANGE_AGREED = Rule(everybody(405), signed_in(400))  # by what an earlier page gave, signed
CHANGE_OF_OWN = Rule(everybody(405), its_owner(303))
CHANGE_BY_ALL = Rule(everybody(405), everybody(303))
CHANGE_WITHOUT_TOKEN = Rule(everybody(405), everybody(303), without_token=everybody(303))

# Forms that show themselves to GET. What is sent leads on, or is answered by a page.
FORM = Rule(signed_in(200), signed_in(302))
FORM_KEPT = Rule(signed_in(200), signed_in(303))
FORM_ANSWERED = Rule(signed_in(200), signed_in(200))
BUT_WITH_TWO_STEPS = (SIGN_IN, CONFIRM, 200, CONFIRM, CONFIRM)
FORM_OF_ADDRESS = Rule(signed_in(200), BUT_WITH_TWO_STEPS)
FORM_OF_STEPS = Rule(BUT_WITH_TWO_STEPS, BUT_WITH_TWO_STEPS)
CONFIRMED_FORM = Rule(signed_in(CONFIRM), signed_in(CONFIRM))
CONFIRMED_FORM_OF_OWN = Rule(its_owner(CONFIRM), its_owner(CONFIRM))
ENTRANCE = Rule(signed_in(302, visitor=200), everybody(302))
LEAVE = Rule(signed_in(200, visitor=302), everybody(302))
BY_PASSKEY = Rule(signed_in(302), signed_in(302))
UNCONFIGURED = Rule(everybody(404))  # of a provider; tests/accounts/test_providers.py has one
START_UNCONFIGURED = Rule(everybody(405), everybody(404))
JOINING = Rule(everybody(SIGN_IN))  # of who comes from a provider, whence nobody comes just now
# Of the API: who has no session needs no token, and there is nothing to POST.
NOT_BY_POST = (405, 403, 403, 403, 403)
OPEN_API = Rule(everybody(200), without_token=NOT_BY_POST)
# Of what is a reader's: a program that shows nothing is told to, and reads no page.
ASKED_AS_READER = signed_in(403, visitor=401)
OF_READER_API = Rule(signed_in(200, visitor=401), without_token=ASKED_AS_READER)
OF_OWN_API = Rule((401, 404, 200, 404, 404), without_token=ASKED_AS_READER)
TAKES_API = Rule(signed_in(200, visitor=401), signed_in(200, visitor=401), ASKED_AS_READER)
MAKES_API = Rule(signed_in(200, visitor=401), signed_in(201, visitor=401), ASKED_AS_READER)
DOES_API = Rule(signed_in(200, visitor=401), signed_in(204, visitor=401), ASKED_AS_READER)
NOT_BY_GET_API = Rule(signed_in(405, visitor=401), without_token=ASKED_AS_READER)
SHARES_API = Rule(signed_in(405, visitor=401), (401, 404, 200, 404, 404), ASKED_AS_READER)
# Of the admin.
FOR_STAFF = Rule((SIGN_IN, SIGN_IN, SIGN_IN, 200, 200))
OF_CURATORS = (SIGN_IN, SIGN_IN, SIGN_IN, 403, 200)
BY_CURATORS = Rule(OF_CURATORS, (*OF_CURATORS[:4], 302))
STEP = Rule(signed_in(302))  # of signing in, where nobody is just now

CATEGORY = {"follow": "category cs.LG"}
ELSEWHERE_OF_OWN = (SIGN_IN, 404, CONFIRM, 404, 404)
SECRET = "the-secret-of-the-list"  # noqa: S105
FEED = {"pk": 1_000_003, "kind": "saved", "nonce": "0" * 32}  # of its owner
SIGN_UP = {"email": "new@papers.example", "password1": PASSWORD, "password2": PASSWORD}
SUBSCRIPTION = 1_000_003  # the key of what its owner follows
TOKEN = 1_000_002  # the key of an access token
ACT = 1_000_000  # the key of an act that can be undone
OTHER = "marzipan heliotrope"
NEW_PASSWORD = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}

# One line an address, whatever its length.
# fmt: off
ADDRESSES = [
    # What all may read.
    Address("papers:home", "/", OPEN),
    Address("papers:archive", "/digests/", OPEN),
    Address("papers:digest", "/digests/2021-06-10/", OPEN),
    Address("papers:ranked", "/hot/", OPEN),
    Address("papers:paper", "/papers/2106.00001/", OPEN),
    Address("papers:abs", "/abs/2106.00001v1", MOVED_FOR_GOOD),
    Address("papers:categories", "/categories/", OPEN),
    Address("papers:category", "/categories/cs.LG/", OPEN),
    Address("papers:author", "/authors/ada-lark/", OPEN),
    Address("papers:tag", "/tags/weight/", OPEN),
    Address("papers:search", "/search/?q=paper", OPEN),
    Address("papers:suggest", "/search/suggest/?q=paper", OPEN),
    Address("papers:digest_as", "/digests/2021-06-10.md", OPEN),
    Address("papers:ranked_as", "/hot.csv", OPEN),
    Address("papers:paper_as", "/papers/2106.00001.bib", OPEN),
    Address("papers:category_as", "/categories/cs.LG.csl.json", OPEN),
    Address("papers:author_as", "/authors/ada-lark.ris", OPEN),
    Address("papers:tag_as", "/tags/weight.json", OPEN),
    Address("papers:search_as", "/search.csv?q=paper", OPEN),
    Address("papers:sitemap", "/sitemap.xml", OPEN),
    Address("papers:sitemap_pages", "/sitemaps/pages.xml", OPEN),
    Address("papers:sitemap_month", "/sitemaps/2021-06.xml", OPEN),
    Address("papers:robots", "/robots.txt", OPEN),
    Address("papers:opensearch", "/opensearch.xml", OPEN),
    Address("papers:about", "/about/", OPEN),
    Address("papers:about_ranking", "/about/ranking/", OPEN),
    Address("papers:curation", "/curation/", OPEN),
    Address("papers:privacy", "/privacy/", OPEN),
    Address("papers:status", "/status/", OPEN),
    Address("papers:status_json", "/status.json", OPEN),
    Address("papers:healthz", "/healthz", OPEN),
    Address("papers:readyz", "/readyz", OPEN),
    Address("papers:theme", "/appearance/", CHANGE_WITHOUT_TOKEN, {"theme": "dark"}),
    # The API.
    Address("papers:api:papers", "/api/v1/papers/", OPEN_API),
    Address("papers:api:paper", "/api/v1/papers/2106.00001/", OPEN_API),
    Address("papers:api:paper_tweets", "/api/v1/papers/2106.00001/tweets/", OPEN_API),
    Address("papers:api:search", "/api/v1/search/?q=paper", OPEN_API),
    Address("papers:api:tweets", "/api/v1/tweets/", OPEN_API),
    Address("papers:api:digests", "/api/v1/digests/", OPEN_API),
    Address("papers:api:latest_digest", "/api/v1/digests/latest/", OPEN_API),
    Address("papers:api:latest_entries", "/api/v1/digests/latest/entries/", OPEN_API),
    Address("papers:api:digest", "/api/v1/digests/2021-06-10/", OPEN_API),
    Address("papers:api:entries", "/api/v1/digests/2021-06-10/entries/", OPEN_API),
    Address("papers:api:categories", "/api/v1/categories/", OPEN_API),
    Address("papers:api:authors", "/api/v1/authors/", OPEN_API),
    Address("papers:api:author", "/api/v1/authors/ada-lark/", OPEN_API),
    Address("papers:api:tags", "/api/v1/tags/", OPEN_API),
    Address("papers:api:status", "/api/v1/status/", OPEN_API),
    Address("papers:api:runs", "/api/v1/runs/", Rule((401, 403, 403, 403, 200), without_token=(401, 403, 403, 403, 403))),
    Address("papers:api:schema", "/api/schema/", OPEN_API),
    Address("papers:api:schema_json", "/api/schema.json", OPEN_API),
    Address("papers:api:docs", "/api/docs/", OPEN),
    Address("accounts:api:me", "/api/v1/me/", OF_READER_API),
    Address("accounts:api:subscriptions", "/api/v1/subscriptions/", TAKES_API, {"kind": "category", "target": "cs.LG"}),
    Address("accounts:api:subscription", f"/api/v1/subscriptions/{SUBSCRIPTION}/", OF_OWN_API),
    Address("accounts:api:saved", "/api/v1/saved/", TAKES_API, {"paper": "2106.00001"}),
    Address("accounts:api:saved_paper", "/api/v1/saved/2106.00001/", OF_OWN_API),
    Address("accounts:api:tags", "/api/v1/saved/tags/", OF_READER_API),
    Address("accounts:api:tag", "/api/v1/saved/tags/weight/", NOT_BY_GET_API),
    Address("accounts:api:lists", "/api/v1/lists/", MAKES_API, {"name": "Barns"}),
    Address("accounts:api:list", "/api/v1/lists/group/", OF_OWN_API),
    Address("accounts:api:entries", "/api/v1/lists/group/entries/", OF_OWN_API),
    Address("accounts:api:entry", "/api/v1/lists/group/entries/2106.00001/", NOT_BY_GET_API),
    Address("accounts:api:order", "/api/v1/lists/group/order/", NOT_BY_GET_API),
    Address("accounts:api:share", "/api/v1/lists/group/share/", SHARES_API),
    Address("accounts:api:shared", f"/api/v1/lists/shared/{SECRET}/", OPEN_API),
    Address("accounts:api:shared_entries", f"/api/v1/lists/shared/{SECRET}/entries/", OPEN_API),
    Address("accounts:api:hidden", "/api/v1/hidden/", DOES_API, {"paper": "2106.00001"}),
    Address("accounts:api:hidden_paper", "/api/v1/hidden/2106.00001/", NOT_BY_GET_API),
    Address("accounts:api:feed", "/api/v1/feed/", OF_READER_API),
    Address("accounts:report", "/report/?paper=2106.00001", FORM_KEPT, {"kind": "other", "words": "It is a barn."}),
    Address("papers:feeds", "/feeds/", OPEN),
    Address("papers:digests_atom", "/digests.atom", OPEN),
    Address("papers:ranked_atom", "/hot.atom?category=cs.LG", OPEN),
    Address("papers:category_atom", "/categories/cs.LG.atom", OPEN),
    Address("papers:author_atom", "/authors/ada-lark.atom", OPEN),
    Address("papers:tag_atom", "/tags/weight.atom", OPEN),
    Address("papers:search_atom", "/search.atom?q=paper", OPEN),
    # Following, which a visitor may too.
    Address("accounts:follow", "/follow/?kind=category&target=cs.LG", OPEN_WITH_FORM),
    Address("accounts:change_follow", "/follow/change/", CHANGE_BY_ALL, CATEGORY),
    # The three steps of a new reader.
    Address("accounts:welcome", "/welcome/", OPEN),
    Address("accounts:welcome_preview", "/welcome/preview/?field=vision", OPEN_WITH_FORM),
    Address("accounts:welcome_follow", "/welcome/follow/", CHANGE_BY_ALL, {"field": "vision"}),
    Address("accounts:welcome_papers", "/welcome/papers/", OPEN_WITH_FORM),
    Address("accounts:welcome_save", "/welcome/save/", CHANGE_BY_ALL, {"paper": "2106.00001"}),
    # What a reader saved.
    Address("accounts:saved", "/saved/", PERSONAL),
    Address("accounts:saved_as", "/saved.bib", PERSONAL),
    Address("accounts:mark", "/saved/mark/", CHANGE, {"save": "2106.00001"}),
    Address("accounts:undo", "/saved/undo/", CHANGE),
    Address("accounts:change_saved", "/saved/2106.00001/", CHANGE_OF_OWN, {"state": "done"}),
    # A reader's feed, and what they met in it.
    Address("accounts:feed", "/feed/", OPEN),
    Address("accounts:feed_as", "/feed.bib", PERSONAL),
    Address("accounts:hide", "/feed/hide/", CHANGE, {"hide": "2106.00001"}),
    Address("accounts:read", "/feed/read/", CHANGE, {"through": "2021-06-10"}),
    Address("accounts:catch_up", "/feed/catch-up/", Rule(signed_in(302))),
    Address("accounts:catch_up_on", "/feed/catch-up/on/", CHANGE, {"enough": "1"}),
    Address("accounts:history", "/history/", PERSONAL),
    Address("accounts:clear_history", "/history/clear/", CHANGE),
    Address("accounts:hidden", "/history/hidden/", PERSONAL),
    Address("accounts:feed_settings", "/settings/feed/", FORM_KEPT, {"feed_window": "week", "feed_kinds": "new"}),
    Address("accounts:mute", "/settings/feed/mute/", CHANGE, {"kind": "word", "target": "barns"}),
    Address("accounts:unmute", "/settings/feed/unmute/", CHANGE, {"kind": "word", "target": "barns"}),
    Address("accounts:edit_saved", "/saved/2106.00001/edit/", CHANGE_OF_OWN, {"note": "weigh", "tags": "barns"}),
    Address("accounts:several", "/saved/several/", CHANGE, {"id": "2106.00001", "act": "done"}),
    Address("accounts:new_list", "/saved/lists/", CHANGE, {"name": "Barns"}),
    Address("accounts:rename_list", "/saved/lists/group/", CHANGE_OF_OWN, {"name": "Barns"}),
    Address("accounts:move", "/saved/lists/group/move/", CHANGE_OF_OWN, {"down": "2106.00001"}),
    Address("accounts:share", "/saved/lists/group/share/", CHANGE_OF_OWN),
    Address("accounts:unshare", "/saved/lists/group/unshare/", CHANGE_OF_OWN),
    Address("accounts:shared", f"/shared/{SECRET}/", OPEN),
    Address("accounts:shared_atom", f"/shared/{SECRET}.atom", OPEN),
    Address("accounts:secret_feed", feed_links.path(FeedLink(**FEED)), OPEN),
    Address("accounts:shared_as", f"/shared/{SECRET}.json", OPEN),
    Address("accounts:tags", "/saved/tags/", PERSONAL),
    Address("accounts:rename_tag", "/saved/tags/weight/", CHANGE_OF_OWN, {"name": "barns"}),
    Address("accounts:delete_tag", "/saved/tags/weight/delete/", CHANGE_OF_OWN),
    Address("accounts:news", "/saved/2106.00001/news/", PERSONAL_OF_OWN),
    Address("accounts:noted", "/saved/2106.00001/noted/", CHANGE_OF_OWN),
    Address("accounts:delete_list", "/saved/lists/group/delete/", CHANGE_OF_OWN),
    # What a reader sets.
    Address("accounts:settings", "/settings/", MOVED),
    Address("accounts:profile", "/settings/profile/", FORM, {"username": "lady"}),
    Address("accounts:time_zone", "/settings/time-zone/", Rule(signed_in(200), signed_in(303)), {"time_zone": "Asia/Tokyo"}),
    Address("accounts:follows", "/settings/follows/", FORM_KEPT, {"kind": "category", "target": "cs.LG"}),
    Address("accounts:feeds", "/settings/feeds/", PERSONAL),
    Address("accounts:make_feed", "/settings/feeds/make/", CHANGE, {"kind": "feed"}),
    Address("accounts:renew_feed", "/settings/feeds/renew/", CHANGE_OF_OWN, {"kind": "saved"}),
    Address("accounts:revoke_feed", "/settings/feeds/revoke/", CHANGE_OF_OWN, {"kind": "saved"}),
    Address("accounts:opml", "/settings/feeds/hot-papers.opml", PERSONAL),
    Address("accounts:appearance", "/settings/appearance/", Rule(signed_in(200), signed_in(303)), {"keys_on": "on"}),
    Address("accounts:security", "/settings/security/", PERSONAL),
    Address("accounts:tokens", "/settings/tokens/", PERSONAL),
    Address("accounts:new_token", "/settings/tokens/new/", CONFIRMED_FORM, {"name": "Barn", "scope": "read"}),
    Address("accounts:revoke_token", f"/settings/tokens/{TOKEN}/revoke/", CHANGE_OF_OWN),
    Address("accounts:data", "/settings/data/", PERSONAL),
    Address("accounts:import_saved", "/settings/data/import/", FORM_ANSWERED, {"text": "2106.00001 2106.00009"}),
    Address("accounts:confirm_import", "/settings/data/import/confirm/", CHANGE_AGREED),
    Address("accounts:dismiss_missing", "/settings/data/import/dismiss/", CHANGE),
    Address("accounts:export_json", "/settings/data/hot-papers.json", PERSONAL),
    Address("accounts:delete", "/settings/delete/", FORM_ANSWERED, {"password": PASSWORD}),
    # Signing in and out, address and password, two steps, sessions: django-allauth's.
    Address("account_login", "/accounts/login/", ENTRANCE, {"login": "owner", "password": PASSWORD}),
    Address("account_signup", "/accounts/signup/", ENTRANCE, SIGN_UP),
    Address("account_logout", "/accounts/logout/", LEAVE),
    Address("account_inactive", "/accounts/inactive/", OPEN),
    Address("account_reauthenticate", "/accounts/reauthenticate/", FORM, {"password": PASSWORD}),
    Address("account_email", "/accounts/email/", FORM_OF_ADDRESS, {"action_add": "", "email": "new@papers.example"}),
    Address("account_email_verification_sent", "/accounts/confirm-email/", OPEN),
    Address("account_confirm_email", "/accounts/confirm-email/made-up/", OPEN),
    Address("account_confirm_login_code", "/accounts/login/code/confirm/", STEP),
    Address("account_change_password", "/accounts/password/change/", FORM, NEW_PASSWORD),
    Address("account_set_password", "/accounts/password/set/", STEP),
    Address("account_reset_password", "/accounts/password/reset/", OPEN_FORM, {"email": "owner@papers.example"}),
    Address("account_reset_password_done", "/accounts/password/reset/done/", OPEN),
    Address("account_reset_password_from_key", "/accounts/password/reset/key/1-made-up/", OPEN),
    Address("account_reset_password_from_key_done", "/accounts/password/reset/key/done/", OPEN),
    Address("mfa_index", "/accounts/2fa/", PERSONAL),
    Address("mfa_authenticate", "/accounts/2fa/authenticate/", STEP),
    Address("mfa_reauthenticate", "/accounts/2fa/reauthenticate/", FORM_OF_STEPS),
    Address("mfa_activate_totp", "/accounts/2fa/totp/activate/", CONFIRMED_FORM),
    Address("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/", CONFIRMED_FORM_OF_OWN),
    Address("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/", CONFIRMED_PAGE_OF_OWN),
    Address("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/", CONFIRMED_FORM),
    Address("mfa_download_recovery_codes", "/accounts/2fa/recovery-codes/download/", CONFIRMED_PAGE_OF_OWN),
    Address("mfa_list_webauthn", "/accounts/2fa/webauthn/", PERSONAL),
    Address("mfa_add_webauthn", "/accounts/2fa/webauthn/add/", CONFIRMED_FORM),
    Address("mfa_edit_webauthn", "/accounts/2fa/webauthn/keys/1/edit/", CONFIRMED_FORM),
    Address("mfa_remove_webauthn", "/accounts/2fa/webauthn/keys/1/remove/", CONFIRMED_FORM),
    Address("mfa_reauthenticate_webauthn", "/accounts/2fa/webauthn/reauthenticate/", CONFIRMED_FORM),
    Address("mfa_login_webauthn", "/accounts/2fa/webauthn/login/", BY_PASSKEY),
    Address("confirm_by_provider", "/accounts/with/", CONFIRMED_PAGE),
    Address("start_provider", "/accounts/with/github/", START_UNCONFIGURED),
    Address("github_callback", "/accounts/with/github/callback/", UNCONFIGURED),
    Address("openid_connect_callback", "/accounts/with/orcid/callback/", UNCONFIGURED),
    Address("socialaccount_signup", "/accounts/with/new/", JOINING),
    Address("accounts:disconnect", "/settings/security/disconnect/", Rule(everybody(405), ELSEWHERE_OF_OWN), {"account": "1815"}),
    Address("usersessions_list", "/accounts/sessions/", FORM),
    # The admin's own pages; those of its models are found by its test.
    Address("admin:index", "/admin/", FOR_STAFF),
    Address("admin:report", "/admin/reports/1000001/", BY_CURATORS, {"reason": "It is no barn."}),
    Address("admin:act", "/admin/acts/hide-paper/?id=2106.00001", BY_CURATORS, {"reason": "Spam."}),
    Address("admin:undo", f"/admin/undo/?id={ACT}", BY_CURATORS, {"reason": "No spam."}),
    Address("admin:edit_digest", "/admin/digests/2021-06-10/edit/", Rule(OF_CURATORS, (*OF_CURATORS[:4], 303)), {"act": "save", "edition": "0"}),
]
# fmt: on
