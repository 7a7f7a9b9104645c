import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured

from offices.admin_site import OfficerAdminSite
from offices.backends import SEEN_BY
from queueing.booking.models import Booking


def test_model_of_an_app_that_nobody_may_look_at_is_refused(monkeypatch):
    monkeypatch.delitem(SEEN_BY, "queueing")

    with pytest.raises(ImproperlyConfigured, match=r"queueing\.Booking .*SEEN_BY"):
        OfficerAdminSite().register(Booking)


def test_third_party_models_are_left_out():
    site = OfficerAdminSite()

    site.register([Group, Booking])

    assert not site.is_registered(Group)
    assert site.is_registered(Booking)
