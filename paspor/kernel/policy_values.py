"""Setting a figure of policy. Who may do so is the caller's question (offices)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from paspor.kernel import audit, policy
from paspor.kernel.database import violated
from paspor.kernel.errors import N_, Conflict, Invalid
from paspor.kernel.models import NATIONAL, PolicyValue


class FigureUnknown(Invalid):
    code = "policy_unknown"
    message = N_("Angka kebijakan ini tidak dikenal.")


class FigureInThePast(Invalid):
    code = "policy_in_the_past"
    message = N_("Angka kebijakan hanya dapat berlaku mulai sekarang atau nanti.")


class FigureNational(Invalid):
    code = "policy_national"
    message = N_("Angka ini hanya ditetapkan untuk seluruh Indonesia.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = N_("Tuliskan alasannya.")


class FigureAlreadySet(Conflict):
    code = "policy_already_set"
    message = N_("Untuk saat itu angka ini sudah ditetapkan.")


def set_figure(  # noqa: PLR0913  # a row has that many columns
    *,
    key: str,
    scope: str,
    value: Any,
    valid_from: datetime,
    why: str,
    actor_id: int,
    now: datetime,
) -> PolicyValue:
    """Let ``value`` hold from ``valid_from`` on; what held before stays as history.

    ``scope`` is an office's code or NATIONAL. Raises FigureUnknown, FigureNational,
    FigureOutOfBounds, FigureOfAnotherKind, FigureInThePast (a past decision cannot change its
    figure), ReasonMissing, FigureAlreadySet.
    """
    figure = policy.FIGURES.get(key)
    if figure is None:
        raise FigureUnknown(fields={"key": [FigureUnknown.message]})
    if figure.national_only and scope != NATIONAL:
        raise FigureNational(fields={"office": [FigureNational.message]})
    figure.check(value)
    if valid_from < now:
        raise FigureInThePast(fields={"valid_from": [FigureInThePast.message]})
    if not why.strip():
        raise ReasonMissing(fields={"why": [ReasonMissing.message]})
    row = PolicyValue(
        key=key, scope=scope, value=value, valid_from=valid_from, set_by=actor_id, why=why.strip()
    )
    before = figure.at(now=now, scope=scope)
    with transaction.atomic():
        _insert(row)
        audit.record(
            "policy.set",
            actor_id=actor_id,
            subject=f"policy:{key}",
            stream=scope,
            note=why,
            detail={
                "value": value,
                "before": before,
                "valid_from": valid_from.isoformat(),
            },
        )
        transaction.on_commit(policy.forget)
    return row


def _insert(row: PolicyValue) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not violated(error, "policyvalue_one_per_moment"):
            raise
        raise FigureAlreadySet from None
