"""Questions whose SQL is written once give what their QuerySet gives."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import DataError, connection, transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Applicant, User
from paspor.kernel.models import StoredAnswer
from paspor.kernel.postgres.base import Connection
from paspor.kernel.prepared import django_insides, writing
from paspor.kernel.prepared.arrays import array
from paspor.kernel.prepared.django_insides import keep_prefetched
from paspor.kernel.prepared.reading import Prepared, Together
from queueing.quota.models import Slot
from tests.factories import ApplicantFactory, SlotFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def _of(account_id: int, *codes: str) -> QuerySet[Applicant]:
    rows = Applicant.objects.select_related("person").annotate(mail=F("account__email"))
    return rows.filter(account=account_id, code__in=codes).order_by("pk")


def test_models_come_whole_with_what_belongs_to_them(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one = ApplicantFactory()
    two = ApplicantFactory(account=one.account)
    asked: Prepared[Applicant] = Prepared(_of)

    with django_assert_num_queries(1):
        (alone,) = asked(one.account_id, one.code)
        assert alone == one
        assert vars(alone.person)["digest"] == one.person.digest
    with django_assert_num_queries(1):
        both = asked(one.account_id, two.code, one.code)

    assert both == list(_of(one.account_id, one.code, two.code))
    assert [row.mail for row in both] == [one.account.email] * 2
    alone.name = "Nama Lain"
    alone.save()  # known as a row that is there already
    assert Applicant.objects.get(pk=one.pk).name == "Nama Lain"


def test_columns_are_read_as_the_orm_reads_them() -> None:
    slot = SlotFactory()
    asked: Prepared[Slot] = Prepared(
        lambda code: Slot.objects.select_related("office").filter(code=code)
    )

    found, known = asked.first(slot.code), Slot.objects.select_related("office").get(pk=slot.pk)

    assert found is not None
    for row, other in ((found, known), (found.office, known.office)):
        fields: list[Any] = [field.attname for field in row._meta.concrete_fields]
        assert [getattr(row, name) for name in fields] == [getattr(other, name) for name in fields]
    assert asked.first("NIHIL") is None


def test_django_is_of_the_series_that_this_was_written_for() -> None:
    """A newer one makes objects of rows otherwise, perhaps: docs/decisions/0005 says what to do."""
    assert django.VERSION[:2] == django_insides.WRITTEN_FOR


def test_no_other_module_uses_what_django_does_not_promise() -> None:
    insides = re.compile(
        r"_prefetched_objects_cache|_prefetch_done|_result_cache|_iterable_class|_fetch_mode"
        r"|get_related_populators|klass_info|annotation_col_map|get_compiler"
    )
    found = [
        path.relative_to(ROOT).as_posix()
        for package in ("accounts", "offices", "queueing", "paspor")
        for path in (ROOT / package).rglob("*.py")
        if insides.search(path.read_text())
    ]
    assert found == ["paspor/kernel/prepared/django_insides.py"]


def test_rows_that_are_kept_count_as_prefetched_beside_others(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one = ApplicantFactory()
    (account,) = User.objects.filter(pk=one.account_id).prefetch_related("applicants")

    keep_prefetched(account, "bookings", [])

    with django_assert_num_queries(0):
        assert list(account.bookings.all()) == []
        assert list(account.applicants.all()) == [one]
    with django_assert_num_queries(1):
        assert list(account.bookings.order_by("pk")) == []


def test_the_sql_is_written_once_for_each_number_of_values() -> None:
    written = []

    def question(account_id: int, *codes: str) -> QuerySet[Applicant]:
        written.append(len(codes))
        return _of(account_id, *codes)

    asked: Prepared[Applicant] = Prepared(question)
    for codes in (["A"], ["B"], ["A", "B"], ["B", "C"]):
        asked(1, *codes)

    assert written == [1, 2]


def test_rows_of_values_are_tuples() -> None:
    one = ApplicantFactory()
    asked: Prepared[tuple[int, int]] = Prepared(
        lambda now: (
            User.objects.filter(joined_at__lte=now)
            .values_list("pk", Count("applicants"))
            .order_by("pk")
        )
    )

    assert asked(timezone.now()) == [(one.account_id, 1)]


def test_a_value_that_the_sql_does_not_hold_as_it_is_given_is_refused() -> None:
    changed: Prepared[User] = Prepared(lambda email: User.objects.filter(email=email.upper() + "x"))

    with pytest.raises(ValueError, match="not in its SQL"):
        changed("siti@contoh.test")
    with pytest.raises(TypeError):
        Prepared(lambda flag: User.objects.filter(is_active=flag))(True)


@pytest.mark.parametrize("prepares", [False, True])
def test_the_server_keeps_plans_only_where_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch, prepares: bool
) -> None:
    one = ApplicantFactory()
    asked: Prepared[Applicant] = Prepared(_of)
    connection.ensure_connection()
    monkeypatch.setitem(connection.settings_dict, "PREPARES", prepares)
    monkeypatch.setattr(connection.connection, "prepare_threshold", 1)

    for _time in range(4):
        assert asked(one.account_id, one.code) == [one]

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
            ["%accounts_applicant%"],
        )
        (kept,) = cursor.fetchone()
    assert (kept > 0) is prepares


@pytest.fixture
def prepares(monkeypatch: pytest.MonkeyPatch) -> Connection:
    """As a web server's connection, with DATABASE_PREPARES."""
    connection.ensure_connection()
    monkeypatch.setitem(connection.settings_dict, "PREPARES", True)
    monkeypatch.setattr(connection.connection, "prepare_threshold", 0)
    monkeypatch.setattr(connection.connection, "idle_cursors", {})
    return connection.connection


