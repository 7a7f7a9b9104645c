"""A crowd for the scores: honest people, a café, a carrier, and hands with many accounts.

Invented by a seeded chance, the same every time, and written by COPY, so that a hundred
thousand accounts with a million places take a minute.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from tests.factories import OfficeFactory

# Each table with the columns that are written; {id} is reserved from its sequence.
TABLES = {
    "accounts_user": "id code email password phone language is_active joined_at",
    "accounts_person": "id digest created_at",
    "accounts_applicant": (
        "id code account_id person_id name birth_date sex nik_sealed nik_key nik_last4 nik_region"
        " nik_stem kk_key kk_digest warnings is_holder created_at"
    ),
    "accounts_trace": "id user_id what device address at",
    "queueing_release": "id office_id first_day last_day opens_at mode prepared_at created_at",
    "queueing_slot": "id code office_id release_id day hour starts_at ends_at closed_why",
    "queueing_seat": "id slot_id number channel taken visible_at",
    "queueing_booking": (
        "id code account_id slot_id channel moves_used no_fault reason created_at"
    ),
    "queueing_bookingorigin": "booking_id device address at",
    "queueing_place": (
        "id booking_id applicant_id person_id seat_id live_person_id live_seat_id state kind"
        " passport_type entitlement reason booked_at ended_at created_at"
    ),
}
SEATS_OF_A_SLOT = 12
LIVE = "BOOKED"


@dataclass(frozen=True)
class Hand:
    """One attacker. ``fast``: a machine at the opening; else it holds and lets go, slowly."""

    accounts: int
    devices: int
    addresses: int
    fast: bool = True
    cafe: bool = False


@dataclass
class Slot:
    id: int
    opens_at: datetime
    starts_at: datetime
    seats: list[int]


@dataclass
class Came:
    """Where an account comes in from."""

    device: str
    address: str


@dataclass
class Crowd:
    """``make`` invents, ``write`` writes. ``hands`` holds the accounts of each attacker."""

    now: datetime
    honest: list[int] = field(default_factory=list)
    hands: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(20171231)
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.ids: dict[str, list[int]] = defaultdict(list)
        self.slots: list[Slot] = []
        self.live_persons: set[int] = set()

    def make(self, *, honest: int, hands: list[Hand], visits: int, days: int = 60) -> "Crowd":
        self._quota(offices=6, days=days)
        for n in range(honest):
            self.honest.append(self._honest(n, visits))
        for number, hand in enumerate(hands):
            self.hands.append([self._bad(number, hand, n, visits) for n in range(hand.accounts)])
        return self

    def _quota(self, *, offices: int, days: int) -> None:
        for _n in range(offices):
            office = OfficeFactory()
            for back in range(-days, 15):
                day = (self.now + timedelta(days=back)).date()
                starts = datetime.combine(day, dt.time(2), dt.UTC)
                opens = starts - timedelta(days=21)
                release = self._add(
                    "queueing_release", office.pk, day, day, opens, "FIRST_COME", opens, opens
                )
                for hour in range(5):
                    self._hour(office.pk, release, opens, starts + timedelta(hours=hour))

    def _hour(self, office: int, release: int, opens: datetime, starts: datetime) -> None:
        hour, ends = dt.time(starts.hour + 7), starts + timedelta(hours=1)
        code = f"{len(self.slots):010}"
        slot = self._add(
            "queueing_slot", code, office, release, starts.date(), hour, starts, ends, ""
        )
        seats = [
            self._add("queueing_seat", slot, number, "ONLINE", True, opens)
            for number in range(1, SEATS_OF_A_SLOT + 1)
        ]
        self.slots.append(Slot(slot, opens, starts, seats))

    def _honest(self, n: int, visits: int) -> int:
        """Two of three behind one carrier, one of ten in one café, families on one KK."""
        chance = self.random
        device = f"warnet-{n % 5}" if n % 10 == 0 else f"hp-{n}"
        address = "10.9.9.9" if n % 10 == 0 else ("10.64.0.1" if n % 3 else _address(20, n))
        came = Came(device, address)
        joined = self.now - timedelta(minutes=chance.randrange(60 * 24 * 40, 60 * 24 * 80))
        account = self._account(f"warga{n}@contoh{n % 7}.test", joined, came)
        stem = f"{chance.randrange(3000):06}"
        family = [
            self._person(
                account,
                stem[:6] + f"{chance.randrange(20_000):06}",
                chance.randrange(1, 15),
                joined,
                kk=f"kk-{n // 2}",
            )
            for _n in range(chance.choice((1, 2, 2, 3)))
        ]
        for visit in range(visits):
            state = chance.choices(
                ("SERVED", "CANCELLED", "EXPIRED", "NO_SHOW", LIVE), (88, 5, 4, 1, 2)
            )[0]
            slot = self._slot(ahead=state == LIVE or visit == visits - 1)
            wait = timedelta(seconds=5 + chance.expovariate(1 / 3600))
            at = min(slot.opens_at + wait, self.now - timedelta(minutes=1))
            self._visit(account, family, slot, at, state, came, thinks=chance.uniform(15, 300))
        return account

    def _bad(self, number: int, hand: Hand, n: int, visits: int) -> int:
        chance = self.random
        address = _address(30 + number, n % hand.addresses)
        came = Came(f"bot-{number}-{n % hand.devices}", address)
        if hand.cafe and n % 2:
            came = Came(came.device, "10.9.9.9")
        joined = self.now - timedelta(days=30, minutes=number * 1440 + n)
        account = self._account(f"a{number}x{n}@surat{number}-{n}.test", joined, came)
        stem = f"99{number:04}{n // 8:06}"
        person = self._person(account, stem, 1 + n % 8, joined, kk="")
        for visit in range(visits):
            slot = self._slot(ahead=False, after=joined)
            if hand.fast:
                state = LIVE if visit == visits - 1 else "SERVED"
                slot = self._slot(ahead=True) if state == LIVE else slot
                at = slot.opens_at + timedelta(seconds=chance.uniform(0.1, 0.9))
                self._visit(account, [person], slot, at, state, came, thinks=0.3)
            else:
                at = slot.opens_at + timedelta(hours=chance.uniform(1, 90))
                self._visit(account, [person], slot, at, "EXPIRED", came, thinks=0)
        return account

    def _account(self, email: str, joined: datetime, came: Came) -> int:
        n = len(self.rows["accounts_user"])
        account = self._add("accounts_user", f"U{n:011}", email, "!", "", "id", True, joined)
        self._add("accounts_trace", account, "SIGN_UP", came.device, came.address, joined)
        return account

    def _person(self, account: int, stem: str, serial: int, at: datetime, kk: str) -> int:
        n = len(self.rows["accounts_person"])
        person = self._add("accounts_person", f"uji-{n}", at)
        name = f"Uji {self.random.randrange(100_000)}"
        birth = date(1960, 1, 1) + timedelta(days=self.random.randrange(20_000))
        nik = (b"-", "uji", f"{serial:04}", stem[:6], stem)
        self._add(
            "accounts_applicant",
            *(f"P{n:011}", account, person, name, birth, "F", *nik),
            *("", kk, "[]", True, at),
        )
        return person

    def _slot(self, *, ahead: bool, after: datetime | None = None) -> Slot:
        """A slot whose release has opened, of the days to come or gone."""
        while True:
            slot = self.random.choice(self.slots)
            fits = after is None or slot.opens_at > after
            if (slot.starts_at > self.now) is ahead and slot.opens_at < self.now and fits:
                return slot

    def _visit(
        self,
        account: int,
        persons: list[int],
        slot: Slot,
        at: datetime,
        state: str,
        came: Came,
        thinks: float,
    ) -> None:
        if state == LIVE and (not slot.seats or self.live_persons & set(persons)):
            state = "SERVED"
        n = len(self.rows["queueing_booking"])
        booking = self._add(
            "queueing_booking", f"{n:08}", account, slot.id, "ONLINE", 0, False, "", at
        )
        self.rows["queueing_bookingorigin"].append((booking, came.device, came.address, at))
        booked = None if state in ("EXPIRED", "HELD") else at + timedelta(seconds=thinks)
        ended = None if state == LIVE else at + timedelta(days=1)
        for person in persons if state != LIVE else persons[:1]:
            seat = slot.seats.pop() if state == LIVE else self.slots[0].seats[0]
            live = (person, seat) if state == LIVE else (None, None)
            self.live_persons |= {person} if state == LIVE else set()
            kinds = ("NEW", "REGULAR", "", "")
            applicant = self._applicant_of(person)
            self._add(
                "queueing_place",
                *(booking, applicant, person, seat, *live, state, *kinds, booked, ended, at),
            )

    def _applicant_of(self, person: int) -> int:
        """One applicant a person here: the two tables are numbered alike."""
        return self.ids["accounts_applicant"][person - self.ids["accounts_person"][0]]

    def _add(self, table: str, *values: Any) -> int:
        number = len(self.rows[table])
        if number == len(self.ids[table]):
            self.ids[table] += _reserve(table, max(1000, number))
        row_id = self.ids[table][number]
        self.rows[table].append((row_id, *values))
        return row_id

    def write(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # millions of rows at a time
            connection.connection.patience = None
            for table, columns in TABLES.items():
                names = ", ".join(columns.split())
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in self.rows[table]:
                        copy.write_row(row)
            cursor.execute("SET statement_timeout = '30s'")


def _reserve(table: str, count: int) -> list[int]:
    """Numbers in a row: nobody else writes beside us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _address(net: int, n: int) -> str:
    return f"10.{net}.{n // 250 % 250}.{n % 250 + 1}"
