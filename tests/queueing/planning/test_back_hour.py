"""The hour from which unused seats of the counter go online, and what else a planner reaches."""

import re
from datetime import time

import pytest
from django.urls import reverse

from paspor.kernel.models import PolicyValue
from queueing.quota import policies, rules
from queueing.quota.errors import BackHourOutOfRange
from tests.factories import OfficeFactory
from tests.queueing.desk.conftest import NOW

pytestmark = pytest.mark.django_db
PAGE = reverse("planning:week", args=["KANIM-LOKET"])
SAVE = reverse("planning:back", args=["KANIM-LOKET"])
WHY = {"note": "Sedikit yang datang tanpa janji"}


def shown(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def head(clock, officer, office, sign_in):
    return sign_in(officer("HEAD", office))


@pytest.mark.parametrize(
    ("at", "minute"), [(None, 0), (time(6), 360), (time(10, 30), 630), (time(21), 1260)]
)
def test_an_hour_is_a_minute_of_the_day_and_back(at, minute):
    assert rules.minute_back(at) == minute
    assert rules.hour_back(minute) == at


@pytest.mark.parametrize("at", [time(0), time(5, 59), time(21, 1), time(23, 59)])
def test_an_hour_out_of_range_is_refused(at):
    with pytest.raises(BackHourOutOfRange):
        rules.minute_back(at)


def test_the_head_sets_the_hour_and_ends_it(head, office, django_capture_on_commit_callbacks):
    assert "tidak kembali ke daring" in shown(head.get(PAGE))

    with django_capture_on_commit_callbacks(execute=True):
        head.post(SAVE, WHY | {"at": "10.30"})
    row = PolicyValue.objects.get(key="counter_back_minute")
    assert (row.scope, row.value, row.why) == (office.code, 630, WHY["note"])
    assert policies.COUNTER_BACK_MINUTE.at(now=NOW, scope=office.code) == 630
    page = shown(head.get(PAGE))
    assert "kembali ke daring mulai pukul 10.30" in page
    assert 'value="10:30" min="06:00" max="21:00"' in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"at": "05:59"}, "Pilih jam antara 06.00 dan 21.00, atau kosongkan."),
        ({"at": "jam sepuluh"}, "Tulis jam dan menit, misalnya 10.00."),
        ({"at": "10:00", "note": ""}, "Keterangan"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(head, office, fields, said):
    response = head.post(SAVE, WHY | fields)

    assert response.status_code == 422
    assert said in shown(response)
    assert not PolicyValue.objects.exists()


def test_a_planner_reads_it_and_is_told_whose_it_is(planner, office):
    page = shown(planner.get(PAGE))
    assert "Jam ini ditetapkan kepala kantor" in page
    assert 'name="at"' not in page

    planner.post(SAVE, WHY | {"at": "10:00"})
    assert not PolicyValue.objects.exists()


def test_strangers_and_the_counter_do_not_find_it(planner, officer, office, sign_in):
    other = reverse("planning:back", args=[OfficeFactory().code])
    assert planner.post(other, WHY).status_code == 404
    assert sign_in(officer("COUNTER", office)).post(SAVE, WHY).status_code == 404


def test_every_link_of_the_month_opens_for_a_planner(planner, office):
    page = planner.get(reverse("planning:month", args=[office.code])).content.decode()
    main = page[page.index("<main") : page.index("<table")]
    links = {link for link in re.findall(r'href="(/[^"#?]*)', main) if "static" not in link}

    assert reverse("admin:queueing_release_changelist") in links
    assert {link: planner.get(link).status_code for link in links} == dict.fromkeys(links, 200)
