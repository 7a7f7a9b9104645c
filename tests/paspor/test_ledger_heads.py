"""The heads of a day prove to whoever kept them that nothing before was changed."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from paspor.kernel import heads, ledger
from paspor.kernel.heads import CopyChanged, Day, Head
from paspor.kernel.models import NATIONAL, LedgerHead
from tests.at_once import at_once
from tests.paspor.ledger import DAY, NIGHT, OFFICE, as_owner, without_triggers, write


def grown(count: int = 3, stream: str = OFFICE) -> None:
    write(count, stream)
    ledger.sequence(timezone.now())


def a_copy(*days: Day) -> str:
    """As the API gives it."""
    shown = [
        {
            "day": day.day.isoformat(),
            "digest": day.digest,
            "heads": [
                {"stream": head.stream, "seq": head.seq, "digest": head.digest}
                for head in day.heads
            ],
        }
        for day in days
    ]
    return json.dumps({"count": len(shown), "next": None, "previous": None, "results": shown})


@pytest.fixture
def kept(committed_db, tmp_path):
    """A file with the heads of a day on which the office's chain had three links."""
    grown(3)
    heads.take(NIGHT)
    path = tmp_path / "heads.json"
    path.write_text(a_copy(*heads.heads_of_days([DAY])))
    return path


def test_the_digest_of_a_day_is_that_of_its_lines():
    """As sha256sum says of the same text, so that nobody needs our code to compute it."""
    day = Day(DAY, (Head("NATIONAL", 7, "b" * 64), Head("KANIM-X", 12, "a" * 64)))
    assert day.digest == "317f57eeab3c9427ddebeb39726e9618abc1e5bb03b4ab5f211163ce08f1afe5"


@pytest.mark.django_db
def test_each_chain_has_one_head_for_the_day_that_is_over():
    grown(3)
    grown(2, NATIONAL)

    assert heads.take(NIGHT) == 2

    (day,) = heads.heads_of_days(heads.days())
    assert (day.day, day.taken_at) == (DAY, NIGHT)
    assert [(head.stream, head.seq) for head in day.heads] == [(OFFICE, 3), (NATIONAL, 2)]
    assert day.head_of(OFFICE).digest == ledger.verify(OFFICE).digest


@pytest.mark.django_db
def test_a_day_that_was_published_is_not_added_to():
    grown(1)
    heads.take(NIGHT)
    digest = heads.heads_of_days([DAY])[0].digest
    grown(1, NATIONAL)

    assert heads.take(NIGHT) == 0
    assert heads.heads_of_days([DAY])[0].digest == digest


def test_two_takers_at_once_take_a_day_once(committed_db):
    grown(1)
    grown(1, NATIONAL)

    counts = at_once([lambda: heads.take(NIGHT)] * 6)

    assert sorted(counts) == [0, 0, 0, 0, 0, 2]
    assert LedgerHead.objects.count() == 2


def regrow(database: str) -> None:
    """What a forger with the owner's password does: change an event, chain all anew."""
    without_triggers(database, "kernel_auditevent", "UPDATE kernel_auditevent SET actor_id = 8")
    without_triggers(database, "kernel_ledgerentry", "DELETE FROM kernel_ledgerentry")
    as_owner(
        database,
        "INSERT INTO kernel_ledgerpending (stream, source, event_id, event_at, event_digest)"
        " SELECT stream, 'kernel_auditevent', id, at,"
        " encode(sha256(convert_to(to_jsonb(event)::text, 'UTF8')), 'hex')"
        " FROM kernel_auditevent event ORDER BY id",
    )
    ledger.sequence(timezone.now())


def test_a_chain_grown_anew_is_found_by_our_own_heads(kept, committed_db):
    regrow(committed_db)

    (found,) = ledger.verify(OFFICE).breaks
    assert (found.what, found.seq) == ("not the known head", 3)


def test_a_cut_tail_is_found_by_our_own_heads(kept, committed_db):
    for table, key in (("kernel_ledgerentry", "seq"), ("kernel_auditevent", "id")):
        last = f"(SELECT max({key}) FROM {table})"
        without_triggers(committed_db, table, f"DELETE FROM {table} WHERE {key} = {last}")

    assert [str(found) for found in ledger.verify(OFFICE).breaks] == [
        "chain cut after link 2: links that a known head covers are gone"
    ]


def test_a_copy_finds_what_was_forged_along_with_our_heads(kept, committed_db, capsys):
    regrow(committed_db)
    without_triggers(committed_db, "kernel_ledgerhead", "DELETE FROM kernel_ledgerhead")
    call_command("verify_ledger")  # by itself all looks right
    capsys.readouterr()

    with pytest.raises(CommandError, match="1 of 1"):
        call_command("verify_ledger", f"--heads={kept}")

    assert f"{OFFICE}: not the known head" in capsys.readouterr().err


def test_a_copy_that_still_fits_says_nothing(kept, capsys):
    grown(2)

    call_command("verify_ledger", f"--heads={kept}")

    assert capsys.readouterr().out.startswith(f"{OFFICE}:5:")


def test_a_copy_whose_heads_were_changed_is_refused(kept):
    kept.write_text(kept.read_text().replace('"seq": 3', '"seq": 2'))

    with pytest.raises(CommandError, match="do not give its digest"):
        call_command("verify_ledger", f"--heads={kept}")
    with pytest.raises(CopyChanged):
        heads.read_copy(kept.read_text())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"results": [{"day": "x"}]}', "null"])
def test_what_is_no_copy_is_refused(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)

    with pytest.raises(CommandError, match="other.json"):
        call_command("verify_ledger", f"--heads={path}")


@pytest.mark.django_db
def test_two_heads_of_one_chain_are_both_looked_at(capsys):
    grown(2)
    verdict = ledger.verify(OFFICE)

    with pytest.raises(CommandError):
        call_command(
            "verify_ledger",
            f"--head={OFFICE}:1:{'0' * 64}",
            f"--head={OFFICE}:2:{verdict.digest}",
        )

    assert "(seq 1)" in capsys.readouterr().err
