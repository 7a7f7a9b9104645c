"""When a visit may be booked, moved and cancelled, and by whom. Values in, error out.

All instants are aware; a service day is a date in the office's own zone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from offices.rules import channels_of
from queueing.booking import errands, errors
from queueing.booking.errands import Errand, Written
from queueing.booking.errors import PeopleRefused
from queueing.quota.rules import MAX_PEOPLE

CITIZEN_CHANNELS = frozenset({"ONLINE", "PRIORITY"})
UNDER_FIVE_YEARS = 5
# The reason of the event that tells that somebody says that they will come.
COMING = "coming"
# The reason of a place that ended as SERVED because its day did: they came, and no more is known.
NOT_ENDED = "not_ended"

# What somebody comes for is put right by an officer.
CORRECTABLE = ("BOOKED", "CHECKED_IN")

# The state of a visit, when its people differ: the first of these that one of them has.
BY_WEIGHT = (
    "HELD",
    "CHECKED_IN",
    "BOOKED",
    "SERVED",
    "NO_SHOW",
    "TURNED_AWAY",
    "VOIDED",
    "CLOSED_BY_OFFICE",
    "MOVED",
    "CANCELLED",
    "EXPIRED",
)

# Visits that nobody comes to any more: what a calendar should forget.
CALLED_OFF = frozenset({"VOIDED", "CLOSED_BY_OFFICE", "MOVED", "CANCELLED"})


# So long before an hour people are taken to have read what they were told of it.
TIME_TO_READ = timedelta(hours=24)


def first_instead(closed: datetime, now: datetime) -> datetime:
    """From which instant on another hour of the same day may replace one that an office closes.

    Later ones may at any time: who has not read of it comes too early. Earlier ones only while
    there is time to read of it: who has not would come when theirs has passed.
    """
    return min(closed, now + TIME_TO_READ)


def state_of(states: Collection[str], *, held_until: datetime | None, now: datetime) -> str:
    """A booking's state, derived from its places.

    A hold that has run out reads EXPIRED at once: the sweeper may be half a minute behind.
    """
    state = next(known for known in BY_WEIGHT if known in states)
    if state == "HELD" and held_until is not None and held_until <= now:
        return "EXPIRED"
    return state


def ended_apart(states: Collection[str]) -> bool:
    """Nobody is left of a booking, and what became of its people differs."""
    return len(states) > 1 and not {"HELD", "BOOKED", "CHECKED_IN"} & set(states)


def check_group(people: Sequence[object]) -> None:
    """1 to 5 people, each of them once."""
    if not 1 <= len(people) <= MAX_PEOPLE:
        raise errors.GroupSize(fields={"places": [errors.GroupSize.message]}, most=MAX_PEOPLE)
    if again := [number for number, one in enumerate(people) if one in people[:number]]:
        raise _refused(errors.SamePersonTwice, "applicant", again)


def check_known(people: Sequence[str], known: Collection[str]) -> None:
    """Each of them is one of ``known``."""
    if unknown := [number for number, one in enumerate(people) if one not in known]:
        raise _refused(errors.ApplicantUnknown, "applicant", unknown)


def _refused(
    refusal: type[PeopleRefused], name: str, people: Iterable[int | None]
) -> PeopleRefused:
    """With this field at fault, of each of these people; None is who is alone."""
    fault = {name: [refusal.message]}
    faults = {number: fault for number in people if number is not None}
    return refusal(faults=faults) if faults else refusal(fields=fault)


def check_time_to_book(*, starts_at: datetime, cutoff: timedelta, now: datetime) -> None:
    """Until ``cutoff`` before the slot; the last moment itself is too late."""
    if now >= starts_at - cutoff:
        raise errors.TooLateToBook


def check_open(
    *, closed_at: datetime | None, opens_at: datetime, is_active: bool, now: datetime
) -> None:
    """The office serves, has not closed this hour, and the release has opened."""
    if closed_at is not None or not is_active:
        raise errors.SlotClosed
    if now < opens_at:
        raise errors.NotOpenYet


def check_channel_for_citizen(channel: str) -> None:
    if channel not in CITIZEN_CHANNELS:
        raise errors.ChannelNotForCitizens


def offers_channel(office_kind: str, channel: str) -> bool:
    return channel in channels_of(office_kind)


def check_channel_offered(office_kind: str, channel: str) -> None:
    if not offers_channel(office_kind, channel):
        raise errors.ChannelNotOffered


def check_priority(channel: str, entitlements: Iterable[str]) -> None:
    """One entitled person brings the family."""
    if channel == "PRIORITY" and not any(entitlements):
        raise errors.PriorityNeedsEntitlement


def check_passport_types(wanted: Iterable[str], offered: Collection[str]) -> None:
    if any(kind not in offered for kind in wanted):
        raise errors.PassportTypeNotOffered


def check_errand(errand: Errand, *, is_child: bool, person: int | None = None) -> None:
    """What is told of it must go with what one comes for, and with the age on that day.

    ``person`` is their number in a group.
    """
    if not errands.fits_old_passport(errand):
        raise _refused(errors.OldPassportMismatch, "old_passport", [person])
    if not errands.fits_parents(errand, is_child=is_child):
        raise _refused(errors.ParentsMismatch, "parents", [person])


def age_on(day: date, birth_date: date) -> int:
    """Completed years; someone born on 29 February turns on 1 March in other years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def check_entitlement(
    entitlement: str,
    *,
    birth_date: date | None,
    sex: str,
    day: date,
    elderly_from: int,
    person: int | None = None,
) -> None:
    """What is declared must agree with the birth date on the day of the visit, and the sex.

    Disability and pregnancy are declared; the proof is brought to the counter. So is
    any proof where we know no birth date or no sex (empty). ``person`` is their number in
    the group that declares it here; None where it was declared before.
    """
    if entitlement == "PREGNANT" and sex == "M":
        raise _implausible(person)
    if birth_date is None or entitlement not in ("ELDERLY", "UNDER_FIVE"):
        return
    age = age_on(day, birth_date)
    fits = age >= elderly_from if entitlement == "ELDERLY" else age < UNDER_FIVE_YEARS
    if not fits:
        raise _implausible(person)


