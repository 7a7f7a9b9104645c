"""Giving and ending officers' posts. Each grant is logged; head and SISTIK take two officers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from offices import rules, words
from offices.approval_rules import Matter
from offices.errors import PostInvalid, PostOver
from offices.models import Office, OfficerPost
from offices.rules import Extent, Role
from offices.services import approvals, authority
from paspor.kernel import audit
from paspor.kernel.errors import N_

FIRST_OF_SISTIK = 2


@dataclass(frozen=True)
class PostWish:
    """Whom to appoint to what. ``office`` is None for SISTIK, and only for SISTIK.

    Without ``starts_at`` the post begins when it is given.
    """

    user: User
    role: str
    office: Office | None
    starts_at: datetime | None
    ends_at: datetime | None = None


def request_for(wish: PostWish) -> approvals.Request:
    """What a second officer has to agree to, where this grant takes one."""
    subject = f"{wish.user.code}:{wish.role}:{authority.stream_of(wish.office)}"
    return approvals.Request(
        rules.grant_of(wish.role),
        approvals.bound(subject, {"starts_at": wish.starts_at, "ends_at": wish.ends_at}),
        wish.office,
        Matter(officer=wish.user.code),
        words=words_of(wish),
    )


def words_of(wish: PostWish) -> str:
    return _("%(role)s, mulai %(first)s, sampai %(last)s") % {
        "role": OfficerPost.Role(wish.role).label,
        "first": _moment(wish.starts_at) or _("saat ditugaskan"),
        "last": _moment(wish.ends_at) or _("seterusnya"),
    }


def _moment(moment: datetime | None) -> str:
    return words.moment(moment) if moment else ""


@transaction.atomic
def appoint(*, officer: User, wish: PostWish, now: datetime) -> OfficerPost:
    """Give a post. Locks the user. Raises PostInvalid, NotAllowed, NeedsApproval."""
    user = User.objects.select_for_update(no_key=True).get(pk=wish.user.pk)
    starts_at = wish.starts_at or now
    _check_shape(wish, now)
    act = rules.grant_of(wish.role)
    authority.require(officer=officer, act=act, office=wish.office, now=now)
    if user.pk == officer.pk:
        raise PostInvalid(fields={"user": [N_("Tidak seorang pun menugaskan dirinya sendiri.")]})
    _check_user(user, wish, starts_at)
    approvals.use_where_needed(request=request_for(wish), extent=Extent(), officer=officer, now=now)
    post = OfficerPost.objects.create(
        user=user,
        role=wish.role,
        office=wish.office,
        starts_at=starts_at,
        ends_at=wish.ends_at,
    )
    _record("appoint", post, officer)
    return post


@transaction.atomic
def appoint_first(*, user: User, now: datetime) -> OfficerPost:
    """Give the first posts of SISTIK, by whoever runs the machine, while fewer than two hold one.

    Two, because each grant of head or SISTIK takes the yes of another: one alone could
    never appoint a second. Locks the posts of SISTIK.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _lock_all_of_sistik()
    holders = live_of_sistik(now).values_list("user_id", flat=True)
    if len(set(holders)) >= FIRST_OF_SISTIK:
        raise PostInvalid(fields={"user": [N_("Sudah ada petugas SISTIK; mintalah kepadanya.")]})
    wish = PostWish(user, Role.SISTIK, None, now)
    _check_user(user, wish, now)
    post = OfficerPost.objects.create(user=user, role=wish.role, office=None, starts_at=now)
    _record("appoint", post, None)
    return post


@transaction.atomic
def end_post(*, officer: User, post: OfficerPost, now: datetime, why: str = "") -> OfficerPost:
    """End a post now. Its holder loses the admin with the next click.

    Locks all posts of SISTIK where it ends one, so that the last is never ended; in the
    order of their keys, so that two that end at once do not wait for each other.
    """
    if post.role == Role.SISTIK:
        _lock_all_of_sistik()
    post = (
        OfficerPost.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office", "user")
        .get(pk=post.pk)
    )
    act = rules.grant_of(post.role)
    authority.require(officer=officer, act=act, office=post.office, now=now)
    if post.ends_at is not None and post.ends_at <= now:
        raise PostOver
    if post.role == Role.SISTIK and _is_last_of_sistik(post, now):
        raise PostInvalid(fields={"role": [N_("Penugasan SISTIK yang terakhir tidak diakhiri.")]})
    # A post that has not begun ends before it does.
    post.ends_at = max(now, post.starts_at)
    post.save(update_fields=["ends_at"])
    _record("end_post", post, officer, why)
    return post


def live_of_sistik(now: datetime) -> QuerySet[OfficerPost]:
    return OfficerPost.objects.filter(role=Role.SISTIK, starts_at__lte=now).exclude(
        ends_at__lte=now
    )


def _is_last_of_sistik(post: OfficerPost, now: datetime) -> bool:
    """Call with all posts of SISTIK locked."""
    return not live_of_sistik(now).exclude(pk=post.pk).exists()


def _lock_all_of_sistik() -> None:
    posts = OfficerPost.objects.filter(role=Role.SISTIK).order_by("pk")
    list(posts.select_for_update(no_key=True).values_list("pk"))


def _check_shape(wish: PostWish, now: datetime) -> None:
    faults: dict[str, list[str]] = {}
    if wish.role not in list(Role):
        raise PostInvalid(fields={"role": [N_("Peran tidak dikenal.")]})
    if (wish.role == Role.SISTIK) != (wish.office is None):
        faults["office"] = [N_("SISTIK tanpa kantor; peran lain dengan kantor.")]
    if wish.ends_at is not None and wish.ends_at <= max(now, wish.starts_at or now):
        faults["ends_at"] = [N_("Akhir penugasan harus sesudah awalnya.")]
    if faults:
        raise PostInvalid(fields=faults)


def _check_user(user: User, wish: PostWish, starts_at: datetime) -> None:
    if not user.is_active or user.erased_at is not None:
        raise PostInvalid(fields={"user": [N_("Akun ini tidak aktif.")]})
    same = OfficerPost.objects.filter(user=user, role=wish.role, office=wish.office)
    if same.exclude(ends_at__lte=starts_at).exists():
        raise PostInvalid(fields={"role": [N_("Petugas ini sudah memegang penugasan itu.")]})


def _record(act: str, post: OfficerPost, officer: User | None, why: str = "") -> None:
    audit.record(
        act,
        actor_id=officer.pk if officer else None,
        subject=f"user:{post.user.code}",
        stream=authority.stream_of(post.office),
        note=why,
        detail={"post": post.pk, "role": post.role},
    )
