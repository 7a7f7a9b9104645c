"""What was done to an account, what it says against that, and who has to answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from accounts.models import User
from offices import selectors as offices
from offices.models import Approval, Holiday, Office
from offices.rules import Act
from paspor.kernel.codes import normalized
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.integrity import case_errors as errors
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkItem, Case, Restriction
from queueing.integrity.policies import cases as policies

State = Appeal.State
# The reason that making_good logs.
GOOD_AGAIN = "appeal_upheld"
# Two months hold any number of working days that the figure allows.
LOOK_AHEAD = timedelta(days=120)


@dataclass(frozen=True)
class Matter:
    """One thing that was done to an account: a restriction, or places voided in a booking.

    ``about`` is "restriction" or "booking"; ``code`` is that one's own.
    """

    about: str
    code: str
    reason: str
    at: datetime
    restriction: Restriction | None
    booking: Booking | None
    names: tuple[str, ...]
    appeals: tuple[Appeal, ...]
    may_appeal: bool
    # Of a booking: none of its places is voided any more.
    stands_again: bool = False

    @property
    def last(self) -> Appeal | None:
        return self.appeals[0] if self.appeals else None


def matters_of(account: User, *, now: datetime) -> list[Matter]:
    """Everything that was done to the account, the newest first."""
    most = policies.APPEALS_PER_MATTER.at(now=now)
    appeals = list(Appeal.objects.filter(account=account).order_by("-filed_at", "-pk"))
    restricted = [
        _of_restriction(row, [one for one in appeals if one.restriction_id == row.pk], most, now)
        for row in account.restrictions.all()
    ]
    bookings = list(_with_voided(account))
    events = _voidings_of(bookings)
    voided = [
        _of_booking(row, [one for one in appeals if one.booking_id == row.pk], most, events[row.pk])
        for row in bookings
        if events[row.pk]
    ]
    return sorted([*restricted, *voided], key=lambda matter: matter.at, reverse=True)


def matter_of(account: User, about: str, code: str, *, now: datetime) -> Matter:
    """Raises MatterUnknown, also for what was done to somebody else."""
    for matter in matters_of(account, now=now):
        if (matter.about, matter.code) == (about, normalized(code)):
            return matter
    raise errors.MatterUnknown


def _with_voided(account: User) -> QuerySet[Booking]:
    """Also those whose places stand again: what was done, and the answer, stay to be read."""
    acted_on = BulkItem.objects.filter(
        account=account, outcome=BulkItem.Outcome.DONE, booking__isnull=False
    )
    appealed = Appeal.objects.filter(account=account, booking__isnull=False)
    voided = Booking.objects.filter(account=account).filter(
        Q(pk__in=Place.objects.filter(state=Place.State.VOIDED).values("booking"))
        | Q(pk__in=acted_on.values("booking"))
        | Q(pk__in=appealed.values("booking"))
    )
    return voided.select_related("slot__office").prefetch_related("places__applicant")


def _of_restriction(
    row: Restriction, appeals: Sequence[Appeal], most: int, now: datetime
) -> Matter:
    return Matter(
        about="restriction",
        code=row.code,
        reason=row.reason,
        at=row.since,
        restriction=row,
        booking=None,
        names=(),
        appeals=tuple(appeals),
        may_appeal=row.is_live(now) and _may(appeals, most),
    )


def _voidings_of(bookings: Iterable[Booking]) -> dict[int, list[BookingEvent]]:
    """When and why places of these bookings were voided, as it was logged; the latest first.

    What follows an upheld appeal is logged on places that stay voided: that is no voiding.
    """
    found: dict[int, list[BookingEvent]] = defaultdict(list)
    events = BookingEvent.objects.filter(
        booking_id__in=[row.pk for row in bookings], what=Place.State.VOIDED
    )
    for event in events.exclude(reason=GOOD_AGAIN).order_by("-at", "-id"):
        found[event.booking_id].append(event)
    return found


def _of_booking(
    row: Booking, appeals: Sequence[Appeal], most: int, events: Sequence[BookingEvent]
) -> Matter:
    places = row.places.all()
    voided = [place for place in places if place.state == Place.State.VOIDED]
    meant = {event.place_id for event in events}
    return Matter(
        about="booking",
        code=row.code,
        reason=events[0].reason,
        at=events[0].at,
        restriction=None,
        booking=row,
        names=tuple(place.applicant.name for place in places if place.pk in meant),
        appeals=tuple(appeals),
        stands_again=not voided,
        may_appeal=bool(voided)
        and _may(appeals, most)
        and all(place.moved_to_id is None and not place.first_right_until for place in voided),
    )


def _may(appeals: Sequence[Appeal], most: int) -> bool:
    return len(appeals) < most and all(one.state == State.REJECTED for one in appeals)


def national_holidays(since: date) -> set[date]:
    """Confirmed days off of the whole country, from this day on for as long as a clock runs."""
    rows = Holiday.objects.filter(
        office=None, state=Holiday.State.CONFIRMED, day__range=(since, since + LOOK_AHEAD)
    )
    return set(rows.values_list("day", flat=True))


def case_of(appeal: Appeal) -> Case | None:
    """The case behind what is appealed against; None where the registry's word voided it."""
    return cases_of([appeal])[appeal.pk]


