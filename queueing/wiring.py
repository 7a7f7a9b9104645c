"""What the rooms of queueing answer to the ports of accounts, of offices and of each other."""

from accounts import ports as accounts
from offices import ports as offices
from queueing.booking import laying_out
from queueing.booking import ports as booking
from queueing.booking.personal_data import BookingData
from queueing.desk.queue_data import QueueData
from queueing.integrity.case_data import CaseData
from queueing.integrity.claim_data import ClaimData
from queueing.integrity.guard import Guard
from queueing.integrity.officer_data import OfficerSignals
from queueing.integrity.personal_data import AssessmentData
from queueing.quota.services.following import QuotaCalendar
from queueing.watching.personal_data import WatchData

LETTERS = {
    "booked": laying_out.booked_letter,
    "cancelled": laying_out.cancelled_letter,
    "moved": laying_out.moved_letter,
}


def connect() -> None:
    accounts.personal_data.register(
        BookingData(),
        WatchData(),
        QueueData(),
        OfficerSignals(),
        AssessmentData(),
        ClaimData(),
        CaseData(),
    )
    accounts.letter_writers.register(LETTERS)
    offices.calendars.register(QuotaCalendar())
    booking.guards.register(Guard())
