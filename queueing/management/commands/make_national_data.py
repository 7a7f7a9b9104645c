"""A country's worth of data to measure on: all offices, days ahead, years behind."""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import batched
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import Applicant, User
from accounts.services import people
from paspor.kernel import cipher
from queueing.booking.models import Booking
from queueing.management.commands import _national as statements
from queueing.quota.models import Slot

THROW_AWAY = re.compile(r"paspor_(test|bench|try|template)")
MOST_ACCOUNTS = 1_000_000
PEOPLE_OF_ACCOUNT = 3
ACCOUNTS_AT_ONCE = 10_000
PROVINCES = [11, 12, 13, 14, 16, 18, *range(31, 37), 51, 52, 53, 61, 63, 64, 71, 73, 81, 91, 94]
REGENCIES = 24
FIRST_BIRTH = date(1950, 1, 1)
BIRTH_DAYS = 20_000
BAR = 30
USERS = "id code email password phone language is_active joined_at"
PERSONS = "id digest created_at"
APPLICANTS = (
    "id code account_id person_id name birth_date sex nik_sealed nik_key nik_last4 nik_region"
    " nik_stem kk_key kk_digest warnings is_holder created_at"
)
TABLES = (
    *("accounts_user", "accounts_person", "accounts_applicant", "accounts_identitycheck"),
    *("accounts_trace", "accounts_consent", "account_emailaddress"),
    *("queueing_release", "queueing_slot", "queueing_seat", "queueing_booking"),
    *("queueing_bookingorigin", "queueing_place", "queueing_bookingevent"),
)


