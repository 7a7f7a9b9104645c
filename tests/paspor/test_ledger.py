"""The log only grows, every event is chained once, and a change is found."""

from threading import Event as Signal
from threading import Thread

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from psycopg import sql

from paspor.kernel import audit, heads, ledger, tasks
from paspor.kernel.models import NATIONAL, LedgerEntry, LedgerPending, Note
from tests.at_once import at_once
from tests.factories import BookingEventFactory
from tests.paspor.ledger import OFFICE, as_owner, without_triggers, write

MOVED = "event changed"  # into another stream


def of_logs(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass",
            [table],
        )
        return [table, *(name for (name,) in cursor.fetchall())]


@pytest.mark.django_db
def test_events_are_chained_in_order_and_once():
    write(3)
    write(2, NATIONAL)

    assert ledger.sequence(timezone.now()) == 5
    assert ledger.sequence(timezone.now()) == 0

    entries = LedgerEntry.objects.filter(stream=OFFICE).order_by("seq")
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[0].prev == ledger.START
    assert [entry.prev for entry in entries[1:]] == [entry.digest for entry in entries[:2]]
    assert not LedgerPending.objects.exists()
    assert [ledger.verify(stream).is_whole for stream in ledger.streams()] == [True, True]


@pytest.mark.django_db
def test_a_chain_grows_over_many_transactions(monkeypatch):
    monkeypatch.setattr(ledger, "AT_ONCE", 2)
    write(5)

    ledger.sequence(timezone.now())
    write(2)
    ledger.sequence(timezone.now())

    assert ledger.verify(OFFICE).seq == 7
    assert ledger.verify(OFFICE).is_whole


def test_an_event_that_commits_late_is_chained_too(committed_db):
    """Its pending id is lower than one that is already in the chain."""
    written, chained = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            write(1)
            written.set()
            chained.wait(10)
        connections.close_all()

    thread = Thread(target=slow)
    thread.start()
    written.wait(10)
    write(1)
    first = ledger.sequence(timezone.now())
    chained.set()
    thread.join()

    assert (first, ledger.sequence(timezone.now())) == (1, 1)
    assert ledger.verify(OFFICE).is_whole
    ids = LedgerEntry.objects.order_by("seq").values_list("event_id", flat=True)
    assert ids[0] > ids[1]


def test_sequencers_at_the_same_time_chain_each_event_once(committed_db):
    write(40)

    counts = at_once([lambda: ledger.sequence(timezone.now())] * 6)

    assert sum(counts) + ledger.sequence(timezone.now()) == 40
    assert ledger.verify(OFFICE).seq == 40
    assert ledger.verify(OFFICE).is_whole


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["kernel_auditevent", "queueing_bookingevent"])
def test_the_application_may_not_change_a_log(table):
    for name in of_logs(table):
        for statement in ("UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql.SQL(statement).format(sql.SQL(name)))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["kernel_ledgerentry", "kernel_ledgerhead"])
def test_the_application_may_not_change_the_chain(table):
    for statement in ("UPDATE {} SET digest = ''", "DELETE FROM {}", "TRUNCATE {}"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql.SQL(statement).format(sql.SQL(table)))


@pytest.mark.parametrize(
    "table",
    ["kernel_auditevent", "queueing_bookingevent", "kernel_ledgerentry", "kernel_ledgerhead"],
)
def test_triggers_refuse_the_owner_too(committed_db, table):
    write(1)
    ledger.sequence(timezone.now())
    heads.take(timezone.now())
    column = {"kernel_ledgerentry": "prev", "kernel_ledgerhead": "digest"}.get(table, "reason")
    for name in of_logs(table):
        with pytest.raises(psycopg.errors.RestrictViolation):
            as_owner(committed_db, f"TRUNCATE {name}")
    if table != "queueing_bookingevent":  # row triggers need a row
        for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                as_owner(committed_db, statement)


@pytest.mark.django_db
def test_triggers_fire_in_replica_mode_too():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgname LIKE 'append_only%%' AND tgenabled <> 'A'"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    ("table", "statement", "what"),
    [
        ("kernel_auditevent", "UPDATE kernel_auditevent SET actor_id = 8", "event changed"),
        ("kernel_auditevent", "DELETE FROM kernel_auditevent", "event missing"),
        ("kernel_ledgerentry", "UPDATE kernel_ledgerentry SET event_digest = prev", "link changed"),
        ("kernel_ledgerentry", "UPDATE kernel_ledgerentry SET prev = digest", "link changed"),
        ("kernel_ledgerentry", "DELETE FROM kernel_ledgerentry", "event not chained"),
        ("kernel_auditevent", f"UPDATE kernel_auditevent SET stream = '{NATIONAL}'", MOVED),
        ("kernel_auditevent", "UPDATE kernel_auditevent SET detail = '[]'", "event changed"),
        ("kernel_ledgerentry", "UPDATE kernel_ledgerentry SET event_at = now()", "event missing"),
        ("kernel_ledgerentry", "UPDATE kernel_ledgerentry SET seq = 9", "link changed"),
    ],
)
def test_what_the_owner_changes_behind_the_triggers_is_named(committed_db, table, statement, what):
    events = write(3)
    ledger.sequence(timezone.now())
    row = events[1].pk
    key = "id" if table == "kernel_auditevent" else "event_id"

    without_triggers(committed_db, table, f"{statement} WHERE {key} = {row}")

    verdict = ledger.verify(OFFICE)
    assert (what, row) in [(found.what, found.event_id) for found in verdict.breaks]


