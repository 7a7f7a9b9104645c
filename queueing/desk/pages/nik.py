"""Reading one NIK in clear: a reason is asked for, and the reading is logged."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services import applicants
from offices.models import Office
from paspor.kernel.codes import grouped
from queueing.desk import selectors
from queueing.desk.forms import ReadNikForm
from queueing.desk.pages import doors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.nik_reading
def read(request: HttpRequest, office: Office, code: str, applicant: str) -> HttpResponse:
    """Only people of this office's bookings. The number is in this one answer, nowhere else."""
    person = selectors.applicant_at(office, code, applicant)
    form = ReadNikForm(request.POST or None)
    nik = ""
    if form.is_valid():
        nik = applicants.read_nik(
            applicant=person,
            reader=request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            stream=office.code,
        )
    shown = {
        "office": office,
        "person": person,
        "code": code,
        "code_grouped": grouped(code),
        "form": form,
        "nik": grouped(nik),
    }
    return render(request, "queueing_desk/nik.html", shown, status=422 if form.errors else 200)
