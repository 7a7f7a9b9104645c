"""Verifying an account at the counter: a code of its page, the KTP, and a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services.counter_codes import Shown
from offices.models import Office
from offices.officer_pages import office_choice, say_refusal
from offices.reasons import Why
from offices.rules import Act
from offices.services.verifying import verify_account
from paspor.kernel.errors import DomainError, NeedsApproval
from paspor.kernel.form_refusals import refuse
from paspor.kernel.masking import mask_email
from queueing.desk.forms import VerifyAccountForm
from queueing.desk.pages import doors

start = office_choice(Act.VERIFY_ACCOUNT, "desk:verify", gettext_lazy("Verifikasi akun"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.verifying
def verify(request: HttpRequest, office: Office) -> HttpResponse:
    form = VerifyAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _verified(request, office, form):
        return redirect("desk:verify", office.code)
    shown = {"office": office, "form": form}
    return render(request, "queueing_desk/verify.html", shown, status=422 if form.errors else 200)


def _verified(request: HttpRequest, office: Office, form: VerifyAccountForm) -> bool:
    said = form.cleaned_data
    try:
        user = verify_account(
            officer=request.user,
            office=office,
            shown=Shown(said["code"], said["nik"]),
            why=Why(said["reason"], said["note"]),
            now=timezone.now(),
        )
    except NeedsApproval as refusal:
        say_refusal(request, refusal)
        return False
    except DomainError as refusal:
        refuse(form, refusal)
        return False
    text = _("Akun %(address)s sudah diverifikasi. Pemiliknya masuk dengan kata sandinya.")
    messages.success(request, text % {"address": mask_email(user.email)})
    return True
