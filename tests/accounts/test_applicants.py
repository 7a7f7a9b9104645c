"""The people of an account, through the services."""

import datetime as dt
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import policies, selectors
from accounts.errors import (
    ApplicantBooked,
    ApplicantExists,
    ApplicantHasVisits,
    ApplicantLocked,
    BirthDateInvalid,
    GuardianNeeded,
    HolderExists,
    NameInvalid,
    NikInvalid,
    ReasonNeeded,
    TooManyApplicants,
)
from accounts.models import Applicant, Person
from accounts.readings import readings_of
from accounts.services import applicants, people
from paspor.kernel.errors import Invalid, NotFound
from paspor.kernel.models import AuditEvent, Note, PolicyValue
from queueing.booking.models import Place
from tests.accounts.applicants import NOW, add, booked, visited
from tests.factories import UserFactory, invented_nik

pytestmark = pytest.mark.django_db


def test_an_added_person_is_kept_sealed_and_found_by_digest() -> None:
    account = UserFactory()

    made = add(account, name="  Siti  Ma'ruf ", nik="3171 9957 0890 0001", sex="F")

    row = Applicant.objects.get(pk=made.pk)
    assert row.name == "Siti Ma'ruf"
    assert row.nik_last4 == "0001"
    assert b"3171995708900001" not in bytes(row.nik_sealed)
    assert people.open_nik(row) == "3171995708900001"
    assert selectors.person_with_nik("3171995708900001") == row.person
    assert row.warnings == []


def test_what_the_nik_disagrees_on_is_written_down_and_no_refusal() -> None:
    made = add(UserFactory(), birth_date=dt.date(1991, 8, 17), sex="F", kk="3171994101100001")
    assert made.warnings == ["nik_birth_date_differs", "nik_sex_differs", "kk_date_odd"]


def test_a_sealed_number_opens_on_its_own_row_only() -> None:
    account = UserFactory()
    first, second = add(account, 1), add(account, 2)
    second.nik_sealed = first.nik_sealed
    with pytest.raises(people.cipher.CannotDecrypt):
        people.open_nik(second)


def test_bad_input_changes_nothing() -> None:
    account = UserFactory()
    for fields, error in [
        ({"nik": "123"}, NikInvalid),
        ({"name": "ꦱꦸꦮꦂꦤꦶ"}, NameInvalid),
        ({"birth_date": dt.date(2020, 1, 1)}, GuardianNeeded),
    ]:
        with pytest.raises(error):
            add(account, **fields)
    assert Applicant.objects.count() == Person.objects.count() == 0


def test_everything_wrong_is_said_at_once():
    with pytest.raises(Invalid) as refusal:
        add(UserFactory(), nik="123", name="", sex="X", kk="1")
    assert list(refusal.value.fields) == ["name", "nik", "sex", "kk"]


def test_the_sixth_person_is_refused_and_a_removed_one_makes_room() -> None:
    account = UserFactory()
    rows = [add(account, n) for n in range(5)]

    with pytest.raises(TooManyApplicants) as refusal:
        add(account, 9)
    assert refusal.value.params == {"limit": 5}

    applicants.remove_applicant(applicant=rows[0], now=NOW)
    add(account, 9)


def test_the_limit_is_a_figure_of_policy() -> None:
    PolicyValue.objects.create(key=policies.MAX_APPLICANTS.key, value=1, valid_from=NOW, why="uji")
    account = UserFactory()
    add(account, 1)
    with pytest.raises(TooManyApplicants):
        add(account, 2)


def test_the_same_person_twice_in_one_account_is_refused_elsewhere_not() -> None:
    account = UserFactory()
    first = add(account)
    with pytest.raises(ApplicantExists):
        add(account)
    assert add(UserFactory()).person == first.person


def test_a_removed_person_can_be_added_again() -> None:
    account = UserFactory()
    first = add(account)
    applicants.remove_applicant(applicant=first, now=NOW)
    again = add(account)
    assert again.pk != first.pk
    assert again.person == first.person


def test_one_holder_an_account() -> None:
    account = UserFactory()
    add(account, 1, is_holder=True)
    with pytest.raises(HolderExists):
        add(account, 2, is_holder=True)
    other = add(account, 3)
    with pytest.raises(HolderExists):
        applicants.change_applicant(applicant=other, now=NOW, is_holder=True)


