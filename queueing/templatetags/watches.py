"""What the visitor waits to be told of, or was never told of, on the page of their visits."""

from typing import Any

from django import template
from django.utils import timezone

from queueing.watching import selectors, words

register = template.Library()


@register.inclusion_tag("queueing_watching/_waiting.html", takes_context=True)
def waiting_watches(context: template.Context) -> dict[str, Any]:
    now = timezone.now()
    unheard = selectors.unheard_of(context["request"].user)
    return {"rows": [words.watch_row(watch, now) for watch in unheard]}
