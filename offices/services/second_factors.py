"""The way back for an officer whose phone, key and spare codes are all lost.

Their second factor is taken off by two others, and they set up another at the next sign-in:
until then the officers' pages stay closed to them. Whoever may give a post may do so for its
holder, and for nobody who holds a higher one.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from accounts.services import personal_data
from offices import notices, rules, selectors
from offices.approval_rules import Matter
from offices.errors import NoSecondFactor, PostOver, ReasonNeeded
from offices.models import OfficerPost
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit
from paspor.kernel.errors import NotAllowed


@transaction.atomic
def take_off(*, officer: User, post: OfficerPost, why: str, now: datetime) -> User:
    """Take off every second factor of who holds the post, end their sessions, and tell them.

    Locks their account. Raises NotAllowed, PostOver, ReasonNeeded, NoSecondFactor, and
    NeedsApproval: it always takes two.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=post.user_id)
    held = list(selectors.posts_of(user, now).select_related("office"))
    if post.pk not in {each.pk for each in held}:
        raise PostOver
    authority.require(officer=officer, act=Act.RESET_SECOND, office=post.office, now=now)
    for each in held:
        act = rules.grant_of(each.role)
        authority.require(officer=officer, act=act, office=each.office, now=now)
    if user.pk == officer.pk:
        raise NotAllowed
    if not why.strip():
        raise ReasonNeeded(fields={"why": [ReasonNeeded.words_missing]})
    factors = Authenticator.objects.filter(user=user)
    if not factors.exists():
        raise NoSecondFactor
    request = approvals.Request(
        Act.RESET_SECOND, f"{user.code}:second", post.office, Matter(officer=user.code)
    )
    approvals.use_where_needed(request=request, extent=Extent(), officer=officer, now=now)
    factors.delete()
    personal_data.end_sessions(user=user)
    audit.record(
        Act.RESET_SECOND,
        actor_id=officer.pk,
        subject=f"user:{user.code}",
        stream=authority.stream_of(post.office),
        note=why,
        detail={"post": post.pk, "role": post.role},
    )
    notices.second_factor_taken_off(user, now=now)
    return user
