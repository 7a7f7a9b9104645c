"""For a citizen whose phone, key and spare codes are all lost: the second step is taken off in
some days. And for whoever hears of that and did not ask: stopping it.
"""

from allauth.account.internal.decorators import login_stage_required
from allauth.headless.base.response import APIResponse
from allauth.headless.base.views import AuthenticationStageAPIView
from allauth.headless.constants import Client
from allauth.headless.internal.restkit import inputs
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lost_step_page
from accounts.errors import StepPasswordWrong
from accounts.forms import MailedCodeForm, StepPasswordForm, posted
from accounts.lost_step_page import state_of
from accounts.models import LostStep, User
from accounts.services import lost_steps
from paspor.kernel import formatting, problems
from paspor.kernel.errors import DomainError
from paspor.kernel.problems import sentence

while_second_step_waits = login_stage_required(
    stage=AuthenticateStage.key, redirect_urlname="account_login"
)


def _who(request: HttpRequest) -> User:
    """Whose sign-in waits for its second step in this browser."""
    user: User = request._login_stage.login.user
    return user


@require_http_methods(["GET", "HEAD", "POST"])
@while_second_step_waits
def page(request: HttpRequest) -> HttpResponse:
    """What will happen, and the field for the code once one was sent."""
    form = MailedCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            lost_step_page.begin(request, _who(request), now=now, **form.cleaned_data)
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            return redirect("accounts:lost-step")
    return _page(request, code_form=form)


@require_POST
@while_second_step_waits
def send_code(request: HttpRequest) -> HttpResponse:
    user, now = _who(request), timezone.now()
    form = StepPasswordForm(request.POST)
    if lost_step_page.needs_password(request, user) and not form.is_valid():
        return _page(request, password_form=form)
    try:
        lost_step_page.send_code(request, user, password=request.POST.get("password", ""), now=now)
    except StepPasswordWrong as refusal:
        problems.put_on(form, refusal)
        return _page(request, password_form=form)
    except DomainError as refusal:
        flash.error(request, sentence(refusal))
        return redirect("accounts:lost-step")
    flash.success(request, _("Kode dikirim. Periksa kotak masuk dan folder Spam."))
    return redirect("accounts:lost-step")


def _page(
    request: HttpRequest,
    *,
    code_form: MailedCodeForm | None = None,
    password_form: StepPasswordForm | None = None,
) -> HttpResponse:
    user = _who(request)
    lost = state_of(request, user, now=timezone.now())
    shown = {
        "lost": lost,
        "address": user.email,
        "why_not": sentence(lost.why_not) if lost.why_not else "",
        "may_move_on": lost.why_not is not None and lost.why_not.code != "officers_step",
        "due": _due_words(lost.waiting) if lost.waiting else "",
        "code_form": code_form or MailedCodeForm(),
        "password_form": password_form or StepPasswordForm(),
    }
    return render(request, "accounts/lost_step.html", shown)


def _due_words(row: LostStep) -> str:
    return formatting.moment(timezone.localtime(row.due_at))


def _say_kept(request: HttpRequest) -> None:
    flash.success(request, _("Langkah kedua Anda tetap terpasang. Sekarang ganti kata sandi."))


@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    """From the notice that every signed-in device shows."""
    if lost_steps.keep(user=request.user, end=LostStep.End.DEVICE, now=timezone.now()):
        _say_kept(request)
        return redirect("account_change_password")
    flash.info(request, _("Tidak ada lagi yang perlu dihentikan."))
    return redirect("accounts:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A letter's link. Opening it changes nothing."""
    try:
        if request.method == "POST":
            lost_steps.keep_by_link(token, now=timezone.now())
            _say_kept(request)
            return redirect("account_reset_password")
        due = _due_words(lost_steps.of_link(token))
    except DomainError as refusal:
        context = {"why": sentence(refusal)}
        return render(request, "accounts/step_keep.html", context, status=refusal.status)
    return render(request, "accounts/step_keep.html", {"due": due})


class PasswordInput(inputs.Input):
    password = inputs.CharField(max_length=4096, required=False, strip=False)


class CodeInput(inputs.Input):
    code = inputs.CharField(max_length=20)


class _AppView(AuthenticationStageAPIView):
    stage_class = AuthenticateStage

    def _answer(self, request: HttpRequest) -> HttpResponse:
        lost = state_of(request, self.stage.login.user, now=timezone.now())
        told = {
            "days": lost.days,
            "needs_password": lost.needs_password,
            "code_asked_at": lost.code_asked_at.isoformat() if lost.code_asked_at else None,
            "due_at": lost.waiting.due_at.isoformat() if lost.waiting else None,
            "why_not": lost.why_not.code if lost.why_not else None,
            "why_not_text": sentence(lost.why_not) if lost.why_not else "",
        }
        return APIResponse(request, data=told)


class AppLostView(_AppView):
    """What stands of it; POST has a code sent to the account's address."""

    input_class = {"POST": PasswordInput}

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return self._answer(request)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        password = self.input.cleaned_data["password"]
        user = self.stage.login.user
        lost_step_page.send_code(request, user, password=password, now=timezone.now())
        return self._answer(request)


class AppLostConfirmView(_AppView):
    input_class = {"POST": CodeInput}

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        code = self.input.cleaned_data["code"]
        lost_step_page.begin(request, self.stage.login.user, code=code, now=timezone.now())
        return self._answer(request)


app_lost = AppLostView.as_api_view(client=Client.APP)
app_lost_confirm = AppLostConfirmView.as_api_view(client=Client.APP)
