"""Taking in what an office did while the portal was away (docs/day-list.md).

A file is taken in once. Each mark is brought about by the services of the counter, at the
moment at which it happened, in a transaction of its own with its result; so their rules
decide, and a run that was cut off is gone on with by itself.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from offices.approval_rules import Matter
from offices.models import Office
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit
from paspor.kernel.codes import normalized
from paspor.kernel.errors import DomainError
from queueing.booking import errors as booking_errors
from queueing.booking import rules as booking_rules
from queueing.booking.models import Place
from queueing.booking.services.events import NO_REASON, Why
from queueing.desk import day_list_selectors as kept
from queueing.desk import errors, policies, record_file, rules, selectors, words
from queueing.desk.models import DayList, DayMark, DayRecord, OfflineWalkIn
from queueing.desk.record_file import NotARecord, PersonMark, Record, WalkIn
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit

Result = DayMark.Result
# While somebody waits for the page; a periodic run does the others.
AT_ONCE = 50
MOST_IN_A_RUN = 500
OFFLINE = "offline"  # the reason of who was received after their hour without the portal


def take_in(*, officer: User, office: Office, text: str, now: datetime) -> DayRecord:
    """Bring about what the file tells. The same file again changes nothing.

    Raises RecordNotGenuine, RecordOfOtherOffice, RecordTooOld, NotAllowed, and NeedsApproval
    where it takes back as many absences as need a second officer.
    """
    authority.require(officer=officer, act=Act.CHECK_IN, office=office, now=now)
    made = _begin(officer, office, text, now=now)
    waiting = made.marks.filter(result="").order_by("pk")[:AT_ONCE]
    for mark_id in waiting.values_list("pk", flat=True):
        _bring_about(mark_id, now=now)
    return made


def go_on(*, now: datetime) -> int:
    """What a page left over, or was cut off in; how many marks. Two runs at once share them."""
    waiting = DayMark.objects.filter(result="").order_by("pk").values_list("pk", flat=True)
    marks = list(waiting[:MOST_IN_A_RUN])
    for mark_id in marks:
        _bring_about(mark_id, now=now)
    return len(marks)


@transaction.atomic
def _begin(officer: User, office: Office, text: str, *, now: datetime) -> DayRecord:
    """The record, kept with its marks. Locks the list, so that one file is kept once."""
    day_list, told = _read(office, text)
    digest = hashlib.sha256(text.strip().encode()).hexdigest()
    known = DayRecord.objects.filter(digest=digest).first()
    if known is not None:
        return known
    days = policies.RECORD_TAKEN_DAYS.at(now=now, scope=office.code)
    if office.today(now) > day_list.day + timedelta(days=days):
        raise errors.RecordTooOld(days=days)
    marks = _new_marks(day_list, told.marks)
    request = approvals.Request(
        Act.UNDO,
        f"day_list:{day_list.code}:{digest[:12]}",
        office,
        Matter(day=day_list.day),
        words=words.record_of(day_list.day),
    )
    extent = Extent(places=_absences_taken_back(day_list, marks))
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    made = DayRecord.objects.create(
        day_list=day_list,
        digest=digest,
        saved_at=told.saved_at,
        walk_ins=len(told.walk_ins),
        taken_by=officer,
        taken_at=now,
    )
    DayMark.objects.bulk_create(DayMark(record=made, **fields) for fields in marks)
    counted = _count_walk_ins(made, told.walk_ins, now=now)
    _record(
        "day_list.taken",
        officer,
        day_list,
        f"day_list:{day_list.code}",
        {"record": made.code, "sha256": digest, "marks": len(marks), "walk_ins": counted},
    )
    return made


def _read(office: Office, text: str) -> tuple[DayList, Record]:
    try:
        code = record_file.list_code(text)
        day_list = (
            DayList.objects.filter(code=code)
            .select_related("office")
            .select_for_update(no_key=True, of=("self",))
            .first()
        )
        if day_list is None:
            raise NotARecord
        told = record_file.read(text, key=day_list.record_key)
        of_list = (day_list.code, day_list.office.code, day_list.day.isoformat())
        if (told.list_code, told.office_code, told.day) != of_list:
            raise NotARecord
    except NotARecord:
        raise errors.RecordNotGenuine from None
    if day_list.office_id != office.pk:
        raise errors.RecordOfOtherOffice(office=day_list.office.name)
    return day_list, told


def _new_marks(day_list: DayList, told: Sequence[PersonMark]) -> list[dict[str, Any]]:
    """Those that no earlier file of this list brought: the evening's file holds the noon's."""
    names = ("booking_code", "who", "state", "arrived_at", "ended_at", "reason")
    earlier = set(DayMark.objects.filter(record__day_list=day_list).values_list(*names))
    rows = [
        (normalized(one.booking), one.who, one.state, one.arrived_at, one.ended_at, one.reason)
        for one in told
    ]
    return [dict(zip(names, row, strict=True)) for row in rows if row not in earlier]


def _count_walk_ins(made: DayRecord, told: Sequence[WalkIn], *, now: datetime) -> int:
    """How many are new: on the day of the list, past, and not in an earlier file of it."""
    office, day = made.day_list.office, made.day_list.day
    known = set(made.day_list.walk_ins.values_list("number", "at"))
    fresh = {
        (one.number, one.at)
        for one in told
        if one.at <= now and one.at.astimezone(office.zone).date() == day
    } - known
    OfflineWalkIn.objects.bulk_create(
        OfflineWalkIn(day_list=made.day_list, record=made, number=number, at=at)
        for number, at in sorted(fresh)
    )
    return len(fresh)


def _absences_taken_back(day_list: DayList, marks: Sequence[dict[str, Any]]) -> int:
    meant = {(mark["booking_code"], mark["who"]) for mark in marks}
    absent = kept.places_of_day(day_list.office, day_list.day).filter(
        state=Place.State.NO_SHOW, booking__code__in=[code for code, _who in meant]
    )
    return sum(
        bool({(place.booking.code, place.applicant.code), (place.booking.code, "")} & meant)
        for place in absent
    )


@transaction.atomic
def _bring_about(mark_id: int, *, now: datetime) -> None:
    """In the name of who handed the record in. Locks the mark first: of two runs one does it."""
    mark = (
        DayMark.objects.select_for_update(no_key=True, of=("self",))
        .select_related("record__day_list__office", "record__taken_by")
        .get(pk=mark_id)
    )
    if mark.result != Result.WAITING:
        return
    day_list = mark.record.day_list
    try:
        with transaction.atomic():
            mark.result = _do(mark, now=now)
    except DomainError as refusal:
        mark.result, mark.why = Result.CONFLICT, refusal.code
    mark.save(update_fields=["result", "found", "why"])
    if mark.result == Result.CONFLICT:
        detail = {"list": day_list.code, "who": mark.who, "told": mark.state}
        detail |= {"found": mark.found, "why": mark.why}
        subject = f"booking:{mark.booking_code}"
        _record("day_list.conflict", mark.record.taken_by, day_list, subject, detail)


def _do(mark: DayMark, *, now: datetime) -> Result:
    """All the people that the mark means, or none; raises what the counter's services raise."""
    rules.check_recorded(arrived_at=mark.arrived_at, ended_at=mark.ended_at, now=now)
    day_list = mark.record.day_list
    people = kept.places_of_day(day_list.office, day_list.day).filter(
        booking__code=mark.booking_code
    )
    if mark.who:
        people = people.filter(applicant__code=mark.who)
    found = list(people)
    if not found:
        raise booking_errors.BookingUnknown
    if not mark.who:
        # Of a family on one ticket those who cancelled are not meant.
        found = [place for place in found if place.state in selectors.SHOWN] or found
    mark.found = found[0].state
    acts = [_act_on(place, mark, now=now) for place in found]
    return Result.DONE if any(acts) else Result.KNOWN