def cases_of(appeals: Iterable[Appeal]) -> dict[int, Case | None]:
    """By appeal; of a booking that two cases voided places of, the later one. One query."""
    appeals = list(appeals)
    items = (
        BulkItem.objects.filter(
            booking__in=[one.booking_id for one in appeals if one.booking_id],
            outcome=BulkItem.Outcome.DONE,
        )
        .select_related("bulk__case__office")
        .order_by("pk")
    )
    by_booking = {item.booking_id: item.bulk.case for item in items}
    return {
        one.pk: one.restriction.case if one.restriction else by_booking.get(one.booking_id)
        for one in appeals
    }


def office_of(appeal: Appeal) -> Office | None:
    """Whose answer it is: the case's office (None: the nation), else the booking's."""
    return _office(appeal, case_of(appeal))


def _office(appeal: Appeal, case: Case | None) -> Office | None:
    if case is not None:
        return case.office
    return appeal.booking.slot.office if appeal.booking else None


def actors_in(case: Case, account: User) -> set[int]:
    """Officers who acted on the account in this case, and who agreed to it."""
    return _actors({(case.pk, account.pk)})[case.pk, account.pk]


def _actors(matters: Collection[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """By case and account; three queries for any number of them."""
    cases, accounts = {case for case, _ in matters}, {account for _, account in matters}
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    touched: dict[str, set[tuple[int, int]]] = defaultdict(set)
    items = BulkItem.objects.filter(bulk__case__in=cases, account__in=accounts).order_by()
    for case, account, by, *named in items.values_list(
        "bulk__case", "account", "bulk__prepared_by", "bulk__act", "bulk__case__code", "bulk__code"
    ).distinct():
        found[case, account].add(by)
        touched[":".join([*named, ""])].add((case, account))
    for subject, second in _agreed(touched):
        act, case_code, code, _rest = subject.split(":", 3)
        for matter in touched[f"{act}:{case_code}:{code}:"]:
            found[matter].add(second)
    restricted = Restriction.objects.filter(case__in=cases, account__in=accounts, by__isnull=False)
    for case, account, by in restricted.values_list("case", "account", "by"):
        found[case, account].add(by)
    return found


def _agreed(beginnings: Iterable[str]) -> QuerySet[Approval, tuple[str, int]]:
    """Who said yes to acts whose approvals' subjects begin so."""
    agreed = Q(pk__in=[])
    for beginning in beginnings:
        agreed |= Q(subject__startswith=beginning)
    used = Approval.objects.filter(agreed, state=Approval.State.USED, second__isnull=False)
    return used.values_list("subject", "second")


class Barred(StrEnum):
    """Why an officer who may read an appeal does not answer it."""

    OWN = "OWN"
    ELSEWHERE = "ELSEWHERE"


def barred_from(officer: User, appeals: Iterable[Appeal], *, now: datetime) -> dict[int, Barred]:
    """Which of these, by pk, somebody else answers. As services.appeals decides it."""
    appeals = list(appeals)
    cases = cases_of(appeals)
    reach = offices.offices_of(officer, now, Act.APPEAL)
    matters = {one.pk: (case.pk, one.account_id) for one in appeals if (case := cases[one.pk])}
    actors = _actors(set(matters.values()))
    found = {}
    for one in appeals:
        office = _office(one, cases[one.pk])
        if one.pk in matters and officer.pk in actors[matters[one.pk]]:
            found[one.pk] = Barred.OWN
        elif not reach.is_national and (office is None or office.pk not in reach.ids):
            found[one.pk] = Barred.ELSEWHERE
    return found


def appeals_seen_by(officer: User, *, now: datetime) -> QuerySet[Appeal]:
    """The longest waiting first, then those that are answered. Scoped as cases are."""
    reach = offices.offices_of(officer, now, Act.APPEAL)
    rows = Appeal.objects.select_related(
        "account", "restriction__case__office", "booking__slot__office"
    ).order_by(F("decided_at").desc(nulls_first=True), "due_at", "pk")
    if reach.is_national:
        return rows
    in_case = BulkItem.objects.filter(outcome=BulkItem.Outcome.DONE, booking__isnull=False)
    ours = in_case.filter(bulk__case__office__in=reach.ids).values("booking")
    return rows.filter(
        Q(restriction__case__office__in=reach.ids)
        | Q(booking__in=ours)
        | Q(booking__slot__office__in=reach.ids) & ~Q(booking__in=in_case.values("booking"))
    )


def appeal_seen_by(officer: User, code: str, *, now: datetime) -> Appeal:
    """Raises AppealUnknown, also where it is another office's."""
    appeal = appeals_seen_by(officer, now=now).filter(code=normalized(code)).first()
    if appeal is None:
        raise errors.AppealUnknown
    return appeal
