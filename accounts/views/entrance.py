"""Doors of allauth that must be all or nothing: the account, its consent, its message."""

from typing import Any

from allauth.account.views import SignupView
from allauth.headless.account.inputs import AddEmailInput, SignupInput
from allauth.headless.account.views import ManageEmailView
from allauth.headless.account.views import SignupView as HeadlessSignupView
from allauth.headless.constants import Client
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.lasting_mail import LastingMail
from accounts.proving import SignsUpAgain
from paspor.kernel import proof_door
from paspor.kernel.proof import ProofNeeded


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
        form.fields["password1"].widget.render_value = True
        about = {"purpose": refusal.purpose, "about": refusal.about, "now": now}
        wait = proof_door.wait_of(self.request, **about)
        proof = proof_door.asked(self.request, refusal, wait, now=now)
        return self.render_to_response(
            self.get_context_data(form=form, proof=proof), status=refusal.status
        )


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


signup = WebSignupView.as_view()
app_signup = AppSignupView.as_api_view(client=Client.APP)
app_email = AppEmailView.as_api_view(client=Client.APP)


@never_cache
@require_safe
def waiting_mail(request: HttpRequest) -> HttpResponse:
    """The state of the awaited mail alone, for the page that asks again and again."""
    return render(request, "account/_waiting_mail.html")
