"""For whoever gets no mail from us: confirm the address by a code, or change it."""

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import mail_trouble
from accounts.forms import AddressCodeForm, posted, show_refusal
from accounts.services import address_proofs
from paspor.kernel.errors import DomainError
from paspor.kernel.problems import sentence


@never_cache
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    trouble = mail_trouble.of(request.user)
    if trouble is None:
        return redirect("accounts:profile")
    form = AddressCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            address_proofs.prove(user=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            flash.success(request, _("Alamat e-mail dipastikan. Surat kami dikirim lagi."))
            return redirect("accounts:profile")
    return render(request, "accounts/address.html", {"form": form, "trouble": trouble})


@require_POST
@login_required
def send_code(request: HttpRequest) -> HttpResponse:
    try:
        address_proofs.ask(user=request.user, now=timezone.now())
    except DomainError as refusal:
        flash.error(request, sentence(refusal))
    else:
        flash.success(request, _("Kode dikirim. Periksa kotak masuk dan folder Spam."))
    return redirect("accounts:address")
