"""A second officer's yes: asked for one act, given by another, used once, or expired.

``act``, ``subject`` and ``office`` say exactly what is asked for; whoever asks and whoever
uses must name the same three; where more was typed than a subject can say, ``bound`` adds a
digest of it, and ``telling`` the words. A subject holds ids and codes only ("KANIM-X:2026-12-24").
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from offices import policies, rules, selectors
from offices.errors import ApprovalOver, SecondFactorMissing, SecondIsNotAnother
from offices.models import Approval, Office
from offices.models.places import MOST_TOLD
from offices.rules import Act, Extent
from offices.services import authority
from paspor.kernel import audit, codes, notes
from paspor.kernel.errors import N_, Invalid, NeedsApproval, NotAllowed

State = Approval.State
# Capacity before an act and after it.
type Seats = tuple[int, int]


@transaction.atomic
def ask(  # noqa: PLR0913  # a request has that many columns
    *,
    act: Act,
    subject: str,
    officer: User,
    office: Office | None,
    reason: str,
    now: datetime,
    note: str = "",
    told: str = "",
    people: int = 0,
    seats: Seats | None = None,
) -> Approval:
    """Ask for a yes, with the asker's own words (``note``) and the service's (``told``).

    ``people`` says how many the act concerns, ``seats`` what capacity it leads from and to.

    A request of the same officer that still stands is given back instead.
    """
    authority.require(officer=officer, act=act, office=office, now=now)
    if not reason.strip():
        raise Invalid(fields={"reason": [N_("Alasan belum diisi.")]})
    standing = _standing(act, subject, officer, office, now).filter(state=State.ASKED).first()
    if standing is not None:
        return standing
    hours = policies.APPROVAL_HOURS.at(now=now, scope=authority.stream_of(office))
    approval = Approval.objects.create(
        code=codes.new_code(12),
        act=act,
        subject=subject,
        office=office,
        reason=reason.strip()[:60],
        note=note.strip()[:300],
        told=told[:MOST_TOLD],
        people=people,
        **_columns_of(seats),
        asked_by=officer,
        asked_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    _record("ask_approval", approval, officer)
    return approval


def grant(
    *, approval: Approval, second: User, used_second_factor: bool, now: datetime, why: str = ""
) -> Approval:
    """Say yes. ``used_second_factor`` is the door's word on the second officer's session.

    Raises SecondIsNotAnother, SecondFactorMissing, NotAllowed (whoever could not do the act
    at that office cannot allow it either; SISTIK may allow any), ApprovalOver.
    """
    return _decide(approval, second, used_second_factor, now, (State.GRANTED, why))


def decline(
    *, approval: Approval, second: User, used_second_factor: bool, now: datetime, why: str = ""
) -> Approval:
    """Say no; as ``grant``."""
    return _decide(approval, second, used_second_factor, now, (State.DECLINED, why))


@transaction.atomic
def use(
    *,
    act: Act,
    subject: str,
    officer: User,
    office: Office | None,
    now: datetime,
    approval: Approval | None = None,
) -> Approval:
    """Use up a granted yes for exactly this act, or raise NeedsApproval, which says what to ask.

    Call inside the act's own transaction: if the act fails, the yes is unused again. Locks
    the approval's row, so of two acts at once only one finds it unused.
    """
    granted = _standing(act, subject, officer, office, now).filter(state=State.GRANTED)
    if approval is not None:
        granted = granted.filter(pk=approval.pk)
    found = granted.select_for_update(no_key=True).first()
    if found is None:
        raise NeedsApproval(act=act, subject=subject, office=office)
    found.state, found.used_at = State.USED, now
    found.save(update_fields=["state", "used_at"])
    _record("use_approval", found, officer)
    return found


@transaction.atomic
def end(*, act: Act, subject: str, officer: User | None, now: datetime) -> int:
    """End every request about exactly this that waits or was granted; how many.

    For a service whose act is withdrawn: nobody is to agree to what cannot be done any more.
    Locks the requests.
    """
    about = Approval.objects.filter(act=act, subject=subject)
    return _end(about.filter(state__in=[State.ASKED, State.GRANTED]), officer, now)


@transaction.atomic
def end_those(
    *,
    act: Act,
    office: Office,
    is_moot: Callable[[str], bool],
    officer: User | None,
    now: datetime,
) -> int:
    """As ``end``, of every request of an office about a matter that is done, by its subject."""
    rows = Approval.objects.filter(act=act, office=office, expires_at__gt=now)
    unused = rows.filter(state__in=[State.ASKED, State.GRANTED])
    moot = [pk for pk, subject in unused.values_list("pk", "subject") if is_moot(subject)]
    return _end(unused.filter(pk__in=moot), officer, now) if moot else 0


@transaction.atomic
def put_away(*, approval: Approval, officer: User, now: datetime) -> None:
    """Whoever asked is done with it: one that waits or was granted is withdrawn, one that was
    declined has been read. Locks the request; ApprovalOver where it was used, or has ended.
    """
    if approval.asked_by_id != officer.pk:
        raise NotAllowed
    unused = Approval.objects.filter(pk=approval.pk).exclude(state=State.USED)
    if not _end(unused, officer, now):
        raise ApprovalOver


def _end(ending: QuerySet[Approval], officer: User | None, now: datetime) -> int:
    rows = list(
        ending.filter(expires_at__gt=now)
        .select_related("office")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    for row in rows:
        row.expires_at = now
        row.save(update_fields=["expires_at"])
        _record("end_approval", row, officer)
    return len(rows)


def use_where_needed(
    *,
    act: Act,
    subject: str,
    extent: Extent,
    officer: User,
    office: Office | None,
    now: datetime,
) -> Approval | None:
    """``use``, where an act that goes so far needs a second officer at all."""
    figures = policies.thresholds(now=now, scope=authority.stream_of(office))
    if not rules.needs_second(act, extent, figures):
        return None
    try:
        return use(act=act, subject=subject, officer=officer, office=office, now=now)
    except NeedsApproval as refusal:
        refusal.params["people"] = rules.people_concerned(extent)
        raise


def forget_notes(now: datetime) -> int:
    """Wipe what was written to requests older than KEEP_NOTES_DAYS; how many."""
    old = Approval.objects.filter(asked_at__lt=notes.oldest_kept(now))
    return old.exclude(note="").update(note="")


def forget_notes_about(subjects: Iterable[str]) -> None:
    """Wipe what was written to requests about these subjects, and by who decided them."""
    about = Approval.objects.filter(subject__in=list(subjects))
    notes.forget_about(f"approval:{code}" for code in about.values_list("code", flat=True))
    about.exclude(note="").update(note="")


@contextmanager
def telling(words: str, seats: Seats | None = None) -> Iterator[None]:
    """Let a request that arises in here tell the second officer what exactly is asked."""
    try:
        yield
    except NeedsApproval as refusal:
        refusal.params |= {"told": words, "seats": seats}
        raise


def _columns_of(seats: Seats | None) -> dict[str, int]:
    return {"seats_before": seats[0], "seats_after": seats[1]} if seats else {}


def bound(subject: str, wish: Mapping[str, object]) -> str:
    """The subject with a digest of the whole wish: a yes fits these very values alone."""
    text = json.dumps(wish, sort_keys=True, default=str)
    return f"{subject}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _standing(
    act: Act, subject: str, officer: User, office: Office | None, now: datetime
) -> QuerySet[Approval]:
    return Approval.objects.filter(
        act=act, subject=subject, office=office, asked_by=officer, expires_at__gt=now
    ).order_by("pk")


@transaction.atomic
def _decide(
    approval: Approval,
    second: User,
    used_second_factor: bool,
    now: datetime,
    decision: tuple[Approval.State, str],
) -> Approval:
    approval = (
        Approval.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .get(pk=approval.pk)
    )
    _check_second(approval, second, used_second_factor, now)
    if approval.state != State.ASKED or approval.expires_at <= now:
        raise ApprovalOver
    approval.state, why = decision
    approval.second, approval.decided_at = second, now
    approval.save(update_fields=["state", "second", "decided_at"])
    act = "grant_approval" if approval.state == State.GRANTED else "decline_approval"
    _record(act, approval, second, note=why)
    return approval


def _check_second(
    approval: Approval, second: User, used_second_factor: bool, now: datetime
) -> None:
    if second.pk == approval.asked_by_id:
        raise SecondIsNotAnother
    act, office = Act(approval.act), approval.office
    if not selectors.may(second, act, office, now) and not selectors.is_national(second, now):
        raise NotAllowed
    if not used_second_factor:
        raise SecondFactorMissing


def _record(act: str, approval: Approval, actor: User | None, note: str = "") -> None:
    audit.record(
        act,
        actor_id=actor.pk if actor else None,
        subject=f"approval:{approval.code}",
        stream=authority.stream_of(approval.office),
        note=note,
        detail={"act": approval.act, "subject": approval.subject},
    )
