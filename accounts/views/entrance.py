"""Doors of allauth that must be all or nothing: the account, its consent, its message."""

from typing import Any

from allauth.account.views import SignupView
from allauth.headless.account.inputs import SignupInput
from allauth.headless.account.views import SignupView as HeadlessSignupView
from allauth.headless.constants import Client
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.proving import SignsUpAgain


class WebSignupView(SignupView):
    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)


class AppSignupInput(SignsUpAgain, SignupInput):
    pass


class AppSignupView(HeadlessSignupView):
    input_class = {"POST": AppSignupInput}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            return super().post(request, *args, **kwargs)


signup = WebSignupView.as_view()
app_signup = AppSignupView.as_api_view(client=Client.APP)


@never_cache
@require_safe
def waiting_mail(request: HttpRequest) -> HttpResponse:
    """The state of the awaited mail alone, for the page that asks again and again."""
    return render(request, "account/_waiting_mail.html")
