"""National orders: the list, the form, and one order from its preview to its end."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices import selectors as offices
from offices.officer_pages import say_refusal
from offices.presentation import approval_status
from offices.reasons import Why
from offices.rules import Act
from offices.words import reason
from paspor.kernel import formatting, problems
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.errors import DomainError
from queueing.booking import words as booking_words
from queueing.desk import request_selectors
from queueing.planning import saturday_words, selectors
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.planning.pages.order_forms import OrderForm, UndoForm
from queueing.planning.services import orders, undoing

MOST_SHOWN = 50
Kind, State, Outcome = NationalOrder.Kind, NationalOrder.State, OrderOffice.Outcome
LOOKS = {
    Outcome.WAITING: ("", "clock"),
    Outcome.DONE: ("success", "check"),
    Outcome.LEFT: ("warning", "ban"),
    Outcome.FAILED: ("error", "alert-triangle"),
}


# What an office that failed is said to have met; any other refusal is told without its cause.
NO_POST = gettext_lazy("Penugasan petugas yang menyiapkan perintah ini tidak berlaku lagi.")
WHY_FAILED = {
    # The codes of offices.services.authority; the first also of orders that ran long ago.
    "not_allowed": NO_POST,
    "post_ended": NO_POST,
    "calendar_invalid": gettext_lazy("Jam yang diperintahkan tidak sesuai aturan jam kantor itu."),
    "needs_approval": gettext_lazy(
        "Sementara itu ada yang memesan di jam yang dicabut; dicoba lagi, hari itu dibiarkan."
    ),
}
REFUSED = gettext_lazy("Perubahan di kantor ini ditolak; hari-harinya tetap seperti semula.")


def national(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A live post of headquarters with a second factor; to others the page does not exist."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not offices.may(request.user, Act.ORDER, None, timezone.now()):
            raise Http404
        return view(request, **kwargs)

    return admin.site.admin_view(wrapper)


@never_cache
@require_safe
@national
def listing(request: HttpRequest) -> HttpResponse:
    found = selectors.orders()[:MOST_SHOWN]
    rows = [
        {
            "code": order.code,
            "title": what(order),
            "text": _span(order),
            "note": formatting.capitalised(order.get_state_display()),
        }
        for order in found
    ]
    return render(request, "queueing_planning/orders.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@national
def new(request: HttpRequest) -> HttpResponse:
    if "lihat" in request.POST:  # only to find offices and count them
        return _form(request, OrderForm.unjudged(request.POST))
    form = OrderForm(request.POST or None)
    if form.is_valid():
        why, now = Why(form.cleaned_data["reason"], form.cleaned_data["note"]), timezone.now()
        try:
            order = orders.prepare(
                officer=request.user, wish=orders.Wish(**form.wished()), why=why, now=now
            )
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            return redirect("orders:order", order.code)
    return _form(request, form)


def _form(request: HttpRequest, form: OrderForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "queueing_planning/order_form.html", {"form": form}, status=status)


@never_cache
@require_safe
@national
def order(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(selectors.orders(), code=normalized(code))
    return render(request, "queueing_planning/order.html", _order_context(request, found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@national
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare the order that brings the offices' earlier figures back."""
    found = get_object_or_404(selectors.orders(), code=normalized(code))
    form = UndoForm(request.POST or None)
    if form.is_valid():
        why = Why(form.cleaned_data["reason"], form.cleaned_data["note"])
        try:
            order = undoing.prepare(officer=request.user, code=code, why=why, now=timezone.now())
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            return redirect("orders:order", order.code)
    shown = {"form": form, "order": found, "title": what(found)}
    shown["is_saturday"] = found.kind == Kind.SATURDAY
    status = 422 if form.is_bound else 200
    return render(request, "queueing_planning/order_undo.html", shown, status=status)


@never_cache
@require_POST
@national
def start(request: HttpRequest, code: str) -> HttpResponse:
    return _act(
        request, code, functools.partial(orders.start, code=code), _("Perintah dijalankan.")
    )


@never_cache
@require_POST
@national
def stop(request: HttpRequest, code: str) -> HttpResponse:
    return _act(request, code, functools.partial(orders.stop, code=code), _("Perintah dihentikan."))


