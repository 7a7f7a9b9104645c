"""One screen of a person at the counter: all of this office, of others only that it is so."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts import selectors as accounts
from accounts.models import CounterCode, TextCode
from accounts.readings import readings_of
from accounts.services import people
from paspor.kernel.models import AuditEvent, Note
from tests.factories import (
    ApplicantFactory,
    BookingFactory,
    CaseFactory,
    MessageFactory,
    PlaceFactory,
    ReportFactory,
    RestrictionFactory,
    SlotFactory,
    UserFactory,
    invented_nik,
)
from tests.queueing.desk.conftest import NOW, START

pytestmark = pytest.mark.django_db
PAGE = "/loket/KANIM-LOKET/pemohon/"
WHY = "Bertanya mengapa e-mail tidak sampai"
NIK = invented_nik(7)


def search(client: Client, **said: object):
    return client.post(PAGE, {"reason": WHY} | said)


def by_card(client: Client, born: str = "1990-08-17", nik: str = NIK):
    return search(client, nik=nik, birth_date=born)


def looks() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(act=accounts.PERSON_SEEN).order_by("at"))


@pytest.fixture
def holder():
    """Somebody with an account of their own, whose NIK we know."""
    person = people.find_or_make_person(NIK)
    return ApplicantFactory(person=person, is_holder=True, name="Wayan Sukra")


@pytest.fixture
def elsewhere(holder):
    slot = SlotFactory(release__office__name="Kantor Imigrasi Jauh", starts_at=START)
    booking = BookingFactory(slot=slot, account=holder.account)
    return PlaceFactory(booking=booking, applicant=holder)


def test_a_booking_leads_to_account_messages_visits_and_reports(counter, place, office):
    account = place.booking.account
    EmailAddress.objects.create(user=account, email=account.email, verified=True)
    MessageFactory(user=account, kind="email_confirmation", state="REFUSED", reason="550 full")
    report = ReportFactory(account=account, office=office)
    page = search(counter, number=place.booking.code)
    text = page.content.decode()

    assert page.status_code == 200
    for shown in ("Sari Dewi", "E-mail terverifikasi", "550 full", report.code[:4]):
        assert shown in text
    assert account.email not in text
    assert reverse("desk:booking", args=[office.code, place.booking.code]) in text
    assert reverse("admin:offices_report_change", args=[report.pk]) in text
    look = looks()[0]
    assert (look.subject, look.stream) == (f"account:{account.code}", office.code)
    assert Note.objects.get(pk=look.note_id).text == WHY


def test_by_which_road_the_account_was_verified(counter, place):
    account = place.booking.account
    EmailAddress.objects.create(user=account, email=account.email, verified=True)
    text = MessageFactory(user=account, kind="text_code", channel="TEXT", to="+6281234567890")
    times = {"made_at": NOW - timedelta(minutes=10), "expires_at": NOW, "used_at": NOW}
    code = TextCode.objects.create(account=account, message=text, **times)
    page = search(counter, number=place.booking.code).content.decode()
    assert "Terverifikasi lewat nomor telepon" in page
    assert "Kode ke nomor telepon" in page
    assert "34567" not in page

    code.used_at = None
    code.save()
    CounterCode.objects.create(account=account, used_where="UJI", **times)
    assert "Terverifikasi di loket" in search(counter, number=place.booking.code).text
    MessageFactory(user=account, kind="email_confirmation", answered_at=NOW)
    assert "E-mail terverifikasi" in search(counter, number=place.booking.code).text


def test_its_owner_reads_that_it_was_opened(counter, place, sign_in):
    search(counter, number=place.booking.code)
    owner = place.booking.account
    assert [each.act for each in readings_of(owner)] == [accounts.PERSON_SEEN]
    page = sign_in(owner).get(reverse("accounts:own-data")).content.decode()
    assert "membuka data Anda di loket" in page


def test_limited_and_suspended_are_told(counter, place):
    account = place.booking.account
    RestrictionFactory(account=account, kind="LIMITED", case=CaseFactory())
    account.suspended_at = NOW
    account.save()
    text = search(counter, number=place.booking.code).content.decode()

    assert "Dibatasi" in text
    assert "Ditangguhkan" in text
    assert "E-mail belum diverifikasi" in text


def test_a_card_shows_of_other_offices_only_that_there_is_a_visit(counter, elsewhere):
    ReportFactory(account=elsewhere.booking.account)
    page = by_card(counter)
    text = page.content.decode()

    assert page.context["seen"].reports == ()
    assert "W••• S•••" in text
    assert "1 janji temu akan datang di kantor lain" in text
    assert "1 laporan ditangani di tempat lain" in text
    for hidden in ("Wayan", "Kantor Imigrasi Jauh", elsewhere.booking.code[:4], NIK):
        assert hidden not in text


def test_a_wrong_birth_date_and_an_unknown_nik_are_told_alike(counter, holder):
    pages = [by_card(counter, born="1990-08-18"), by_card(counter, nik=invented_nik(8))]
    assert [page.status_code for page in pages] == [404, 404]
    assert all("Tidak ditemukan" in page.content.decode() for page in pages)
    assert [look.subject for look in looks()] == ["", ""]


def test_what_is_another_office_s_is_not_found_by_its_number(counter, elsewhere):
    report = ReportFactory()
    for number in (elsewhere.booking.code, report.code):
        assert search(counter, number=number).status_code == 404


def test_a_report_about_conduct_is_neither_found_nor_counted(counter, place, office):
    account = place.booking.account
    report = ReportFactory(account=account, office=office, kind="CONDUCT")
    MessageFactory(user=account, kind="report", about=f"report:{report.code}")
    assert search(counter, number=report.code).status_code == 404

    page = search(counter, number=place.booking.code)
    seen = page.context["seen"]
    assert (seen.reports, seen.reports_elsewhere) == ((), 0)
    assert seen.accounts[0].messages == ()


def test_a_report_without_an_account_shows_itself(counter, office):
    report = ReportFactory(office=office, email=UserFactory().email)
    page = search(counter, number=report.code)
    assert page.context["seen"].reports == (report,)
    assert page.context["seen"].accounts == ()


def test_without_a_reason_nothing_is_looked_up(counter, place):
    assert search(counter, number=place.booking.code, reason=" ").status_code == 422
    for said in ({}, {"nik": NIK}, {"number": "X", "nik": NIK, "birth_date": "1990-08-17"}):
        assert search(counter, **said).status_code == 422
    assert looks() == []


def test_who_works_at_no_counter_here_finds_nothing(
    stranger, clock, officer, office, sign_in, place
):
    planner, citizen = sign_in(officer("PLANNER", office)), sign_in(place.booking.account)
    half = sign_in(officer("COUNTER", office), second_factor=False)
    who = (stranger, planner, citizen, half)
    asked = [search(each, number=place.booking.code).status_code for each in who]
    assert asked == [404, 404, 302, 302]
    assert looks() == []


def test_acts_are_those_of_the_role(counter, place, officer, office, sign_in):
    head = sign_in(officer("HEAD", office))
    offered = [
        {href for _label, href in search(who, number=place.booking.code).context["acts"]}
        for who in (counter, head)
    ]
    assert reverse("desk:walk-in", args=[office.code]) in offered[0] & offered[1]
    assert offered[1] - offered[0] == {reverse("cases:list")}


def test_a_family_member_s_place_is_found_by_their_card(counter, holder, office, slot):
    other = UserFactory()
    listed = ApplicantFactory(account=other, person=holder.person, name="Wayan Sukra")
    booking = BookingFactory(slot=slot, account=other)
    PlaceFactory(booking=booking, applicant=listed)
    seen = by_card(counter).context["seen"]

    assert (seen.name, seen.others, seen.bookings) == ("Wayan Sukra", 1, (booking,))
    assert [each.code for each in seen.accounts] == [holder.account.code]


def test_old_visits_elsewhere_are_not_counted(counter, elsewhere, clock):
    clock(START + timedelta(hours=2))
    assert by_card(counter).context["seen"].elsewhere == 0
