"""The people and the quota of a measurement: made once, copied for each run."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import StringIO
from itertools import islice

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from accounts.models import Consent, User
from offices.models import Office
from paspor.kernel import device
from paspor.kernel.origin import Origin
from queueing.integrity.policies.proof import PROOF_FROM_HOLDS
from queueing.quota.models import Channel, Release, Seat, Slot
from tests.attack.town import SITES, Household, Plan, address, invented, settle
from tests.paspor.proving import set_figure

OFFICES = 20
HOURS = range(8, 16)
PASSWORD = "sandi-untuk-diukur-2026"
FAMILY = 5
LAST_SEATS = 50
SEATS_A_SLOT = 6
# As far ahead as nobody's clock comes near, and well before the horizon's end.
FIRST_DAY = timedelta(days=3)
# A country has quota of its own on the days before.
COUNTRY_DAYS = 30
KEPT = 24 * 3600


@dataclass(frozen=True)
class Size:
    """How much of everything. ``seconds`` bounds a run, ``runs`` are made of each row."""

    accounts: int
    families: int
    slots: int
    # Accounts that book before each run, so that no thread is new to the town.
    warmers: int
    seconds: float
    runs: int


FULL = Size(accounts=5000, families=1000, slots=2000, warmers=24, seconds=8, runs=3)
QUICK = Size(accounts=1500, families=300, slots=600, warmers=16, seconds=2, runs=1)
TINY = Size(accounts=10, families=2, slots=8, warmers=2, seconds=30, runs=1)


@dataclass(frozen=True)
class Home:
    """An account that is signed in on its phone."""

    account: int
    email: str
    token: str
    install_id: str
    address: str
    # Of each of its people: id and code.
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Hour:
    pk: int
    code: str


@dataclass(frozen=True)
class Town:
    size: Size
    singles: list[Home]
    families: list[Home]
    hours: list[Hour]
    hot: Hour
    last: Hour
    # Who only warms the server up, and where.
    warmers: list[Home]
    warm: Hour
    offices: list[str]
    first_day: str

    def warm_sessions(self) -> None:
        """As of people who signed in lately: the cache knows them."""
        homes = [*self.singles, *self.families, *self.warmers]
        known = User.objects.filter(pk__in=[home.account for home in homes])
        hashes = dict(known.values_list("pk", "password"))
        cache.set_many(
            {
                SessionStore(home.token).cache_key: _session(home.account, hashes[home.account])
                for home in homes
            },
            KEPT,
        )


def build(size: Size, past_bookings: int = 0) -> Town:
    """On the database at hand, which is empty; within a country where there is to be a past."""
    now = timezone.now()
    if past_bookings:
        call_command("make_national_data", bookings=past_bookings, days=COUNTRY_DAYS)
        first_day = now + timedelta(days=COUNTRY_DAYS + 2)
    else:
        call_command("load_offices", str(SITES), stdout=StringIO())
        first_day = now + FIRST_DAY
    set_figure(PROOF_FROM_HOLDS, 1_000_000)
    hours = _open(size, first_day, now)
    draw = random.Random(2017)
    homes = _homes(draw, size, now)
    # The planner's figures, as a database has that was not filled a second ago.
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Town(
        size=size,
        singles=homes[size.warmers : -size.families],
        families=homes[-size.families :],
        warmers=homes[: size.warmers],
        hours=hours[: size.slots],
        hot=hours[size.slots],
        last=hours[size.slots + 1],
        warm=hours[size.slots + 2],
        offices=list(
            Office.objects.filter(slots__in=[hour.pk for hour in hours])
            .distinct()
            .values_list("code", flat=True)
        ),
        first_day=first_day.date().isoformat(),
    )


def _open(size: Size, first_day: datetime, now: datetime) -> list[Hour]:
    """The hours of some offices on the coming days; last come the hot, the last, the warm."""
    offices = list(Office.objects.filter(is_active=True).order_by("code")[:OFFICES])
    wanted = size.slots + 3
    days = -(-wanted // (len(offices) * len(HOURS)))
    first = first_day.date()
    opened = now - timedelta(hours=1)
    releases = Release.objects.bulk_create(
        Release(
            office=office,
            first_day=first,
            last_day=first + timedelta(days=days - 1),
            opens_at=opened,
            prepared_at=opened,
        )
        for office in offices
    )
    all_hours = (
        _slot(release, n, hour) for n in range(days) for hour in HOURS for release in releases
    )
    slots = Slot.objects.bulk_create(islice(all_hours, wanted))
    seats = {slots[-3].pk: size.accounts, slots[-2].pk: LAST_SEATS, slots[-1].pk: size.warmers}
    Seat.objects.bulk_create(
        (
            Seat(slot=slot, number=n + 1, channel=Channel.ONLINE, visible_at=opened)
            for slot in slots
            for n in range(seats.get(slot.pk, SEATS_A_SLOT))
        ),
        batch_size=5000,
    )
    return [Hour(slot.pk, slot.code) for slot in slots]


def _slot(release: Release, day: int, hour: int) -> Slot:
    on = release.first_day + timedelta(days=day)
    starts = datetime.combine(on, time(hour), release.office.zone)
    return Slot(
        office=release.office,
        release=release,
        day=on,
        hour=time(hour),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
    )


def _homes(draw: random.Random, size: Size, now: datetime) -> list[Home]:
    used: set[str] = set()
    households = settle(
        [
            _plan(draw, n, 1 if n < size.accounts + size.warmers else FAMILY, used, now)
            for n in range(size.accounts + size.warmers + size.families)
        ]
    )
    users = [household.user for household in households]
    password = make_password(PASSWORD)
    User.objects.filter(pk__in=[user.pk for user in users]).update(password=password)
    Consent.objects.bulk_create(
        Consent(user=user, notice_version=settings.PRIVACY_NOTICE_VERSION) for user in users
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    homes = [_home(n, household) for n, household in enumerate(households)]
    Session.objects.bulk_create(
        Session(
            session_key=home.token,
            session_data=SessionStore().encode(_session(home.account, password)),
            expire_date=now + timedelta(days=30),
        )
        for home in homes
    )
    draw.shuffle(homes)
    return sorted(homes, key=lambda home: len(home.people))


def _plan(draw: random.Random, n: int, people: int, used: set[str], now: datetime) -> Plan:
    family = []
    while len(family) < people:
        one = invented(draw)
        if one.nik not in used:
            used.add(one.nik)
            family.append(one)
    return Plan(
        email=f"warga{n}@contoh.test",
        people=tuple(family),
        origin=Origin(f"hp-{n}", address(100, n)),
        joined_at=now - timedelta(days=20),
        phone=f"+62811{n:08}",
    )


def _home(n: int, household: Household) -> Home:
    return Home(
        account=household.user.pk,
        email=household.user.email,
        token=f"{n:032x}",
        install_id=device.issue(),
        address=str(household.origin.address),
        people=tuple((one.pk, one.code) for one in household.applicants),
    )


def _session(account: int, password: str) -> dict[str, str]:
    """What a sign-in leaves in the session that reading it needs."""
    return {
        SESSION_KEY: str(account),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: User(password=password).get_session_auth_hash(),
    }