def test_a_statement_keeps_its_cursor_and_no_answer(prepares: Connection) -> None:
    one = ApplicantFactory()
    asked: Prepared[Applicant] = Prepared(_of)

    asked(one.account_id, one.code)
    (cursor,) = prepares.idle_cursors.values()
    assert cursor.pgresult is None

    assert asked(one.account_id, one.code) == [one]
    assert asked(one.account_id, "NIHIL") == []
    assert list(prepares.idle_cursors.values()) == [cursor]
    assert _others_are_planned_as_usual()


def test_a_statement_asked_within_itself_takes_another_cursor(prepares: Connection) -> None:
    statement = "SELECT %s::int"
    with connection.preparing_cursor(statement) as idle:
        idle.execute(statement, [0])
    with connection.preparing_cursor(statement) as outer:
        outer.execute(statement, [1])
        with connection.preparing_cursor(statement) as inner:
            inner.execute(statement, [2])
            assert (outer.fetchone(), inner.fetchone()) == ((1,), (2,))
    assert len(prepares.idle_cursors) == 1


@pytest.mark.usefixtures("prepares")
def test_a_statement_that_fails_leaves_other_plans_as_they_were() -> None:
    statement = "SELECT 1 / %s::int"
    with (
        pytest.raises(DataError),
        transaction.atomic(),
        connection.preparing_cursor(statement) as cursor,
    ):
        cursor.execute(statement, [0])
    assert _others_are_planned_as_usual()


def _others_are_planned_as_usual() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_seqscan')")
        return cursor.fetchone() == ("on",)


def test_several_questions_are_asked_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one, slot = ApplicantFactory(), SlotFactory()
    two = ApplicantFactory(account=one.account)
    slots: Prepared[Slot] = Prepared(
        lambda code: Slot.objects.select_related("office").filter(code=code)
    )
    mails: Prepared[tuple[str]] = Prepared(
        lambda pk: User.objects.filter(pk=pk).values_list("email")
    )
    asked = Together(slots, Prepared(_of), mails, slots)
    account = one.account_id

    with django_assert_num_queries(1):
        at, found = asked((slot.code,), (account, two.code, one.code), (account,), ("NIHIL",))
        assert found[0][0].office == slot.office

    assert found[0] == [slot]
    assert sorted(row.pk for row in found[1]) == [one.pk, two.pk]
    assert {row.mail for row in found[1]} == {one.account.email}
    assert found[2:] == [[(one.account.email,)], []]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp() - %s < interval '1 minute'", [at])
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("is_done", [False, True])
def test_additions_are_written_where_the_statement_did_what_it_should(
    is_done: bool, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    told: list[list[int]] = []
    row = {"user_id": 1, "key": "k", "fingerprint": "f", "status": 201, "body": {"a": [1, None]}}
    answers = [
        writing.addition(StoredAnswer, row | {"key": key}, then=told.append) for key in ("k", "l")
    ]

    with django_capture_on_commit_callbacks(execute=True):
        rows = writing.added(
            "SELECT %s::boolean AS made, %s::text AS code", [is_done, "A"], answers, done="made"
        )

    assert rows == [(is_done, "A")]
    written = list(StoredAnswer.objects.order_by("pk"))
    assert [answer.key for answer in written] == ["k", "l"] * is_done
    assert told == [[answer.pk] for answer in written]
    assert all(answer.body == row["body"] and answer.created_at for answer in written)


def test_a_text_that_is_too_long_is_refused_and_not_cut_off() -> None:
    long = {"user_id": 1, "key": "k" * 81, "fingerprint": "f", "status": 201, "body": None}
    with pytest.raises(DataError, match="too long"):
        writing.addition(StoredAnswer, long).write()


def test_arrays_are_read_as_they_were_meant() -> None:
    texts = ["", 'a "quoted" one', "back\\slash", "comma, {brace}", "NULL", "é"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::text[], %s::bigint[], %s::int[]",
            [array(texts), array([1, 2]), array([])],
        )
        assert cursor.fetchone() == (texts, [1, 2], [])
