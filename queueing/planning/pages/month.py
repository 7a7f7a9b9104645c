"""A month of capacity as a heat grid, and each of its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices import words
from offices.models import Approval, Office
from offices.officer_pages import office_choice
from offices.presentation import approval_status
from offices.rules import Act, DayPlan, last_plannable
from offices.services import approvals
from paspor.kernel import formatting, problems
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.months import month_after, month_before
from queueing.booking import selectors as booked
from queueing.booking import words as booking_words
from queueing.desk.presentation import closings
from queueing.planning import rules, selectors
from queueing.planning.pages import trying
from queueing.planning.pages.door import as_day, planning
from queueing.planning.rules import DayKind, DayLoad, HourLoad, Load

State = Approval.State
# How far back a planner leafs; ahead, as far as may be planned.
MONTHS_BACK = 12

start = office_choice(Act.HOURS, "planning:month", gettext_lazy("Rencana"))


@never_cache
@require_safe
@planning
def month(request: HttpRequest, office: Office) -> HttpResponse:
    now = timezone.now()
    today = office.today(now)
    first = _month_asked_for(request, today)
    last = month_after(first) - timedelta(days=1)
    days = selectors.days(office, first, last, today=today)
    hours = rules.columns(days)
    standing, in_all = selectors.requests_standing(request.user, office, now=now)
    kept = trying.kept(request)
    shown = {
        "office": office,
        "title": formatting.month(first),
        "hours": [f"{hour:02d}" for hour in hours],
        "spread": len(hours) + 1,
        "rows": [_row(office, day, hours, today, now) for day in days],
        "facts": _facts(days),
        "gone": _gone(days),
        "first": first,
        "previous": _href(month_before(first), today),
        "next": _href(month_after(first), today),
        "today": "" if first == today.replace(day=1) else "?",
        "shows_today": first <= today <= last,
        "requests": [_request(each, office, kept) for each in standing],
        "requests_in_all": in_all if in_all > len(standing) else 0,
    }
    return render(request, "queueing_planning/month.html", shown)


@never_cache
@require_safe
@planning
def day(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    now = timezone.now()
    on = as_day(day)
    today = office.today(now)
    if not _may_be_seen(on, today):
        raise Http404
    (found,) = selectors.days(office, on, on, today=today)
    by_channel = selectors.channels(office, on)
    standing = () if found.kind is DayKind.REST else found.hours
    shown = {
        "office": office,
        "found": found,
        "when": formatting.day(on),
        "back": f"{reverse('planning:month', args=[office.code])}?bulan={on:%Y-%m}",
        "holiday": _holiday(found.plan),
        "state": _state(found, office, now, selectors.opening_of(office, on)),
        "load": found.load,
        "returned": selectors.returned(office, on),
        "hours": [_hour(hour, by_channel.get(hour.code, [])) for hour in standing],
        "planned": [_planned(hour) for hour in found.plan.hours]
        if found.kind is DayKind.PLANNED
        else [],
        "own": selectors.special_day(office, on),
        "ahead": on > today,
        "previous": _day_href(office, on - timedelta(days=1), today),
        "next": _day_href(office, on + timedelta(days=1), today),
        "waiting": selectors.waiting_for_another(office, on),
        "untold": closings.untold(office, on),
        "relocated": _relocated(office, on),
        "closable": bool(standing) and on >= today,
    }
    return render(request, "queueing_planning/day.html", shown)


def _relocated(office: Office, on: date) -> list[str]:
    return [
        f"{grouped(booking.code)} ({booking_words.hours_of(booking.slot)})"
        for booking in booked.relocated_on_paper(office, on)
    ]


def _request(approval: Approval, office: Office, kept: Mapping[str, str]) -> dict[str, Any]:
    """For components/row.html; it leads to the page that it was asked on, as far as known."""
    status = approval_status(approval, office)
    is_closing = approval.act == Act.CLOSE_DAY
    asked_at = closings.page_of(approval, office) if is_closing else kept.get(approval.code, "")
    return {
        "title": status["title"],
        "text": _asked_for(approval),
        "note": " ".join(filter(None, (status["text"], _decided(approval, office)))),
        "code": approval.code,
        "away": _("Tarik permintaan") if approval.state != State.DECLINED else _("Sudah dibaca"),
        "href": asked_at,
        "status": {"tone": status["tone"], "icon": "users", "label": approval.get_state_display()},
    }


def _asked_for(approval: Approval) -> str:
    """What is asked; of a closing its request has only what the public reads."""
    # Of a drive its days follow, line by line.
    text = (approval.told or approval.note).partition("\n")[0]
    matter = approval.matter
    if approval.act != Act.CLOSE_DAY or matter.day is None:
        return text
    when = booking_words.day_since(matter.day, matter.since)
    return _("Tutup %(when)s: %(why)s") % {"when": when, "why": text}


def _decided(approval: Approval, office: Office) -> str:
    if approval.decided_at is None:
        return ""
    return _("Diputuskan %(when)s.") % {"when": booking_words.moment(approval.decided_at, office)}


@never_cache
@require_POST
@planning
def put_away(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """An own request is withdrawn, or was read after it was declined."""
    approval = selectors.own_request(request.user, office, code)
    if approval is None:
        raise Http404
    try:
        approvals.put_away(approval=approval, officer=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, problems.sentence(refusal))
    else:
        text = _("Permintaan %(code)s ditarik.")
        if approval.state == State.DECLINED:
            text = _("Permintaan %(code)s tidak ditampilkan lagi di Rencana.")
        messages.success(request, text % {"code": approval.code})
    return redirect("planning:month", office.code)


def _shifted(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _months_from(today: date) -> date:
    return _shifted(today, -MONTHS_BACK)


def _month_asked_for(request: HttpRequest, today: date) -> date:
    """The first of the month asked for ("2026-11"), within what may be looked at."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('bulan', '')}-01")
    except ValueError:
        asked = today
    return min(max(asked, _months_from(today)), last_plannable(today)).replace(day=1)


