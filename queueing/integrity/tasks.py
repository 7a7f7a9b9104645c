"""Work of integrity in the background. Each task may run twice without harm."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from queueing.integrity.policies.claims import CLAIM_OPEN_DAYS
from queueing.integrity.services import (
    acts,
    appeals,
    carrying,
    cases,
    claims,
    figures,
    identity,
    officers,
    restrictions,
    returning,
    scoring,
    withdrawing,
)


@shared_task(name=identity.CARRY, ignore_result=True)
def carry_checks(check_ids: list[int]) -> None:
    carrying.carry_checks(check_ids)


@shared_task(name="integrity.close_old_claims", ignore_result=True)
def close_old_claims() -> None:
    """Claims on a NIK that were never settled; what was sealed for them goes."""
    now = timezone.now()
    before = now - timedelta(days=CLAIM_OPEN_DAYS.at(now=now))
    claims.close_old(created_before=before, now=now)


@shared_task(name="integrity.sweep_checks", ignore_result=True)
def sweep_checks() -> int:
    return carrying.sweep_checks()


@shared_task(name="integrity.roll_up_figures", ignore_result=True)
def roll_up_figures() -> None:
    figures.roll_up(now=timezone.now())


@shared_task(name="integrity.watch_officers", ignore_result=True)
def watch_officers() -> None:
    officers.refresh(now=timezone.now())


@shared_task(name="integrity.score_accounts", ignore_result=True)
def score_accounts() -> None:
    scoring.score_all(now=timezone.now())


@shared_task(name=acts.RUN, ignore_result=True)
def run_act(act_id: int) -> None:
    acts.run(act_id=act_id, now=timezone.now())


@shared_task(name="integrity.resume_acts", ignore_result=True)
def resume_acts() -> None:
    """Go on with what a killed worker left, or a lost broker never told of."""
    acts.resume(timezone.now())


@shared_task(name="integrity.keep_cases", ignore_result=True)
def keep_cases() -> None:
    """End those whose time is over; know again who comes back; open what a rule calls for."""
    now = timezone.now()
    restrictions.end_lapsed(now)
    withdrawing.end_lapsed(now)
    returning.recognise(now)
    cases.open_from_scores(now)


@shared_task(name="integrity.forget_appeals", ignore_result=True)
def forget_appeals() -> None:
    appeals.forget_texts(timezone.now())
