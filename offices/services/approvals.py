"""A second officer's yes: asked for one act, given by another, used once, or expired.

A service names what it needs as a Request and hands it to ``use_where_needed``; where nobody
has agreed yet, NeedsApproval carries that request to the door, which may ``ask`` for it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from offices import policies, rules, selectors
from offices.approval_rules import Matter
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


@dataclass(frozen=True)
class Request:
    """What a second officer has to agree to; ``office`` is None for the whole nation.

    ``act``, ``subject`` and ``office`` say exactly what is asked for: a yes fits an act that
    names the same three. A subject is compared and never read; it holds ids and codes, and
    where more was typed than it can say, ``bound`` adds a digest of that. What pages show and
    lead to is ``matter`` and, where that cannot say it, ``words``. ``seats`` is the capacity
    that the act leads from and to, ``people`` how many it concerns.
    """

    act: Act
    subject: str
    office: Office | None
    matter: Matter = Matter()
    words: str = ""
    seats: Seats | None = None
    people: int = 0


def about_booking(act: Act, office: Office, code: str) -> Request:
    """To do this to people of one booking at the counter; ``code`` is the booking's."""
    return Request(act, f"{act}:{code}", office, Matter(booking=code))


@transaction.atomic
def ask(*, request: Request, officer: User, reason: str, now: datetime, note: str = "") -> Approval:
    """Ask for a yes; ``note`` is what the asker says to it in their own words.

    A request of the same officer that still stands is given back instead. Raises NotAllowed,
    and Invalid without a reason.
    """
    authority.require(officer=officer, act=request.act, office=request.office, now=now)
    if not reason.strip():
        raise Invalid(fields={"reason": [N_("Alasan belum diisi.")]})
    standing = _standing(request, officer, now).filter(state=State.ASKED).first()
    if standing is not None:
        return standing
    scope = authority.stream_of(request.office)
    hours = policies.APPROVAL_HOURS.at(now=now, scope=scope)
    before, after = request.seats or (None, None)
    approval = Approval.objects.create(
        code=codes.new_code(12),
        act=request.act,
        subject=request.subject,
        office=request.office,
        about=request.matter.to_json(),
        reason=reason.strip()[:60],
        note=note.strip()[:300],
        told=request.words[:MOST_TOLD],
        people=request.people,
        seats_before=before,
        seats_after=after,
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
    *, request: Request, officer: User, now: datetime, approval: Approval | None = None
) -> Approval:
    """Use up a granted yes to exactly this, or raise NeedsApproval with the request.

    Call inside the act's own transaction: if the act fails, the yes is unused again. Locks
    the approval's row, so of two acts at once only one finds it unused.
    """
    granted = _standing(request, officer, now).filter(state=State.GRANTED)
    if approval is not None:
        granted = granted.filter(pk=approval.pk)
    found = granted.select_for_update(no_key=True).first()
    if found is None:
        raise NeedsApproval(request)
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
    is_moot: Callable[[Matter], bool],
    officer: User | None,
    now: datetime,
) -> int:
    """End every unused request of an office whose matter is done; how many. Locks them."""
    rows = Approval.objects.filter(act=act, office=office, expires_at__gt=now)
    unused = rows.filter(state__in=[State.ASKED, State.GRANTED])
    moot = [row.pk for row in unused.only("about") if is_moot(row.matter)]
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
    *, request: Request, extent: Extent, officer: User, now: datetime
) -> Approval | None:
    """``use``, where an act that goes so far needs a second officer at all; else None."""
    figures = policies.thresholds(now=now, scope=authority.stream_of(request.office))
    if not rules.needs_second(request.act, extent, figures):
        return None
    counted = replace(request, people=rules.people_concerned(extent))
    return use(request=counted, officer=officer, now=now)


def forget_notes(now: datetime) -> int:
    """Wipe what was written to requests older than KEEP_NOTES_DAYS; how many."""
    old = Approval.objects.filter(asked_at__lt=notes.oldest_kept(now))
    return old.exclude(note="").update(note="")


def forget_notes_about(subjects: Iterable[str]) -> None:
    """Wipe what was written to requests about these subjects, and by who decided them."""
    about = Approval.objects.filter(subject__in=list(subjects))
    notes.forget_about(f"approval:{code}" for code in about.values_list("code", flat=True))
    about.exclude(note="").update(note="")


def bound(subject: str, wish: Mapping[str, object]) -> str:
    """The subject with a digest of the whole wish: a yes fits these very values alone."""
    text = json.dumps(wish, sort_keys=True, default=str)
    return f"{subject}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _standing(request: Request, officer: User, now: datetime) -> QuerySet[Approval]:
    return Approval.objects.filter(
        act=request.act,
        subject=request.subject,
        office=request.office,
        asked_by=officer,
        expires_at__gt=now,
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
