"""A backlog drive: what is asked, what is proposed, and the plan that is saved day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.models import Approval, Office
from offices.reasons import Why
from offices.rules import Act, last_plannable
from offices.services import calendar
from offices.services.wishes import SpecialWish
from paspor.kernel import problems
from paspor.kernel.errors import DomainError, NeedsApproval
from queueing.booking import words as said
from queueing.desk import rules as desk_rules
from queueing.desk import selectors as desk
from queueing.desk.errors import AffectedChanged
from queueing.desk.pages import doors
from queueing.planning import drive_rules, effects, selectors
from queueing.planning.drive_rules import Candidate, Proposal
from queueing.planning.effects import Effect
from queueing.planning.forms import DriveForm, SaveForm
from queueing.planning.pages import trying
from queueing.planning.pages.changes import hours_in_words, look_and_save
from queueing.planning.pages.door import planning

FORTNIGHT = timedelta(days=13)


@never_cache
@require_safe
@planning
def ask(request: HttpRequest, office: Office) -> HttpResponse:
    """How many people by when, and within which bounds; the answer is a plan's address."""
    now = timezone.now()
    today = office.today(now)
    if not trying.is_tried(request):
        first = today + timedelta(days=1)
        initial = {
            "first_day": first,
            "last_day": first + FORTNIGHT,
            "most_stations": selectors.most_stations(office, today),
            "closes_latest": "17:00",
        }
        return _ask(request, office, DriveForm(initial=initial | request.GET.dict()))
    form = DriveForm(request.GET)
    if form.is_valid():
        form.check_days(today)
    if form.errors:
        return _ask(request, office, form, status=422)
    span = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
    free = selectors.free_seats(office, *span)
    if free >= form.cleaned_data["people"]:
        return _ask(request, office, form, enough=free)
    found = drive_rules.propose(selectors.candidates(office, *span), form.bounds(free))
    if not found:
        form.add_error(None, _("Dalam batas itu tidak ada kursi yang dapat ditambah."))
        return _ask(request, office, form, status=422)
    path = reverse("planning:drive-plan", args=[office.code])
    return redirect(f"{path}?{_address(found, form.cleaned_data, free)}")


def _ask(
    request: HttpRequest, office: Office, form: DriveForm, *, enough: int = 0, status: int = 200
) -> HttpResponse:
    """``enough`` seats are free as it is: nothing needs to be proposed."""
    shown = {"office": office, "form": form, "enough": enough}
    return render(request, "queueing_planning/drive.html", shown, status=status)


# --- The plan, whole in its address ----------------------------------------------------------


def _address(found: Iterable[Proposal], asked: dict[str, Any], free: int) -> str:
    """With what was free when it was asked: the days that are saved add to it."""
    query = QueryDict(mutable=True)
    query["people"] = asked["people"]
    query["kosong"] = free
    query["told"] = asked["told"]
    query.setlist("hari", [_written(p.day, p.hours.stations, p.hours.closes) for p in found])
    return query.urlencode()


def _planned(query: QueryDict, office: Office, today: date) -> list[tuple[Candidate, Proposal]]:
    """The days of the address, each built on the hours that are usual for it now."""
    wanted = dict(_read(text) for text in query.getlist("hari")[: drive_rules.MOST_DAYS])
    coming = {day: how for day, how in wanted.items() if day > today}
    if not coming or max(coming) > last_plannable(today):
        raise Http404
    if max(coming) - min(coming) > timedelta(days=drive_rules.MOST_DAYS):
        raise Http404
    candidates = selectors.candidates(office, min(coming), max(coming), with_own=True)
    return [
        (each, drive_rules.proposal(each, *coming[each.day]))
        for each in candidates
        if each.day in coming
    ]


def _read(text: str) -> tuple[date, tuple[int, time]]:
    """Raises Http404 for what we have not written."""
    try:
        name, count, clock = text.split(".")
        day, stations, closes = date.fromisoformat(name), int(count), time.fromisoformat(clock)
    except ValueError as problem:
        raise Http404 from problem
    if _written(day, stations, closes) != text:
        raise Http404
    return day, (stations, closes)


def _written(day: date, stations: int, closes: time) -> str:
    return f"{day}.{stations}.{closes:%H%M}"


@dataclass(frozen=True)
class Day:
    """A day of the plan: what is wished of it, what that does, and how far it has come."""

    proposal: Proposal
    wish: SpecialWish
    effect: Effect
    standing: Approval | None
    is_saved: bool
    left_alone: str

    @property
    def is_open(self) -> bool:
        """Still to be saved."""
        return not (self.is_saved or self.left_alone)

    @property
    def more(self) -> int:
        return max(self.proposal.more, 0)