def _implausible(person: int | None) -> errors.EntitlementImplausible:
    refusal = errors.EntitlementImplausible
    faults = {} if person is None else {person: {"entitlement": [refusal.message]}}
    return refusal(faults=faults)


def check_referral_given(*, needs_referral: bool, referral_code: str, people: int) -> None:
    """An LTSP's referral code is one person's."""
    if not needs_referral:
        return
    if not referral_code:
        raise errors.ReferralNeeded(fields={"referral_code": [errors.ReferralNeeded.message]})
    if people > 1:
        raise errors.GroupSize(fields={"places": [errors.GroupSize.message]}, most=1)


def check_referral(*, same_office: bool, used: bool, expires_at: datetime, now: datetime) -> None:
    """Of this office, never used, before it expires."""
    if not same_office or used or now >= expires_at:
        raise errors.ReferralInvalid(fields={"referral_code": [errors.ReferralInvalid.message]})


def move_ends(day: date, zone: ZoneInfo) -> datetime:
    """The end of the day before the visit, as the office's clock shows it: its midnight."""
    return datetime.combine(day, time.min, zone)


def moves_until(*, day: date, zone: ZoneInfo, starts_at: datetime, no_fault: bool) -> datetime:
    """The first moment that is too late. Where the fault is ours, the slot's own start."""
    return starts_at if no_fault else move_ends(day, zone)


def check_move(
    *, until: datetime, moves_used: int, moves_allowed: int, no_fault: bool, now: datetime
) -> None:
    """Once by oneself, until 23.59 of the day before; without limit where the fault is ours."""
    if now >= until:
        raise errors.TooLateToMove
    if not no_fault and moves_used >= moves_allowed:
        raise errors.MoveUsed


def channel_after_move(channel: str) -> str:
    """Officers' reserves are not for moving into: who came by them goes on as ONLINE."""
    return channel if channel in CITIZEN_CHANNELS else "ONLINE"


def check_cancel(*, starts_at: datetime, now: datetime) -> None:
    """Until the slot starts."""
    if now >= starts_at:
        raise errors.TooLateToCancel


def check_time_to_change(*, starts_at: datetime, now: datetime) -> None:
    """What one comes for may be told anew until the slot starts; then the counter is told."""
    if now >= starts_at:
        raise errors.TooLateToChange


def may_be_corrected(*, state: str, day: date, today: date) -> bool:
    """Until somebody has been served, and while the day of their visit is not over."""
    return state in CORRECTABLE and day >= today


def check_seen(*, seen: Written | None, found: Written) -> None:
    """Nobody puts back unseen what somebody else has put right meanwhile."""
    if seen is not None and seen != found:
        raise errors.CorrectedMeanwhile


