"""What pages for people with an account need: fields, devices, where passkeys work."""

import ipaddress
from urllib.parse import urlsplit

from django import template
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest
from django.utils.safestring import SafeString

register = template.Library()

# The first that occurs in what a browser says about itself; most claim to be several others too.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def plain_input(field: BoundField) -> SafeString:
    """The input of a field without a placeholder: the label says it, and stays."""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget()


@register.filter
def is_tick_box(field: BoundField) -> bool:
    """True for a box to tick, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def device_words(user_agent: str) -> str:
    """``Firefox, Linux``; what the browser says itself where that is nothing known."""
    known = [
        next((name for sign, name in kinds.items() if sign in user_agent), "")
        for kinds in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, known)) or user_agent[:60] or "?"


@register.simple_tag(takes_context=True)
def address_with_passkeys(context: template.Context) -> str:
    """Passkeys belong to a name: for a site opened by a bare number, the same page under ``localhost``."""
    request: HttpRequest = context["request"]
    host = urlsplit(f"//{request.get_host()}")
    try:
        number = ipaddress.ip_address(host.hostname or "")
    except ValueError:
        return ""
    if not number.is_loopback:
        return "https://"
    port = f":{host.port}" if host.port else ""
    return f"http://localhost{port}{request.get_full_path()}"
