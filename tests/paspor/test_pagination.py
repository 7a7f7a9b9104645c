import pytest
from django.core.paginator import Paginator
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from paspor.kernel.pagination import PageNumber


def page_number(query: str) -> object:
    request = Request(APIRequestFactory().get(f"/{query}"))
    return PageNumber().get_page_number(request, Paginator([], 10))


def test_without_a_page_it_is_the_first():
    assert page_number("") == 1


def test_an_empty_page_is_not_taken_for_the_first():
    with pytest.raises(NotFound):
        page_number("?page=")
