"""Setting figures of policy: a head for the own office, SISTIK and a second for the nation."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from offices.approval_rules import Matter
from offices.models import Office
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import policy_values
from paspor.kernel.models import PolicyValue


@dataclass(frozen=True)
class FigureWish:
    """``office`` None for the nation. ``value`` has the type of the figure's default."""

    key: str
    value: Any
    office: Office | None
    valid_from: datetime
    why: str


@transaction.atomic
def set_figure(*, officer: User, wish: FigureWish, now: datetime) -> PolicyValue:
    """Raises NotAllowed, NeedsApproval, and what ``policy_values.set_figure`` refuses."""
    authority.require(officer=officer, act=Act.POLICY, office=wish.office, now=now)
    scope = authority.stream_of(wish.office)
    row = policy_values.set_figure(
        key=wish.key,
        scope=scope,
        value=wish.value,
        valid_from=wish.valid_from,
        why=wish.why,
        actor_id=officer.pk,
        now=now,
    )
    # After the value itself was found good: nobody is asked for a yes to nonsense.
    value = json.dumps(wish.value)
    request = approvals.Request(
        Act.POLICY,
        approvals.bound(f"{wish.key}={value}@{scope}", {"valid_from": wish.valid_from}),
        wish.office,
        Matter(figure=wish.key, value=value),
    )
    extent = Extent(is_national=wish.office is None)
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    return row
