"""Who may open the counter's screens."""

from offices.decorators import at_office
from offices.rules import Act

counter = at_office(Act.CHECK_IN)
calling = at_office(Act.SERVE)
booking_for = at_office(Act.BOOK_FOR)
correcting = at_office(Act.CORRECT)
cancelling_for = at_office(Act.CANCEL_FOR)
closing = at_office(Act.CLOSE_DAY)
nik_reading = at_office(Act.READ_NIK)
verifying = at_office(Act.VERIFY_ACCOUNT)
screens = at_office(Act.SCREEN)
pairing = at_office(Act.PAIR_SCREEN)
key_setting = at_office(Act.OFFICE_KEY)
counter_or_key = at_office(Act.CHECK_IN, Act.OFFICE_KEY)
