"""What a file of evidence tells of a case, as tables. Times are by the clock of the place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max, Min, Q
from psycopg import sql

from accounts.models import Applicant, Trace, User
from paspor.kernel import heads
from paspor.kernel.heads import Day
from paspor.kernel.ledger import START
from paspor.kernel.models import AuditEvent, LedgerEntry, LedgerHead
from paspor.kernel.verify_evidence import Link
from queueing.booking.models import BookingEvent, BookingOrigin, Place
from queueing.integrity import case_words
from queueing.integrity.models.cases import Case, CaseAccount
from queueing.integrity.models.scores import ClusterLink
from queueing.integrity.selectors import cases

JAKARTA = ZoneInfo("Asia/Jakarta")
AT_ONCE = 2000
LABEL = 16  # of a device or an address, in the picture
BOOKING_EVENTS, AUDIT_EVENTS = "queueing_bookingevent", "kernel_auditevent"


@dataclass(frozen=True)
class Table:
    """One CSV of the file: its columns as the reader is told them, and its rows."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Scope:
    """The case, its accounts, and its places at the offices that the case answers for."""

    case: Case
    members: tuple[CaseAccount, ...]
    places: tuple[Place, ...]

    @property
    def zone(self) -> ZoneInfo:
        return self.case.office.zone if self.case.office else JAKARTA

    @property
    def accounts(self) -> list[int]:
        return [member.account_id for member in self.members]

    @property
    def bookings(self) -> list[int]:
        return sorted({place.booking_id for place in self.places})

    @property
    def applicants(self) -> dict[int, Applicant]:
        return {place.applicant_id: place.applicant for place in self.places}


def scope_of(case: Case) -> Scope:
    members = tuple(case.members.select_related("account").order_by("pk"))
    places = Place.objects.filter(booking__account__in=[one.account_id for one in members])
    if case.office is not None:
        places = places.filter(booking__slot__office__in=cases.offices_under(case.office))
    chosen = places.select_related("booking__slot__office", "booking__account", "applicant")
    return Scope(case, members, tuple(chosen.order_by("pk")))


