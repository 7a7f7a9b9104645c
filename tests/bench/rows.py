"""The rows of the table: what is sent, what is prepared for it, and what it must leave behind."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from tests.bench import checks, claim, plans
from tests.bench.checks import Expected, Faults
from tests.bench.load import Load, Result
from tests.bench.stage import Stage, alone, book_everyone, nothing, old_snapshot
from tests.bench.town import FAMILY, Town

BARE = Expected(0, mails=False, keys=False)


@dataclass(frozen=True)
class Row:
    """``expected`` is None where a row writes nothing: then no copy is made for it.

    A told code counts when what it promises is so; ``people`` of them share one.
    """

    name: str
    plan: Callable[[Town], Iterable[bytes]] | None
    load: Load = Load()
    expected: Expected | None = None
    prepare: Callable[[Stage], None] = nothing
    beside: Callable[[Stage], AbstractContextManager[None]] = alone
    # Whether bookings need a permit, as they do in production.
    gated: bool = False


READS = Load("cycle")
ROWS = (
    Row("hello", plans.hello, READS),
    Row("echo", plans.echo, READS),
    Row("claim-view", plans.claim_view, expected=BARE),
    Row("claim", None, expected=BARE),
    Row("availability", plans.availability, READS),
    Row("offices", plans.offices, READS),
    Row("book-spread", plans.book_spread, expected=Expected(0)),
    Row("book-hot", plans.book_hot, expected=Expected(0)),
    Row("book-hot-old-snapshot", plans.book_hot, expected=Expected(0), beside=old_snapshot),
    Row("hold-confirm", plans.hold_confirm, Load("confirm"), Expected(0)),
    Row("book-last", plans.book_last, Load(connections=400, apart=True), Expected(0)),
    Row("family", plans.family, expected=Expected(0, people=FAMILY)),
    Row(
        "reschedule",
        plans.reschedule,
        expected=Expected(0, keeps_places=True),
        prepare=book_everyone,
    ),
    Row(
        "cancel",
        plans.cancel,
        expected=Expected(0, state="CANCELLED"),
        prepare=book_everyone,
    ),
    Row("token-sign-in", plans.sign_in, Load("cycle", connections=8)),
    Row("ticket", plans.ticket, READS, expected=BARE, prepare=book_everyone),
    Row(
        "overload",
        plans.book_spread,
        Load("patient", connections=320),
        expected=Expected(0),
        gated=True,
    ),
)
NAMES = tuple(row.name for row in ROWS)


@dataclass(frozen=True)
class Outcome:
    """One run of a row. ``done`` are answers that say yes and are true."""

    row: str
    done: int
    result: Result
    faults: Faults
    # Milliseconds of processor an answer, of the web server and of the database.
    web_ms: float
    db_ms: float

    @property
    def per_second(self) -> float:
        return self.done / self.result.seconds


def play(row: Row, stage: Stage) -> Outcome:
    stage.serve(gated=row.gated)
    if row.expected is not None:
        stage.renew()
        row.prepare(stage)
        stage.warm_up()
    mark, since = checks.last_booking()
    used = stage.used()
    with row.beside(stage):
        result = claim.run(stage) if row.plan is None else _send(row, stage)
    web_ms, db_ms = (after - before for after, before in zip(stage.used(), used, strict=True))
    faults = Faults()
    if row.expected is not None:
        faults = checks.look(replace(row.expected, mark=mark), result.codes, since=since)
    answers = max(1, sum(result.told.values()))
    return Outcome(
        row=row.name,
        done=result.done - faults.lost,
        result=result,
        faults=faults,
        web_ms=web_ms / answers,
        db_ms=db_ms / answers,
    )


def _send(row: Row, stage: Stage) -> Result:
    return stage.send(row.load, row.plan(stage.town), seconds=stage.town.size.seconds)
