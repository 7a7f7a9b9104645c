"""For whoever waits for a code from a mail in vain: a code to a phone instead."""

from collections.abc import Callable

from allauth.headless.base.response import APIResponse, ConflictResponse
from allauth.headless.base.views import APIView
from allauth.headless.constants import Client
from allauth.headless.internal.restkit import inputs
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import proving, text_page
from accounts.errors import TextsOff
from accounts.forms import TextCodeForm, TextPhoneForm
from accounts.waiting_page import told_to_app, waiting_now
from paspor.kernel import problems
from paspor.kernel.errors import DomainError

WAITING = "account_email_verification_sent"
Page = Callable[[HttpRequest], HttpResponse]


def _for_who_waits(page: Page) -> Page:
    """Where it is not offered, or no longer needed, the page that waits says what is."""

    @never_cache
    def wrapper(request: HttpRequest) -> HttpResponse:
        waiting = waiting_now(request)
        if not waiting.text_by or waiting.is_verified_by_text:
            return redirect(WAITING)
        return page(request)

    return wrapper


@require_http_methods(["GET", "HEAD", "POST"])
@_for_who_waits
def page(request: HttpRequest) -> HttpResponse:
    """Where the text is, and a field for its code."""
    if request.method != "POST":
        return _page(request)
    form = TextCodeForm(request.POST)
    if form.is_valid():
        try:
            text_page.prove(request, code=form.cleaned_data["code"], now=timezone.now())
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            return redirect(WAITING)
    return _page(request, code_form=form)


@require_POST
@_for_who_waits
def send(request: HttpRequest) -> HttpResponse:
    form = TextPhoneForm(request.POST, before=_before(request))
    if form.is_valid():
        try:
            text_page.send(request, phone=form.cleaned_data["phone"], now=timezone.now())
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            return redirect("accounts:text-code")
    return _page(request, phone_form=form)


def _before(request: HttpRequest) -> str:
    text = text_page.sent(request, now=timezone.now())
    return text.to if text else ""


def _page(
    request: HttpRequest,
    *,
    phone_form: TextPhoneForm | None = None,
    code_form: TextCodeForm | None = None,
) -> HttpResponse:
    shown = {
        "phone_form": phone_form or TextPhoneForm(before=_before(request)),
        "code_form": code_form or TextCodeForm(),
        "by": text_page.name(),
        "text": text_page.sent(request, now=timezone.now()),
    }
    return render(request, "account/text_code.html", shown)


@never_cache
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """The state of the text alone, for the page that asks again and again."""
    shown = {"text": text_page.sent(request, now=timezone.now())}
    return render(request, "account/_text_state.html", shown)


class PhoneInput(inputs.Input):
    phone = inputs.CharField(max_length=30, required=False)


class CodeInput(inputs.Input):
    code = inputs.CharField(max_length=20)


class _AppView(APIView):
    def handle(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not proving.waiting_address(request):
            return ConflictResponse(request)
        return super().handle(request, *args, **kwargs)

    def _told(self, request: HttpRequest) -> HttpResponse:
        return APIResponse(request, data=told_to_app(request, now=timezone.now()))


class AppTextView(_AppView):
    """Have a code sent to a phone; refused until it is offered."""

    input_class = {"POST": PhoneInput}

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not waiting_now(request).text_by:
            raise TextsOff
        text_page.send(request, phone=self.input.cleaned_data["phone"], now=timezone.now())
        return self._told(request)


class AppTextConfirmView(_AppView):
    input_class = {"POST": CodeInput}

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        text_page.prove(request, code=self.input.cleaned_data["code"], now=timezone.now())
        return self._told(request)


app_text = AppTextView.as_api_view(client=Client.APP)
app_text_confirm = AppTextConfirmView.as_api_view(client=Client.APP)
