"""What is free, over HTTP: for everyone, unsigned, cacheable for two seconds."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from offices import selectors as offices
from offices.models import Office
from paspor.kernel import formatting
from paspor.kernel.conditional import Freshness
from paspor.kernel.public_view import PublicView
from paspor.kernel.schema import CONDITIONAL, UNCHANGED
from queueing.quota import errors, nearest, rules, search, selectors, snapshots
from queueing.quota.api import serializers
from queueing.quota.models import Channel
from queueing.quota.nearest import FirstRoom, FirstRooms
from queueing.quota.search import Nowhere, Point, Seen, Sort, Sought
from queueing.quota.selectors import Availability, Hour, Question
from queueing.quota.snapshots import Picture

FRESH = Freshness(seconds=2, shared=1, stale=2)
PEOPLE = {str(n) for n in range(1, rules.MAX_PEOPLE + 1)}
# A month of days where the question names no last one.
USUAL_DAYS = 31


class OfficeAvailabilityView(PublicView):
    permission_classes = [AllowAny]
    fresh = FRESH

    @staticmethod
    def source(asked: Mapping[str, str], code: str) -> Picture:
        return snapshots.current_picture(offices.listed_office(code), timezone.now())

    @extend_schema(
        operation_id="office_availability",
        tags=["offices"],
        summary="Free hours of an office",
        parameters=[serializers.AvailabilityQuery, *CONDITIONAL],
        responses={200: serializers.AvailabilityOutput, 304: UNCHANGED},
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        now = timezone.now()
        asked = self.query_of(serializers.AvailabilityQuery)
        office = offices.listed_office(code)
        first_day = asked.pop("from", None) or office.today(now)
        last_day = asked.pop("to", None) or usual_end(office, first_day, now)
        question = Question(first_day, last_day, **asked)
        found = selectors.availability(office, question, now)
        return self.say(request, availability_payload(found))


class NearestAvailabilityView(PublicView):
    permission_classes = [AllowAny]
    fresh = FRESH

    @staticmethod
    def source(asked: Mapping[str, str]) -> FirstRooms:
        """What ``get`` will use too; it refuses what is replaced here."""
        people, channel = asked.get("people", ""), asked.get("channel", "")
        return nearest.first_rooms(
            people=int(people) if people in PEOPLE else 1,
            channel=channel if channel in dict(serializers.PUBLIC_CHANNELS) else Channel.ONLINE,
            now=timezone.now(),
        )

    @extend_schema(
        operation_id="availability_nearest",
        tags=["offices"],
        summary="The nearest offices with room for all, or why there is none",
        parameters=[serializers.NearestQuery, *CONDITIONAL],
        responses={200: serializers.NearestOutput, 304: UNCHANGED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        now = timezone.now()
        asked = self.query_of(serializers.NearestQuery)
        point = point_of(asked)
        check_before(asked.get("before"), now)
        sort, limit = Sort(asked.pop("sort")), asked.pop("limit")
        channel = asked.pop("channel")
        rooms = nearest.first_rooms(people=asked["people"], channel=channel, now=now)
        found = search.answer(rooms, point, Sought(**asked), sort=sort, limit=limit, now=now)
        answer = {
            "as_of": timezone.localtime(rooms.as_of).isoformat(),
            "results": [shown_nearest(each) for each in found.found],
        }
        return self.say(request, answer | shown_nowhere(found.nowhere))


def usual_end(office: Office, first_day: date, now: datetime) -> date:
    """A month on, within what may be asked for; a first day beyond that is refused later."""
    _, farthest = rules.window(office.today(now))
    if first_day >= farthest:  # as late as the calendar's own last day, which has no morrow
        return first_day
    return min(first_day + timedelta(days=USUAL_DAYS - 1), farthest)


def point_of(asked: dict[str, Any]) -> Point:
    """Takes the place out of the question; raises OfficeUnknown."""
    code, lat, lon = (asked.pop(name, None) for name in ("from", "lat", "lon"))
    return Point(lat, lon) if code is None else Point.of(offices.listed_office(code))


def check_before(before: date | None, now: datetime) -> None:
    """A day that is past in the whole country, or that no calendar of an office reaches:
    Jakarta's day ends last, Jayapura's begins first."""
    if before is None:
        return
    earliest, _ = rules.window(Office(timezone=Office.Zone.WIB).today(now))
    _, farthest = rules.window(Office(timezone=Office.Zone.WIT).today(now))
    if before < earliest:
        raise errors.DayPast(fields={"before": [errors.DayPast.message]})
    if before > farthest:
        last = formatting.date_long(farthest)
        raise errors.DayTooFar(fields={"before": [errors.DayTooFar.message]}, last=last)


def availability_payload(found: Availability) -> dict[str, Any]:
    office = found.office
    return {
        "office": office.code,
        "timezone": office.timezone,
        "zone_name": office.zone_name,
        "needs_referral": office.needs_referral,
        "as_of": local(found.as_of, office),
        "days": [
            {
                "day": day.day.isoformat(),
                "state": day.state.value,
                "why_code": day.why_code,
                "why": day.why,
                "opens_at": local(day.opens_at, office) if day.opens_at else None,
                "hours": [shown_hour(hour, office) for hour in day.hours],
                "neighbours": [
                    {
                        "hours": [shown_hour(hour, office) for hour in pair],
                        "free": sum(hour.free for hour in pair),
                    }
                    for pair in day.neighbours
                ],
                "place": day.place,
                "note": day.note,
                "holiday": day.holiday,
                "closed": [
                    {
                        "starts_at": local(part.starts_at, office),
                        "ends_at": local(part.ends_at, office),
                        "why": part.why,
                    }
                    for part in day.closed
                ],
            }
            for day in found.days
        ],
    }


def shown_hour(hour: Hour | FirstRoom, office: Office) -> dict[str, Any]:
    return {
        "slot": hour.slot_code,
        "starts_at": local(hour.starts_at, office),
        "ends_at": local(hour.ends_at, office),
        "free": hour.free,
    }


def shown_nowhere(nowhere: Nowhere | None) -> dict[str, Any]:
    """Why nothing was found, and the nearest office that would do elsewhere or later."""
    if nowhere is None:
        return {"why_code": "", "why": "", "opens_at": None, "elsewhere": None, "later": None}
    closest, later = nowhere.closest, nowhere.later
    opens_at = timezone.localtime(nowhere.opens_at).isoformat() if nowhere.opens_at else None
    return {
        "why_code": nowhere.why.value,
        "why": nowhere.sentence,
        "opens_at": opens_at,
        "elsewhere": shown_nearest(closest) if closest else None,
        "later": shown_nearest(later) if later else None,
    }


def shown_nearest(found: Seen) -> dict[str, Any]:
    office = found.office
    names = ("code", "name", "kind", "regency", "province", "timezone", "zone_name")
    return {
        "office": {name: getattr(office, name) for name in names},
        "distance_km": round(found.km, 1),
        "day": found.room.day.isoformat(),
        **shown_hour(found.room, office),
        "beside": shown_hour(found.room.beside, office) if found.room.beside else None,
    }


def local(moment: datetime, office: Office) -> str:
    """The instant as the office's clock shows it, with its offset."""
    return moment.astimezone(office.zone).isoformat()
