"""The text of a page, as people read it."""

import re

from django.http import HttpResponse

PIECE = re.compile(r'<span class="nowrap">([^<]*)</span>')


def text_of_page(response: HttpResponse) -> str:
    """The page without what only keeps its codes and hours in one piece."""
    return PIECE.sub(r"\1", response.content.decode())
