"""Bringing the official list of offices into the portal: all of it, or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from offices.data import defaults
from offices.models import Office, OpeningHours
from offices.services.office_file import OfficeRow, fault
from paspor.kernel import audit

# What the list says of an office. All else is its officers' and is never overwritten.
OWN_FIELDS = (
    "kind",
    "name",
    "grade",
    "regency",
    "province",
    "timezone",
    "latitude",
    "longitude",
)


@dataclass(frozen=True)
class Loaded:
    """Codes of the offices that were added, changed (with the fields) and left as they were."""

    added: list[str]
    changed: dict[str, list[str]]
    left: list[str]
    not_listed: list[str]


@transaction.atomic
def load_offices(*, rows: list[OfficeRow], actor_id: int | None, now: datetime) -> Loaded:
    """Add what is new, with hours by its class; change what differs; report the rest.

    Safe to repeat. Two loads at once wait for each other. Offices that the list does not
    name stay as they are. Raises OfficeFileInvalid and changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load_offices'))")
    known = {office.code: office for office in Office.objects.select_for_update(no_key=True)}
    _check_against(rows, known)
    loaded = Loaded([], {}, [], [])
    _free_names(rows, known)
    # Parents first: a branch needs its kanim's id.
    for row in sorted(rows, key=lambda row: row.kind != "KANIM"):
        office = known.get(row.code)
        if office is None:
            known[row.code] = _add(row, known.get(row.parent_code), now)
            loaded.added.append(row.code)
        elif fields := _change(office, row, known.get(row.parent_code)):
            loaded.changed[row.code] = fields
        else:
            loaded.left.append(row.code)
    listed = {row.code for row in rows}
    loaded.not_listed.extend(sorted(set(known) - listed))
    if loaded.added or loaded.changed:
        audit.record("load_offices", actor_id=actor_id, detail=asdict(loaded) | {"left": []})
    return loaded


def _check_against(rows: list[OfficeRow], known: dict[str, Office]) -> None:
    """What only the offices already here can tell: parents, and names in use elsewhere."""
    listed = {row.code for row in rows}
    kinds = {code: office.kind for code, office in known.items()} | {
        row.code: row.kind for row in rows
    }
    names = {office.name: code for code, office in known.items() if code not in listed}
    kept_parents = {office.parent_id: code for code, office in known.items() if code not in listed}
    for row in rows:
        if row.parent_code and kinds.get(row.parent_code) != "KANIM":
            reason = _("tidak ada kantor imigrasi berkode %(code)s") % {"code": row.parent_code}
            raise fault(row.line, "parent_code", reason)
        if row.name in names:
            reason = _("nama ini sudah dipakai %(code)s") % {"code": names[row.name]}
            raise fault(row.line, "name", reason)
        office = known.get(row.code)
        if office is not None and row.kind != "KANIM" and office.pk in kept_parents:
            reason = _("masih menjadi induk %(code)s") % {"code": kept_parents[office.pk]}
            raise fault(row.line, "type", reason)


def _free_names(rows: list[OfficeRow], known: dict[str, Office]) -> None:
    """Let offices exchange names: each that gets a new one gives up the old one first."""
    renamed = [row.code for row in rows if row.code in known and known[row.code].name != row.name]
    Office.objects.filter(code__in=renamed).update(name=F("code"))


def _add(row: OfficeRow, parent: Office | None, now: datetime) -> Office:
    office = Office.objects.create(
        code=row.code,
        parent=parent,
        passport_types=defaults.passport_types_of(
            row.kind, row.grade, parent.grade if parent else ""
        ),
        needs_referral=row.kind in defaults.REFERRAL_KINDS,
        **{field: getattr(row, field) for field in OWN_FIELDS},
    )
    OpeningHours.objects.bulk_create(_usual_hours(office, now))
    return office


def _usual_hours(office: Office, now: datetime) -> list[OpeningHours]:
    capacity = defaults.capacity_of(office.kind, office.grade)
    shares = defaults.shares_of(office.kind)
    return [
        OpeningHours(
            office=office,
            weekday=weekday,
            opens=defaults.OPENS,
            closes=defaults.CLOSES,
            break_starts=starts,
            break_ends=ends,
            stations=capacity.stations,
            minutes=capacity.minutes,
            valid_from=office.today(now),
            **{f"{channel}_share": percent for channel, percent in shares.items()},
        )
        for weekday, (starts, ends) in defaults.BREAKS.items()
    ]


def _change(office: Office, row: OfficeRow, parent: Office | None) -> list[str]:
    """Take over what differs; the names of the fields that did."""
    wanted = {field: getattr(row, field) for field in OWN_FIELDS} | {
        "parent_id": parent.pk if parent else None
    }
    fields = [field for field, value in wanted.items() if getattr(office, field) != value]
    for field in fields:
        setattr(office, field, wanted[field])
    if fields:
        office.save(update_fields=fields)
    return fields