@never_cache
@require_POST
@national
def retry(request: HttpRequest, code: str, office: str) -> HttpResponse:
    act = functools.partial(orders.retry, code=code, office=office)
    return _act(request, code, act, _("Kantor itu dicoba sekali lagi."))


def _act(
    request: HttpRequest, code: str, act: Callable[..., NationalOrder], done: str
) -> HttpResponse:
    try:
        act(officer=request.user, now=timezone.now())
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        messages.success(request, done)
    return redirect("orders:order", code)


def what(order: NationalOrder) -> str:
    if order.undoes is not None:
        return _("Cabut: %(what)s") % {"what": what(order.undoes)}
    if order.kind == Kind.SHARE:
        return _("Kuota naik %(n)s persen") % {"n": order.amount}
    if order.kind == Kind.SATURDAY:
        return _("Layanan Sabtu")
    return _("Tutup %(n)s jam lebih lambat sampai tenggat") % {"n": order.amount}


def _span(order: NationalOrder) -> str:
    return f"{formatting.day(order.first_day)} – {formatting.day(order.last_day)}"


def _order_context(request: HttpRequest, order: NationalOrder) -> dict[str, Any]:
    items = list(order.offices.select_related("office").order_by("office__name"))
    ended = sum(item.outcome != Outcome.WAITING for item in items)
    is_mine = order.prepared_by_id == request.user.pk
    return {
        "order": order,
        "title": what(order),
        "facts": _facts(order, items),
        "standing": _standing(order),
        "is_prepared": order.state == State.PREPARED,
        "is_running": order.state == State.RUNNING,
        "is_stopped": order.state == State.STOPPED,
        "state": formatting.capitalised(order.get_state_display()),
        "may_start": is_mine and order.state == State.PREPARED,
        "may_stop": order.state in {State.PREPARED, State.RUNNING},
        "may_undo": _may_undo(order, items),
        "undoes": order.undoes,
        "undone_by": list(order.undone_by.exclude(state=State.STOPPED).order_by("-prepared_at")),
        "is_saturday": order.kind == Kind.SATURDAY,
        "takes_saturdays": order.undoes is not None and order.is_of_saturdays,
        "rows": [_row(order, item) for item in items],
        "was_started": order.started_at is not None,
        "is_counted": order.counted_at is not None,
        "ended": ended,
        "total": len(items),
        "progress_text": _("%(done)s dari %(total)s kantor") % {"done": ended, "total": len(items)},
    }


def _may_undo(order: NationalOrder, items: list[OrderOffice]) -> bool:
    """Only offered; whether anything is left to bring back, preparing says."""
    is_over = order.state in {State.DONE, State.STOPPED} and order.undoes is None
    is_coming = order.last_day > timezone.localdate()
    return is_over and is_coming and any(item.days_done for item in items)


def _facts(order: NationalOrder, items: list[OrderOffice]) -> list[dict[str, str]]:
    before = sum(item.seats_before for item in items)
    after = sum(item.seats_after for item in items)
    added = sum(item.seats_added for item in items)
    facts = [
        (_("Tanggal"), _span(order)),
        (_("Kantor"), str(len(items))),
        *_of_saturdays(order, items),
        (_("Tempat pada hari-hari itu"), _leads(before, after)),
        (_("Sudah berubah"), _("%s tempat") % _signed(added) if order.started_at else ""),
        (_("Masih menunggu sesudah tenggat"), _waiting(order, items)),
        (_("Sudah memesan, tetap"), _booked(order, items)),
        (_("Alasan"), reason(order.reason)),
        (_("Keterangan"), order.note),
        (_("Disiapkan oleh"), order.prepared_by.email),
        (_("Kode"), grouped(order.code)),
    ]
    return [{"term": term, "text": text} for term, text in facts if text]


