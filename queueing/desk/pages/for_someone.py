"""Booking for people who stand at the counter, and their paper ticket."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.models import Office
from offices.officer_pages import office_choice, say_refusal
from offices.rules import Act
from paspor.kernel import formatting, kept_forms, once_door, problems
from paspor.kernel.errors import DomainError, NeedsApproval
from paspor.kernel.form_refusals import refuse
from paspor.kernel.idempotency import KeyReused
from paspor.kernel.query_values import iso_date, unused_day
from queueing.booking import errand_words, rules
from queueing.booking import selectors as bookings
from queueing.booking import words as booking_words
from queueing.booking.errands import Errand
from queueing.booking.errors import AlreadyBooked, PeopleRefused
from queueing.booking.models import Booking
from queueing.booking.presentation import other_hour
from queueing.booking.presentation.ticket import ticket_of
from queueing.booking.services.for_someone import CounterPerson, CounterWish
from queueing.desk import drafts, hours_selectors, queue_selectors, selectors, words
from queueing.desk.forms import BookForForm, GuestForm, GuestForms
from queueing.desk.pages import day_shown, doors, guests_shown
from queueing.desk.services import walk_ins

PEOPLE = "orang"
# What a service calls what a person was asked, and the field of the form.
AT = {
    "applicant": "nik",
    "old_passport": "kind",
    "parents": "parents",
    "entitlement": "entitlement",
}
start = office_choice(Act.BOOK_FOR, "desk:walk-in", gettext_lazy("Datang langsung"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.booking_for
def walk_in(request: HttpRequest, office: Office) -> HttpResponse:
    """A form of one to five people; a refusal keeps all that was typed."""
    on = _day(request, office)
    if request.method != "POST":
        return _opened(request, office, on)
    if rearranged := _rearranged(request, office, on):
        return rearranged
    form = BookForForm(request.POST, office=office, hours=_hours(office, on))
    guests = GuestForms(request.POST, prefix=PEOPLE, form_kwargs=_each(office))
    if status := _unfit_status(request, form, guests):
        return _page(request, office, on, form, guests, status=status)
    try:
        code = once_door.once(request, lambda: _book(request, office, form, guests).code)
    except KeyReused as refusal:
        refuse(form, refusal)
        return _page(request, office, on, form, guests, status=409)
    except DomainError as refusal:
        if isinstance(refusal, NeedsApproval):
            # Told as a message: nothing that was typed is at fault.
            _ask(request, refusal, _request_words(form, guests, on))
            return _page(request, office, on, form, guests, status=409)
        if isinstance(refusal, AlreadyBooked):
            _tell_known(request, guests, office)
        _show(refusal, form, guests)
        return _page(request, office, on, form, guests, status=409)
    return redirect("desk:ticket", office.code, code)


def _unfit_status(request: HttpRequest, form: BookForForm, guests: GuestForms) -> int | None:
    """What a form is answered with that cannot be booked as it is; None where it can."""
    if not all([form.is_valid(), guests.is_valid()]):
        return 422
    return 409 if _unseen(request, guests) else None


def _differing(guests: GuestForms) -> list[list[str]]:
    """Of each person, as far as they could be read: what the NIK says otherwise."""
    return [guest.differing if guest.is_bound and guest.is_valid() else [] for guest in guests]


def _marked(differing: list[list[str]]) -> list[str]:
    return [f"{n}.{code}" for n, codes in enumerate(differing) for code in codes]


def _unseen(request: HttpRequest, guests: GuestForms) -> set[str]:
    """What contradicts somebody's NIK and did not stand on the page that was sent."""
    return set(_marked(_differing(guests))) - set(request.POST.get("differing", "").split())


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


def _request_words(form: BookForForm, guests: GuestForms, on: date) -> str:
    """What a second officer is asked to agree to, in words; then the first one's own."""
    people = guests.total_form_count()
    hours = dict(form.fields["slot"].choices)
    claims = [_claimed(guest, on) for guest in guests if guest.cleaned_data["entitlement"]]
    lanes = dict(form.fields["channel"].choices)
    asked = _("%(people)s, jalur %(lane)s, %(day)s. %(hours)s") % {
        "people": ngettext("%(n)s orang", "%(n)s orang", people) % {"n": people},
        "lane": lanes[form.cleaned_data["channel"]],
        "day": formatting.day(on),
        "hours": hours[form.cleaned_data["slot"]],
    }
    parts = [asked, ", ".join(claims), form.cleaned_data["note"]]
    return ". ".join(filter(None, parts)) + "."


