"""What tests of accounts share."""

import pytest
from django.utils import timezone


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pages no second passes, however long a busy machine takes for them."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
