"""After erasing an account no table repeats whom it booked for."""

import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from accounts.services import personal_data
from tests.queueing.booking_api.conftest import BOOKINGS

pytestmark = pytest.mark.django_db
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


def tables_saying(word: str) -> list[str]:
    """Every table with a row that holds this word in any column, as text."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        query = "SELECT EXISTS (SELECT FROM {} t WHERE t::text ILIKE %s)"
        found = []
        for name in names:
            cursor.execute(sql.SQL(query).format(sql.Identifier(name)), [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_no_table_says_the_name_after_erasing(phone, account, applicant, slot):
    code = phone.book(slot, applicant).json()["code"]
    assert phone.post(f"{BOOKINGS}/{code}/cancel", {}, key="cancel-1").status_code == 200
    name = applicant.name
    assert "kernel_storedanswer" in tables_saying(name)

    personal_data.erase(user=account, now=timezone.now())

    assert tables_saying(name) == []
    assert tables_saying(account.email) == []
