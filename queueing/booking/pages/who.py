"""Who comes to the chosen hour, and for what. Signing in is asked for here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors as accounts
from accounts.decorators import consent_required
from accounts.models import Applicant
from accounts.policies import ADULT_AGE, MAX_APPLICANTS
from offices.models import Office, PassportType
from paspor.kernel import formatting, kept_forms, once_door, origin, problems, proof_door, ratelimit
from paspor.kernel.decorators import sign_in_required, sign_in_required_at
from paspor.kernel.errors import DomainError
from paspor.kernel.proof import ProofNeeded, Purpose
from queueing.admission.decorators import admitted
from queueing.admission.services import entering
from queueing.booking import documents, errand_words, rules, selectors, where, words
from queueing.booking.actors import Actor
from queueing.booking.errands import Errand
from queueing.booking.forms import Visit, WhoForm
from queueing.booking.models import Place
from queueing.booking.pages import engaged_people, picker, proofs, steps
from queueing.booking.pages.people_refusals import refuse_people
from queueing.booking.policies import BOOK_CUTOFF_MINUTES, HOLD_MINUTES
from queueing.booking.presentation.choice import Choice
from queueing.booking.services import holding, together
from queueing.quota import selectors as quota
from queueing.quota.models import Channel, Slot


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@consent_required
@admitted
def book(request: HttpRequest, slot: str) -> HttpResponse:
    hour = _slot_or_day(request, slot)
    if isinstance(hour, HttpResponse):
        return hour
    choice = Choice.of(request.GET).at(hour.office)
    beside = _beside(request, hour, choice)
    if isinstance(beside, HttpResponse):
        return beside
    pair = [hour, beside] if beside else [hour]
    people = list(accounts.applicants_of(request.user))
    form = _form(request, pair, choice, people)
    proof = None
    if request.method == "POST" and form.is_valid():
        ratelimit.check(request, "booking")
        try:
            code = once_door.once(request, lambda: _hold(request, pair, choice, form))
        except ProofNeeded as refusal:
            proof = proofs.proof_request(request, refusal)
        except DomainError as refusal:
            refuse_people(form, refusal, _cards(form))
        else:
            return redirect("queueing:review", code)
    return render(
        request,
        "queueing/book.html",
        _form_context(pair, choice, people, form) | _held(request) | {"proof": proof},
        status=422 if form.errors else ProofNeeded.status if proof else 200,
    )


def _slot_or_day(request: HttpRequest, code: str) -> Slot | HttpResponse:
    """The hour, if it may still be booked; else its day's page, which says why not."""
    now = timezone.now()
    hour = quota.slot_by_code(code)
    cutoff = BOOK_CUTOFF_MINUTES.at(now=now, scope=hour.office.code)
    try:
        holding.slot_to_book(code, now=now)
        rules.check_time_to_book(
            starts_at=hour.starts_at, cutoff=timedelta(minutes=cutoff), now=now
        )
    except DomainError as refusal:
        flash.warning(request, problems.sentence(refusal))
        return redirect(_day_href(hour, Choice.of(request.GET), now))
    return hour


def _beside(request: HttpRequest, hour: Slot, choice: Choice) -> Slot | None | HttpResponse:
    """The hour that follows, where two were chosen; else the day's page, which says why not."""
    if not choice.beside:
        return None
    now = timezone.now()
    try:
        beside = holding.slot_to_book(choice.beside, now=now)
        together.check_pair(hour, beside)
    except DomainError as refusal:
        flash.warning(request, problems.sentence(refusal))
        return redirect(_day_href(hour, replace(choice, beside=""), now))
    return beside


def _day_href(hour: Slot, choice: Choice, now: Any) -> str:
    if hour.day < hour.office.today(now):
        return reverse("queueing:office", args=[hour.office.code]) + choice.query
    return reverse("queueing:day", args=[hour.office.code, hour.day.isoformat()]) + choice.query


