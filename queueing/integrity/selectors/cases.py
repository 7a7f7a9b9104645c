"""Cases, what is in them and what an act over them would do. Nothing here writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.models import User
from offices import selectors as offices
from offices.models import Office, OfficerPost
from offices.rules import Act, Role, may
from paspor.kernel.codes import normalized
from paspor.kernel.models import AuditEvent, Note
from queueing.booking.models import Booking, Place
from queueing.integrity import case_errors as errors
from queueing.integrity.models.cases import BulkAct, BulkItem, Case, CaseAccount, Restriction
from queueing.integrity.selectors import act_items, restrictions

VOIDABLE = (Place.State.HELD, Place.State.BOOKED)
OF_ONE_ACCOUNT = (Act.LIMIT, Act.SUSPEND, Act.LIFT)
MOST_TOLD = 200
# Whose posts carry the handling of cases.
HANDLERS = [role for role in Role if may(role, Act.CASE)]
TO_VOID = Q(state__in=VOIDABLE) | Q(first_right_until__isnull=False)


def offices_under(office: Office) -> list[int]:
    """The office and its branches, whose evidence is its head's own."""
    branches = Office.objects.filter(parent=office).values_list("pk", flat=True)
    return [office.pk, *branches]


def have_been_at(account_ids: Collection[int], office: Office | None) -> bool:
    """Whether each account ever had a place at the office or a branch; always, for the nation."""
    if office is None:
        return True
    seen = Booking.objects.filter(account__in=account_ids, slot__office__in=offices_under(office))
    return seen.values("account").distinct().count() == len(set(account_ids))


def live_places_by_account(account_ids: Iterable[int]) -> dict[int, int]:
    rows = Place.objects.filter(booking__account__in=list(account_ids), state__in=Place.LIVE)
    return dict(rows.values_list("booking__account").annotate(n=Count("pk")))


def case_standing(
    cluster_code: str, account_ids: Iterable[int], *, closed_since: datetime
) -> Case | None:
    """The case about this cluster or, without one, about one of these accounts.

    One that is not closed, or was closed after this moment.
    """
    standing = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gt=closed_since))
    if cluster_code:
        standing = standing.filter(cluster_code=cluster_code)
    else:
        standing = standing.filter(members__account__in=list(account_ids))
    return standing.select_related("office").order_by("pk").first()


def open_cases_of(account: User) -> QuerySet[Case]:
    return Case.objects.filter(members__account=account).exclude(state=Case.State.CLOSED)


def cases_seen_by(officer: User, *, now: datetime) -> QuerySet[Case]:
    """Those of the officer's own offices; all of them for SISTIK. The newest first."""
    reach = offices.offices_of(officer, now, Act.CASE)
    cases = Case.objects.select_related("office", "assigned_to", "officer").annotate(
        accounts=Count("members")
    )
    if not reach.is_national:
        cases = cases.filter(office__in=reach.ids)
    return cases.order_by("-opened_at", "-pk")


def case_seen_by(officer: User, code: str, *, now: datetime) -> Case:
    """Raises CaseUnknown, also where it is another office's."""
    case = cases_seen_by(officer, now=now).filter(code=normalized(code)).first()
    if case is None:
        raise errors.CaseUnknown
    return case


def case_of_cluster(officer: User, code: str, *, now: datetime) -> tuple[bool, Case | None]:
    """Whether the cluster has a case that is not closed, and that case if it is theirs to see."""
    standing = Case.objects.exclude(state=Case.State.CLOSED).filter(cluster_code=code).first()
    if standing is None:
        return False, None
    return True, cases_seen_by(officer, now=now).filter(pk=standing.pk).first()


def act_seen_by(officer: User, code: str, *, now: datetime) -> BulkAct:
    """Raises CaseUnknown, also where it is another office's."""
    seen = cases_seen_by(officer, now=now)
    acts = BulkAct.objects.select_related("case__office", "prepared_by")
    act = acts.filter(code=normalized(code), case__in=seen.values("pk")).first()
    if act is None:
        raise errors.CaseUnknown
    return act


def members_of(case: Case, *, now: datetime) -> QuerySet[CaseAccount]:
    """The worst first; ``is_suspended`` and ``is_limited`` as of now."""
    mine = restrictions.live(now).filter(account=OuterRef("account"))
    return (
        case.members.select_related("account")
        .annotate(
            is_suspended=Exists(mine.filter(kind=Restriction.Kind.SUSPENDED)),
            is_limited=Exists(mine.filter(kind=Restriction.Kind.LIMITED)),
            live_now=Count(
                "account__bookings__places",
                filter=Q(account__bookings__places__state__in=Place.LIVE),
            ),
        )
        .order_by("-score", "pk")
    )


@dataclass(frozen=True)
class Entry:
    """One thing that was done in a case. ``note`` is None where nothing was written or it is
    erased; ``by`` is an account's id, None for a rule.
    """

    at: datetime
    act: str
    by: int | None
    reason: str
    detail: dict[str, object]
    note: str | None
    agreed_by: str = ""


def history_of(case: Case) -> list[Entry]:
    """What the log says about the case, the newest first.

    What was done to each single account is left out: the act tells it, and so does the list.
    """
    told = AuditEvent.objects.filter(subject=f"case:{case.code}")
    events = list(told.exclude(act__in=OF_ONE_ACCOUNT).order_by("-at", "-id")[:MOST_TOLD])
    notes = dict(
        Note.objects.filter(
            pk__in=[event.note_id for event in events if event.note_id]
        ).values_list("pk", "text")
    )
    seconds = _emails_by_code(event.detail.get("agreed_by", "") for event in events)
    told_of_each = [
        Entry(
            at=event.at,
            act=event.act,
            by=event.actor_id,
            reason=event.reason,
            detail=event.detail,
            note=notes.get(event.note_id) if event.note_id else None,
            agreed_by=seconds.get(event.detail.get("agreed_by", ""), ""),
        )
        for event in events
    ]
    return sorted([*told_of_each, *_limited_by_rule(case)], key=lambda one: one.at, reverse=True)


