"""The mail that a page waits for, and masked addresses."""

from typing import Any

from django import template
from django.template import Context

from accounts.devices import device_name
from accounts.waiting_page import Waiting, waiting_now
from paspor.kernel.masking import mask_email

register = template.Library()


@register.filter
def masked_email(address: Any) -> str:
    return mask_email(str(address))


register.filter(device_name)


@register.simple_tag(takes_context=True)
def waiting_mail(context: Context) -> Waiting:
    """What this visitor waits for, and what they may do meanwhile."""
    return waiting_now(context["request"])