def test_rows_that_changed_places_are_named(committed_db):
    """What stood in one event stands in another, and the links were swapped along."""
    first, _, last = write(3)
    ledger.sequence(timezone.now())

    without_triggers(
        committed_db,
        "kernel_ledgerentry",
        "UPDATE kernel_ledgerentry SET seq = -seq;"
        " UPDATE kernel_ledgerentry SET seq = CASE seq WHEN -1 THEN 3 WHEN -3 THEN 1 ELSE 2 END",
    )

    named = [(found.what, found.event_id) for found in ledger.verify(OFFICE).breaks]
    assert ("link changed", first.pk) in named
    assert ("link changed", last.pk) in named


def test_the_newest_link_taken_away_is_named_by_its_event(committed_db):
    last = write(3)[-1]
    ledger.sequence(timezone.now())

    without_triggers(
        committed_db, "kernel_ledgerentry", "DELETE FROM kernel_ledgerentry WHERE seq = 3"
    )

    named = [(found.what, found.event_id) for found in ledger.verify(OFFICE).breaks]
    assert named == [("event not chained", last.pk)]


def test_a_whole_chain_taken_away_is_still_looked_at(committed_db, capsys):
    events = write(2)
    ledger.sequence(timezone.now())

    without_triggers(committed_db, "kernel_ledgerentry", "DELETE FROM kernel_ledgerentry")

    with pytest.raises(CommandError, match="1 of 1"):
        call_command("verify_ledger")
    said = capsys.readouterr().err
    assert all(f"event not chained: kernel_auditevent {event.pk}" in said for event in events)


def test_a_second_event_slipped_in_under_the_id_of_another_is_named(committed_db):
    """A key of a partitioned table holds the time too, so the id alone is not unique."""
    event = write(1)[0]
    ledger.sequence(timezone.now())

    without_triggers(
        committed_db,
        "kernel_auditevent",
        "INSERT INTO kernel_auditevent (id, at, stream, act, actor_id, subject, reason, detail,"
        " note_digest) SELECT id, at + interval '1 second', stream, 'forged', 9, '', '', '{}', ''"
        f" FROM kernel_auditevent WHERE id = {event.pk}",
    )

    named = [(found.what, found.event_id) for found in ledger.verify(OFFICE).breaks]
    assert named == [("event not chained", event.pk)]


def test_an_event_taken_out_of_the_queue_is_found(committed_db):
    event = write(1)[0]

    LedgerPending.objects.all().delete()

    found = ledger.verify(OFFICE).breaks
    assert [(found.what, found.event_id) for found in found] == [("event not chained", event.pk)]