def _may_be_seen(day: date, today: date) -> bool:
    return _months_from(today) <= day <= last_plannable(today)


def _day_href(office: Office, day: date, today: date) -> str:
    if not _may_be_seen(day, today):
        return ""
    return reverse("planning:day", args=[office.code, day.isoformat()])


def _href(first: date, today: date) -> str:
    return f"?bulan={first:%Y-%m}" if _may_be_seen(first, today) else ""


@dataclass(frozen=True)
class Cell:
    """An hour of a day, or all of it: its figures, and a shade with the word that goes with it."""

    figures: str
    word: str
    shade: str = ""
    label: str = ""


def _row(
    office: Office, day: DayLoad, hours: list[int], today: date, now: datetime
) -> dict[str, Any]:
    cells = day.by_column()
    is_closed = day.kind in {DayKind.CLOSED, DayKind.REST, DayKind.GONE}
    return {
        "name": formatting.day_short(day.day),
        "href": reverse("planning:day", args=[office.code, day.day]),
        "is_today": day.day == today,
        "starts_week": day.day.weekday() == 0,
        "note": _note(day, office, now),
        "closed": _why_closed(day) if is_closed else "",
        "day": day.day,
        "is_gone": day.kind is DayKind.GONE,
        "cells": [_cell(hour, cells.get(hour), day.kind) for hour in hours],
        "total": _total(day),
    }


def _cell(hour: int, load: Load | None, kind: DayKind) -> Cell | None:
    if load is None:
        return None
    label = f"{hour:02d}"
    if kind is DayKind.PLANNED:
        return Cell(str(load.quota), _("rencana"), "planned", label)
    return Cell(_figures(load), _free(load), load.shade, label)


def _total(day: DayLoad) -> Cell:
    if day.kind is DayKind.PLANNED:
        return Cell(str(day.plan.total), _("rencana"))
    return Cell(_figures(day.load), f"{day.load.percent} %")


def _figures(load: Load) -> str:
    return f"{load.taken}/{load.quota}"


def _free(load: Load) -> str:
    return _("%(n)s kosong") % {"n": load.free} if load.free else _("penuh")


def _note(day: DayLoad, office: Office, now: datetime) -> str:
    """What sets the day apart, under its name."""
    apart = day.plan.place or _apart(day, office, now)
    return " · ".join(filter(None, [_holiday(day.plan), apart]))


def _holiday(plan: DayPlan) -> str:
    name = words.holiday(plan.holiday, plan.day)
    return words.open_on_holiday(name) if name else ""


