"""What POST /bookings asks for: one visit, or a family in two neighbouring hours."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from paspor.kernel.codes import normalized
from queueing.booking import rules
from queueing.booking.actors import Actor
from queueing.booking.errands import Errand
from queueing.booking.errors import PeopleRefused
from queueing.booking.services import holding, together
from queueing.booking.services.claiming import Claimed


def is_one_statement(given: dict[str, Any]) -> bool:
    """One visit and nothing that is written beside it, so that its answer can go with it."""
    return "slots" not in given and not given["referral_code"]


def hold_once(given: dict[str, Any], **who: Any) -> Claimed:
    """Of ``is_one_statement``; ``who`` as of holding.hold_once."""
    return holding.hold_once(wish=_whole(given), **who)


def hold(
    given: dict[str, Any], *, account: User, actor: Actor, proved: bool, now: datetime
) -> Claimed:
    """The booking that was made, of two the first. Raises what the services raise."""
    who: dict[str, Any] = {"account": account, "actor": actor, "proved": proved, "now": now}
    if "slots" not in given:
        return holding.hold_within(wish=_whole(given), **who)
    coming = _by_hour(given, account, now)
    wishes = [_wish(given, hour, numbers) for hour, numbers in coming.items()]
    try:
        return together.hold_within(wishes=wishes, **who)
    except PeopleRefused as refusal:
        in_their_order = [number for numbers in coming.values() for number in numbers]
        raise refusal.renumbered(in_their_order) from refusal


def errands(told: Iterable[dict[str, Any]]) -> dict[str, Errand]:
    """Errands by applicant. Raises SamePersonTwice."""
    people = list(told)
    rules.check_group([one["applicant"] for one in people])
    return {one["applicant"]: _errand(one) for one in people}


def _errand(told: dict[str, Any]) -> Errand:
    return Errand(told["kind"], told["old_passport"], told["parents"])


def _by_hour(given: dict[str, Any], account: User, now: datetime) -> dict[str, list[int]]:
    """Of both hours, the first of them first, who comes: by their numbers in what was sent."""
    people = [
        together.Coming(place["applicant"], place.get("slot", ""), _errand(place).is_married)
        for place in given["places"]
    ]
    hours = together.spread(account, given["slots"], people, given["channel"], now=now)
    return {
        hour: [number for number, its in enumerate(hours) if its == hour]
        for hour in map(normalized, given["slots"])
    }


def _whole(given: dict[str, Any]) -> holding.Wish:
    return _wish(given, given["slot"], range(len(given["places"])))


def _wish(given: dict[str, Any], slot_code: str, numbers: Iterable[int]) -> holding.Wish:
    coming = [given["places"][number] for number in numbers]
    places = tuple(
        holding.PlaceRequest(
            applicant_code=place["applicant"],
            kind=place["kind"],
            passport_type=place["passport_type"],
            old_passport=place["old_passport"],
            parents=place["parents"],
            entitlement=place["entitlement"],
        )
        for place in coming
    )
    rest = {name: given[name] for name in ("channel", "referral_code", "confirm")}
    return holding.Wish(slot_code=slot_code, places=places, **rest)