def _of_saturdays(order: NationalOrder, items: list[OrderOffice]) -> list[tuple[str, str]]:
    if order.kind != Kind.SATURDAY:
        return []
    days = sum(len(item.plan) for item in items)
    opened = sum(bool(item.plan) for item in items)
    told = _("%(days)s hari di %(offices)s kantor")
    return [
        (
            _("Hari Sabtu yang dibuka"),
            told % {"days": formatting.number(days), "offices": formatting.number(opened)},
        ),
        (_("Jam"), formatting.capitalised(orders.hours_in_words(order))),
        (_("Loket"), _("%s persen dari biasanya, dibulatkan ke atas") % order.amount),
        (_("Sabtu yang hari libur"), _("buka juga") if order.on_holidays else _("tetap tutup")),
    ]


def _booked(order: NationalOrder, items: list[OrderOffice]) -> str:
    """Nobody is booked on days that are opened first."""
    if order.kind == Kind.SATURDAY:
        return ""
    return _("%s orang") % formatting.number(sum(item.booked for item in items))


def _waiting(order: NationalOrder, items: list[OrderOffice]) -> str:
    """Who has a later day, or none: as last counted, and as it was once the deadline is over."""
    if order.counted_at is None:
        return ""
    people = sum(item.waiting or 0 for item in items)
    return _("%(people)s orang, dihitung %(at)s") % {
        "people": formatting.number(people),
        "at": booking_words.moment(order.counted_at, None),
    }


def _leads(before: int, after: int) -> str:
    return f"{formatting.number(before)} → {formatting.number(after)} ({_signed(after - before)})"


def _signed(count: int) -> str:
    return f"{'+' if count >= 0 else '−'}{formatting.number(abs(count))}"


def _row(order: NationalOrder, item: OrderOffice) -> dict[str, Any]:
    tone, icon = LOOKS[Outcome(item.outcome)]
    return {
        "name": item.office.name,
        "code": item.office.code,
        "days": len(item.plan),
        "saturdays": saturday_words.days(item.plan) if order.is_of_saturdays else "",
        "hours": "; ".join(saturday_words.hours(item.plan)) if order.kind == Kind.SATURDAY else "",
        "served": sum(told.get("hours", 0) for told in item.plan),
        "before": item.seats_before,
        "after": item.seats_after,
        "booked": item.booked,
        "waiting": item.waiting,
        "held": "; ".join(_held(order, item)),
        "result": _result(order, item),
        "status": {
            "tone": tone,
            "icon": icon,
            "label": formatting.capitalised(Outcome(item.outcome).label),
        },
        "may_retry": item.outcome == Outcome.FAILED and order.state in {State.RUNNING, State.DONE},
    }


def _held(order: NationalOrder, item: OrderOffice) -> list[str]:
    """What holds an office back; empty where nothing does."""
    held = _("%s hari sampai batas loket atau jam tutup 22.00")
    if order.undoes is not None:
        held = _("%s hari tetap, karena jam tambahannya sudah dipesan")
    told = [
        (item.closed_days, _("%s hari tutup atau libur")),
        (item.partly_days, _("%s hari ditutup kantor sebagian")),
        (item.own_days, _("%s hari diatur kantor sendiri")),
        (item.held_days, held),
    ]
    if item.left:  # each is named instead
        return saturday_words.left(item.left)
    return [text % count for count, text in told if count]


def _result(order: NationalOrder, item: OrderOffice) -> str:
    if item.outcome == Outcome.FAILED:
        return str(WHY_FAILED.get(item.why, REFUSED))
    if item.outcome == Outcome.WAITING:
        return ""
    missed = len(item.plan) - item.days_done
    text = _("%(days)s hari, %(seats)s tempat") % {
        "days": item.days_done,
        "seats": _signed(item.seats_added),
    }
    if not missed or item.left:
        return text
    left = _("%s hari sudah diubah kantor")
    if order.undoes is not None:
        left = _("%s hari dibiarkan: sudah diubah kantor, atau jam tambahannya dipesan")
    return f"{text}; {left % missed}"


def _standing(order: NationalOrder) -> dict[str, Any] | None:
    if order.state != State.PREPARED:
        return None
    found = request_selectors.request_standing(
        order.prepared_by, Act.ORDER, orders.subject_of(order), None, now=timezone.now()
    )
    return approval_status(found, None) if found else None