def _apart(day: DayLoad, office: Office, now: datetime) -> str:
    """What sets the day apart, other than its holiday and its place."""
    if day.kind is not DayKind.OPEN:
        return ""
    if day.opens_at and day.opens_at > now:
        return _("dibuka %(when)s") % {"when": booking_words.moment(day.opens_at, office)}
    if any(hour.closed_why for hour in day.hours):
        return _("sebagian jam ditutup")
    return day.plan.note


def _why_closed(day: DayLoad) -> str:
    if day.kind is DayKind.CLOSED:
        why = _("Ditutup: %(why)s") % {"why": _(day.hours[0].closed_why)}
        if day.load.taken:
            ends = "" if why.endswith((".", "!", "?")) else "."
            return f"{why}{ends} {_taken(day.load.taken)}"
        return why
    if day.kind is DayKind.GONE:
        return _("Sudah lewat")
    return words.why_closed(day.plan)


def _taken(people: int) -> str:
    text = ngettext("%(n)s orang masih terjadwal.", "%(n)s orang masih terjadwal.", people)
    return text % {"n": people}


def _facts(days: list[DayLoad]) -> list[dict[str, Any]]:
    found = rules.sums(days)
    facts = [
        {"term": _("Kursi"), "text": formatting.number(found.load.quota)},
        {
            "term": _("Terisi"),
            "text": f"{formatting.number(found.load.taken)} ({found.load.percent} %)",
        },
        {"term": _("Kosong"), "text": formatting.number(found.load.free)},
    ]
    if found.planned:
        facts.append({"term": _("Belum disiapkan"), "text": formatting.number(found.planned)})
    return facts


def _gone(days: list[DayLoad]) -> str:
    """What the sums leave out."""
    last = rules.sums(days).gone
    if last is None:
        return ""
    if last == days[-1].day:
        return _("Bulan ini sudah lewat, dan kursinya tidak disimpan lagi.")
    begins = next((day.day for day in days if day.hours), last + timedelta(days=1))
    text = _("Jumlah di atas mulai %(day)s; kursi hari-hari sebelumnya tidak disimpan lagi.")
    return text % {"day": formatting.day(begins)}


def _state(
    day: DayLoad, office: Office, now: datetime, opens_at: datetime | None
) -> dict[str, str]:
    """For components/status.html, with a sentence where one is needed."""
    if day.kind is DayKind.GONE:
        text = _("Kursinya tidak disimpan lagi; angkanya di Ringkasan.")
        return {"tone": "info", "icon": "clock", "label": _("Sudah lewat"), "text": text}
    if day.kind in {DayKind.CLOSED, DayKind.REST}:
        return {"tone": "warning", "icon": "ban", "label": _("Tutup"), "text": _why_closed(day)}
    if day.kind is DayKind.PLANNED:
        text = _("Kursi hari ini belum disiapkan. Angka di bawah menurut kalender kantor.")
        if opens_at is not None and opens_at > now:
            text += " " + _opens(opens_at, office)
        return {"tone": "info", "icon": "hourglass", "label": _("Belum dibuka"), "text": text}
    if day.opens_at is not None and day.opens_at > now:
        text = _opens(day.opens_at, office)
        return {"tone": "info", "icon": "hourglass", "label": _("Belum dibuka"), "text": text}
    return {
        "tone": "success",
        "icon": "check",
        "label": _("Dibuka"),
        "text": _apart(day, office, now),
    }


def _opens(at: datetime, office: Office) -> str:
    return _("Dibuka untuk masyarakat %(when)s.") % {"when": booking_words.moment(at, office)}


def _hour(hour: HourLoad, channels: list[selectors.ChannelLoad]) -> dict[str, Any]:
    return {
        "name": f"{formatting.clock(hour.hour)}–{formatting.clock(hour.ends)}",
        "load": hour.load,
        "shade": hour.load.shade,
        "word": _("ditutup") if hour.closed_why else _free(hour.load),
        "closed": hour.closed_why,
        "is_by_hand": hour.is_by_hand,
        "code": hour.code,
        "channels": [
            {"name": formatting.capitalised(each.channel.label), "load": each.load}
            for each in channels
        ],
    }


def _planned(hour: Any) -> dict[str, Any]:
    return {
        "name": f"{formatting.clock(hour.starts)}–{formatting.clock(hour.ends)}",
        "seats": hour.total,
    }
