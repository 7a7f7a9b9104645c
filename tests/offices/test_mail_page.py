"""The screen of the mail: headquarters sees the roads; nobody else does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Relay
from tests.factories import MessageFactory, RelayFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_headquarters_sees_where_the_mail_is(officer, sign_in, settings):
    settings.MAILERS = {"default": settings.MAILERS["default"]} | {
        "relay-2": settings.MAILERS["default"]
    }
    now = timezone.now()
    soon = now + timedelta(minutes=5)
    RelayFactory(name="default", failures=3, rests_until=soon, reason="TimeoutError")
    RelayFactory(name="relay-2", domain="satu.test", last_until=soon)
    for number in range(22):
        MessageFactory(
            user=UserFactory(),
            to=f"warga@domain{number}.test",
            state="ACCEPTED",
            relay="relay-2",
            due_at=now - timedelta(minutes=1),
        )
    MessageFactory(user=UserFactory(), due_at=now - timedelta(minutes=12), to="a@domain1.test")

    page = sign_in(officer("SISTIK")).get(reverse("mail-watch"))
    told = page.content.decode()
    assert page.status_code == 200
    assert "diistirahatkan" in told
    assert "TimeoutError" in told
    assert "ditanya terakhir untuk satu.test" in told
    assert "Ada pesan yang menunggu terlalu lama." in told
    assert "12 menit" in told
    assert "lainnya" in told
    assert "warga@" not in told


@pytest.mark.parametrize("role", ["HEAD", "COUNTER"])
def test_an_office_does_not(officer, sign_in, kanim, role: str):
    page = sign_in(officer(role, kanim)).get(reverse("mail-watch"))
    assert page.status_code == 403
    assert Relay.objects.count() == 0
