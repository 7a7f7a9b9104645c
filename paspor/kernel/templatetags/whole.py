"""Codes, hours and clocks in running text: a dash or a space would break them, they are read
whole.
"""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
CLOCK = r"\d{2}[.:]\d{2}"
ZONE = r" WI(?:B|TA|T)\b"
CODE = r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+"
WHOLE = re.compile(rf"(?<![\w-])(?:{CLOCK}–{CLOCK}(?:{ZONE})?|{CLOCK}{ZONE}|{CODE})(?![\w-])")


@register.filter
def whole(text: object) -> SafeString:
    """The sentence, escaped, with each code, hour and clock in one piece.

    A message and a fault are no strings but give one, which is safe where it carries a link.
    """
    escaped = conditional_escape(str(text))
    return mark_safe(WHOLE.sub(r'<span class="nowrap">\g<0></span>', escaped))  # noqa: S308  # escaped
