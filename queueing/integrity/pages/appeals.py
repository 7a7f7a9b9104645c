"""What was done to the visitor's account or places, and how to object. Suspended or not."""

from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from paspor.kernel import formatting, kept_forms, once_door, ratelimit
from paspor.kernel.codes import grouped
from paspor.kernel.decorators import sign_in_required
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.booking import words as booking_words
from queueing.booking.presentation import components
from queueing.integrity import case_notices as notices
from queueing.integrity import case_words
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import Restriction
from queueing.integrity.pages.forms import AppealForm
from queueing.integrity.selectors import appeals as selectors
from queueing.integrity.selectors.appeals import Matter
from queueing.integrity.services import appeals
from queueing.integrity.services.appeals import Objection

# As the address names them.
ABOUT = {"akun": "restriction", "janji": "booking"}
PATHS = {about: path for path, about in ABOUT.items()}
STATES = {
    Appeal.State.RECEIVED: ("info", "hourglass"),
    Appeal.State.UPHELD: ("success", "circle-check"),
    Appeal.State.REJECTED: ("error", "circle-x"),
}


@never_cache
@require_safe
@sign_in_required
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = [_appeal_context(matter) for matter in selectors.matters_of(request.user, now=now)]
    return render(request, "queueing_integrity/appeals.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def file(request: HttpRequest, about: str, code: str) -> HttpResponse:
    if about not in ABOUT:
        raise Http404
    now = timezone.now()
    matter = selectors.matter_of(request.user, ABOUT[about], code, now=now)
    said_here = request.POST if request.method == "POST" else kept_forms.kept(request)
    form = AppealForm(said_here, initial={"token": once_door.new_token()})
    if request.method == "POST" and form.is_valid():
        ratelimit.check(request, "messages")
        objection = Objection(ABOUT[about], code, form.cleaned_data["text"])
        try:
            once_door.once(request, lambda: _file(request, objection))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash.success(request, _("Keberatan Anda kami terima. Jawabannya juga lewat e-mail."))
            return redirect("integrity:appeal")
    shown = {"form": form, "matter": _appeal_context(matter)}
    status = 422 if form.errors else 200
    return render(request, "queueing_integrity/appeal_file.html", shown, status=status)


def _file(request: HttpRequest, objection: Objection) -> str:
    return appeals.file(account=request.user, objection=objection, now=timezone.now()).code


def _appeal_context(matter: Matter) -> dict[str, Any]:
    told = _of_restriction(matter.restriction) if matter.restriction else _of_booking(matter)
    return told | {
        "why": case_words.reason_words(matter.reason),
        "when": formatting.day(matter.at.astimezone(notices.JAKARTA).date()),
        "appeals": [_appeal(one) for one in matter.appeals],
        "href": reverse("integrity:appeal-file", args=[PATHS[matter.about], matter.code])
        if matter.may_appeal
        else "",
    }


def _of_restriction(row: Restriction) -> dict[str, Any]:
    is_over = not row.is_live(timezone.now())
    status = ("success", "circle-check", _("Sudah berakhir"))
    if not is_over:
        status = ("warning", "ban", formatting.capitalised(row.get_kind_display()))
    titles = {
        Restriction.Kind.SUSPENDED: (
            _("Akun Anda pernah ditangguhkan") if is_over else _("Akun Anda ditangguhkan")
        ),
        Restriction.Kind.LIMITED: (
            _("Akun Anda pernah dibatasi") if is_over else _("Akun Anda dibatasi")
        ),
    }
    until = row.until.astimezone(notices.JAKARTA).date() if row.until else None
    ended_at = (row.lifted_at or row.until) if is_over else None
    return {
        "title": titles[Restriction.Kind(row.kind)],
        "meaning": "" if is_over else case_words.restriction(row.kind),
        "until": formatting.day(until) if until and not is_over else "",
        "ended": formatting.day(ended_at.astimezone(notices.JAKARTA).date()) if ended_at else "",
        "status": dict(zip(("tone", "icon", "label"), status, strict=True)),
    }


def _of_booking(matter: Matter) -> dict[str, Any]:
    booking = matter.booking
    what = {
        "code": grouped(booking.code),
        "day": formatting.day(booking.slot.day),
        "hours": booking_words.hours_of(booking.slot),
        "office": booking.slot.office.name,
    }
    return {
        "title": _("Tempat pada janji %(code)s digugurkan") % what,
        "meaning": _("%(day)s pukul %(hours)s, %(office)s.") % what,
        "names": ", ".join(matter.names),
        "status": {"tone": "success", "icon": "circle-check", "label": _("Berlaku lagi")}
        if matter.stands_again
        else components.status("VOIDED", _("digugurkan")),
    }


def _appeal(appeal: Appeal) -> dict[str, Any]:
    tone, icon = STATES[Appeal.State(appeal.state)]
    label = formatting.capitalised(appeal.get_state_display())
    return {
        "code": grouped(appeal.code),
        "filed": formatting.day(appeal.filed_at.astimezone(notices.JAKARTA).date()),
        "due": notices.last_day(appeal) if appeal.state == Appeal.State.RECEIVED else "",
        "answer": appeal.answer,
        "text": appeal.text,
        "status": {"tone": tone, "icon": icon, "label": label},
    }
