"""A proof of work holds for one thing, for a while, once."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
from django.utils import timezone

from paspor.kernel import proof
from paspor.kernel.policies import PROOF_MINUTES, PROOF_MOST_TIMES
from paspor.kernel.proof import Purpose
from tests.paspor.proving import little_work, solved

pytestmark = pytest.mark.django_db
MINE = {"purpose": Purpose.HOLD, "about": "ACCOUNT1"}


@pytest.fixture(autouse=True)
def _little_work():
    little_work()


def issued(now=None, **more):
    return proof.issue(**MINE, **more, now=now or timezone.now())


def spent(payload, now=None, **changed):
    return bool(proof.spend(payload, now=now or timezone.now(), **(MINE | changed)))


def test_solved_challenge_holds_once():
    answer = solved(issued())

    assert spent(answer)
    assert not spent(answer)


def test_proof_that_is_given_back_holds_again():
    answer = solved(issued())

    proof.give_back(proof.spend(answer, **MINE, now=timezone.now()))

    assert spent(answer)


@pytest.mark.parametrize("changed", [{"purpose": Purpose.SIGN_UP}, {"about": "ACCOUNT2"}])
def test_proof_for_something_else_does_not_hold(changed):
    answer = solved(issued())

    assert not spent(answer, **changed)
    assert spent(answer)  # and asking in vain has not used it up


def test_proof_expires_to_the_second():
    now = timezone.now().replace(microsecond=0)
    answer = solved(issued(now))
    end = now + timedelta(minutes=PROOF_MINUTES.default)

    assert not spent(answer, now=end)
    assert spent(answer, now=end - timedelta(seconds=1))


def test_challenge_that_has_expired_by_the_clock_does_not_hold():
    past = timezone.now() - timedelta(hours=1)

    assert not spent(solved(issued(past)), now=past)


def tampered(answer, part, **changed):
    body = json.loads(base64.b64decode(answer))
    {"parameters": body["challenge"]["parameters"], "solution": body["solution"]}[part].update(
        changed
    )
    return base64.b64encode(json.dumps(body).encode()).decode()


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("parameters", {"cost": 1}),
        ("parameters", {"keyPrefix": ""}),
        ("parameters", {"expiresAt": 9_999_999_999}),
        ("parameters", {"data": {"for": proof.bound_to(**MINE), "most": 1}}),
        ("parameters", {"keySignature": None}),
        ("solution", {"derivedKey": "00" * 32}),
        ("solution", {"derivedKey": 7}),
    ],
)
def test_tampered_proof_does_not_hold(part, changed):
    answer = solved(issued())

    assert not spent(tampered(answer, part, **changed))


def test_challenge_that_somebody_else_signed_does_not_hold():
    own = altcha.create_challenge(
        proof.ALGORITHM, 1, counter=1, hmac_secret="mine", hmac_key_secret="mine"
    )

    assert not spent(solved(own.to_dict()))


@pytest.mark.parametrize(
    "sent",
    ["", "x", "e30=", "bnVsbA==", "W10=", "=" * 5000, "é", base64.b64encode(b"[" * 3000).decode()],
)
def test_what_is_no_proof_is_none(sent):
    assert not spent(sent)


def test_without_a_cache_a_proof_holds_and_a_false_one_does_not(dead_cache):
    answer = solved(issued())

    assert spent(answer)
    assert not spent(answer, about="ACCOUNT2")


@pytest.mark.parametrize(
    ("pressure", "most"),
    [(0.2, 100), (1, 100), (2.5, 250), (PROOF_MOST_TIMES.default, 400), (float("inf"), 400)],
)
def test_work_grows_with_pressure_within_bounds(pressure, most):
    challenge = issued(pressure=pressure)["parameters"]

    assert challenge["data"]["most"] == most
    counter = altcha.solve_challenge(altcha.Challenge.from_dict({"parameters": challenge})).counter
    assert most // 2 <= counter < most


def test_challenge_says_nothing_readable_of_whom_it_is_for():
    assert "ACCOUNT1" not in json.dumps(issued())
