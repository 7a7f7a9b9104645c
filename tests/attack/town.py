"""Greater Jakarta: its offices with their quota, and people who need a passport."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from accounts.models import Applicant, Person, Trace, User
from accounts.services import people
from offices.models import Office
from paspor.kernel import cipher
from paspor.kernel.origin import Origin
from queueing.quota.models import Channel, Release, Seat, Slot

SITES = Path(__file__).resolve().parents[2] / "offices" / "data" / "sites.csv"
OFFICES = (
    *("KANIM-JAKSEL", "KANIM-JAKPUS", "KANIM-JAKBAR", "KANIM-JAKTIM", "KANIM-JAKUT"),
    *("KANIM-TANJUNG-PRIOK", "KANIM-TANGERANG", "KANIM-SOETTA", "KANIM-DEPOK"),
    *("KANIM-BEKASI", "KANIM-BOGOR"),
)
# A Monday; the quota of three weeks opens on it at 09.00 WIB.
OPENS_AT = datetime(2029, 1, 8, 2, tzinfo=UTC)
WEEKS = 3
# Of the days since then: the first with hours, and those of each week without.
FIRST_DAY, WEEKEND = 2, (5, 6)
HOURS = tuple(range(8, 15))
PEOPLE = 20_000
SEATS = 24_000
# Of every hundred accounts, how many act for one, two, … people.
FAMILIES = (40, 25, 15, 12, 8)
REGIONS = (
    *("317199", "317299", "317399", "317499", "317599"),
    *("320199", "327199", "327599", "327699", "360399", "367199"),
)
NAMES = (
    *("Budi", "Siti", "Agus", "Dewi", "Eko", "Rina", "Joko", "Wati", "Hendra", "Lestari"),
    *("Rizky", "Putri", "Bayu", "Ayu", "Dimas", "Nur", "Fajar", "Indah", "Yusuf", "Maya"),
)
SURNAMES = (
    *("Santoso", "Wijaya", "Saputra", "Pratama", "Nugroho", "Hidayat", "Kusuma", "Permata"),
    *("Siregar", "Simanjuntak", "Gunawan", "Setiawan", "Rahmawati", "Utami", "Halim", ""),
)


@dataclass(frozen=True)
class Identity:
    """What a KTP says of somebody who was made up for the play."""

    nik: str
    name: str
    birth_date: dt.date
    sex: str


@dataclass
class Household:
    """One account with the people it acts for, and where it comes from."""

    user: User
    applicants: list[Applicant]
    origin: Origin
    is_honest: bool = True
    hand: int = 0
    offices: tuple[str, ...] = field(default=())


def invented(draw: random.Random, *, stem: str = "", serial: int = 0) -> Identity:
    """Somebody new; with a ``stem`` (region and birth date) and a serial, of that row."""
    female = draw.random() < 0.5
    born = dt.date(1945, 1, 1) + timedelta(days=draw.randrange(27_000))
    if not stem:
        day = born.day + (40 if female else 0)
        stem = f"{draw.choice(REGIONS)}{day:02}{born:%m%y}"
    else:
        day = int(stem[6:8])
        female = day > 40
        year = 1900 + int(stem[10:12])
        born = dt.date(year, int(stem[8:10]), day - 40 if female else day)
    name = f"{draw.choice(NAMES)} {draw.choice(SURNAMES)}".strip()
    serial = serial or min(1 + int(draw.expovariate(0.4)), 99)
    return Identity(f"{stem}{serial:04}", name, born, "F" if female else "M")


def build_offices(*, seats: int, seats_a_slot: int) -> list[Office]:
    """So many ONLINE seats on the days of three weeks, at as many offices as they fill."""
    call_command("load_offices", str(SITES), stdout=StringIO())
    days = [OPENS_AT.date() + timedelta(days=n) for n in range(FIRST_DAY, WEEKS * 7)]
    days = [day for day in days if day.weekday() not in WEEKEND]
    wanted = max(1, round(seats / (seats_a_slot * len(days) * len(HOURS))))
    offices = list(Office.objects.filter(code__in=OFFICES[:wanted]).order_by("code"))
    slots = []
    for office in offices:
        release = Release.objects.create(
            office=office,
            first_day=days[0],
            last_day=days[-1],
            opens_at=OPENS_AT,
            prepared_at=OPENS_AT - timedelta(hours=1),
        )
        slots += [_slot(release, day, hour) for day in days for hour in HOURS]
    # A small play has fewer hours, not emptier ones: a family needs room in one.
    slots = slots[:: max(1, len(slots) * seats_a_slot // seats)]
    Slot.objects.bulk_create(slots)
    each, more = divmod(seats, len(slots))
    Seat.objects.bulk_create(
        [
            Seat(slot=slot, number=number, channel=Channel.ONLINE, visible_at=OPENS_AT)
            for nth, slot in enumerate(slots)
            for number in range(1, each + (nth < more) + 1)
        ],
        batch_size=5000,
    )
    return offices


def _slot(release: Release, day: dt.date, hour: int) -> Slot:
    starts = datetime.combine(day, dt.time(hour), release.office.zone)
    return Slot(
        office=release.office,
        release=release,
        day=day,
        hour=dt.time(hour),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
    )


def settle(plans: Sequence["Plan"]) -> list[Household]:
    """Make the accounts and their people, as if they had signed up and added them."""
    users = User.objects.bulk_create(
        [User(email=plan.email, phone=plan.phone, joined_at=plan.joined_at) for plan in plans],
        batch_size=2000,
    )
    Trace.objects.bulk_create(
        [
            Trace(
                user=user,
                what=Trace.What.SIGN_UP,
                device=plan.origin.device,
                address=plan.origin.address,
                at=plan.joined_at,
            )
            for user, plan in zip(users, plans, strict=True)
        ],
        batch_size=2000,
    )
    persons = _persons([one for plan in plans for one in plan.people])
    rows = [
        _applicant(user, one, persons[one.nik], plan)
        for user, plan in zip(users, plans, strict=True)
        for one in plan.people
    ]
    made = iter(Applicant.objects.bulk_create(rows, batch_size=2000))
    return [
        Household(
            user,
            [next(made) for _one in plan.people],
            plan.origin,
            is_honest=plan.is_honest,
            hand=plan.hand,
            offices=plan.offices,
        )
        for user, plan in zip(users, plans, strict=True)
    ]


@dataclass(frozen=True)
class Plan:
    """An account that is to be made."""

    email: str
    people: tuple[Identity, ...]
    origin: Origin
    joined_at: datetime
    phone: str = ""
    kk: str = ""
    is_honest: bool = True
    hand: int = 0
    offices: tuple[str, ...] = ()


def _persons(identities: Sequence[Identity]) -> dict[str, Person]:
    digests = {cipher.person_digest(one.nik): one.nik for one in identities}
    Person.objects.bulk_create(
        [Person(digest=digest) for digest in digests], batch_size=2000, ignore_conflicts=True
    )
    found = Person.objects.filter(digest__in=list(digests))
    return {digests[person.digest]: person for person in found}


def _applicant(user: User, one: Identity, person: Person, plan: Plan) -> Applicant:
    row = Applicant(
        account=user,
        person=person,
        name=one.name,
        birth_date=one.birth_date,
        sex=one.sex,
        created_at=plan.joined_at,
    )
    people.seal_nik(row, one.nik)
    people.seal_kk(row, plan.kk)
    return row


def address(first: int, number: int) -> str:
    """One of its own for each number."""
    return f"10.{first + number // 60_000}.{number // 250 % 240}.{number % 250 + 1}"


def arrival(draw: random.Random) -> datetime:
    """One in five comes in the first hour, the others over two weeks."""
    if draw.random() < 0.2:
        return OPENS_AT + timedelta(seconds=draw.uniform(0, 3600))
    return OPENS_AT + timedelta(days=draw.uniform(0, 14))


def honest_plans(draw: random.Random, people_wanted: int, offices: Sequence[str]) -> Iterator[Plan]:
    """Families: most from behind a carrier's shared address, some from an internet café."""
    cafes = [Origin(f"warnet-{n}", f"10.200.{n}.1") for n in range(30)]
    used: set[str] = set()
    count = number = 0
    while count < people_wanted:
        size = min(draw.choices(range(1, 6), FAMILIES)[0], people_wanted - count)
        family: list[Identity] = []
        while len(family) < size:
            one = invented(draw)
            if one.nik not in used:
                used.add(one.nik)
                family.append(one)
        if draw.random() < 0.08:
            origin = draw.choice(cafes)
        elif draw.random() < 0.6:
            origin = Origin(f"hp-{number}", f"10.100.0.{draw.randrange(1, 41)}")
        else:
            origin = Origin(f"hp-{number}", address(101, number))
        yield Plan(
            email=f"warga{number}@contoh.test",
            people=tuple(family),
            origin=origin,
            joined_at=OPENS_AT - timedelta(minutes=draw.randrange(1, 20_000)),
            phone=f"+62811{number:08}" if draw.random() < 0.7 else "",
            kk=f"{family[0].nik[:6]}010110{number % 9999 + 1:04}" if draw.random() < 0.5 else "",
            offices=tuple(draw.sample(offices, min(3, len(offices)))),
        )
        count += size
        number += 1
