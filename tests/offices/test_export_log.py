"""Where the log keeps that an officer downloaded a list."""

import pytest
from django.db import connection
from django.test import Client

from offices.models import Office
from paspor.kernel.models import NATIONAL, AuditEvent
from tests.factories import OpeningHoursFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/offices/openinghours/"


def download(client: Client, office: Office) -> AuditEvent:
    row = OpeningHoursFactory(office=office)
    client.post(LIST, {"action": "export_csv", "_selected_action": [row.pk]})
    return AuditEvent.objects.get(act="export")


def test_download_of_one_office_is_in_its_own_log(officer, kanim, sign_in):
    event = download(sign_in(officer("HEAD", kanim)), kanim)

    assert (event.stream, event.detail) == (kanim.code, {"rows": 1, "offices": [kanim.code]})


def test_download_that_reaches_branches_names_them_all(officer, kanim, ulp, sign_in):
    event = download(sign_in(officer("HEAD", kanim)), kanim)

    assert event.stream == NATIONAL
    assert event.detail["offices"] == sorted([kanim.code, ulp.code])


def test_download_of_the_nation_is_the_nations(officer, kanim, sign_in):
    event = download(sign_in(officer("SISTIK")), kanim)

    assert (event.stream, event.detail) == (NATIONAL, {"rows": 1})


def test_newest_lines_of_the_log_are_found_by_index():
    newest = AuditEvent.objects.order_by("-at", "-id")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off")

    assert "Sort  (" not in newest.explain()
