"""Reading day lists, and the records of what happened with them."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from offices.models import Office, OfficeKey
from queueing.booking.models import Place
from queueing.desk.models import DayList, DayMark, DayRecord

MOST_RECORDS = 10


def office_key(office: Office) -> OfficeKey | None:
    return OfficeKey.objects.filter(office=office).first()


def day_lists_of(office: Office, first_day: date) -> list[DayList]:
    """The files from a day on that are still kept, the newest of each day first."""
    return list(
        DayList.objects.filter(office=office, day__gte=first_day)
        .exclude(content="")
        .defer("content")
        .order_by("day", "-made_at", "-pk")
    )


def day_list_at(office: Office, code: str) -> DayList | None:
    return DayList.objects.filter(office=office, code=code).exclude(content="").first()


def places_of_day(office: Office, day: date) -> QuerySet[Place]:
    """Everyone ever booked at the office on a day, whatever became of them."""
    return (
        Place.objects.filter(booking__slot__office=office, booking__slot__day=day)
        .exclude(state=Place.State.EXPIRED)
        .select_related("applicant", "booking")
        .order_by("person_id", "pk")
    )


def records_of(office: Office) -> list[DayRecord]:
    """The files taken in last, with how many marks had which result."""
    counts = {
        result.lower() or "waiting": Count("marks", filter=Q(marks__result=result))
        for result in DayMark.Result.values
    }
    records = DayRecord.objects.filter(day_list__office=office).select_related("day_list")
    return list(records.annotate(**counts).order_by("-taken_at", "-pk")[:MOST_RECORDS])


def record_at(office: Office, code: str) -> DayRecord | None:
    records = DayRecord.objects.filter(day_list__office=office, code=code)
    return records.select_related("day_list", "taken_by").first()


def conflicts_of(record: DayRecord) -> list[tuple[DayMark, str]]:
    """Each mark that was not brought about, with the name of the person meant."""
    marks = list(record.marks.filter(result=DayMark.Result.CONFLICT).order_by("pk"))
    day_list = record.day_list
    places = places_of_day(day_list.office, day_list.day).filter(
        booking__code__in=[mark.booking_code for mark in marks]
    )
    names = {(place.booking.code, place.applicant.code): place.applicant.name for place in places}
    return [(mark, names.get((mark.booking_code, mark.who), "")) for mark in marks]
