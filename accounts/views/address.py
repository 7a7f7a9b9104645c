"""For whoever gets no mail from us: confirm the address by a code, or change it. And for whoever's
address was changed by somebody else: take the account back.
"""

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import mail_trouble
from accounts.forms import MailedCodeForm, posted
from accounts.services import address_changes, address_proofs
from paspor.kernel import problems
from paspor.kernel.errors import DomainError
from paspor.kernel.problems import sentence


@never_cache
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    trouble = mail_trouble.trouble_of_account(request.user)
    if trouble is None:
        return redirect("accounts:profile")
    form = MailedCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            address_proofs.prove(user=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            problems.put_on(form, refusal)
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter to a former address. Opening it changes nothing."""
    now = timezone.now()
    try:
        if request.method == "POST":
            address_changes.take_back(token, now=now)
            flash.success(request, _("Akun Anda kembali. Sekarang pasang kata sandi baru."))
            return redirect("account_reset_password")
        change = address_changes.change_of(token, now=now)
    except DomainError as refusal:
        context = {"why": sentence(refusal)}
        return render(request, "accounts/address_back.html", context, status=refusal.status)
    return render(request, "accounts/address_back.html", {"change": change})
