"""Changing a weekday's hours, or one day: closed, an extra Saturday, a day at a mall."""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from offices import selectors as offices
from offices import words as office_words
from offices.models import Office, SpecialDay
from offices.ports import ByHand
from offices.reasons import Why
from offices.rules import Act, WeeklyHours, WorkingHours
from offices.services import calendar, raises, wishes
from offices.services.wishes import HoursWish, SpecialWish
from paspor.kernel import formatting
from queueing.booking import words as booking_words
from queueing.planning import effects, selectors
from queueing.planning.forms import BackHourForm, SpecialForm, WeekdayForm, initial_of
from queueing.planning.pages import trying
from queueing.planning.pages.door import as_coming_day, planning
from queueing.planning.pages.trying import Trial
from queueing.planning.selectors import Weekday
from queueing.quota.policies import COUNTER_BACK_MINUTE
from queueing.quota.rules import hour_back

# Of the addresses, Monday first.
NAMES = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
# Looking asks by GET, saving by POST; both at the address that carries the wish.
look_and_save = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@planning
def week(request: HttpRequest, office: Office) -> HttpResponse:
    return week_page(request, office)


def week_page(
    request: HttpRequest, office: Office, back: BackHourForm | None = None
) -> HttpResponse:
    """The usual week, and from which hour of a day on seats of the counter go online."""
    now = timezone.now()
    days = selectors.week(office, office.today(now))
    at = hour_back(COUNTER_BACK_MINUTE.at(now=now, scope=office.code))
    shown = {
        "office": office,
        "days": [_weekday(office, day) for day in days],
        "back": back or BackHourForm(initial={"at": at}),
        "told_of_back": told_of_back(at),
        "may_set_back": offices.may(request.user, Act.POLICY, office, now),
    }
    return render(request, "queueing_planning/week.html", shown, status=422 if back else 200)


def told_of_back(at: time | None) -> str:
    if at is None:
        return _("Kursi loket yang tidak terpakai tidak kembali ke daring.")
    return _("Kursi loket yang tidak terpakai kembali ke daring mulai pukul %(at)s.") % {
        "at": formatting.clock(at)
    }


@never_cache
@look_and_save
@planning
def weekday(request: HttpRequest, office: Office, weekday: str) -> HttpResponse:
    """New hours for a weekday, from a day on."""
    now = timezone.now()
    if weekday not in NAMES:
        raise Http404
    number = NAMES.index(weekday)
    title = f"{WEEKDAYS[number]}: {_('jam dan loket')}"
    if trying.is_tried(request):
        form = WeekdayForm(request.GET, office=office)
        trial = _weekday_trial(request.user, form, office, number, now)
        if trial is not None:
            return trying.answer(request, trial, now)
        return _form(request, office, "weekday", form, title)
    today = office.today(now)
    tomorrow = today + timedelta(days=1)
    rows = offices.weekly_hours(office, today, date.max)
    usual = selectors.weekday(rows, tomorrow, number).hours
    first = raises.on_weekday(tomorrow, number)
    initial = initial_of(usual, office) | {"valid_from": first} | request.GET.dict()
    return _form(request, office, "weekday", WeekdayForm(office=office, initial=initial), title)


def _weekday_trial(
    officer: User, form: WeekdayForm, office: Office, weekday: int, now: datetime
) -> Trial | None:
    effect = trying.effect_of(form, lambda: effects.of_hours(office, form.wish(weekday), now))
    if effect is None:
        return None
    wish = form.wish(weekday)
    return Trial(
        office=office,
        title=str(WEEKDAYS[weekday]),
        wish=_wish_of_hours(wish),
        effect=effect,
        carry_out=partial(_save_hours, officer, office, wish, now),
        saved=_("Jam layanan disimpan. Kursi yang sudah dibuka mengikutinya."),
        saved_href=reverse("planning:week", args=[office.code]),
        place=_("Jam dan loket"),
    )


def _save_hours(
    officer: User, office: Office, wish: HoursWish, now: datetime, why: Why, by_hand: ByHand
) -> None:
    calendar.set_hours(officer=officer, office=office, wish=wish, why=why, now=now, by_hand=by_hand)


def _weekday(office: Office, day: Weekday) -> dict[str, object]:
    return {
        "title": str(WEEKDAYS[day.weekday]),
        "text": hours_in_words(day.hours) if day.hours else _("Tidak melayani"),
        "note": "; ".join(_later(row) for row in day.later),
        "href": reverse("planning:weekday", args=[office.code, NAMES[day.weekday]]),
    }


def _later(row: WeeklyHours) -> str:
    return _("mulai %(day)s: %(hours)s") % {
        "day": formatting.date_long(row.valid_from),
        "hours": hours_in_words(row.hours),
    }


def hours_in_words(hours: WorkingHours) -> str:
    """08.00–16.00, istirahat 12.00–13.00 · 8 loket, 10 menit · 336 kursi."""
    if not hours.stations:
        return _("Tidak melayani")
    times = f"{formatting.clock(hours.opens)}–{formatting.clock(hours.closes)}"
    if hours.break_starts and hours.break_ends:
        rest = f"{formatting.clock(hours.break_starts)}–{formatting.clock(hours.break_ends)}"
        times += _(", istirahat %(rest)s") % {"rest": rest}
    pace = _("%(stations)s loket, %(minutes)s menit per pemohon") % {
        "stations": hours.stations,
        "minutes": hours.minutes,
    }
    seats = wishes.quota(hours)
    total = ngettext("%(n)s kursi", "%(n)s kursi", seats) % {"n": formatting.number(seats)}
    return f"{times} · {pace} · {total}"


