"""What the page of a cluster shows. Heads see the rows of their own offices only."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from offices.selectors import Reach
from queueing.booking.models import Booking
from queueing.integrity.models.scores import AccountScore, Cluster, ClusterOffice, ScoringRun
from queueing.integrity.selectors.facts import rows_of

DAYS = 60
# In the order of an attack: they come, hold, book, and are found out.
ACTS = ("sign_ups", "holds", "bookings", "voids")

SIGN_UPS = """
SELECT (joined_at AT TIME ZONE %(zone)s)::date, count(*) FROM accounts_user
WHERE id = ANY(%(ids)s) AND joined_at >= %(since)s GROUP BY 1
"""
# {moment} is a column of ours.
PLACES = """
SELECT ({moment} AT TIME ZONE %(zone)s)::date, count(*)
FROM queueing_booking booking
JOIN queueing_place place ON place.booking_id = booking.id
JOIN queueing_slot slot ON slot.id = booking.slot_id
WHERE booking.account_id = ANY(%(ids)s) AND {moment} >= %(since)s
  AND (%(everywhere)s OR slot.office_id = ANY(%(offices)s)) AND {which}
GROUP BY 1
"""
HOLDS = PLACES.format(moment="place.created_at", which="booking.made_by_id IS NULL")
BOOKINGS = PLACES.format(moment="place.booked_at", which="booking.made_by_id IS NULL")
VOIDS = PLACES.format(moment="place.ended_at", which="place.state = 'VOIDED'")


def within(rows: QuerySet[Cluster], reach: Reach) -> QuerySet[Cluster]:
    """Narrow clusters to those that hit an office within reach."""
    if reach.is_national:
        return rows
    hit = ClusterOffice.objects.filter(cluster=OuterRef("pk"), office__in=reach.ids)
    return rows.filter(Exists(hit))


def within_reach(reach: Reach) -> QuerySet[Cluster]:
    return within(Cluster.objects.all(), reach)


def offices_within(reach: Reach) -> QuerySet[ClusterOffice]:
    """What clusters did at offices within reach, the hardest hit first."""
    rows = ClusterOffice.objects.select_related("office")
    rows = rows.order_by("-seats_held", "-places", "office__name")
    return rows if reach.is_national else rows.filter(office__in=reach.ids)


def accounts_of(cluster: Cluster, reach: Reach) -> QuerySet[AccountScore]:
    """The accounts of a cluster that booked within reach, heaviest first."""
    rows = cluster.scores.select_related("account").order_by("-points", "account_id")
    if reach.is_national:
        return rows
    booked = Booking.objects.filter(account=OuterRef("account"), slot__office__in=reach.ids)
    return rows.filter(Exists(booked))


def days_until(now: datetime) -> list[date]:
    """The days of the timeline, by headquarters' clock."""
    today = timezone.localdate(now)
    return [today - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]


def acts_by_day(accounts: list[int], reach: Reach, first_day: date) -> dict[str, dict[date, int]]:
    """How many sign-ups, places held, booked and voided each day; days without are left out."""
    zone = timezone.get_default_timezone_name()
    params = {
        "ids": accounts,
        "zone": zone,
        "since": datetime.combine(first_day, datetime.min.time(), timezone.get_default_timezone()),
        "everywhere": reach.is_national,
        "offices": sorted(reach.ids),
    }
    asked = (SIGN_UPS, HOLDS, BOOKINGS, VOIDS)
    return {code: dict(rows_of(sql, params)) for code, sql in zip(ACTS, asked, strict=True)}


def seats_now(accounts: list[int], reach: Reach) -> dict[int, int]:
    """The live places of some accounts, at offices within reach."""
    rows = Booking.objects.filter(account__in=accounts, places__live_seat__isnull=False)
    if not reach.is_national:
        rows = rows.filter(slot__office__in=reach.ids)
    held: dict[int, int] = defaultdict(int)
    for account in rows.values_list("account_id", flat=True):
        held[account] += 1
    return dict(held)


def last_run() -> datetime | None:
    runs = ScoringRun.objects.filter(finished_at__isnull=False).order_by("-finished_at")
    return runs.values_list("finished_at", flat=True).first()
