"""The addresses of a reader's own pages; signing in and out is django-allauth's, /accounts/."""

from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from accounts import feeds
from accounts.views import (
    catch_up,
    data,
    exports,
    feed,
    feed_links,
    feed_settings,
    follows,
    history,
    imports,
    news,
    providers,
    reports,
    saved,
    settings,
    shared,
    shelf,
    tags,
    tokens,
    welcome,
)


class NameConverter:
    """The slug of a reader's own tag or list, in letters of every script."""

    regex = r"[-\w]{1,110}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TokenConverter(NameConverter):
    """The secret of a shared list."""

    regex = r"[-_0-9A-Za-z]{16,64}"


class SecretConverter(NameConverter):
    """The secret of a reader's own feed, as `feed_links` makes it."""

    regex = r"[0-9]{1,18}-[0-9a-f]{32}"


class KeyConverter:
    """The key of a row, as far as databases have numbers."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(KeyConverter, "key")
register_converter(NameConverter, "own")
register_converter(TokenConverter, "token")
register_converter(SecretConverter, "secret")

app_name = "accounts"
urlpatterns = [
    path("feed/", feed.page, name="feed"),
    path("feed.<format:form>", exports.feed, name="feed_as"),
    path("feed/hide/", feed.hide, name="hide"),
    path("feed/catch-up/", catch_up.page, name="catch_up"),
    path("feed/catch-up/on/", catch_up.go_on, name="catch_up_on"),
    path("feed/read/", feed.read, name="read"),
    path("report/", reports.page, name="report"),
    path("follow/", follows.ask, name="follow"),
    path("follow/change/", follows.change, name="change_follow"),
    path("welcome/", welcome.fields, name="welcome"),
    path("welcome/preview/", welcome.preview, name="welcome_preview"),
    path("welcome/follow/", welcome.follow, name="welcome_follow"),
    path("welcome/papers/", welcome.papers, name="welcome_papers"),
    path("welcome/save/", welcome.save, name="welcome_save"),
    path("saved/", saved.page, name="saved"),
    path("saved.<format:form>", exports.saved, name="saved_as"),
    path("saved/mark/", saved.mark, name="mark"),
    path("saved/undo/", saved.undo, name="undo"),
    path("saved/several/", shelf.several, name="several"),
    path("saved/lists/", shelf.new_list, name="new_list"),
    path("saved/lists/<own:slug>/", shelf.rename_list, name="rename_list"),
    path("saved/lists/<own:slug>/move/", shelf.move, name="move"),
    path("saved/lists/<own:slug>/delete/", shelf.delete_list, name="delete_list"),
    path("saved/lists/<own:slug>/share/", shared.share, name="share"),
    path("saved/lists/<own:slug>/unshare/", shared.unshare, name="unshare"),
    path("saved/tags/", tags.page, name="tags"),
    path("saved/tags/<own:slug>/", tags.rename, name="rename_tag"),
    path("saved/tags/<own:slug>/delete/", tags.delete, name="delete_tag"),
    path("saved/<arxiv_id:arxiv_id>/", saved.change, name="change_saved"),
    path("saved/<arxiv_id:arxiv_id>/edit/", shelf.edit, name="edit_saved"),
    path("saved/<arxiv_id:arxiv_id>/news/", news.page, name="news"),
    path("saved/<arxiv_id:arxiv_id>/noted/", news.noted, name="noted"),
    path("shared/<token:token>/", shared.page, name="shared"),
    path("shared/<token:token>.atom", feeds.shared, name="shared_atom"),
    path("feeds/<secret:secret>.atom", feeds.secret, name="secret_feed"),
    path("settings/feeds/", feed_links.page, name="feeds"),
    path("settings/feeds/make/", feed_links.make, name="make_feed"),
    path("settings/feeds/renew/", feed_links.renew, name="renew_feed"),
    path("settings/feeds/revoke/", feed_links.revoke, name="revoke_feed"),
    path("settings/feeds/hot-papers.opml", feed_links.opml, name="opml"),
    path("shared/<token:token>.<format:form>", exports.shared, name="shared_as"),
    path("settings/", RedirectView.as_view(pattern_name="accounts:profile"), name="settings"),
    path("history/", history.opened, name="history"),
    path("history/clear/", history.clear, name="clear_history"),
    path("history/hidden/", history.hidden, name="hidden"),
    path("settings/feed/", feed_settings.page, name="feed_settings"),
    path("settings/feed/mute/", feed_settings.mute, name="mute"),
    path("settings/feed/unmute/", feed_settings.unmute, name="unmute"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/time-zone/", settings.time_zone, name="time_zone"),
    path("settings/follows/", follows.page, name="follows"),
    path("settings/appearance/", settings.appearance, name="appearance"),
    path("settings/security/", settings.security, name="security"),
    path("settings/security/disconnect/", providers.disconnect, name="disconnect"),
    path("settings/tokens/", tokens.page, name="tokens"),
    path("settings/tokens/new/", tokens.new, name="new_token"),
    path("settings/tokens/<key:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("settings/data/", data.page, name="data"),
    path("settings/data/import/", imports.page, name="import_saved"),
    path("settings/data/import/confirm/", imports.confirm, name="confirm_import"),
    path("settings/data/import/dismiss/", imports.dismiss, name="dismiss_missing"),
    path("settings/data/hot-papers.json", data.export_json, name="export_json"),
    path("settings/delete/", settings.delete, name="delete"),
    path("api/v1/", include("accounts.api.urls")),
]
