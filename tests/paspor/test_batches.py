"""Much is forgotten a little at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from paspor.kernel import batches, tasks
from paspor.kernel.models import Note, StoredAnswer

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def answers(number: int) -> None:
    StoredAnswer.objects.bulk_create(
        StoredAnswer(user_id=1, key=f"k{n}", fingerprint="x", status=200, created_at=LONG_AGO)
        for n in range(number)
    )


def test_no_statement_deletes_more_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    answers(5)
    StoredAnswer.objects.create(user_id=1, key="new", fingerprint="x", status=200)

    with CaptureQueriesContext(connection) as asked:
        tasks.forget_answers()

    deletes = [query["sql"] for query in asked if query["sql"].startswith("DELETE")]
    assert len(deletes) == 3
    assert max(sql.count(",") for sql in deletes) == 1  # two keys
    assert [answer.key for answer in StoredAnswer.objects.all()] == ["new"]


def test_what_takes_too_long_is_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    moments = iter(timedelta(seconds=n).total_seconds() for n in (0, 1, 2, 91))
    monkeypatch.setattr(batches, "monotonic", lambda: next(moments))
    Note.objects.bulk_create(Note(salt="x", text="y", created_at=LONG_AGO) for _ in range(9))

    tasks.forget_notes()

    assert Note.objects.count() == 5
