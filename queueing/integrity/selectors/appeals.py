"""What was done to an account, what it says against that, and who has to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from accounts.models import User
from offices import selectors as offices
from offices.models import Approval, Holiday, Office
from offices.rules import Act
from paspor.kernel.codes import normalized
from queueing.booking.models import Booking, Place
from queueing.integrity import case_errors as errors
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkItem, Case, Restriction
from queueing.integrity.policies import cases as policies

State = Appeal.State
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
    voided = [
        _of_booking(row, [one for one in appeals if one.booking_id == row.pk], most)
        for row in _with_voided(account)
    ]
    return sorted([*restricted, *voided], key=lambda matter: matter.at, reverse=True)


def matter_of(account: User, about: str, code: str, *, now: datetime) -> Matter:
    """Raises MatterUnknown, also for what was done to somebody else."""
    for matter in matters_of(account, now=now):
        if (matter.about, matter.code) == (about, normalized(code)):
            return matter
    raise errors.MatterUnknown


def _with_voided(account: User) -> QuerySet[Booking]:
    voided = Booking.objects.filter(account=account, places__state=Place.State.VOIDED).distinct()
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


def _of_booking(row: Booking, appeals: Sequence[Appeal], most: int) -> Matter:
    voided = [place for place in row.places.all() if place.state == Place.State.VOIDED]
    return Matter(
        about="booking",
        code=row.code,
        reason=voided[0].reason,
        at=max(place.ended_at for place in voided if place.ended_at),
        restriction=None,
        booking=row,
        names=tuple(place.applicant.name for place in voided),
        appeals=tuple(appeals),
        may_appeal=_may(appeals, most)
        and all(place.moved_to_id is None and not place.first_right_until for place in voided),
    )


def _may(appeals: Sequence[Appeal], most: int) -> bool:
    return len(appeals) < most and all(one.state == State.REJECTED for one in appeals)


def appeals_of(account: User) -> QuerySet[Appeal]:
    """The newest first."""
    rows = Appeal.objects.filter(account=account).select_related("restriction", "booking")
    return rows.order_by("-filed_at", "-pk")


def national_holidays(since: date) -> set[date]:
    """Confirmed days off of the whole country, from this day on for as long as a clock runs."""
    rows = Holiday.objects.filter(
        office=None, state=Holiday.State.CONFIRMED, day__range=(since, since + LOOK_AHEAD)
    )
    return set(rows.values_list("day", flat=True))


# --- For officers ----------------------------------------------------------------------


def case_of(appeal: Appeal) -> Case | None:
    """The case behind what is appealed against; None where the registry's word voided it."""
    if appeal.restriction is not None:
        return appeal.restriction.case
    item = (
        BulkItem.objects.filter(booking=appeal.booking_id, outcome=BulkItem.Outcome.DONE)
        .select_related("bulk__case__office")
        .order_by("-pk")
        .first()
    )
    return item.bulk.case if item else None


def office_of(appeal: Appeal) -> Office | None:
    """Whose answer it is: the case's office (None: the nation), else the booking's."""
    case = case_of(appeal)
    if case is not None:
        return case.office
    return appeal.booking.slot.office if appeal.booking else None


def actors_in(case: Case, account: User) -> set[int]:
    """Officers who acted on the account in this case, and who agreed to it."""
    items = BulkItem.objects.filter(bulk__case=case, account=account).select_related("bulk")
    acts = {item.bulk for item in items}
    agreed = Q(pk__in=[])
    for act in acts:
        agreed |= Q(subject__startswith=f"{act.act}:{case.code}:{act.code}:")
    seconds = Approval.objects.filter(agreed, state=Approval.State.USED)
    by = case.restrictions.filter(account=account, by__isnull=False).values_list("by", flat=True)
    return (
        {act.prepared_by_id for act in acts}
        | set(by)
        | set(seconds.values_list("second", flat=True))
    )


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


def overdue(now: datetime) -> QuerySet[Appeal]:
    return Appeal.objects.filter(state=State.RECEIVED, due_at__lte=now)