def _claimed(guest: GuestForm, on: date) -> str:
    """What somebody says they are entitled to, and how old they are on that day."""
    said_of = guest.cleaned_data
    age = rules.age_on(on, said_of["birth_date"])
    label = dict(guest.fields["entitlement"].choices)[said_of["entitlement"]]
    return _("%(entitlement)s, %(n)s tahun") % {"entitlement": label, "n": age}


def _ask(request: HttpRequest, refusal: NeedsApproval, note: str) -> None:
    """Ask for the second officer's yes, and keep what was typed until that request ends."""
    asked = say_refusal(request, refusal, note=note)
    if asked is None:
        return
    left = asked.expires_at - timezone.now()
    typed = kept_forms.typed(request).dict()
    drafts.keep(request.user, asked.code, typed, seconds=max(0, int(left.total_seconds())))


def _tell_known(request: HttpRequest, guests: GuestForms, office: Office) -> None:
    """Which visit of these people stands in the way: at this office with its page, else where
    that can be read.
    """
    known = selectors.live_visits_of(office, [guest.cleaned_data["nik"] for guest in guests])
    for found in known:
        text = _("Janji temunya di kantor ini: %(names)s, %(day)s, %(hours)s.") % {
            "names": ", ".join(place.applicant.name for place in found.places.all()),
            "day": formatting.day(found.slot.day),
            "hours": booking_words.hours_of(found.slot),
        }
        href = reverse("desk:booking", args=[office.code, found.code])
        messages.warning(request, format_html('{} <a href="{}">{}</a>', text, href, _("Buka")))
    if not known:
        messages.warning(
            request,
            _(
                "Janji temunya di kantor lain. Kantor, hari, dan jamnya ada pada tiketnya: pindai "
                "kode QR-nya. Bila tiketnya hilang, pemohon melihatnya di Janji saya atau Cek "
                "janji."
            ),
        )


