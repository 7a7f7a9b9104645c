"""Booking for people who stand at the counter, and their paper ticket."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.models import Office
from offices.rules import Act
from paspor.kernel import once_door, problems
from paspor.kernel.errors import DomainError, NeedsApproval
from paspor.kernel.idempotency import KeyReused
from queueing.booking import rules
from queueing.booking import selectors as bookings
from queueing.booking import words as said
from queueing.booking.models import Booking
from queueing.booking.pages import doors as booking_doors
from queueing.booking.pages import show, unused, visits
from queueing.booking.pages.choice import as_date
from queueing.booking.services.for_someone import CounterPerson, CounterWish
from queueing.desk import queue_selectors, selectors
from queueing.desk.forms import BookForForm, GuestForm, GuestForms
from queueing.desk.pages import doors
from queueing.desk.services import walk_ins

PEOPLE = "orang"
# What a service calls what a person was asked, and the field of the form.
AT = {"applicant": "nik", "old_passport": "kind", "parents": "parents"}
start = doors.start(Act.BOOK_FOR, "desk:walk-in", gettext_lazy("Datang langsung"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.booking_for
def walk_in(request: HttpRequest, office: Office) -> HttpResponse:
    """A form of one to five people; a refusal keeps all that was typed."""
    on = _day(request, office)
    hours = _hours(office, on)
    if request.method != "POST":
        return _page(request, office, on, BookForForm(office=office, hours=hours), _blank(office))
    if people := _other_number(request.POST, office):
        unchecked = BookForForm(office=office, hours=hours, initial=request.POST.dict())
        return _page(request, office, on, unchecked, people)
    form = BookForForm(request.POST, office=office, hours=hours)
    guests = GuestForms(request.POST, prefix=PEOPLE, form_kwargs=_each(office))
    if not all([form.is_valid(), guests.is_valid()]):
        return _page(request, office, on, form, guests, status=422)
    try:
        code = once_door.once(request, lambda: _book(request, office, form, guests).code)
    except KeyReused as refusal:
        booking_doors.refuse(form, refusal)
        return _page(request, office, on, form, guests, status=409)
    except DomainError as refusal:
        if isinstance(refusal, NeedsApproval):
            doors.tell(request, refusal, office, note=_asked(form, guests, on))
        _show(refusal, form, guests)
        return _page(request, office, on, form, guests, status=409)
    return redirect("desk:ticket", office.code, code)


def _book(request: HttpRequest, office: Office, form: BookForForm, guests: GuestForms) -> Booking:
    chosen = form.cleaned_data
    wish = CounterWish(
        people=tuple(CounterPerson(**guest.cleaned_data) for guest in guests),
        channel=chosen["channel"],
        reason=chosen["reason"],
        note=chosen["note"],
        slot_code=chosen["slot"],
        has_proof=chosen.get("has_proof", False),
    )
    return walk_ins.receive(officer=request.user, office=office, wish=wish, now=timezone.now())


def _asked(form: BookForForm, guests: GuestForms, on: date) -> str:
    """What a second officer is asked to agree to, in words; then the first one's own."""
    people = guests.total_form_count()
    hours = dict(form.fields["slot"].choices)
    lanes = dict(form.fields["channel"].choices)
    asked = _("%(people)s, jalur %(lane)s, %(day)s. %(hours)s") % {
        "people": ngettext("%(n)s orang", "%(n)s orang", people) % {"n": people},
        "lane": lanes[form.cleaned_data["channel"]],
        "day": said.day(on),
        "hours": hours[form.cleaned_data["slot"]],
    }
    return f"{asked}. {form.cleaned_data['note']}".strip()


@never_cache
@require_safe
@doors.booking_for
def ticket(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """The ticket on one page of paper."""
    found = bookings.booking_by_id(selectors.booking_at(office, code).pk)
    view = bookings.view(found, now=timezone.now())
    if not view.has_ticket:
        return redirect("desk:booking", office.code, view.code)
    shown = visits.ticket_of(found, view) | {"queued": queue_selectors.open_number_of(found)}
    return render(request, "queueing_desk/ticket.html", shown)


# --- The form --------------------------------------------------------------------------


def _day(request: HttpRequest, office: Office) -> date:
    """The day asked for, today where it is none or is over."""
    today = office.today(timezone.now())
    return max(today, as_date(request.GET.get("hari", "")) or today)


def _hours(office: Office, on: date) -> list[tuple[str, str]]:
    now = timezone.now()
    hours = [
        (
            hour.code,
            _("%(hours)s: loket %(counter)s, prioritas %(priority)s")
            % {
                "hours": show.hours(hour.starts_at, hour.ends_at, office),
                "counter": hour.counter,
                "priority": hour.priority,
            },
        )
        for hour in selectors.hours_at_counter(office, on, now=now)
    ]
    if on == office.today(now):
        return [("", _("Secepatnya hari ini")), *hours]
    return hours


def _each(office: Office) -> dict[str, Any]:
    """Nobody of the form may be left empty, whatever the browser says about how many there were."""
    return {"office": office, "empty_permitted": False}


def _blank(office: Office) -> GuestForms:
    return GuestForms(prefix=PEOPLE, form_kwargs=_each(office))


def _other_number(posted: Mapping[str, str], office: Office) -> GuestForms | None:
    """The people as typed so far with one more or one fewer, where that button was pressed."""
    if "add" not in posted and "remove" not in posted:
        return None
    typed = [_typed(posted, index) for index in range(rules.MAX_PEOPLE)]
    count = posted.get(f"{PEOPLE}-TOTAL_FORMS", "")
    people = typed[: int(count) if count.isascii() and count.isdigit() else 1] or [{}]
    if "add" in posted:
        people.append({})
    elif posted["remove"] in map(str, range(len(people))):
        del people[int(posted["remove"])]
    people = people[: rules.MAX_PEOPLE] or [{}]
    return GuestForms(prefix=PEOPLE, initial=people, form_kwargs=_each(office))


def _typed(posted: Mapping[str, str], index: int) -> dict[str, Any]:
    return {
        name: posted[f"{PEOPLE}-{index}-{name}"]
        for name in GuestForm.base_fields
        if f"{PEOPLE}-{index}-{name}" in posted
    }


def _show(refusal: DomainError, form: BookForForm, guests: GuestForms) -> None:
    """At the field that the refusal names, else at the top; what is wrong with people at both."""
    people = {
        f"places.{number}.{name}": (guest, field)
        for number, guest in enumerate(guests)
        for name, field in AT.items()
    }
    texts = problems.field_texts(refusal)
    for name, told in texts.items():
        if name in people:
            guest, field = people[name]
            guest.add_error(field, told)
        else:
            form.add_error(name if name in form.fields else None, told)
    if not any(texts.values()) or people.keys() & texts:
        form.add_error(None, problems.sentence(refusal))


def _page(
    request: HttpRequest,
    office: Office,
    on: date,
    form: BookForForm,
    guests: GuestForms,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "office": office,
        "day": on,
        "when": said.day(on),
        "unused": unused.of_day(request.GET, on),
        "is_today": on == office.today(timezone.now()),
        "form": form,
        "guests": guests,
        # Of its own for each wish: what is typed anew after a refusal is one too.
        "token": form.data.get(once_door.TOKEN) or once_door.new_token(),
        "may_add": guests.total_form_count() < rules.MAX_PEOPLE,
    }
    return render(request, "queueing_desk/walk_in.html", shown, status=status)