def _wish_of_hours(wish: HoursWish) -> list[dict[str, str]]:
    lasts = formatting.day(wish.valid_to) if wish.valid_to else _("seterusnya")
    return [
        {"term": _("Jam baru"), "text": hours_in_words(wish.hours)},
        {"term": _("Berlaku"), "text": f"{formatting.day(wish.valid_from)} – {lasts}"},
    ]


@never_cache
@look_and_save
@planning
def special(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    """A day closed, or with hours of its own; it replaces what stood for the day."""
    now = timezone.now()
    on = as_coming_day(day, office.today(now))
    if trying.is_tried(request):
        form = SpecialForm(request.GET, office=office)
        trial = _special_trial(request.user, form, office, on, now)
        if trial is not None:
            return trying.answer(request, trial, now)
        return _form(request, office, "special", form, formatting.day(on), on)
    initial = _initial_of_day(office, on) | request.GET.dict()
    return _form(
        request,
        office,
        "special",
        SpecialForm(office=office, initial=initial),
        formatting.day(on),
        on,
    )


def _initial_of_day(office: Office, on: date) -> dict[str, object]:
    row = selectors.special_day(office, on)
    if row is not None and row.kind == SpecialDay.Kind.EXTRA:
        own = {"kind": row.kind, "reason": row.reason, "place": row.place}
        return initial_of(offices.working_hours(row), office) | own
    usual = _usual(office, on)
    kind = {"kind": row.kind, "reason": row.reason} if row else {"kind": SpecialDay.Kind.EXTRA}
    return initial_of(usual, office) | kind


def _usual(office: Office, on: date) -> WorkingHours | None:
    """The hours of that weekday, else of the next weekday that has some."""
    week = selectors.week(office, on)
    days = [*week[on.weekday() :], *week[: on.weekday()]]
    return next((day.hours for day in days if day.hours), None)


def _special_trial(
    officer: User, form: SpecialForm, office: Office, on: date, now: datetime
) -> Trial | None:
    effect = trying.effect_of(form, lambda: effects.of_special(office, form.wish(on), now))
    if effect is None:
        return None
    wish = form.wish(on)
    return Trial(
        office=office,
        title=formatting.day(on),
        wish=[*_holiday(office, on, wish), *_wish_of_day(wish, office)],
        effect=effect,
        carry_out=partial(_save_special, officer, office, wish, now),
        saved=_("%(day)s disimpan.") % {"day": formatting.day(on)},
        saved_href=reverse("planning:day", args=[office.code, on]),
    )


def _save_special(
    officer: User, office: Office, wish: SpecialWish, now: datetime, why: Why, by_hand: ByHand
) -> None:
    calendar.set_special_day(officer=officer, office=office, wish=wish, why=why, now=now)


def _holiday(office: Office, on: date, wish: SpecialWish) -> list[dict[str, str]]:
    name = offices.holidays_of(office, on, on).get(on, "") if wish.hours else ""
    if not name:
        return []
    text = office_words.open_on_holiday(office_words.holiday(name, on))
    return [{"term": _("Menurut kalender"), "text": text}]


def _wish_of_day(wish: SpecialWish, office: Office) -> list[dict[str, str]]:
    hours = hours_in_words(wish.hours) if wish.hours else _("Tutup")
    found = [{"term": _("Pada hari itu"), "text": hours}]
    if wish.place:
        found.append({"term": _("Tempat"), "text": wish.place})
    if wish.hours and wish.opens_at:
        opens = formatting.capitalised(booking_words.moment(wish.opens_at, office))
        found.append({"term": _("Mulai bisa dipesan"), "text": opens})
    return [*found, {"term": _("Keterangan untuk masyarakat"), "text": wish.reason}]


@never_cache
@look_and_save
@planning
def usual(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    """A special day as usual again."""
    now = timezone.now()
    on = as_coming_day(day, office.today(now))
    row = selectors.special_day(office, on)
    if row is None:
        raise Http404
    trial = Trial(
        office=office,
        title=formatting.day(on),
        wish=[{"term": _("Pada hari itu"), "text": _("Kembali ke jadwal biasa")}],
        effect=effects.of_lifting(row, now),
        carry_out=partial(_lift, request.user, row, now),
        saved=_("%(day)s kembali ke jadwal biasa.") % {"day": formatting.day(on)},
        saved_href=reverse("planning:day", args=[office.code, on]),
    )
    return trying.answer(request, trial, now)


def _lift(officer: User, row: SpecialDay, now: datetime, why: Why, by_hand: ByHand) -> None:
    calendar.lift_special_day(officer=officer, row=row, why=why, now=now)


def _opening_now(office: Office, on: date) -> str:
    """What stays where the form names no moment."""
    opens_at, now = selectors.opening_of(office, on), timezone.now()
    if opens_at is None:
        return _("Kosongkan agar dibuka bersama pembukaan kuota yang biasa.")
    if opens_at > now:
        text = _("Kini dibuka %(when)s. Kosongkan agar tetap begitu.")
        return text % {"when": booking_words.moment(opens_at, office)}
    return _("Kosongkan agar kursi baru langsung dibuka, seperti hari-hari di sekitarnya.")


def _form(
    request: HttpRequest,
    office: Office,
    kind: str,
    form: WeekdayForm | SpecialForm,
    title: str,
    on: date | None = None,
) -> HttpResponse:
    back = (
        reverse("planning:day", args=[office.code, on])
        if on
        else reverse("planning:week", args=[office.code])
    )
    shown = {"office": office, "kind": kind, "form": form, "title": title, "back": back}
    if on is not None:
        shown["opening"] = _opening_now(office, on)
    status = 422 if form.is_bound else 200
    return render(request, "queueing_planning/change.html", shown, status=status)