def test_a_chain_cut_and_grown_anew_is_found_by_its_known_head(committed_db):
    write(3)
    ledger.sequence(timezone.now())
    head = ledger.verify(OFFICE)
    for table, key in (("kernel_ledgerentry", "seq"), ("kernel_auditevent", "id")):
        last = f"(SELECT max({key}) FROM {table})"
        without_triggers(committed_db, table, f"DELETE FROM {table} WHERE {key} = {last}")
    cut = ledger.verify(OFFICE, known=[(head.seq, head.digest)])
    write(1)
    ledger.sequence(timezone.now())
    grown = ledger.verify(OFFICE, known=[(head.seq, head.digest)])

    assert ledger.verify(OFFICE).is_whole  # by itself it looks right
    assert [found.what for found in cut.breaks] == ["chain cut"]
    assert [found.what for found in grown.breaks] == ["not the known head"]


@pytest.mark.django_db
def test_erasing_a_note_leaves_the_chain_whole():
    event = audit.record("nik.read", actor_id=7, stream=OFFICE, note="Nama tidak terbaca")
    ledger.sequence(timezone.now())
    note = Note.objects.get(pk=event.note_id)
    assert event.note_digest == audit.note_digest(note.salt, note.text)

    note.delete()

    assert ledger.verify(OFFICE).is_whole


@pytest.mark.parametrize("column", ["text", "salt"])
@pytest.mark.parametrize("log", ["kernel_auditevent", "queueing_bookingevent"])
def test_a_note_written_over_by_the_owner_is_named(committed_db, log, column):
    """The event holds the digest of what was written; the note itself is no link."""
    if log == "kernel_auditevent":
        event = audit.record("nik.read", actor_id=7, stream=OFFICE, note="Nama tidak terbaca")
    else:
        note = audit.write_note("Nama tidak terbaca")
        digest = audit.note_digest(note.salt, note.text)
        event = BookingEventFactory(stream=OFFICE, note_id=note.pk, note_digest=digest)
    ledger.sequence(timezone.now())
    assert ledger.verify(OFFICE).is_whole

    as_owner(committed_db, f"UPDATE kernel_note SET {column} = 'lain'")

    found = ledger.verify(OFFICE).breaks
    assert [str(one) for one in found] == [f"note changed: {log} {event.pk}"]


def test_the_command_prints_heads_and_fails_on_a_change(committed_db, capsys):
    event = write(2)[0]
    tasks.sequence_ledger()
    call_command("verify_ledger")
    head = capsys.readouterr().out.strip()
    assert head.startswith(f"{OFFICE}:2:")
    call_command("verify_ledger", f"--head={head}")

    without_triggers(
        committed_db,
        "kernel_auditevent",
        f"UPDATE kernel_auditevent SET act = 'other' WHERE id = {event.pk}",
    )

    with pytest.raises(CommandError, match="1 of 1"):
        call_command("verify_ledger")
    assert f"event changed: kernel_auditevent {event.pk} (seq 1)" in capsys.readouterr().err


def test_the_application_makes_the_coming_partitions(committed_db):
    as_owner(
        committed_db,
        "DO $$ DECLARE name text; BEGIN"
        " SELECT max(inhrelid::regclass::text) INTO name FROM pg_inherits"
        " WHERE inhparent = 'kernel_auditevent'::regclass AND inhrelid::regclass::text ~ 'y2';"
        " EXECUTE 'DROP TABLE ' || name; END $$",
    )
    before = set(of_logs("kernel_auditevent"))

    tasks.make_partitions()

    made = set(of_logs("kernel_auditevent")) - before
    assert len(made) == 1
    with pytest.raises(psycopg.errors.RestrictViolation):
        as_owner(committed_db, f"TRUNCATE {made.pop()}")


def test_only_logs_get_partitions(committed_db):
    with pytest.raises(DatabaseError, match="is not a log"):
        connection.cursor().execute("SELECT kernel_make_months('accounts_user', 1)")
