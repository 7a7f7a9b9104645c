"""Trouble reports: filed by anybody, taken from hand to hand, each step told to the reporter."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts import selectors as accounts
from accounts.models import Message, User
from offices import notices, policies, report_rules, words
from offices.errors import ReportInvalid, ReportStepWrong, ReportUnknown
from offices.models import Incident, Office, OfficerPost, Report, ReportScreenshot, ReportStep
from offices.rules import Act, Role
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.codes import code_from, new_code, normalized
from paspor.kernel.errors import N_
from paspor.kernel.pictures import Picture
from paspor.kernel.policy import Figure

State = Report.State
LONGEST = 4000
SECRET_LENGTH = 8
TOKEN_LENGTH = 20
MESSAGES_KNOWN = 5
CLOCKS: dict[str, Figure] = {
    State.RECEIVED: policies.REPORT_RECEIVED_HOURS,
    State.OFFICE: policies.REPORT_OFFICE_HOURS,
    State.SISTIK: policies.REPORT_SISTIK_HOURS,
}


@dataclass(frozen=True)
class ReportWish:
    """``office`` None: no office in particular. ``account`` of whoever is signed in.

    ``token`` tells a second sending from a second report; the secret is made from it.
    """

    kind: str
    text: str
    office: Office | None = None
    name: str = ""
    email: str = ""
    language: str = "id"
    account: User | None = None
    token: str = ""
    screenshot: Picture | None = None


@dataclass(frozen=True, repr=False)
class Filed:
    """The report, and the secret that is shown this once."""

    report: Report
    secret: str


@transaction.atomic
def file(*, wish: ReportWish, now: datetime, officer: User | None = None) -> Filed:
    """Take a report; with an officer, for somebody at the counter. Raises ReportInvalid."""
    if officer is not None:
        authority.require(officer=officer, act=Act.REPORT, office=wish.office, now=now)
    _check(wish.text, "text")
    report = Report(
        kind=wish.kind,
        office=wish.office,
        account=wish.account,
        entered_by=officer,
        name=wish.name.strip()[:120],
        email=wish.email.strip().lower(),
        language=wish.language,
        text=wish.text.strip(),
        opened_at=now,
        state_since=now,
    )
    secret = secret_of(report.code, wish.token or new_code(TOKEN_LENGTH))
    report.secret_digest = _digest(report.code, secret)
    if report.answering_office is None:  # SISTIK has it from the start
        report.known = what_is_known(report, now=now)
    report.save(force_insert=True)
    ReportStep.objects.create(report=report, state=report.state, at=now, by=officer)
    if (shot := wish.screenshot) is not None:
        ReportScreenshot.objects.create(
            report=report, image=shot.data, width=shot.width, height=shot.height
        )
    _record("file_report", report, officer)
    notices.filed(report, secret, now=now)
    return Filed(report, secret)


def secret_of(code: str, token: str) -> str:
    """Nothing keeps it: whoever sent the token is told it again, and nobody else."""
    made = salted_hmac("offices.report", f"{code}:{token}", algorithm="sha256")
    return code_from(made.digest(), SECRET_LENGTH)


def followed(code: str, secret: str) -> Report:
    """The report of this number, to whoever has its secret; else ReportUnknown."""
    report = Report.objects.filter(code=normalized(code)[:8]).prefetch_related("steps").first()
    given = _digest(normalized(code), normalized(secret))
    known = report.secret_digest if report else ""
    if report is None or not hmac.compare_digest(known, given):
        raise ReportUnknown
    return report


@transaction.atomic
def step(*, officer: User, report: Report, state: str, note: str, now: datetime) -> Report:
    """Take it up, pass it to SISTIK, ask the reporter, or solve it.

    Raises NotAllowed, ReportInvalid (words that the reporter needs), ReportStepWrong.
    """
    report = _locked(report.pk)
    authority.require(officer=officer, act=Act.REPORT, office=report.answering_office, now=now)
    report_rules.check_step(
        report.state,
        state,
        is_escalated=report.escalated_at is not None,
        goes_past_office=report.goes_past_office,
    )
    if state in (State.WAITING, State.SOLVED):
        _check(note, "note")
    if state == State.SISTIK:
        report.escalated_at = now
        report.known = what_is_known(report, now=now)
    _move(report, state, note, officer=officer, now=now)
    return report


@transaction.atomic
def reply(*, code: str, secret: str, text: str, now: datetime) -> Report:
    """The reporter answers what was asked. Raises ReportUnknown, ReportStepWrong."""
    report = _locked(followed(code, secret).pk)
    if report.state != State.WAITING:
        raise ReportStepWrong
    _check(text, "text")
    state = report_rules.state_after_reply(
        is_escalated=report.escalated_at is not None,
        goes_past_office=report.goes_past_office,
        has_office=report.office_id is not None,
    )
    _move(report, state, text, officer=None, now=now)
    return report


@transaction.atomic
def solve_with(*, officer: User, incident: Incident, now: datetime) -> int:
    """Solve every open report that the incident explains, with its words; how many.

    Locks them by id. An office solves its own; SISTIK, and a national incident, all.
    """
    authority.require(officer=officer, act=Act.REPORT, office=incident.office, now=now)
    kinds = [kind for kind, part in report_rules.PART_OF.items() if part == incident.part]
    rows = Report.objects.filter(
        ~Q(state=State.SOLVED), kind__in=kinds, opened_at__gte=incident.started_at
    )
    if incident.ended_at is not None:
        rows = rows.filter(opened_at__lte=incident.ended_at)
    if incident.office_id is not None:
        rows = rows.filter(office=incident.office_id, escalated_at=None)
    found = list(rows.select_for_update(no_key=True).order_by("pk"))
    for report in found:
        report.incident = incident
        told = words.in_language(incident.text_id, incident.text_en, report.language)
        _move(report, State.SOLVED, told, officer=officer, now=now)
    return len(found)


@transaction.atomic
def alarm(now: datetime) -> int:
    """Tell whoever answers of reports that wait too long in their state, once for each."""
    late = Q()
    for state, figure in CLOCKS.items():
        since = now - timedelta(hours=figure.at(now=now))
        late |= Q(state=state, state_since__lte=since)
    rows = Report.objects.filter(late, late_at=None).select_for_update(no_key=True, of=("self",))
    found = list(rows.select_related("office").order_by("pk")[:200])
    for report in found:
        report.late_at, report.was_late = now, True
        report.save(update_fields=["late_at", "was_late"])
        _record("report_late", report, None)
        for officer in _answering(report, now):
            notices.late(report, officer, now=now)
    return len(found)


def forget(now: datetime) -> int:
    """Drop names, addresses, words and pictures of what was solved long ago; the sums stay."""
    long_ago = now - timedelta(days=policies.REPORT_KEPT_DAYS.at(now=now))
    return _wipe(Report.objects.filter(solved_at__lt=long_ago).exclude(text="", email="", name=""))


def erase_of(user: User) -> None:
    _wipe(Report.objects.filter(account=user))


def what_is_known(report: Report, *, now: datetime) -> dict[str, object]:
    """The account and the messages behind the address, so that nobody asks again."""
    account = report.account or User.objects.filter(email=report.email or "-").first()
    sent = Message.objects.filter(to=report.email or "-").order_by("-created_at")
    oldest = accounts.oldest_unsent(now)
    return {
        "account": account.code if account else "",
        "is_active": bool(account and account.is_active),
        "is_suspended": bool(account and account.suspended_at),
        "oldest_unsent": oldest.isoformat() if oldest else "",
        "messages": [
            {
                "kind": message.kind,
                "state": message.state,
                "reason": message.reason,
                "at": message.created_at.isoformat(),
            }
            for message in sent.exclude(kind="report")[:MESSAGES_KNOWN]
        ],
    }


def _wipe(rows: QuerySet[Report]) -> int:
    keys = list(rows.values_list("pk", flat=True))
    ReportStep.objects.filter(report__in=keys).update(note="")
    ReportScreenshot.objects.filter(report__in=keys).delete()
    return Report.objects.filter(pk__in=keys).update(text="", name="", email="", known={})


def _answering(report: Report, now: datetime) -> list[User]:
    """The heads who answer for the office; SISTIK where it has none, or has the report."""
    live = Q(ends_at=None) | Q(ends_at__gt=now)
    posts = OfficerPost.objects.filter(live, starts_at__lte=now)
    office = report.answering_office
    heads = Q(office=office) | Q(office__branches=office) if office else Q(pk=None)
    for answering in (posts.filter(heads, role=Role.HEAD), posts.filter(role=Role.SISTIK)):
        users = User.objects.filter(pk__in=answering.values("user"), is_active=True).order_by("pk")
        if found := list(users):
            return found
    return []


def _locked(pk: int) -> Report:
    rows = Report.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("office", "account").get(pk=pk)


def _move(report: Report, state: str, note: str, *, officer: User | None, now: datetime) -> None:
    report.state = state
    report.state_since = now
    report.late_at = None
    report.solved_at = now if state == State.SOLVED else None
    report.save()
    made = ReportStep.objects.create(
        report=report,
        state=state,
        note=note.strip()[:LONGEST],
        at=now,
        by=officer,
        from_reporter=officer is None,
    )
    _record("step_report", report, officer)
    notices.stepped(report, made, now=now)


def _check(text: str, field: str) -> None:
    if not text.strip():
        raise ReportInvalid(fields={field: [N_("Tuliskan kendalanya.")]})
    if len(text) > LONGEST:
        raise ReportInvalid(fields={field: [N_("Paling banyak 4000 huruf.")]})


def _digest(code: str, secret: str) -> str:
    return hashlib.sha256(f"report:{code}:{secret}".encode()).hexdigest()


def _record(act: str, report: Report, officer: User | None) -> None:
    """A report that goes past the office is not in the office's log either."""
    audit.record(
        act,
        actor_id=officer.pk if officer else None,
        subject=f"report:{report.code}",
        stream=authority.stream_of(None if report.goes_past_office else report.office),
        detail={"kind": report.kind, "state": report.state},
    )