def moment_with_offset(at: datetime | None, zone: ZoneInfo) -> str:
    """2026-11-26 07:23:00 +0700, by the clock of the place, its offset beside it."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z") if at else ""


def tables_of(scope: Scope) -> list[Table]:
    return [
        _accounts(scope),
        _reasons(scope),
        _people(scope),
        _places(scope),
        _events(scope),
        _addresses(scope),
        *_acts(scope),
    ]


def _accounts(scope: Scope) -> Table:
    live = cases.live_places_by_account(scope.accounts)
    rows = (
        (
            one.account.code,
            one.account.email,
            one.account.phone,
            moment_with_offset(one.account.joined_at, scope.zone),
            moment_with_offset(one.account.suspended_at, scope.zone),
            one.score,
            one.live_places,
            live.get(one.account_id, 0),
        )
        for one in scope.members
    )
    header = ("akun", "e-mail", "telepon", "terdaftar", "ditangguhkan")
    then = ("skor ketika masuk perkara", "tempat berlaku ketika masuk perkara")
    return Table("accounts.csv", "Akun", (*header, *then, "tempat berlaku kini"), tuple(rows))


def _reasons(scope: Scope) -> Table:
    rows = (
        (one.account.code, why) for one in scope.members for why in case_words.signals(one.reasons)
    )
    return Table("reasons.csv", "Tanda", ("akun", "tanda"), tuple(rows))


def _people(scope: Scope) -> Table:
    rows = (
        (
            one.code,
            one.account.code if one.account else "",
            one.name,
            one.birth_date,
            one.masked_nik,
        )
        for one in scope.applicants.values()
    )
    header = ("pemohon", "akun", "nama", "tanggal lahir", "NIK")
    return Table("people.csv", "Pemohon", header, tuple(rows))


def _places(scope: Scope) -> Table:
    rows = []
    for place in scope.places:
        slot, office = place.booking.slot, place.booking.slot.office
        rows.append(
            (
                place.booking.code,
                place.applicant.code,
                place.booking.account.code if place.booking.account else "",
                office.code,
                moment_with_offset(slot.starts_at, office.zone),
                place.booking.channel,
                place.state,
                place.reason,
                moment_with_offset(place.created_at, office.zone),
                moment_with_offset(place.booked_at, office.zone),
                moment_with_offset(place.ended_at, office.zone),
            )
        )
    header = ("janji", "pemohon", "akun", "kantor", "jam", "jalur", "status", "alasan")
    return Table("places.csv", "Tempat", (*header, "ditahan", "dipesan", "berakhir"), tuple(rows))


def _events(scope: Scope) -> Table:
    codes = {place.booking_id: place.booking.code for place in scope.places}
    zones = {place.booking_id: place.booking.slot.office.zone for place in scope.places}
    events = BookingEvent.objects.filter(booking_id__in=scope.bookings).order_by("at", "id")
    rows = (
        (
            one.id,
            moment_with_offset(one.at, zones[one.booking_id]),
            one.stream,
            codes[one.booking_id],
            one.what,
            one.actor_kind,
            one.reason,
        )
        for one in events
    )
    header = ("peristiwa", "waktu", "kantor", "janji", "menjadi", "oleh", "alasan")
    return Table("events.csv", "Peristiwa", header, tuple(rows))


def _addresses(scope: Scope) -> Table:
    """Kept for DEVICE_DAYS; what is older is gone."""
    codes = {one.account_id: one.account.code for one in scope.members}
    traces = Trace.objects.filter(user__in=scope.accounts).order_by("at")
    origins = BookingOrigin.objects.filter(booking__in=scope.bookings).select_related("booking")
    rows = [
        (
            codes[one.user_id],
            one.what,
            "",
            moment_with_offset(one.at, scope.zone),
            one.address,
            one.device,
        )
        for one in traces
    ]
    rows += [
        (
            codes[one.booking.account_id],
            "HOLD",
            one.booking.code,
            moment_with_offset(one.at, scope.zone),
            one.address,
            one.device,
        )
        for one in origins.order_by("at")
        if one.booking.account_id in codes
    ]
    header = ("akun", "apa", "janji", "waktu", "alamat internet", "perangkat")
    return Table("addresses.csv", "Alamat dan perangkat", header, tuple(rows))


def _acts(scope: Scope) -> list[Table]:
    """What was done in the case, and who its officers are: elsewhere they are codes."""
    events = list(AuditEvent.objects.filter(subject=f"case:{scope.case.code}").order_by("at", "id"))
    codes = _officers(events)
    rows = (
        (
            one.id,
            moment_with_offset(one.at, scope.zone),
            one.act,
            one.detail.get("act", ""),
            one.detail.get("code", ""),
            one.detail.get("account", ""),
            codes[one.actor_id].code if one.actor_id in codes else "",
            one.detail.get("agreed_by", ""),
            one.reason,
        )
        for one in events
    )
    header = ("catatan", "waktu", "tindakan", "perbuatan", "kode tindakan", "akun")
    by = ("petugas", "disetujui oleh", "alasan")
    officers = sorted((one.code, one.email) for one in codes.values())
    return [
        Table("acts.csv", "Yang dilakukan dalam perkara", (*header, *by), tuple(rows)),
        Table("officers.csv", "Petugas", ("petugas", "e-mail"), tuple(officers)),
    ]


def _officers(events: Iterable[AuditEvent]) -> dict[int, User]:
    """Who acted or agreed, by id; whose own appeal is logged is no officer of the case."""
    events = list(events)
    agreed = {one.detail.get("agreed_by", "") for one in events}
    known = User.objects.filter(
        Q(pk__in={one.actor_id for one in events if one.actor_id}) | Q(code__in=agreed - {""})
    )
    told_of = {one.detail.get("account", "") for one in events if one.act == "appeal.file"}
    return {one.pk: one for one in known if one.code not in told_of}


def links_of(scope: Scope) -> list[tuple[str, str, frozenset[int]]]:
    """What the accounts share: as the cluster tells it, else devices and addresses seen here.

    The kind (ClusterLink.Kind), the label, and the accounts; the widest first.
    """
    ours = frozenset(scope.accounts)
    rows = ClusterLink.objects.filter(cluster=scope.case.cluster_code)
    links = [(row.kind, row.label, ours.intersection(row.members)) for row in rows]
    links = [link for link in links if link[2]] or _shared(ours)
    return sorted(links, key=lambda link: (-len(link[2]), link[0], link[1]))


def _shared(accounts: Iterable[int]) -> list[tuple[str, str, frozenset[int]]]:
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    traces = Trace.objects.filter(user__in=accounts).values_list("user", "device", "address")
    origins = BookingOrigin.objects.filter(booking__account__in=accounts)
    held = origins.values_list("booking__account", "device", "address")
    for account, device, address in [*traces, *held]:
        seen[ClusterLink.Kind.DEVICE, device].add(account)
        seen[ClusterLink.Kind.ADDRESS, address or ""].add(account)
    return [
        (kind, label[:LABEL], frozenset(some))
        for (kind, label), some in seen.items()
        if label and len(some) > 1
    ]


@dataclass(frozen=True)
class Chain:
    """The links of a stream from the first event concerned to a published head, or the last."""

    stream: str
    prev: str
    links: tuple[Link, ...]


def entries_of(scope: Scope) -> list[LedgerEntry]:
    """The links of every event of the case's bookings and of the case itself."""
    bookings = BookingEvent.objects.filter(booking_id__in=scope.bookings).values("id")
    acts = AuditEvent.objects.filter(subject=f"case:{scope.case.code}").values("id")
    return list(
        LedgerEntry.objects.filter(
            Q(source=BOOKING_EVENTS, event_id__in=bookings)
            | Q(source=AUDIT_EVENTS, event_id__in=acts)
        ).order_by("stream", "seq")
    )


