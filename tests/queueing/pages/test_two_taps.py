"""Two taps in the same instant, over connections of their own: one visit, one landing place."""

from django.test import Client

from queueing.booking.models import Booking
from tests.at_once import at_once
from tests.factories import ApplicantFactory
from tests.queueing.booking.visits import check_books
from tests.queueing.pages.visitors import browser_of, near_hour, who


def test_two_taps_at_once_book_once_and_land_together(committed_db):
    person = ApplicantFactory()
    slot = near_hour(capacity=5)
    first = browser_of(person.account)
    second = Client()
    second.cookies = first.cookies
    said = who(person, token="the-same")

    answers = at_once(
        [lambda tap=tap: tap.post(f"/pesan/{slot.code}/", said) for tap in (first, second)]
    )

    code = Booking.objects.get().code
    assert [answer.headers["Location"] for answer in answers] == [f"/janji/{code}/periksa/"] * 2
    check_books()
