"""What tests of accounts share."""

from typing import Any

import pytest
from django.urls import include, path
from django.utils import timezone

from paspor import urls as portal


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pages no second passes, however long a busy machine takes for them."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def demo(settings: Any) -> None:
    """The demo's addresses as well; the portal under test is no demo."""
    settings.DEMO = True
    extra = [path("demo/", include("accounts.demo_urls"))]
    settings.ROOT_URLCONF = type(
        "urls", (), {"urlpatterns": portal.urlpatterns + extra, "handler404": portal.handler404}
    )
