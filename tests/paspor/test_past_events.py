"""Months that are over rest, and stay what they were."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

PARTITION = """
SELECT kernel_make_partition('kernel_auditevent', 'y2020m01',
    'FOR VALUES FROM (''2020-01-01 00:00+00'') TO (''2020-02-01 00:00+00'')')
"""
WRITE = """
INSERT INTO kernel_auditevent (at, stream, act, subject, reason, detail, note_digest)
VALUES ('2020-01-05', 'NATIONAL', 'uji', '', '', '{}', '')
"""
FROZEN = "SELECT relfrozenxid::text::bigint FROM pg_class WHERE relname = %s"


def told(**options: object) -> list[str]:
    said = StringIO()
    call_command("move_past_events", stdout=said, **options)
    return said.getvalue().splitlines()


def frozen(name: str) -> int:
    with connections["owner"].cursor() as owner:
        owner.execute(FROZEN, [name])
        return owner.fetchone()[0]


def test_a_month_that_is_over_is_frozen_and_still_closed(committed_db: str) -> None:
    with connections["owner"].cursor() as owner:
        owner.execute(PARTITION)
        owner.execute(WRITE)
    before, current = frozen("kernel_auditevent_y2020m01"), frozen("kernel_auditevent_rest")

    assert told() == ["kernel_auditevent_y2020m01: rests"]

    assert frozen("kernel_auditevent_y2020m01") > before
    assert frozen("kernel_auditevent_rest") == current  # only what is past
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT count(*) FROM kernel_auditevent WHERE at < '2020-02-01'")
        assert owner.fetchone() == (1,)
        with pytest.raises(DatabaseError, match="only grows"):
            owner.execute("DELETE FROM kernel_auditevent WHERE at < '2020-02-01'")


def test_what_cannot_be_done_is_said(committed_db: str) -> None:
    with connections["owner"].cursor() as owner:
        owner.execute(PARTITION)
    with pytest.raises(CommandError, match='"tiada" does not exist'):
        told(tablespace="tiada")
    with pytest.raises(CommandError, match="2 or more"):
        told(months=1)
