"""How browsers are named, through whom one signs in, and where mail lies that goes nowhere."""

import re

from django import template
from django.conf import settings

from accounts import providers

register = template.Library()

# In this order: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
BROWSERS |= {"Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "CrOS": "ChromeOS"}
SYSTEMS |= {"Windows": "Windows", "Mac OS X": "macOS", "Linux": "Linux"}


@register.filter
def browser(user_agent: str) -> str:
    """Return "Firefox on Linux", or what a program that is no browser calls itself."""
    name = next((name for sign, name in BROWSERS.items() if f"{sign}/" in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    if name and system:
        return f"{name} on {system}"
    return name or re.split(r"[ /]", user_agent, maxsplit=1)[0][:40] or "Unnamed"


register.simple_tag(providers.names, name="providers")


@register.simple_tag
def mail_folder() -> str:
    """Return the folder that mail is written to, where its reader can look: on a loopback site."""
    return "" if settings.EMAIL_URL or not settings.IS_LOOPBACK else str(settings.EMAIL_FILE_PATH)
