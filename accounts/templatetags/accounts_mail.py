"""The mail that a page waits for, and masked addresses."""

from typing import Any

from django import template
from django.template import Context

from accounts.waiting_page import Waiting, waiting_now
from paspor.kernel.masking import mask_email

register = template.Library()


@register.filter
def masked_email(address: Any) -> str:
    return mask_email(str(address))


# In this order: each browser also names those after it, each phone also its kernel.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


@register.filter
def device_name(user_agent: str) -> str:
    """ "Chrome · Android", or the beginning of what the device calls itself."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return " · ".join(filter(None, (browser, system))) or user_agent[:60]


@register.simple_tag(takes_context=True)
def waiting_mail(context: Context) -> Waiting:
    """What this visitor waits for, and what they may do meanwhile."""
    return waiting_now(context["request"])
