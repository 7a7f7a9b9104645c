"""The same key gives the same answer, and the work is done once."""

from datetime import timedelta
from threading import Event as Signal

import pytest
from django.conf import settings
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone

from paspor.kernel import audit, idempotency, tasks
from paspor.kernel.errors import Conflict
from paspor.kernel.models import AuditEvent, StoredAnswer
from tests.at_once import at_once
from tests.lock_waits import until_somebody_waits

PATIENCE = timedelta(seconds=5)


def ask(work=None, *, key="k-1", user_id=1, body=b"{}", patience=timedelta(0)):
    def act():
        audit.record("test.act", actor_id=user_id)
        return 201, {"code": "ABCD"}

    print_of = idempotency.fingerprint("POST", "/api/v1/bookings", body)
    keyed = idempotency.Keyed(user_id, key, print_of, timezone.now())
    return idempotency.answer_once(keyed, work or act, patience=patience)


@pytest.mark.django_db
def test_a_repeated_key_replays_the_answer():
    assert ask() == (201, {"code": "ABCD"}, False)
    assert ask() == (201, {"code": "ABCD"}, True)
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_keys_belong_to_their_account():
    assert ask(user_id=1)[2] is False
    assert ask(user_id=2)[2] is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [("PATCH", "/a", b"1"), ("POST", "/b", b"1"), ("POST", "/a", b"2")]
)
def test_another_request_has_another_fingerprint(other):
    assert idempotency.fingerprint("POST", "/a", b"1") != idempotency.fingerprint(*other)


@pytest.mark.django_db
def test_a_key_reused_for_another_body_is_refused():
    ask()

    with pytest.raises(idempotency.KeyReused) as caught:
        ask(body=b'{"slot": 2}')

    assert caught.value.status == 422


@pytest.mark.django_db
def test_refused_work_is_undone_and_may_be_tried_again():
    def refuse():
        audit.record("test.act", actor_id=1)
        raise Conflict

    with pytest.raises(Conflict):
        ask(refuse)

    assert not StoredAnswer.objects.exists()
    assert not AuditEvent.objects.exists()
    assert ask()[2] is False


def test_two_at_once_do_the_work_once(committed_db):
    """One works while the others ask: they are told to come back, not made to wait."""
    busy = Signal()

    def slow():
        busy.wait(5)
        audit.record("test.act", actor_id=1)
        return 201, {"code": "ABCD"}

    def one():
        try:
            return ask(slow)
        except idempotency.KeyInUse as refusal:
            if refusal.retry_after:
                losers.append(refusal)
            if len(losers) == 7:
                busy.set()
            return None

    losers = []
    answers = [answer for answer in at_once([one] * 8) if answer]

    assert answers == [(201, {"code": "ABCD"}, False)]
    assert len(losers) == 7
    assert AuditEvent.objects.count() == 1
    assert ask() == (201, {"code": "ABCD"}, True)


def test_a_second_tap_waits_and_lands_where_the_first_one_does(committed_db):
    """The database wakes it: nothing polls."""
    begun = Signal()

    def first():
        def work():
            begun.set()
            until_somebody_waits()
            audit.record("test.act", actor_id=1)
            return 303, {"code": "ABCD"}

        return ask(work)

    def second():
        begun.wait(5)
        return ask(lambda: (303, {"code": "SECOND"}), patience=PATIENCE)

    assert at_once([first, second]) == [
        (303, {"code": "ABCD"}, False),
        (303, {"code": "ABCD"}, True),
    ]
    assert AuditEvent.objects.count() == 1


def test_a_second_tap_does_what_the_first_one_could_not(committed_db):
    """And its own work waits for locks as long as any other."""
    begun = Signal()

    def first():
        def work():
            begun.set()
            until_somebody_waits()
            raise Conflict

        with pytest.raises(Conflict):
            ask(work)

    def second():
        def work():
            with connections["default"].cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                return 303, {"lock_timeout": cursor.fetchone()[0]}

        begun.wait(5)
        return ask(work, patience=PATIENCE)

    _nothing, (_status, body, is_replay) = at_once([first, second])
    assert (body, is_replay) == ({"lock_timeout": f"{settings.LOCK_SECONDS}s"}, False)


def test_a_second_tap_has_no_patience_for_ever(committed_db):
    begun, is_over = Signal(), Signal()

    def first():
        def work():
            begun.set()
            is_over.wait(5)
            return 303, {}

        return ask(work)

    def second():
        begun.wait(5)
        try:
            with pytest.raises(idempotency.KeyInUse):
                ask(patience=timedelta(milliseconds=50))
        finally:
            is_over.set()

    assert at_once([first, second])[0] == (303, {}, False)


LOCK = "pg_try_advisory_xact_lock(hashtextextended(p_user || ':' || p_key, 0))"
SOURCE = "SELECT pg_get_functiondef('kernel_stored_answer'::regproc)"


def test_without_the_lock_the_same_work_is_begun_twice(committed_db):
    """The negative control of the test above."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(SOURCE)
        (source,) = cursor.fetchone()
        assert LOCK in source
        cursor.execute(source.replace(LOCK, "true"))
    begun = []

    def slow():
        begun.append(1)
        Signal().wait(0.3)
        return 201, {}

    def one():
        try:
            return ask(slow)
        except Exception:  # the unique key stops the second one at the end
            return None

    at_once([one] * 4)
    assert len(begun) > 1


@pytest.mark.parametrize("key", ["x" * 81, "dengan spasi", "kunci\n", "künci", "１２３", "\x00"])
def test_a_malformed_key_is_refused(key):
    with pytest.raises(idempotency.KeyMalformed):
        idempotency.check_key(key)


def test_the_key_of_a_request_must_be_there():
    with pytest.raises(idempotency.KeyMissing):
        idempotency.key_of(RequestFactory().post("/"))
    request = RequestFactory().post("/", headers={"Idempotency-Key": "x" * 80})
    assert idempotency.key_of(request) == "x" * 80


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day():
    ask(key="old")
    ask(key="new")
    old = timezone.now() - timedelta(hours=24, minutes=1)
    StoredAnswer.objects.filter(key="old").update(created_at=old)

    tasks.forget_answers()

    assert list(StoredAnswer.objects.values_list("key", flat=True)) == ["new"]
