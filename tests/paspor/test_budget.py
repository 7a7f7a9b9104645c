"""UX 2: a page of the citizen is under 60 KB on a first visit, fonts apart, and under 15 after."""

import pytest
from django.core.management import call_command

from accounts.models import User
from tests.factories import ApplicantFactory
from tests.page_weight import weigh
from tests.queueing.pages.visitors import book, near_hour, working_office

pytestmark = pytest.mark.django_db
FIRST, AFTER = 60_000, 15_000
PUBLIC = (
    *("/", "/panduan/", "/panduan/?usia=dewasa&punya=belum", "/kantor/", "/cek/", "/bantuan/"),
    *("/status", "/angka/", "/laporan/", "/privasi/", "/akun/signup/", "/akun/login/"),
)


@pytest.fixture
def addresses(client) -> list[str]:
    """With the nation's offices, since lists of them are what weighs; signed in with a visit."""
    call_command("load_offices", verbosity=0)
    office = working_office()
    slot = near_hour(office, capacity=8)
    people = ApplicantFactory.create_batch(5, account=ApplicantFactory().account)
    booked = book(slot, people[:4])
    client.force_login(User.objects.get(pk=people[0].account_id))
    at = f"/kantor/{office.code}/"
    return [
        *(at, f"{at}{slot.day}/", f"{at}angka/", f"/pesan/{slot.code}/"),
        *("/janji/", f"/janji/{booked.code}/", "/akun/", "/akun/pemohon/"),
    ]


def test_pages_of_the_citizen_keep_the_budget(client, addresses):
    weights = {path: weigh(client, path) for path in addresses}
    client.logout()
    weights |= {path: weigh(client, path) for path in PUBLIC}

    heavy = {
        path: (weight.first_visit, weight.page)
        for path, weight in weights.items()
        if weight.first_visit >= FIRST or weight.page >= AFTER
    }
    assert heavy == {}, heavy