def _act_on(place: Place, mark: DayMark, *, now: datetime) -> int:
    """How many acts it took to bring the place where the record has it."""
    is_unended = place.reason == booking_rules.NOT_ENDED
    acts = rules.steps_to(found=place.state, told=mark.state, is_unended=is_unended)
    for act in acts:
        _act(act, place, mark, now=now)
    return len(acts)


def _act(act: Act, place: Place, mark: DayMark, *, now: datetime) -> None:
    record = mark.record
    day_list = record.day_list
    waits = mark.state == Place.State.CHECKED_IN and day_list.day == day_list.office.today(now)
    if act in (Act.UNDO, Act.CHECK_IN):
        at = mark.arrived_at or mark.ended_at
    else:
        at = mark.ended_at or mark.arrived_at
    visit = Visit(
        office=day_list.office,
        booking_code=place.booking.code,
        applicant_codes=[place.applicant.code],
        # The file has codes only, so "other" has for words where it comes from.
        why=Why(mark.reason, words.record_of(day_list.day)) if act is Act.TURN_AWAY else NO_REASON,
        detail={"day_list": day_list.code, "at": at.isoformat()},
        is_queued=waits,
    )
    try:
        SERVICES[act](officer=record.taken_by, visit=visit, now=at)
    except errors.LateNeedsReason:
        late = Why(OFFLINE, words.record_of(day_list.day))
        SERVICES[act](officer=record.taken_by, visit=replace(visit, why=late), now=at)


SERVICES = {
    Act.CHECK_IN: attendance.check_in,
    Act.SERVE: attendance.serve,
    Act.TURN_AWAY: attendance.turn_away,
    Act.UNDO: attendance.undo,
}


def _record(
    act: str, officer: User, day_list: DayList, subject: str, detail: dict[str, Any]
) -> None:
    audit.record(
        act, actor_id=officer.pk, subject=subject, stream=day_list.office.code, detail=detail
    )
