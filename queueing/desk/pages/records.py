"""Taking in what an office did while the portal was away, and what became of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.models import Office
from offices.officer_pages import say_refusal
from paspor.kernel import formatting
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.errors import DomainError
from queueing.booking import words as booking_words
from queueing.booking.models import Place
from queueing.desk import day_list_selectors as kept
from queueing.desk import words
from queueing.desk.forms import RecordForm
from queueing.desk.models import DayMark, DayRecord
from queueing.desk.pages import doors
from queueing.desk.services import taking_in


@never_cache
@require_POST
@doors.counter
def take_in(request: HttpRequest, office: Office) -> HttpResponse:
    """The same file again leads to the same page and changes nothing."""
    form = RecordForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("desk:day-list", office.code)
    now = timezone.now()
    try:
        made = taking_in.take_in(
            officer=request.user, office=office, text=form.cleaned_data["record"], now=now
        )
    except DomainError as refusal:
        say_refusal(request, refusal)
        return redirect("desk:day-list", office.code)
    if made.taken_at == now:
        messages.success(request, _("Berkas catatan diambil."))
    else:
        messages.info(request, _("Berkas ini sudah pernah diambil: tidak ada yang berubah."))
    return redirect("desk:day-record", office.code, made.code)


@never_cache
@require_safe
@doors.counter
def show(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """Counts, and each mark that stands against what the portal knows."""
    made = kept.record_at(office, normalized(code))
    if made is None:
        raise Http404
    counted = made.counted.count()
    results = list(made.marks.values_list("result", flat=True))
    shown = {
        "office": office,
        "when": formatting.day(made.day_list.day),
        "taken_at": booking_words.moment(made.taken_at, office),
        "saved_at": booking_words.moment(made.saved_at, office),
        "done": results.count(DayMark.Result.DONE),
        "known": results.count(DayMark.Result.KNOWN),
        "waiting": results.count(DayMark.Result.WAITING),
        "counted": counted,
        "uncounted": made.walk_ins - counted,
        "conflicts": [_conflict(mark, name, office) for mark, name in kept.conflicts_of(made)],
    }
    return render(request, "queueing_desk/day_record.html", shown)


def row(made: DayRecord, office: Office) -> dict[str, Any]:
    """For components/row.html, of a record with its counts."""
    counts = {"done": made.done, "conflicts": made.conflict}
    return {
        "title": formatting.day(made.day_list.day),
        "text": _("%(done)s dicatat, %(conflicts)s bertentangan") % counts,
        "note": booking_words.moment(made.taken_at, office),
        "href": reverse("desk:day-record", args=[office.code, made.code]),
    }


def _conflict(mark: DayMark, name: str, office: Office) -> dict[str, Any]:
    at = mark.arrived_at or mark.ended_at
    return {
        "title": name or grouped(mark.booking_code),
        "text": _("Catatan: %(told)s %(at)s. Portal: %(found)s.")
        % {
            "told": _label(mark.state),
            "at": booking_words.clock(at, office),
            "found": _label(mark.found) if mark.found else "–",
        },
        "note": words.conflict(mark.why),
        "href": reverse("desk:booking", args=[office.code, mark.booking_code]) if name else "",
    }


def _label(state: str) -> str:
    return str(Place.State(state).label) if state in Place.State.values else state