def test_a_child_comes_with_a_guardians_word_and_its_time() -> None:
    child = add(UserFactory(), birth_date=dt.date(2020, 8, 17), guardian_declared=True)
    assert child.guardian_declared_at == NOW
    with pytest.raises(GuardianNeeded):
        applicants.change_applicant(applicant=child, now=NOW, guardian_declared=False)


def test_a_change_of_nik_makes_it_another_person() -> None:
    row = add(UserFactory())
    changed = applicants.change_applicant(applicant=row, now=NOW, nik=invented_nik(7))
    assert changed.person != row.person
    assert people.open_nik(changed) == invented_nik(7)


def test_a_change_to_a_person_already_listed_is_refused() -> None:
    account = UserFactory()
    add(account, 1)
    second = add(account, 2)
    with pytest.raises(ApplicantExists):
        applicants.change_applicant(applicant=second, now=NOW, nik=invented_nik(1))


ANOTHER_PERSON = [
    {"name": "Orang Lain"},
    {"nik": invented_nik(8)},
    {"birth_date": dt.date(1991, 1, 1)},
    {"sex": "F"},
]


@pytest.mark.parametrize("change", ANOTHER_PERSON)
def test_whose_visits_are_over_stays_who_they_were(change: dict[str, object]) -> None:
    row = add(UserFactory())
    visited(row)
    with pytest.raises(ApplicantHasVisits):
        applicants.change_applicant(applicant=row, now=NOW, **change)
    kept = Applicant.objects.get(pk=row.pk)
    assert (kept.name, kept.person_id, kept.sex) == (row.name, row.person_id, row.sex)


@pytest.mark.parametrize("change", ANOTHER_PERSON)
def test_whom_a_closing_owes_a_place_stays_who_they_are(change: dict[str, object]) -> None:
    row = add(UserFactory())
    Place.objects.filter(pk=visited(row).pk).update(first_right_until=NOW)
    with pytest.raises(ApplicantLocked):
        applicants.change_applicant(applicant=row, now=NOW, **change)
    with pytest.raises(ApplicantBooked):
        applicants.remove_applicant(applicant=row, now=NOW)


def test_who_was_written_wrongly_is_removed_and_added_anew() -> None:
    account = UserFactory()
    row = add(account, name="Siti Salah")
    past = visited(row)
    applicants.remove_applicant(applicant=row, now=NOW)

    anew = add(account, name="Siti Benar")

    past.refresh_from_db()
    assert (past.applicant.name, past.person) == ("Siti Salah", anew.person)
    assert list(selectors.applicants_of(account)) == [anew]


@pytest.mark.parametrize("change", ANOTHER_PERSON)
def test_who_is_booked_stays_who_they_are(change: dict[str, object]) -> None:
    row = add(UserFactory())
    booked(row)
    with pytest.raises(ApplicantLocked):
        applicants.change_applicant(applicant=row, now=NOW, **change)
    kept = Applicant.objects.get(pk=row.pk)
    assert (kept.name, kept.person_id, kept.sex) == (row.name, row.person_id, row.sex)


def test_who_is_booked_may_add_the_kk_number() -> None:
    row = add(UserFactory())
    booked(row)
    applicants.change_applicant(
        applicant=row, now=NOW, kk="3171990101100001", name=row.name, nik=invented_nik(1)
    )
    assert people.open_kk(Applicant.objects.get(pk=row.pk)) == "3171990101100001"


@pytest.mark.parametrize("give_place", [booked, visited])
def test_the_database_too_keeps_the_nik_of_who_had_a_place(
    monkeypatch: pytest.MonkeyPatch, give_place: Callable[[Applicant], object]
) -> None:
    row = add(UserFactory())
    give_place(row)
    monkeypatch.setattr(applicants, "why_locked", lambda _row: None)
    with pytest.raises(ApplicantHasVisits):
        applicants.change_applicant(applicant=row, now=NOW, nik=invented_nik(8))
    with pytest.raises(IntegrityError), transaction.atomic():
        Applicant.objects.filter(pk=row.pk).update(person=people.find_or_make_person("x" * 16))


def test_who_is_booked_is_not_removed() -> None:
    row = add(UserFactory())
    booked(row)
    with pytest.raises(ApplicantBooked):
        applicants.remove_applicant(applicant=row, now=NOW)


