"""Whether a page can offer passkeys, and where else it could."""

from django import template

from accounts import passkeys

register = template.Library()
register.filter("may_use_passkeys", passkeys.may_use)
register.filter("named_site", passkeys.named_site)