@never_cache
@require_safe
@doors.booking_for
def ticket(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """The ticket on one page of paper, or the queue number on a strip of 80 mm."""
    found = bookings.booking_by_id(selectors.booking_at(office, code).pk)
    now = timezone.now()
    view = bookings.view(found, now=now)
    if not view.has_ticket:
        return redirect("desk:booking", office.code, view.code)
    queued = queue_selectors.open_number_of(found.booking)
    if queued is not None and "nomor" in request.GET:
        at = booking_words.clock(queued.arrived_at, office)
        shown = {"office": office, "booking": view, "queued": queued, "at": at}
        return render(request, "queueing_desk/slip.html", shown)
    shown = ticket_of(found, view) | {
        "queued": queued,
        "is_waited_for": queued is None and view.day == office.today(now),
        "early": guests_shown.early(selectors.guests_of(found.booking, now=now), office),
        "beside": other_hour.find(found, now),
    }
    return render(request, "queueing_desk/ticket.html", shown)


def _day(request: HttpRequest, office: Office) -> date:
    """The day asked for, today where it is none or is over."""
    return _from_today(office, request.GET.get("hari", ""))


def _other_day(request: HttpRequest, office: Office, on: date) -> date:
    """The day for which the form is wanted instead: of its button, else of the field beside it.

    Also where Enter was pressed in that field: nobody is booked for a day that was typed over.
    """
    asked = request.POST.get("other_day") or request.POST.get("hari", "")
    return _from_today(office, asked) if iso_date(asked) else on


def _from_today(office: Office, asked: str) -> date:
    today = office.today(timezone.now())
    return max(today, iso_date(asked) or today)


def _asked_day(request: HttpRequest) -> Mapping[str, str]:
    if request.POST.get("other_day"):
        return {}
    return request.POST if "hari" in request.POST else request.GET


def _rest(office: Office, on: date) -> dict[str, Any]:
    """Of a day that has no hour to give away: why, and the next on which the office serves."""
    why, coming = day_shown.rest(office, on)
    return {
        "title": why or _("Tidak ada jam yang dapat diberikan pada hari ini."),
        "coming": coming,
        "coming_words": formatting.day(coming) if coming else "",
    }


def _hours(office: Office, on: date) -> list[tuple[str, str]]:
    now = timezone.now()
    hours = [
        (
            hour.code,
            _("%(hours)s: loket %(counter)s, prioritas %(priority)s")
            % {
                "hours": booking_words.between(hour.starts_at, hour.ends_at, office),
                "counter": hour.counter,
                "priority": hour.priority,
            },
        )
        for hour in hours_selectors.hours_at_counter(office, on, now=now)
    ]
    if on == office.today(now):
        return [("", _("Secepatnya hari ini")), *hours]
    return hours


def _each(office: Office) -> dict[str, Any]:
    """Nobody of the form may be left empty, whatever the browser says about how many there were."""
    return {"office": office, "empty_permitted": False}


def _opened(request: HttpRequest, office: Office, on: date) -> HttpResponse:
    """Empty; filled for whoever had an appointment that is over (``janji``); or as it was typed
    when a second officer was asked (``permintaan``), or when the session was found to be over.
    """
    unsent = kept_forms.kept(request)
    typed = (
        unsent.dict() if unsent else drafts.kept(request.user, request.GET.get("permintaan", ""))
    )
    people = _people(typed) if typed else _had(office, request.GET.get("janji", ""))
    form = BookForForm(office=office, hours=_hours(office, on), initial=typed)
    return _page(request, office, on, form, _guests(office, people))


def _had(office: Office, code: str) -> list[dict[str, Any]]:
    """Whoever came for a visit that is over, without their NIK: that is read from the card."""
    if not code:
        return []
    return [
        {
            "name": place.applicant.name,
            "birth_date": place.applicant.birth_date,
            "sex": place.applicant.sex,
            "kind": errand_words.choice_of(Errand.of(place), is_child=False),
            "parents": place.parents,
            "passport_type": place.passport_type,
            "entitlement": place.entitlement,
        }
        for place in selectors.ended_places(selectors.booking_at(office, code))
    ]


def _rearranged(request: HttpRequest, office: Office, on: date) -> HttpResponse | None:
    """The form for another day or other people, where that was asked for: all else as it was
    typed, and not judged yet.
    """
    other = _other_day(request, office, on)
    people = _other_number(request.POST, office)
    if people is None and other == on and "other_day" not in request.POST:
        return None
    form = BookForForm(office=office, hours=_hours(office, other), initial=request.POST.dict())
    guests = people or _guests(office, _people(request.POST))
    return _page(request, office, other, form, guests)


def _other_number(posted: Mapping[str, str], office: Office) -> GuestForms | None:
    """The people as typed so far with one more or one fewer, where that button was pressed."""
    if "add" not in posted and "remove" not in posted:
        return None
    people = _people(posted)
    if "add" in posted:
        people.append({})
    elif posted["remove"] in map(str, range(len(people))):
        del people[int(posted["remove"])]
    return _guests(office, people[: rules.MAX_PEOPLE] or [{}])


def _guests(office: Office, people: list[dict[str, Any]]) -> GuestForms:
    return GuestForms(prefix=PEOPLE, initial=people, form_kwargs=_each(office))


def _people(posted: Mapping[str, str]) -> list[dict[str, Any]]:
    typed = [_typed(posted, index) for index in range(rules.MAX_PEOPLE)]
    count = posted.get(f"{PEOPLE}-TOTAL_FORMS", "")
    return typed[: int(count) if count.isascii() and count.isdigit() else 1] or [{}]


def _typed(posted: Mapping[str, str], index: int) -> dict[str, Any]:
    return {
        name: posted[f"{PEOPLE}-{index}-{name}"]
        for name in GuestForm.base_fields
        if f"{PEOPLE}-{index}-{name}" in posted
    }


def _show(refusal: DomainError, form: BookForForm, guests: GuestForms) -> None:
    """At the field that the refusal names, else at the top; what is wrong with people at both."""
    faults = refusal.faults if isinstance(refusal, PeopleRefused) else {}
    for number, its in faults.items():
        problems.put_on(guests[number], DomainError(fields=its, **refusal.params), names=AT)
    problems.put_on(form, refusal, with_sentence=bool(faults))


def _page(
    request: HttpRequest,
    office: Office,
    on: date,
    form: BookForForm,
    guests: GuestForms,
    status: int = 200,
) -> HttpResponse:
    hours = form.fields["slot"].choices
    differing = _differing(guests)
    shown = {
        "people": [
            (guest, [words.WARNINGS[code] for code in codes])
            for guest, codes in zip(guests, differing, strict=True)
        ],
        "differing": " ".join(_marked(differing)),
        "is_held": bool(_unseen(request, guests)),
        "office": office,
        "day": on,
        "when": formatting.day(on),
        "rest": None if hours else _rest(office, on),
        "unused": unused_day(_asked_day(request), on),
        "is_today": on == office.today(timezone.now()),
        "form": form,
        "guests": guests,
        # Of its own for each wish: what is typed anew after a refusal is one too.
        "token": form.data.get(once_door.TOKEN) or once_door.new_token(),
        "may_add": guests.total_form_count() < rules.MAX_PEOPLE,
    }
    return render(request, "queueing_desk/walk_in.html", shown, status=status)