def _form(
    request: HttpRequest, pair: list[Slot], choice: Choice, people: list[Applicant]
) -> WhoForm:
    hour = pair[0]
    said: QueryDict | None = request.POST if request.method == "POST" else None
    kept = kept_forms.kept(request) if said is None else None
    # No kind at all is the usual one; one that is empty or unknown was never chosen.
    asks_kind = request.GET.get("jenis", choice.kind) not in Place.Kind.values
    usual = _usual(choice, hour.day, asks_kind=asks_kind)
    engaged = engaged_people.engaged_notes(people, request.user, timezone.now())
    free = [person for person in people if person.code not in engaged]
    chosen = usual(free) if kept is None else _kept(kept, usual, free)
    return WhoForm(
        said,
        initial=_by_hour(pair, choice, free) | chosen | {"token": once_door.new_token()},
        applicants=people,
        engaged=engaged,
        visit=Visit(hour.office, hour.day, choice.channel),
        asks_kind=asks_kind,
        hours=_hours(pair, choice),
    )


def _hours(pair: list[Slot], choice: Choice) -> list[tuple[str, str]]:
    """Of two hours each with how many fit; nothing to choose where there is one."""
    if len(pair) < 2:
        return []
    now = timezone.now()
    left = [picker.seats_left(quota.free_in(slot, choice.channel, now)) for slot in pair]
    return [(slot.code, f"{words.hours_of(slot)}, {n}") for slot, n in zip(pair, left, strict=True)]


def _by_hour(pair: list[Slot], choice: Choice, people: list[Applicant]) -> dict[str, str]:
    """Of two hours, which is chosen at first for each (rules.spread)."""
    if len(pair) < 2:
        return {}
    (first, second), now = pair, timezone.now()
    hours = rules.spread(
        [""] * len(people),
        [documents.is_child(person.birth_date, first.day) for person in people],
        hours=(first.code, second.code),
        free=(
            quota.free_in(first, choice.channel, now),
            quota.free_in(second, choice.channel, now),
        ),
    )
    return {f"{person.code}-hour": code for person, code in zip(people, hours, strict=True)}


type Usual = Callable[[list[Applicant]], dict[str, Any]]


def _usual(choice: Choice, day: date, *, asks_kind: bool) -> Usual:
    """What is chosen for these people at first, as the guide or the search was told."""

    def usual(people: list[Applicant]) -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        for person in people:
            code, is_child = person.code, documents.is_child(person.birth_date, day)
            # Everybody, where as many were asked for as there are.
            chosen[f"{code}-comes"] = len(people) <= choice.people
            if not asks_kind:
                errand = Errand.of(choice)
                chosen[f"{code}-kind"] = errand_words.choice_of(errand, is_child=is_child)
            if is_child:
                chosen[f"{code}-parents"] = choice.parents
            if choice.passport_type:
                chosen[f"{code}-passport_type"] = choice.passport_type
        return chosen

    return usual


def _kept(kept: QueryDict, usual: Usual, people: list[Applicant]) -> dict[str, Any]:
    """What was chosen before; somebody who was not on the form then has just been added."""
    new = [person for person in people if f"{person.code}-kind" not in kept]
    added = {f"{person.code}-comes": True for person in new}
    return usual(new) | added | dict(kept.items())


def _hold(request: HttpRequest, pair: list[Slot], choice: Choice, form: WhoForm) -> str:
    wishes = [_wish(slot, pair, choice, form) for slot in pair]
    account, now = request.user, timezone.now()
    about = {"purpose": Purpose.HOLD, "about": account.code}
    with proof_door.redeemed(request, **about, now=now) as proved:
        given = {
            "account": account,
            "actor": Actor.citizen(account, origin.origin_of(request)),
            "proved": proved,
            "now": now,
        }
        if len(wishes) > 1:
            claimed = together.hold_within(wishes=wishes, **given)
        else:
            claimed = holding.hold_within(wish=wishes[0], **given)
    return claimed.code


def _wish(slot: Slot, pair: list[Slot], choice: Choice, form: WhoForm) -> holding.Wish:
    return holding.Wish(
        slot_code=slot.code,
        places=tuple(
            holding.PlaceRequest(**place)
            for place in form.coming
            if len(pair) == 1 or form.hour_of(place["applicant_code"]) == slot.code
        ),
        channel=choice.channel,
        referral_code=form.cleaned_data.get("referral_code", ""),
    )


