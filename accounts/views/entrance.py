"""Doors of allauth that must be all or nothing: the account, its consent, its message."""

from typing import Any

from allauth.account.internal.constants import LoginStageKey
from allauth.account.stages import LoginStage
from allauth.account.views import LoginView, RequestLoginCodeView, SignupView
from allauth.headless.account.inputs import AddEmailInput, SignupInput
from allauth.headless.account.views import ManageEmailView, VerifyEmailView
from allauth.headless.account.views import SignupView as HeadlessSignupView
from allauth.headless.base.response import APIResponse, ConflictResponse
from allauth.headless.base.views import APIView
from allauth.headless.constants import Client
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import mail_typos, proving
from accounts.entrance_forms import ChangeAddressForm
from accounts.lasting_mail import LastingMail
from accounts.proving import SignsUpAgain
from accounts.waiting_page import ask_counter_code, told_to_app, waiting_now
from paspor.kernel import proof_door
from paspor.kernel.proof import ProofNeeded


class OpenWhileSignUpWaits:
    """Mixed into a way to sign in, before it: for whoever signed up here with an address that has
    an account. The letter says so, and allauth would lead back to the page that waits for a code.
    """

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponse | None:
        if stage.key == LoginStageKey.VERIFY_EMAIL:
            return None
        return super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]


class WebLoginView(OpenWhileSignUpWaits, LoginView):
    pass


class WebLoginCodeView(OpenWhileSignUpWaits, RequestLoginCodeView):
    pass


class WebSignupView(SignupView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProofNeeded as refusal:
            return self._ask_for_proof(form, refusal)

    def _ask_for_proof(self, form: Any, refusal: ProofNeeded) -> HttpResponse:
        now = timezone.now()
        # Whoever waits without a script sends this form again; it is never stored.
        if "password1" in form.fields:
            form.fields["password1"].widget.render_value = True
        about = {"purpose": refusal.purpose, "about": refusal.about, "now": now}
        wait = proof_door.wait_of(self.request, **about)
        proof = proof_door.proof_request(self.request, refusal, wait, now=now)
        return self.render_to_response(
            self.get_context_data(form=form, proof=proof), status=refusal.status
        )


class ChangeAddressView(WebSignupView):
    """Another address for whoever waits for a code after a sign-up in this browser."""

    template_name = "account/change_address.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if proving.waiting_sign_up(request) is None:
            return redirect("account_signup")
        return super().dispatch(request, *args, **kwargs)

    def _redirect_to_pending_stage(self, *_args: Any) -> None:
        """This is where the page that waits leads; allauth would lead back to it."""

    def get_form_class(self) -> type[ChangeAddressForm]:
        return ChangeAddressForm

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = super().get_form_kwargs()
        before = proving.waiting_address(self.request)
        if self.request.method == "POST" and "fix" in self.request.POST:
            asked["data"] = {"email": mail_typos.meant_address(before)}
        return asked | {"before": before}


class AppSignupInput(SignsUpAgain, LastingMail, SignupInput):
    pass


class AppSignupView(HeadlessSignupView):
    input_class = {"POST": AppSignupInput}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            return super().post(request, *args, **kwargs)


class AppAddEmailInput(LastingMail, AddEmailInput):
    pass


class AppEmailView(ManageEmailView):
    input_class = ManageEmailView.input_class | {"POST": AppAddEmailInput}

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.input.cleaned_data["email"].verified:
            return ConflictResponse(request)
        return super().put(request, *args, **kwargs)


class AppVerifyView(VerifyEmailView):
    """allauth answers 500 where the address has been verified meanwhile, as at a counter."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.process.email_address.verified:
            return ConflictResponse(request)
        return super().post(request, *args, **kwargs)


class AppWaitingView(APIView):
    """What the page that waits tells, for the app; POST asks for a code for the counter."""

    handle_json_input = False

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not proving.waiting_address(request):
            return ConflictResponse(request)
        return super().handle(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return APIResponse(request, data=told_to_app(request, now=timezone.now()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask_counter_code(request, now=timezone.now())
        return self.get(request)


login = WebLoginView.as_view()
login_code = WebLoginCodeView.as_view()
signup = WebSignupView.as_view()
change_address = ChangeAddressView.as_view()
app_signup = AppSignupView.as_api_view(client=Client.APP)
app_waiting = AppWaitingView.as_api_view(client=Client.APP)
app_verify = AppVerifyView.as_api_view(client=Client.APP)
app_email = AppEmailView.as_api_view(client=Client.APP)


@never_cache
@require_safe
def waiting_mail(request: HttpRequest) -> HttpResponse:
    """The state of the awaited mail alone, for the page that asks again and again.

    Opened by itself it leads to that page, or to where one is begun.
    """
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return redirect("account_email_verification_sent")
    return render(request, "account/_waiting_mail.html", {"waiting": waiting_now(request)})


@never_cache
@require_POST
def counter_code(request: HttpRequest) -> HttpResponse:
    """A code to show at a counter, for whoever waits here."""
    ask_counter_code(request, now=timezone.now())
    return redirect("account_email_verification_sent")


@require_safe
def mail_typo(request: HttpRequest) -> HttpResponse:
    """What a domain was probably meant to be. The address itself is never sent here."""
    return JsonResponse({"meant": mail_typos.meant_domain(request.GET.get("domain", "")[:253])})
