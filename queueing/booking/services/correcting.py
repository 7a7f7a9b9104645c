"""What somebody at the counter really comes for, where the booking says another thing."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from offices import reasons
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit
from queueing.booking import documents, errors, notices, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.errands import Errand, Written
from queueing.booking.models import Place
from queueing.booking.services import events, places

CORRECTED = events.Why("corrected")
FIELDS = ("kind", "old_passport", "parents", "passport_type")


@dataclass(frozen=True)
class OnePlace:
    office: Office
    booking_code: str
    applicant_code: str


@dataclass(frozen=True)
class Correction:
    """``is_told``: the person knows that their passport is examined before anything else.

    ``seen`` is what was written when this was chosen; None of who was shown nothing.
    """

    errand: Errand
    passport_type: str
    is_told: bool = False
    seen: Written | None = None

    @property
    def written(self) -> dict[str, str]:
        return {**asdict(self.errand), "passport_type": self.passport_type}


@transaction.atomic
def correct(*, officer: User, of: OnePlace, to: Correction, why: Why, now: datetime) -> Place:
    """Put right what one person comes for, until they have been served; hour and number stay.

    Raises PassportTypeNotOffered, KindUnknown, OldPassportMismatch, ParentsMismatch,
    ExaminationNotAnnounced, NothingCorrected, CorrectedMeanwhile, ReasonNeeded, WrongOffice,
    WrongState.
    Locks the booking. Its owner is written to, where it has one.
    """
    authority.require(officer=officer, act=Act.CORRECT, office=of.office, now=now)
    reasons.check(Act.CORRECT, why)
    booking = places.lock_booking(of.booking_code)
    if booking.slot.office_id != of.office.pk:
        raise errors.WrongOffice
    (place,) = places.chosen(places.places_of(booking), [of.applicant_code], rules.CORRECTABLE)
    today = of.office.today(now)
    if not rules.may_be_corrected(state=place.state, day=booking.slot.day, today=today):
        raise errors.WrongState
    rules.check_seen(seen=to.seen, found=Written.of(place))
    request = approvals.about_booking(Act.CORRECT, of.office, booking.code)
    approvals.use_where_needed(request=request, extent=Extent(places=1), officer=officer, now=now)
    before = {name: getattr(place, name) for name in FIELDS}
    detail = {"before": before, "after": to.written}
    _check(place, to, offered=of.office.passport_types)
    rules.check_correction(
        differs=before != to.written,
        is_examined=to.errand.kind in documents.EXAMINED_FIRST,
        was_examined=place.kind in documents.EXAMINED_FIRST,
        is_told=to.is_told,
    )
    for name, value in to.written.items():
        setattr(place, name, value)
    place.save(update_fields=list(FIELDS))
    events.record(
        booking,
        place.state,
        actor=Actor.officer(officer),
        places=[place],
        why=CORRECTED,
        detail=detail,
    )
    audit.record(
        Act.CORRECT,
        actor_id=officer.pk,
        subject=f"booking:{booking.code}",
        stream=of.office.code,
        reason=why.reason,
        note=why.note,
        detail={"person": place.person_id},
    )
    notices.corrected(selectors.booking_by_id(booking.pk), place, detail, now=now)
    return place


def _check(place: Place, to: Correction, *, offered: Collection[str]) -> None:
    """What nobody could have booked here cannot be put in its place either."""
    if to.errand.kind not in Place.Kind.values:
        raise errors.KindUnknown
    is_child = documents.is_child(place.applicant.birth_date, place.booking.slot.day)
    rules.check_errand(to.errand, is_child=is_child)
    if to.passport_type != place.passport_type:
        rules.check_passport_types([to.passport_type], offered)