def check_correction(
    *, differs: bool, is_examined: bool, was_examined: bool, is_told: bool
) -> None:
    """Something is put right, and whose passport is to be examined first has been told so."""
    if not differs:
        raise errors.NothingCorrected
    if is_examined and not was_examined and not is_told:
        raise errors.ExaminationNotAnnounced(
            fields={"told": [errors.ExaminationNotAnnounced.message]}
        )


def check_not_suspended(suspended_at: datetime | None) -> None:
    if suspended_at is not None:
        raise errors.AccountSuspended


def check_states(states: Collection[str], allowed: Collection[str]) -> None:
    """Somebody is chosen, and each of them is in a state that allows it."""
    if not states or any(state not in allowed for state in states):
        raise errors.WrongState


def is_quiet(at: datetime, zone: ZoneInfo, *, from_hour: int, to_hour: int) -> bool:
    """Whether a reminder would come at night: before ``from_hour`` or from ``to_hour`` on."""
    return not from_hour <= at.astimezone(zone).hour < to_hour


def awake(at: datetime, zone: ZoneInfo, *, quiet_from: int, quiet_to: int) -> datetime:
    """``at`` itself by day; at night the moment when the quiet hours end."""
    local = at.astimezone(zone)
    if quiet_to <= local.hour < quiet_from:
        return at
    morning = local.date() + timedelta(days=local.hour >= quiet_from)
    return datetime.combine(morning, time(quiet_to), zone)


def is_pressing(*, day: date, today: date) -> bool:
    """Whether news of a visit on ``day`` cannot wait for the morning: it is tomorrow's."""
    return day <= today + timedelta(days=1)


def check_answer(*, states: Collection[str], starts_at: datetime, now: datetime) -> None:
    """The reminder's link holds until the hour begins, and while somebody is expected."""
    if now >= starts_at:
        raise errors.LinkOver
    if "BOOKED" not in states:
        raise errors.VisitOver


def check_limits(
    free_at: Mapping[str, datetime],
    figures: Mapping[str, tuple[int, int]],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Raise the limit that is free again last: who waits for that one can book.

    ``free_at`` has those that leave no room; ``figures`` how many in how long of each.
    """
    if free_at:
        name = max(free_at, key=lambda limit: free_at[limit])
        most, span = figures[name]
        raise errors.BookingLimitReached(
            limit=name, ends_at=free_at[name].astimezone(zone), now=now, most=most, span=span
        )


def check_neighbours(
    *,
    offices: tuple[int, int],
    days: tuple[date, date],
    ends_at: datetime,
    starts_at: datetime,
) -> None:
    """One office, one day, and the second hour begins as the first one ends."""
    if offices[0] != offices[1] or days[0] != days[1] or ends_at != starts_at:
        raise errors.SlotsNotAdjacent


def spread(
    chosen: Sequence[str],
    children: Sequence[bool],
    *,
    hours: tuple[str, str],
    free: tuple[int, int],
) -> list[str]:
    """The hour of each: who chose none ("") comes in the first while it has room, in their order,
    and then in the second, but so that as few children as can be come where no adult does; all
    of them in one hour, where only that helps.

    ``children`` tells of each whether they are one.
    """
    left = [room - chosen.count(hour) for room, hour in zip(free, hours, strict=True)]
    open_to = [number for number, hour in enumerate(chosen) if not hour]
    grown = [number for number in open_to if not children[number]]
    young = [number for number in open_to if children[number]]
    most = max(0, min(len(open_to), left[0]))
    least = min(most, max(0, len(open_to) - left[1]))
    usual = sum(not children[number] for number in open_to[:most])

    def placed(adults: int, kids: int) -> list[str]:
        first = {*grown[:adults], *young[:kids]}
        own = (hours[0] if number in first else hours[1] for number in range(len(chosen)))
        return [hour or its_own for hour, its_own in zip(chosen, own, strict=True)]

    def cost(split: tuple[int, int]) -> tuple[int, int, int]:
        adults, kids = split
        by_hour = [
            [child for child, its in zip(children, placed(*split), strict=True) if its == hour]
            for hour in hours
        ]
        alone = sum(len(people) for people in by_hour if only_children(people))
        return alone, most - adults - kids, abs(adults - usual)

    splits = [
        (adults, size - adults)
        for size in range(least, most + 1)
        for adults in range(len(grown) + 1)
        if 0 <= size - adults <= len(young)
    ]
    return placed(*min(splits, key=cost))


def only_children(people: Collection[bool]) -> bool:
    """Whether somebody comes, and no adult; ``people`` tells of each whether they are a child."""
    return bool(people) and all(people)