def heads_over(entries: Iterable[LedgerEntry]) -> list[Day]:
    """The first published day whose heads cover all of these links; none where it is to come."""
    last: dict[str, int] = {}
    for entry in entries:
        last[entry.stream] = max(last.get(entry.stream, 0), entry.seq)
    if not last:
        return []
    days = [
        LedgerHead.objects.filter(stream=stream, seq__gte=seq).aggregate(day=Min("day"))["day"]
        for stream, seq in last.items()
    ]
    return heads.heads_of_days([max(days)]) if None not in days else []


def chains_of(entries: Iterable[LedgerEntry], days: Iterable[Day]) -> Iterator[Chain]:
    first: dict[str, int] = {}
    for entry in entries:
        first.setdefault(entry.stream, entry.seq)
    ends = {head.stream: head.seq for day in days for head in day.heads}
    for stream, seq in first.items():
        links = LedgerEntry.objects.filter(stream=stream, seq__gte=seq)
        end = ends.get(stream) or links.aggregate(end=Max("seq"))["end"]
        rows = links.filter(seq__lte=end).order_by("seq")
        before = LedgerEntry.objects.filter(stream=stream, seq=seq - 1)
        prev = before.values_list("digest", flat=True).first() or START
        found = rows.values_list("seq", "event_digest", "digest")
        yield Chain(stream, prev, tuple(Link(*row) for row in found.iterator(AT_ONCE)))


# As the trigger computes the digest: docs/log.md.
TEXTS = """
SELECT link.stream, link.seq, to_jsonb(event)::text
FROM kernel_ledgerentry link
JOIN {source} event ON event.id = link.event_id AND event.at = link.event_at
WHERE link.id = ANY (%s) ORDER BY link.stream, link.seq
"""


def texts_of(entries: Iterable[LedgerEntry]) -> list[tuple[str, int, str]]:
    """Each event as the text whose SHA-256 its link holds: stream, seq, text."""
    by_source: dict[str, list[int]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(entry.pk)
    texts: list[tuple[str, int, str]] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        for source, ids in by_source.items():
            cursor.execute(sql.SQL(TEXTS).format(source=sql.Identifier(source)), [ids])
            texts += cursor.fetchall()
    return texts