def _cards(form: WhoForm) -> list[dict[str, str]]:
    """Of each person that comes, what the service's fields are called on their card."""
    fields = {"applicant": "comes", "old_passport": "kind", "parents": "parents", "slot": "hour"}
    return [
        {name: f"{place['applicant_code']}-{field}" for name, field in fields.items()}
        for place in form.coming
    ]


def _held(request: HttpRequest) -> dict[str, Any]:
    """A visit that waits to be looked over: who came back here by mistake is led on."""
    now = timezone.now()
    held = selectors.bookings_of(request.user).filter(held_until__gt=now).first()
    if held is None:
        return {"held": None}
    office = held.slot.office
    until = words.clock(held.held_until, office)
    return {"held": held, "held_until": until, "held_when": formatting.day(held.slot.day)}


def _form_context(
    pair: list[Slot], choice: Choice, people: list[Applicant], form: WhoForm
) -> dict[str, Any]:
    now = timezone.now()
    hour, last = pair[0], pair[-1]
    office = hour.office
    day_href = _day_href(hour, choice, now)
    return {
        "form": form,
        "office": office,
        "there": where.at(hour),
        "choice": choice,
        "when": formatting.day(hour.day),
        "hours": words.between(hour.starts_at, last.ends_at, office),
        "is_pair": len(pair) > 1,
        "day_href": day_href,
        "not_offered": _not_offered(choice, office),
        "add_href": reverse("queueing:book-add", args=[hour.code]) + choice.query,
        "hold_minutes": HOLD_MINUTES.at(now=now, scope=office.code),
        "kind_default": Place.Kind.NEW,
        "steps": steps.steps(day_href=day_href),
        **_people_shown(hour, choice, people, form, now),
        **_channel_shown(office, choice),
    }


def _people_shown(
    hour: Slot, choice: Choice, people: list[Applicant], form: WhoForm, now: datetime
) -> dict[str, Any]:
    """Who of the account can be chosen, and how many that leaves wanting."""
    adult = ADULT_AGE.at(now=now)
    return {
        "children": [
            person.name
            for person in form.free
            if person.birth_date and rules.age_on(hour.day, person.birth_date) < adult
        ],
        "may_add": len(people) < MAX_APPLICANTS.at(now=now),
        "missing": choice.people - len(form.free) if form.free else 0,
        "all_engaged": bool(people) and not form.free,
        "sought": choice.people,
        "choosable": len(form.free),
    }


def _channel_shown(office: Office, choice: Choice) -> dict[str, Any]:
    """The channel that was chosen, and the way to the other one."""
    is_priority = choice.channel == Channel.PRIORITY
    other = Channel.ONLINE if is_priority else Channel.PRIORITY
    return {
        "is_priority": is_priority,
        "other_lane": choice.with_(channel=other) or "?",
        "has_priority": rules.offers_channel(office.kind, Channel.PRIORITY),
    }


def _not_offered(choice: Choice, office: Office) -> str:
    """The type of passport that was chosen before, where this office does not issue it."""
    wanted = choice.passport_type
    if not wanted or wanted in office.passport_types:
        return ""
    return str(PassportType(wanted).label)


@require_POST
@sign_in_required_at("queueing:book")
@consent_required
def add_person(request: HttpRequest, slot: str) -> HttpResponse:
    """Step aside to add somebody to the account or to correct somebody ("ubah"), keeping
    what is already chosen here.
    """
    entering.working(request.user.code, now=timezone.now())
    back = reverse("queueing:book", args=[slot]) + Choice.of(request.GET).query
    kept_forms.keep(request, path=reverse("queueing:book", args=[slot]))
    person = accounts.applicant_of(request.user, request.POST.get("ubah", ""))
    aside = (
        reverse("accounts:applicant-change", args=[person.code])
        if person
        else reverse("accounts:applicant-add")
    )
    return redirect(f"{aside}?{urlencode({'next': back})}")