class Command(BaseCommand):
    help = (
        "Fills a throw-away database with a country: every office, quota ahead, past visits of "
        "people who are invented (their NIKs are of district 99). Only a database whose name "
        "begins with paspor_bench, paspor_test, paspor_try or paspor_template is taken, or a demo."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bookings", type=int, default=1_000_000, help="Past visits.")
        parser.add_argument("--days", type=int, default=60, help="Days ahead with quota.")
        parser.add_argument("--list", type=Path, help="Offices, as load_offices takes them.")

    def handle(self, *, bookings: int, days: int, **options: Any) -> None:
        check_throw_away()
        self.now, began = timezone.now(), monotonic()
        self.accounts = max(1, min(bookings // 2, MOST_ACCOUNTS))
        call_command("load_offices", *filter(None, [options["list"]]), stdout=self.stdout)
        call_command("open_quota", days=days, stdout=self.stdout)
        with connections["owner"].cursor() as self.cursor:
            self._people()
            self._past(bookings)
            with transaction.atomic(using="owner"):
                self.cursor.execute(statements.AHEAD, self._numbers())
            self._tidy()
        self.stdout.write(f"Made in {monotonic() - began:.0f} s.")

    def _people(self) -> None:
        self.account = self._reserve("accounts_user", self.accounts)
        applicants = self.accounts * PEOPLE_OF_ACCOUNT
        self.applicant = self._reserve("accounts_applicant", applicants)
        self.person = self._reserve("accounts_person", applicants)
        for numbers in batched(range(self.accounts), ACCOUNTS_AT_ONCE, strict=False):
            with transaction.atomic(using="owner"):
                self._copy("accounts_user", USERS, map(self._user, numbers))
                them = [
                    n * PEOPLE_OF_ACCOUNT + k for n in numbers for k in range(PEOPLE_OF_ACCOUNT)
                ]
                self._copy("accounts_person", PERSONS, map(self._person, them))
                self._copy("accounts_applicant", APPLICANTS, map(self._applicant, them))
                first, last = self.account + numbers[0], self.account + numbers[-1]
                more = {"first": first, "last": last, "notice": settings.PRIVACY_NOTICE_VERSION}
                self.cursor.execute(statements.AROUND, self._numbers() | more)
            self._show("accounts", numbers[-1] + 1, self.accounts)

    def _user(self, n: int) -> tuple[Any, ...]:
        joined = self.now - timedelta(days=30 + n % 900)
        row = self.account + n
        return (row, f"{row:012X}", f"warga{row}@nasional.test", "!", "", "id", True, joined)

    def _person(self, n: int) -> tuple[Any, ...]:
        return (self.person + n, cipher.person_digest(nik_of(n)[0]), self.now)

    def _applicant(self, n: int) -> tuple[Any, ...]:
        nik, birth = nik_of(n)
        row = self.applicant + n
        applicant = Applicant(code=f"{row:012X}")
        people.seal_nik(applicant, nik)
        owner = self.account + n // PEOPLE_OF_ACCOUNT
        sealed = (applicant.nik_sealed, applicant.nik_key, applicant.nik_last4)
        parts = (applicant.nik_region, applicant.nik_stem, "", "", "[]")
        told = (f"Warga Nasional {n}", birth, Applicant.Sex.MALE)
        holder = n % PEOPLE_OF_ACCOUNT == 0
        return (
            *(row, applicant.code, owner, self.person + n, *told, *sealed, *parts),
            *(holder, self.now),
        )

    def _copy(self, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
        with self.cursor.copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _reserve(self, table: str, count: int) -> int:
        """The first of so many numbers in a row; nobody else writes beside us."""
        self.cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%(table)s, 'id'),"
            " nextval(pg_get_serial_sequence(%(table)s, 'id')) + %(count)s)",
            {"table": table, "count": count},
        )
        return self.cursor.fetchone()[0] - count

    def _past(self, bookings: int) -> None:
        """Week by week backwards, until there are as many as were asked for."""
        today = self.now.date()
        first = today + timedelta(days=7 - today.weekday())
        self.cursor.execute(statements.MODEL_WEEK, {"monday": first})
        done, weeks = 0, 0
        while done < bookings:
            weeks += 1
            monday = first - timedelta(weeks=weeks + 1)
            self._make_months(monday)
            done += self._week(monday, first, bookings - done)
            self._show("visits", done, bookings)

    def _week(self, monday: date, first: date, most: int) -> int:
        with transaction.atomic(using="owner"):
            # Nothing of this waits for a place in the chains of the log.
            self.cursor.execute("ALTER TABLE queueing_bookingevent DISABLE TRIGGER ledger")
            week = {"monday": monday, "back": (first - monday).days, "most": most}
            asked = self._numbers() | week
            self.cursor.execute(statements.PAST_WEEK, asked)
            self.cursor.execute(statements.VISITS, asked)
            self.cursor.execute("ANALYZE visit; ANALYZE past_seat; ANALYZE past_slot")
            self.cursor.execute(statements.PAST_VISITS, asked)
            self.cursor.execute("ALTER TABLE queueing_bookingevent ENABLE TRIGGER ledger")
            self.cursor.execute("SELECT count(*) FROM visit")
            made = self.cursor.fetchone()[0]
        if not made:
            raise CommandError("No seats ahead to repeat: open quota first.")
        return made

    def _make_months(self, monday: date) -> None:
        """Partitions of the months that this week and its opening lie in."""
        for day in (monday - timedelta(days=21), monday, monday + timedelta(days=6)):
            self.cursor.execute(statements.PAST_MONTH, {"month": day.replace(day=1)})

    def _numbers(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "accounts": self.accounts,
            "applicant": self.applicant,
            "person_offset": self.person - self.applicant,
            "today": self.now.date(),
        }

    def _tidy(self) -> None:
        """Bring the database into the state of one that has lived for a while."""
        for number, table in enumerate(TABLES, start=1):
            self.cursor.execute(f"VACUUM (ANALYZE) {table}")
            self._show("statistics", number, len(TABLES))

    def _show(self, what: str, done: int, total: int) -> None:
        filled = done * BAR // total
        line = f"[{'#' * filled}{'.' * (BAR - filled)}] {done * 100 // total:3}%  {what}"
        if self.stdout.isatty():
            self.stdout.write(line, ending="\n" if done == total else "\r")
            self.stdout.flush()
        elif done == total:
            self.stdout.write(line)


def check_throw_away() -> None:
    """Refuse where somebody real could be."""
    name = connections["default"].settings_dict["NAME"]
    if not settings.DEMO and not THROW_AWAY.match(name):
        raise CommandError(f"{name} is no throw-away database (see --help).")
    if User.objects.filter(email__endswith="@nasional.test").exists():
        raise CommandError("This database holds national data already.")
    if not settings.DEMO and (Booking.objects.exists() or Slot.objects.exists()):
        raise CommandError("This database is in use.")


def nik_of(n: int) -> tuple[str, date]:
    """An invented number and the birth date in it; district 99 exists nowhere."""
    birth = FIRST_BIRTH + timedelta(days=n % BIRTH_DAYS)
    region = f"{PROVINCES[n % len(PROVINCES)]}{n % REGENCIES + 1:02}99"
    return f"{region}{birth:%d%m%y}{n // BIRTH_DAYS % 9999 + 1:04}", birth
