"""A backlog drive: what is asked, what is proposed, and the plan that is saved day by day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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

from offices import rules as calendars
from offices.errors import CalendarInvalid
from offices.models import Approval, Office
from offices.officer_pages import ask_second, say_refusal
from offices.presentation import approval_status
from offices.reasons import Why
from offices.rules import Act, WorkingHours, last_plannable
from offices.services.wishes import SpecialWish
from paspor.kernel import formatting, kept_forms, problems
from paspor.kernel.errors import DomainError
from queueing.desk import request_selectors
from queueing.desk import rules as desk_rules
from queueing.desk.errors import AffectedChanged
from queueing.planning import drive_rules, effects, selectors
from queueing.planning.drive_rules import Bound, Candidate, Proposal, Relief
from queueing.planning.effects import Effect
from queueing.planning.forms import DriveDayForm, DriveForm, SaveForm
from queueing.planning.pages import drive_ways, trying
from queueing.planning.pages.changes import hours_in_words, look_and_save
from queueing.planning.pages.door import planning
from queueing.planning.selectors import Left
from queueing.planning.services import drives

FORTNIGHT = timedelta(days=13)
# In the form: its days are to change as it says, and nothing is saved yet.
CHANGE = "ubah"
# What the address of a plan keeps beside its days.
KEPT = ("people", "kosong", "biasa", "told", *drive_ways.BOUNDS)


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
    left = selectors.left(office, *span)
    if left.seats >= form.cleaned_data["people"]:
        return _ask(request, office, form, enough=_enough(left, form.cleaned_data["people"]))
    candidates, bounds = selectors.candidates(office, *span), form.bounds(left.seats)
    found = drive_rules.propose(candidates, bounds)
    if not found:
        helps = drive_rules.reliefs(candidates, bounds)
        form.add_error(None, _nothing_to_add(left, form.cleaned_data["people"], helps))
        ways = drive_ways.ways_to_enough(request.GET, office, [], left)
        return _ask(request, office, form, ways=ways, status=422)
    path = reverse("planning:drive-plan", args=[office.code])
    return redirect(f"{path}?{_address(found, form.cleaned_data, left)}")


def _ask(
    request: HttpRequest,
    office: Office,
    form: DriveForm,
    *,
    enough: str = "",
    ways: Sequence[dict[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """``enough``: what is left as it is suffices, nothing needs to be proposed. ``ways``: what
    would be enough where nothing can be.
    """
    shown = {"office": office, "form": form, "enough": enough, "ways": ways}
    return render(request, "queueing_planning/drive.html", shown, status=status)


def _in_words(left: Left) -> str:
    """1.320 kursi masih kosong dan 2.328 kursi biasa baru dibuka nanti."""
    free = ngettext("%(n)s kursi masih kosong", "%(n)s kursi masih kosong", left.free)
    free %= {"n": formatting.number(left.free)}
    planned = ngettext(
        "%(n)s kursi biasa baru dibuka nanti", "%(n)s kursi biasa baru dibuka nanti", left.planned
    )
    planned %= {"n": formatting.number(left.planned)}
    if not left.seats:
        return _("tidak ada kursi yang kosong")
    if left.free and left.planned:
        return _("%(free)s dan %(planned)s") % {"free": free, "planned": planned}
    return free if left.free else planned


def _enough(left: Left, people: int) -> str:
    return _("Pada hari-hari itu %(left)s, untuk %(people)s orang yang disebut.") % {
        "left": _in_words(left),
        "people": formatting.number(people),
    }


def _nothing_to_add(left: Left, people: int, helps: Sequence[Relief]) -> str:
    """With what there is, what lacks, and which bound would help."""
    short = _("Pada hari-hari itu %(left)s; untuk %(people)s orang masih kurang %(short)s.") % {
        "left": _in_words(left),
        "people": formatting.number(people),
        "short": formatting.number(people - left.seats),
    }
    way_out = _("Pilih hari-hari lain, atau rentang yang lebih panjang.")
    if helps:
        way_out = _("Yang menolong: %(bounds)s; atau hari-hari lain.") % {
            "bounds": "; ".join(_relief(each) for each in helps)
        }
    return " ".join([_("Dalam batas itu tidak ada kursi yang dapat ditambah."), short, way_out])


def _relief(each: Relief) -> str:
    more = {"n": formatting.number(each.seats)}
    if each.bound is Bound.SATURDAYS:
        return _("Sabtu boleh dibuka (sampai +%(n)s kursi)") % more
    if each.bound is Bound.STATIONS:
        text = _("%(stations)s loket (sampai +%(n)s kursi)")
        return text % (more | {"stations": each.bounds.most_stations})
    text = _("tutup pukul %(at)s (sampai +%(n)s kursi)")
    return text % (more | {"at": formatting.clock(each.bounds.closes_latest)})


def _address(found: Iterable[Proposal], asked: dict[str, Any], left: Left) -> str:
    """With what was left when it was asked: the days that are saved add to it."""
    query = QueryDict(mutable=True)
    query["people"] = asked["people"]
    query["kosong"] = left.free
    query["biasa"] = left.planned
    query["told"] = asked["told"]
    for name, text in drive_ways.written(asked).items():
        query[name] = text
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
    """A day of the plan: what is wished of it, what that does, and whether it is saved."""

    proposal: Proposal
    wish: SpecialWish
    effect: Effect
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
    found = effects.of_specials(office, asked, now) if asked else []
    days = []
    for (each, proposed), wish, effect in zip(planned, asked, found, strict=True):
        is_saved = own.get(each.day) == proposed.hours
        left_alone = "" if is_saved else _why_left_alone(proposed, has_own=each.day in own)
        shown = drive_rules.kept(each, own.get(each.day)) if left_alone else proposed
        days.append(Day(shown, wish, effect, is_saved, left_alone))
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
    try:
        days = _tried(request, office, now)
    except CalendarInvalid as refusal:
        return _ask_again(request, office, refusal)
    affected = _affected(days)
    if request.method != "POST":
        typed = trying.typed_before(request)
        return _plan(request, office, days, _why_form(affected, typed))
    if CHANGE in request.POST or _is_changed(days, request.POST):
        return _changed(request, office, days)
    form = SaveForm(request.POST, act=Act.SPECIAL_DAY)
    if not form.is_valid():
        return _plan(request, office, days, form, status=422)
    try:
        desk_rules.check_shown(shown=form.cleaned_data["seen"], found=affected)
    except AffectedChanged as refusal:
        say_refusal(request, refusal)
        again = SaveForm(initial=form.cleaned_data | {"seen": affected}, act=Act.SPECIAL_DAY)
        return _plan(request, office, days, again, status=409)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["note"])
    _save(request, office, days, why)
    return redirect(request.get_full_path())


def _ask_again(request: HttpRequest, office: Office, refusal: CalendarInvalid) -> HttpResponse:
    """Its form, as it was filled in, with what the calendar has against a day of the plan."""
    texts = [text for texts in problems.field_texts(refusal).values() for text in texts]
    reason = " ".join(dict.fromkeys(texts)) or problems.sentence(refusal)
    text = _("Usulan ini tidak dapat dihitung: %(why)s") % {"why": reason}
    messages.error(request, text)
    return redirect(drive_ways.form_of(request.GET, office))


def _why_form(affected: int, typed: Mapping[str, str]) -> SaveForm:
    initial = {"reason": "demand"} | dict(typed) | {"seen": affected}
    return SaveForm(initial=initial, act=Act.SPECIAL_DAY)


def _is_changed(days: Iterable[Day], given: QueryDict) -> bool:
    """Whether a day was changed after the effect that is shown."""
    forms = [form for day, form in _forms(days, given) if form.add_prefix("stations") in given]
    return any(form.has_changed() for form in forms)


def _changed(request: HttpRequest, office: Office, days: Sequence[Day]) -> HttpResponse:
    """Leads to the proposal as the planner has changed it; why, as typed so far, comes along."""
    forms = _forms(days, request.POST)
    for day, form in forms:
        if form.is_valid():
            try:
                calendars.check_hours(_wanted(day, form), office.kind)
            except DomainError as refusal:
                problems.put_on(form, refusal)
    if any(form.errors for _day, form in forms):
        why = _why_form(_affected(days), trying.why_typed(request.POST))
        return _plan(request, office, days, why, status=422, forms=forms)
    kept = {day.wish.day: _wanted(day, form) for day, form in forms if form.cleaned_data["keep"]}
    changed = {day.wish.day for day, _form in forms}
    hours = {day.wish.day: day.wish.hours for day in days if day.wish.day not in changed} | kept
    if not hours:
        messages.error(request, _("Tidak ada hari yang tersisa: usulannya tetap seperti semula."))
    elif CHANGE not in request.POST:
        text = _("Hari-harinya Anda ubah, jadi dihitung ulang dahulu. Periksa, lalu simpan.")
        messages.info(request, text)
    query = QueryDict(mutable=True)
    for name in KEPT:
        query[name] = request.GET.get(name, "")
    asked = hours or {day.wish.day: day.wish.hours for day in days}
    query.setlist(
        "hari",
        [_written(on, each.stations, each.closes) for on, each in sorted(asked.items()) if each],
    )
    kept_forms.keep(request)
    return redirect(f"{request.path}?{query.urlencode()}")


def _forms(days: Iterable[Day], given: QueryDict | None = None) -> list[tuple[Day, DriveDayForm]]:
    return [
        (
            day,
            DriveDayForm(
                given,
                prefix=str(day.wish.day),
                initial={
                    "keep": True,
                    "stations": day.proposal.hours.stations,
                    "closes": day.proposal.hours.closes,
                },
            ),
        )
        for day in days
        if day.is_open
    ]


def _wanted(day: Day, form: DriveDayForm) -> WorkingHours:
    chosen = form.cleaned_data
    return replace(day.proposal.hours, stations=chosen["stations"], closes=chosen["closes"])


def _affected(days: Iterable[Day]) -> int:
    return sum(day.effect.people for day in days if day.is_open)


def _save(request: HttpRequest, office: Office, days: Sequence[Day], why: Why) -> None:
    """Those that need a second officer are one request, and hold up no other."""
    done = drives.carry_out(
        officer=request.user,
        office=office,
        drive=[day.wish for day in days],
        left=[drives.Part(day.wish, day.effect) for day in days if day.is_open],
        why=why,
        now=timezone.now(),
    )
    for day, refusal in done.refused.items():
        messages.error(request, f"{formatting.day(day)}: {problems.sentence(refusal)}")
    if done.days:
        text = ngettext("%(n)s hari disimpan.", "%(n)s hari disimpan.", done.days)
        messages.success(request, text % {"n": done.days})
    if done.needs is not None:
        trying.keep(request, [ask_second(request, done.needs, why.note).code])
        text = ngettext(
            "%(n)s hari menunggu petugas kedua; setelah disetujui, simpan sekali lagi.",
            "%(n)s hari menunggu petugas kedua; setelah disetujui, simpan sekali lagi.",
            done.waiting,
        )
        messages.warning(request, text % {"n": done.waiting})


def _plan(
    request: HttpRequest,
    office: Office,
    days: Sequence[Day],
    form: SaveForm,
    status: int = 200,
    forms: list[tuple[Day, DriveDayForm]] | None = None,
) -> HttpResponse:
    more = sum(day.more for day in days)
    standing = _standing(request, office, days)
    people = _count(request.GET, "people")
    left = Left(_count(request.GET, "kosong"), _count(request.GET, "biasa"))
    short = max(people - left.seats - more, 0)
    wished = [day.wish.day for day in days]
    shown = {
        "office": office,
        "rows": [_row(day, standing) for day in days],
        "standing": approval_status(standing, office) if standing else None,
        "more": more,
        "facts": _facts(days, people, left),
        "left_words": _in_words(left) if left.seats else "",
        "short": short,
        "ways": drive_ways.ways_to_enough(request.GET, office, wished, left) if short else [],
        "again": drive_ways.form_of(request.GET, office),
        "affected": _affected(days),
        "left": sum(day.is_open for day in days),
        "form": form,
        "changes": [
            {"name": formatting.day(day.wish.day), "form": each}
            for day, each in forms or _forms(days)
        ],
        "is_changing": forms is not None,
        "query": request.GET.urlencode(),
    }
    return render(request, "queueing_planning/drive_plan.html", shown, status=status)


def _facts(days: Sequence[Day], people: int, left: Left) -> list[dict[str, str]]:
    facts = [(_("Kursi bertambah"), sum(day.more for day in days))]
    if people:
        facts += [(_("Diminta"), people), (_("Masih kosong"), left.free)]
    if left.planned:
        facts.append((_("Kursi biasa, baru dibuka nanti"), left.planned))
    facts.append((_("Hari yang berubah"), len(days)))
    return [{"term": term, "text": formatting.number(count)} for term, count in facts]


def _standing(request: HttpRequest, office: Office, days: Sequence[Day]) -> Approval | None:
    """The one request for what is left of the drive."""
    if not any(day.is_open and day.effect.needs_second for day in days):
        return None
    subject = drives.subject_of(office, [day.wish for day in days])
    return request_selectors.request_standing(
        request.user, Act.SPECIAL_DAY, subject, office, now=timezone.now()
    )


def _count(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _row(day: Day, standing: Approval | None) -> dict[str, Any]:
    return {
        "name": formatting.day(day.wish.day),
        "hours": hours_in_words(day.proposal.hours),
        "before": formatting.number(day.proposal.before),
        "after": formatting.number(day.proposal.after),
        "more": f"+{formatting.number(day.more)}" if day.more else "0",
        "status": _status(day, standing),
        "note": day.left_alone,
    }


def _status(day: Day, standing: Approval | None) -> dict[str, str]:
    if day.is_saved:
        return {"tone": "success", "icon": "check", "label": _("Disimpan")}
    if day.left_alone:
        return {"tone": "warning", "icon": "ban", "label": _("Tidak diubah")}
    if day.effect.needs_second and standing is not None:
        state = Approval.State(standing.state)
        tone, icon, label = {
            Approval.State.ASKED: ("warning", "hourglass", _("Menunggu petugas kedua")),
            Approval.State.GRANTED: ("info", "check", _("Disetujui, belum disimpan")),
            Approval.State.DECLINED: ("error", "x", _("Ditolak petugas kedua")),
        }[state]
        return {"tone": tone, "icon": icon, "label": label}
    if day.effect.needs_second:
        return {"tone": "", "icon": "users", "label": _("Perlu petugas kedua")}
    return {"tone": "", "icon": "pencil", "label": _("Belum disimpan")}
