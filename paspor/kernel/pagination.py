from typing import Any

from django.utils.translation import gettext
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination


class PageNumber(PageNumberPagination):
    """?page=2&page_size=100; a size of which there is none is refused, not replaced."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_number(self, request: Any, paginator: Any) -> Any:
        """An empty page is no page; DRF would take it for the first."""
        if request.query_params.get(self.page_query_param) == "":
            raise NotFound
        return super().get_page_number(request, paginator)

    def get_page_size(self, request: Any) -> int:
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= self.max_page_size):
            message = gettext("Isi dengan angka dari 1 sampai %(high)s.")
            raise ValidationError(
                {self.page_size_query_param: [message % {"high": self.max_page_size}]}
            )
        return int(text)
