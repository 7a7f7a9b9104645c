"""What offices answers to the ports of accounts."""

from accounts import ports as accounts
from offices import backends, selectors
from offices.personal_data import OfficeData

STAFF = accounts.Staff(
    office_names=selectors.names_of,
    zone_of=backends.live_zone,
    is_officer=selectors.is_officer,
)


def connect() -> None:
    accounts.personal_data.register(OfficeData())
    accounts.staff.register(STAFF)
