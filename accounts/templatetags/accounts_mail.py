"""The mail that a page waits for, what people call a device, and a second step that is to go."""

from django import template
from django.template import Context

from accounts import proving, second_step
from accounts.devices import device_name
from accounts.models import LostStep
from accounts.waiting_page import Waiting, waiting_now

register = template.Library()


register.filter(device_name)


@register.simple_tag(takes_context=True)
def waiting_mail(context: Context) -> Waiting:
    """What this visitor waits for, and what they may do meanwhile."""
    return waiting_now(context["request"])


@register.simple_tag(takes_context=True)
def lost_step(context: Context) -> LostStep | None:
    """What stands about the visitor's second step; None on a page without a request."""
    request = context.get("request")
    return second_step.lost_step(request) if request is not None else None


@register.simple_tag(takes_context=True)
def waiting_address(context: Context) -> str:
    """The address that waits for its code in this browser; "" where none does."""
    return proving.waiting_address(context["request"])
