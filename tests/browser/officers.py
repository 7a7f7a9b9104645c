"""An office whose head has passed a second factor."""

from collections.abc import Callable

import pytest

from offices.models import Office
from tests.browser.visitor import Visitor
from tests.factories import OfficeFactory, OfficerPostFactory


@pytest.fixture
def office(portal) -> Office:
    return OfficeFactory(name="Kantor Imigrasi Kelas I Khusus TPI Uji Soekarno-Hatta")


@pytest.fixture
def enter(visit, office: Office) -> Callable[..., Visitor]:
    """A browser in which the head of the office has passed a second factor."""

    def enter(**how: object) -> Visitor:
        head = OfficerPostFactory(office=office, role="HEAD").user
        return visit(officer=head, **how)

    return enter
