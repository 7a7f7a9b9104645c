"""The pages of signing in, where they come between the steps of a booking."""

from typing import Any

from django import template

from queueing.booking.pages.entrance import waiting_hour

register = template.Library()


@register.inclusion_tag("queueing/_entrance.html", takes_context=True)
def booking_waits(context: template.Context) -> dict[str, Any]:
    """The steps and the chosen hour, where signing in leads back to one; else nothing."""
    request = context["request"]
    return waiting_hour(request.POST.get("next") or request.GET.get("next", ""))
