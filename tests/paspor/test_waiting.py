"""The wait in place of a proof of work: not shortened, lent, or used twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from paspor.kernel import waiting
from paspor.kernel.policies import PROOF_MINUTES, PROOF_WAIT_SECONDS
from paspor.kernel.proof import Purpose
from paspor.kernel.waiting import Outcome

NOW = datetime.fromtimestamp(1_800_000_000, UTC)
OVER = NOW + timedelta(seconds=PROOF_WAIT_SECONDS.default)
SIGN_UP = {"purpose": Purpose.SIGN_UP, "about": "warga@contoh.test"}
HOLD = {"purpose": Purpose.HOLD, "about": "ACCOUNT1"}
pytestmark = pytest.mark.django_db


def judged(ticket, whose, *, code="", now=OVER):
    wait = waiting.read(ticket, **whose, now=now)
    return waiting.judge(wait, purpose=whose["purpose"], code=code, now=now)


def test_wait_is_over_to_the_second():
    ticket = waiting.begin(**SIGN_UP, now=NOW).ticket

    assert judged(ticket, SIGN_UP, now=OVER - timedelta(seconds=1)) == Outcome.TOO_EARLY
    assert judged(ticket, SIGN_UP, now=OVER) == Outcome.DONE


def test_wait_is_used_once():
    wait = waiting.begin(**SIGN_UP, now=NOW)

    assert waiting.spend(wait, now=OVER)
    assert not waiting.spend(wait, now=OVER)


def test_wait_expires():
    ticket = waiting.begin(**SIGN_UP, now=NOW).ticket
    end = NOW + timedelta(minutes=PROOF_MINUTES.default)

    assert judged(ticket, SIGN_UP, now=end - timedelta(seconds=1)) == Outcome.DONE
    assert judged(ticket, SIGN_UP, now=end) == Outcome.NOT_VALID


@pytest.mark.parametrize("whose", [HOLD, SIGN_UP | {"about": "lain@contoh.test"}])
def test_wait_of_another_is_not_valid(whose):
    assert judged(waiting.begin(**SIGN_UP, now=NOW).ticket, whose) == Outcome.NOT_VALID


def test_hold_needs_the_code_that_was_mailed():
    wait = waiting.begin(**HOLD, now=NOW)
    coded, code = waiting.with_code(wait)
    typed = f"{code[:4].lower()}-{code[4:]}"

    assert judged(wait.ticket, HOLD, code="") == Outcome.CODE_WRONG
    assert judged(wait.ticket, HOLD, code=code) == Outcome.CODE_WRONG
    assert judged(coded.ticket, HOLD, code="ABCD2345") == Outcome.CODE_WRONG
    assert judged(coded.ticket, HOLD, code=typed, now=NOW) == Outcome.TOO_EARLY
    assert judged(coded.ticket, HOLD, code=typed) == Outcome.DONE
    assert code not in coded.ticket


def test_a_new_code_does_not_begin_the_wait_anew():
    wait = waiting.begin(**HOLD, now=NOW)

    assert waiting.with_code(wait)[0].ends_at(OVER) == OVER


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "x",
        "x" * 5000,
        signing.dumps(["1", 0, "x", ""], salt="another"),
        signing.dumps(["1"], salt=waiting.SALT),
    ],
    # Signed tickets carry the time, and two workers must collect the same names.
    ids=["empty", "short", "long", "of another salt", "of another shape"],
)
def test_invented_ticket_is_not_valid(ticket):
    assert judged(ticket, SIGN_UP) == Outcome.NOT_VALID