def _tried(request: HttpRequest, office: Office, now: datetime) -> list[Day]:
    planned = _planned(request.GET, office, office.today(now))
    own = selectors.own_hours(office, [each.day for each, proposed in planned])
    told = request.GET.get("told", "").strip()[:200] or _("Layanan tambahan")
    asked = [SpecialWish(each.day, told, proposed.hours) for each, proposed in planned]
    try:
        found = effects.of_specials(office, asked, now) if asked else []
    except DomainError as refusal:
        raise Http404 from refusal
    subjects = [effect.subject for effect in found]
    standing = desk.requests_standing(request.user, Act.SPECIAL_DAY, subjects, office, now=now)
    days = []
    for (each, proposed), wish, effect in zip(planned, asked, found, strict=True):
        is_saved = own.get(each.day) == proposed.hours
        left_alone = "" if is_saved else _why_left_alone(proposed, has_own=each.day in own)
        shown = drive_rules.kept(each, own.get(each.day)) if left_alone else proposed
        request_of_day = standing.get(effect.subject)
        days.append(Day(shown, wish, effect, request_of_day, is_saved, left_alone))
    return days


def _why_left_alone(proposed: Proposal, *, has_own: bool) -> str:
    """For a day that changed since the plan was made: a drive only adds, and replaces no plan."""
    if has_own:
        return _("sudah punya jam sendiri; ubah di halaman harinya")
    if proposed.more <= 0:
        return _("sudah punya kursi sebanyak itu atau lebih")
    return ""


@never_cache
@look_and_save
@planning
def plan(request: HttpRequest, office: Office) -> HttpResponse:
    """The effect of each day and in sum; saving does each day on its own."""
    now = timezone.now()
    days = _tried(request, office, now)
    affected = _affected(days)
    if request.method != "POST":
        form = SaveForm(initial={"seen": affected, "reason": "demand"}, act=Act.SPECIAL_DAY)
        return _plan(request, office, days, form)
    form = SaveForm(request.POST, act=Act.SPECIAL_DAY)
    if not form.is_valid():
        return _plan(request, office, days, form, status=422)
    try:
        desk_rules.check_shown(shown=form.cleaned_data["seen"], found=affected)
    except AffectedChanged as refusal:
        doors.tell(request, refusal, office)
        again = SaveForm(initial=form.cleaned_data | {"seen": affected}, act=Act.SPECIAL_DAY)
        return _plan(request, office, days, again, status=409)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["note"])
    _save(request, office, [day for day in days if day.is_open], why)
    return redirect(request.get_full_path())


def _affected(days: Iterable[Day]) -> int:
    return sum(day.effect.people for day in days if day.is_open)


def _save(request: HttpRequest, office: Office, days: Iterable[Day], why: Why) -> None:
    """Each day by itself: one that waits for a second officer holds up no other."""
    saved, asked = 0, []
    for day in days:
        try:
            calendar.set_special_day(
                officer=request.user, office=office, wish=day.wish, why=why, now=timezone.now()
            )
            saved += 1
        except NeedsApproval as refusal:
            asked.append(doors.ask_second(request, refusal, office, why.note).code)
        except DomainError as refusal:
            messages.error(request, f"{said.day(day.wish.day)}: {problems.sentence(refusal)}")
    if saved:
        text = ngettext("%(n)s hari disimpan.", "%(n)s hari disimpan.", saved)
        messages.success(request, text % {"n": saved})
    if asked:
        trying.keep(request, asked)
        text = ngettext(
            "%(n)s hari menunggu petugas kedua; setelah disetujui, simpan sekali lagi.",
            "%(n)s hari menunggu petugas kedua; setelah disetujui, simpan sekali lagi.",
            len(asked),
        )
        messages.warning(request, text % {"n": len(asked)})


# --- Showing --------------------------------------------------------------------------------


def _plan(
    request: HttpRequest, office: Office, days: list[Day], form: SaveForm, status: int = 200
) -> HttpResponse:
    more = sum(day.more for day in days)
    people, free = _count(request.GET, "people"), _count(request.GET, "kosong")
    shown = {
        "office": office,
        "rows": [_row(day) for day in days],
        "more": more,
        "people": people,
        "free": free,
        "short": max(people - free - more, 0),
        "affected": _affected(days),
        "left": sum(day.is_open for day in days),
        "form": form,
        "query": request.GET.urlencode(),
    }
    return render(request, "queueing_planning/drive_plan.html", shown, status=status)


def _count(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _row(day: Day) -> dict[str, Any]:
    return {
        "name": said.day(day.wish.day),
        "hours": hours_in_words(day.proposal.hours),
        "before": day.proposal.before,
        "after": day.proposal.after,
        "more": f"+{day.more}" if day.more else "0",
        "status": _status(day),
        "note": day.left_alone,
    }


def _status(day: Day) -> dict[str, str]:
    if day.is_saved:
        return {"tone": "success", "icon": "check", "label": _("Disimpan")}
    if day.left_alone:
        return {"tone": "warning", "icon": "ban", "label": _("Tidak diubah")}
    if day.standing is not None:
        state = Approval.State(day.standing.state)
        tone, icon, label = {
            Approval.State.ASKED: ("warning", "hourglass", _("Menunggu petugas kedua")),
            Approval.State.GRANTED: ("info", "check", _("Disetujui, belum disimpan")),
            Approval.State.DECLINED: ("error", "x", _("Ditolak petugas kedua")),
        }[state]
        return {"tone": tone, "icon": icon, "label": label}
    if day.effect.needs_second:
        return {"tone": "", "icon": "users", "label": _("Perlu petugas kedua")}
    return {"tone": "", "icon": "pencil", "label": _("Belum disimpan")}