def _limited_by_rule(case: Case) -> list[Entry]:
    """No act tells of these: how many accounts a rule has limited, for each of its reasons."""
    rows = case.restrictions.filter(by=None).order_by().values("kind", "reason")
    return [
        Entry(
            at=row["at"],
            act=Act.LIMIT,
            by=None,
            reason=row["reason"],
            detail={"accounts": row["accounts"]},
            note=None,
        )
        for row in rows.annotate(at=Max("since"), accounts=Count("pk"))
    ]


@dataclass(frozen=True)
class Reach:
    """What a prepared act means. ``present`` are people who have checked in, ``upheld`` accounts
    whose appeal was upheld since: left alone.
    """

    accounts: int
    bookings: int
    places: int
    offices: int
    present: int
    elsewhere: int
    upheld: int


def places_to_void(case: Case, account_ids: Collection[int]) -> QuerySet[Place]:
    """Live places and first rights of these accounts at the offices that the case answers for."""
    places = Place.objects.filter(TO_VOID, booking__account__in=account_ids)
    if case.office is not None:
        places = places.filter(booking__slot__office__in=offices_under(case.office))
    return places.select_related("booking").order_by("booking_id", "pk")


def reach_of(act: BulkAct) -> Reach:
    """The frozen act, with who is present now and what is beyond the case's offices."""
    items = list(act.items.all())
    accounts = {item.account_id for item in items}
    ids = [pk for item in items for pk in item.place_ids]
    live = Place.objects.filter(booking__account__in=accounts)
    elsewhere = 0
    if act.act == BulkAct.Kind.VOID and act.case.office is not None:
        outside = live.filter(TO_VOID).exclude(
            booking__slot__office__in=offices_under(act.case.office)
        )
        elsewhere = outside.count()
    return Reach(
        accounts=len(accounts),
        bookings=sum(item.booking_id is not None for item in items),
        places=len(ids),
        offices=Place.objects.filter(pk__in=ids).values("booking__slot__office").distinct().count(),
        present=live.filter(state=Place.State.CHECKED_IN).count(),
        elsewhere=elsewhere,
        upheld=act_items.left_by_appeal(act),
    )


@dataclass(frozen=True)
class Progress:
    """How far an act has come: items, and the places that ended by it."""

    total: int
    done: int
    left_alone: int
    places: int


def progress_of(act: BulkAct) -> Progress:
    counted = dict(act.items.values_list("outcome").annotate(n=Count("pk")))
    done, left = (
        counted.get(outcome.value, 0) for outcome in (BulkItem.Outcome.DONE, BulkItem.Outcome.LEFT)
    )
    ended = sum(act.items.values_list("places", flat=True))
    return Progress(total=act.total, done=done + left, left_alone=left, places=ended)


def note_of(act: BulkAct) -> str:
    """What its officer wrote when it was prepared; empty where that is erased."""
    told = AuditEvent.objects.filter(
        act="case.prepare", subject=f"case:{act.case.code}", detail__code=act.code
    )
    notes = Note.objects.filter(pk__in=told.values("note_id"))
    return notes.values_list("text", flat=True).first() or ""


def acts_of(case: Case) -> QuerySet[BulkAct]:
    return case.acts.select_related("prepared_by").order_by("-prepared_at", "-pk")


def offices_to_open_for(officer: User, *, now: datetime) -> list[Office]:
    """The offices for which the officer may open a case, by name."""
    reach = offices.offices_of(officer, now, Act.CASE)
    found = Office.objects.filter(is_active=True).order_by("name")
    return list(found if reach.is_national else found.filter(pk__in=reach.ids))


def may_open_for_nation(officer: User, *, now: datetime) -> bool:
    return offices.may(officer, Act.CASE, None, now)


def accounts_named(codes: Iterable[str]) -> tuple[list[int], list[str]]:
    """Accounts by their own codes, or by those of their bookings; then the codes of none."""
    wanted = {normalized(code) for code in codes}
    standing = User.objects.filter(erased_at=None)
    found = dict(standing.filter(code__in=wanted).values_list("code", "pk"))
    booked = Booking.objects.filter(code__in=wanted, account__in=standing.values("pk"))
    found |= dict(booked.values_list("code", "account"))
    return sorted(set(found.values())), sorted(wanted - set(found))


def handlers_of(case: Case, *, now: datetime) -> list[User]:
    """Officers who may handle the case where it is, by address."""
    posts = OfficerPost.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now, role__in=HANDLERS
    )
    here = Q(office=None)
    if case.office is not None:
        here |= Q(office=case.office) | Q(office=case.office.parent_id)
    found = User.objects.filter(posts__in=posts.filter(here), is_active=True)
    return list(found.distinct().order_by("email"))


def _emails_by_code(codes: Iterable[str]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    return dict(User.objects.filter(code__in=wanted).values_list("code", "email"))


def emails_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Officers by id; others who stand in a history are not named."""
    wanted = {pk for pk in user_ids if pk is not None}
    found = User.objects.filter(pk__in=wanted, posts__isnull=False).distinct()
    return dict(found.values_list("pk", "email"))
