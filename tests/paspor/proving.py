"""Solving challenges, for tests that must prove themselves."""

import altcha

from paspor.kernel import policy
from paspor.kernel.errors import DomainError
from paspor.kernel.models import NATIONAL
from paspor.kernel.policies import PROOF_STEPS
from tests.factories import PolicyValueFactory


def set_figure(figure: policy.Figure, value: int) -> None:
    """For the nation, as of long ago."""
    PolicyValueFactory(key=figure.key, scope=NATIONAL, value=value)
    policy.forget()


def little_work() -> None:
    set_figure(PROOF_STEPS, 100)


def solved(challenge: dict) -> str:
    """The answer to a challenge, as the header X-Proof carries it."""
    read = altcha.Challenge.from_dict(challenge)
    return altcha.Payload(read, altcha.solve_challenge(read)).to_base64()


def solution_of(refusal: DomainError) -> str:
    return solved(refusal.extras["proof"])