def test_a_removed_person_is_not_there() -> None:
    row = add(UserFactory())
    applicants.remove_applicant(applicant=row, now=NOW)
    for act in (applicants.remove_applicant, applicants.change_applicant):
        with pytest.raises(NotFound):
            act(applicant=row, now=NOW)


def test_an_unknown_change_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        applicants.change_applicant(applicant=add(UserFactory()), now=NOW, removed_at=None)


def test_reading_a_nik_in_clear_is_logged_with_its_reason() -> None:
    row, officer = add(UserFactory()), UserFactory()

    nik = applicants.read_nik(
        applicant=row, reader=officer, reason="Cocokkan dengan KK", now=NOW, stream="KANIM-UJI"
    )

    assert nik == invented_nik(1)
    event = AuditEvent.objects.get(act="nik.read")
    assert (event.actor_id, event.subject) == (officer.pk, f"applicant:{row.code}")
    assert event.stream == "KANIM-UJI"
    assert Note.objects.get(pk=event.note_id).text == "Cocokkan dengan KK"
    assert [reading.stream for reading in readings_of(row.account)] == ["KANIM-UJI"]


def test_a_nik_is_not_read_without_a_reason() -> None:
    with pytest.raises(ReasonNeeded):
        applicants.read_nik(applicant=add(UserFactory()), reader=UserFactory(), reason=" ", now=NOW)
    assert not AuditEvent.objects.filter(act="nik.read").exists()


def test_someone_at_the_counter_needs_no_account() -> None:
    officer = UserFactory()
    row = applicants.add_counter_applicant(
        name="Suwarni",
        nik=invented_nik(3),
        birth_date=dt.date(1990, 8, 17),
        sex="M",
        officer=officer,
        today=NOW.date(),
        now=NOW,
    )
    assert row.account is None
    assert AuditEvent.objects.get().act == "applicant.added_at_counter"


def test_a_child_at_the_counter_needs_a_guardian_by_the_day_there() -> None:
    fields = {"name": "Suwarni", "nik": invented_nik(3), "sex": "M", "now": NOW}
    seventeen_today = {"birth_date": dt.date(2013, 1, 2), "officer": UserFactory()}

    with pytest.raises(GuardianNeeded):
        applicants.add_counter_applicant(today=dt.date(2030, 1, 1), **fields | seventeen_today)
    assert not Applicant.objects.exists()
    applicants.add_counter_applicant(today=dt.date(2030, 1, 2), **fields | seventeen_today)
    row = applicants.add_counter_applicant(
        today=dt.date(2030, 1, 1), guardian_declared=True, **fields | seventeen_today
    )
    assert row.guardian_declared_at == NOW


def test_nobody_is_born_tomorrow_by_the_date_of_the_east(monkeypatch) -> None:
    """23.30 in Jakarta is 01.30 in Jayapura."""
    late = datetime(2030, 1, 1, 16, 30, tzinfo=UTC)
    monkeypatch.setattr("tests.accounts.applicants.NOW", late)
    account = UserFactory()
    row = add(account, birth_date=dt.date(2030, 1, 2), guardian_declared=True)
    applicants.change_applicant(applicant=row, now=late, name="Warga Baru")
    with pytest.raises(BirthDateInvalid):
        add(account, 2, birth_date=dt.date(2030, 1, 3), guardian_declared=True)


def test_one_nik_is_one_person_under_two_digest_keys(settings: pytest.FixtureRequest) -> None:
    first = people.find_or_make_person(invented_nik(1))
    old, new = settings.PERSON_DIGEST_KEY, "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE="

    settings.PERSON_DIGEST_KEY_NEXT = new
    assert people.find_or_make_person(invented_nik(1)) == first
    second = people.find_or_make_person(invented_nik(2))
    assert second.digest_next

    settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT = new, old
    assert people.find_or_make_person(invented_nik(1)) == first
    assert people.find_or_make_person(invented_nik(2)) == second
    assert Person.objects.count() == 2


def test_nothing_readable_reaches_the_database_in_clear() -> None:
    add(UserFactory(), kk="3171990101100001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM accounts_applicant a")
        held = cursor.fetchone()[0]
    assert invented_nik(1) not in held
    assert "3171990101100001" not in held
