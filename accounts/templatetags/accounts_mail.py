"""The mail that a page waits for, and masked addresses."""

from typing import Any

from django import template
from django.template import Context

from accounts import selectors
from accounts.adapters import WAITING_FOR
from accounts.mail_states import MailState, state_of
from paspor.kernel.masking import mask_email

register = template.Library()


@register.filter
def masked_email(address: Any) -> str:
    return mask_email(str(address))


@register.simple_tag(takes_context=True)
def waiting_mail(context: Context) -> MailState | None:
    """Where the message is that this visitor asked for; None when there is none."""
    code = context["request"].session.get(WAITING_FOR)
    message = selectors.message_with_code(code) if code else None
    return state_of(message) if message else None
