"""Whether this officer may do this here and now. Asked by every service before it acts."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from offices import rules, selectors
from offices.errors import PostEnded
from offices.models import Office, OfficerPost
from offices.rules import Act
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import NATIONAL

NATION = _("seluruh Indonesia")


def require(*, officer: User, act: Act, office: Office | None, now: datetime) -> None:
    """Raise NotAllowed unless a live post of the officer covers the act at the office.

    PostEnded where one did. ``office`` None asks for the nation, which SISTIK alone answers for.
    """
    if not selectors.may(officer, act, office, now):
        raise ended(officer, now=now, act=act, office=office) or NotAllowed


def ended(
    officer: User, *, now: datetime, act: Act | None = None, office: Office | None = None
) -> PostEnded | None:
    """The refusal that names the officer's last post that is over, of those that covered the
    act at the office; without act or office, of all.
    """
    post = next(
        (
            post
            for post in selectors.posts_over(officer, now)
            if (act is None or rules.may(post.role, act)) and _covers(post, office)
        ),
        None,
    )
    if post is None or post.ends_at is None:
        return None
    zone = post.office.zone if post.office else timezone.get_default_timezone()
    return PostEnded(
        role=post.get_role_display(),
        place=post.office.name if post.office else NATION,
        at=post.ends_at.astimezone(zone),
    )


def _covers(post: OfficerPost, office: Office | None) -> bool:
    if office is None:
        return True
    reach = selectors.reach_of([post])
    return reach.is_national or office.pk in reach.ids


def stream_of(office: Office | None) -> str:
    """The chain of the log that an act at the office joins; also the scope of its figures."""
    return office.code if office else NATIONAL
