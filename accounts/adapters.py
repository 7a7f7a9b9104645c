"""Where django-allauth meets our house: its mails become Messages, its words ours."""

import hashlib
import secrets
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import entrance_limits, language_cookie, notices, proving, second_step
from accounts.models import Trace, User
from accounts.services import address_changes, lost_steps, messages, registration, traces
from paspor.kernel import origin
from paspor.kernel.problems import TooManyRequests

# Where the page that waits for a code finds the message it waits for, and since when.
WAITING_FOR = "accounts_waiting_for"
ASKED_AT = "accounts_code_asked_at"
CODE_LIFETIMES = {
    "email_confirmation": "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    "email_confirmation_signup": "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    "login_code": "ACCOUNT_LOGIN_BY_CODE_TIMEOUT",
    "password_reset_code": "ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT",
}
# Asked for at a sign-up; the other kinds when somebody cannot come in.
AT_SIGN_UP = {"email_confirmation", "email_confirmation_signup", "account_already_exists"}
# The period of login_failed in ACCOUNT_RATE_LIMITS, which only second factors use.
SECOND_FACTOR_SECONDS = 300
# Pages that wait for a code, with a button to send it again.
RESENDING = {"confirm-email", "account_confirm_login_code"}
# Told at most once in this time, whoever asks how often: nobody's mailbox is flooded.
ONCE_IN_SECONDS = {"account_already_exists": 900, "unknown_account": 900}
WAYS = {
    "reauthenticate": _("Pakai kata sandi"),
    "mfa_reauthenticate": _("Pakai kode dari aplikasi, atau kode cadangan"),
    "mfa_reauthenticate:webauthn": _("Pakai kunci keamanan"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Akun ini sedang tidak aktif."),
        "email_password_mismatch": _("Alamat e-mail atau kata sandi tidak cocok."),
        "email_taken": _("Alamat e-mail ini sudah dipakai akun lain."),
        "incorrect_code": _("Kode tidak cocok. Periksa kembali, atau minta kode baru."),
        "incorrect_password": _("Kata sandi tidak cocok."),
        "invalid_login": _("Alamat e-mail atau kata sandi tidak cocok."),
        "same_as_current": _("Isi dengan alamat yang berbeda dari yang sekarang."),
        # Said of a code alone: of passwords there is TooManyRequests, with its minutes.
        "too_many_login_attempts": _(
            "Terlalu banyak kode yang salah: kode itu tidak berlaku lagi. Yang baru dapat langsung "
            "diminta."
        ),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "too_many_login_attempts":
            raise TooManyRequests(retry_after=SECOND_FACTOR_SECONDS)
        return super().validation_error(code, *args)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Instead of allauth's own count, which strangers could use up."""
        entrance_limits.sign_in(request, credentials.get("email", ""))

    def login(self, request: HttpRequest, user: User) -> None:
        """Verifying may just have set the password that the session is sealed with."""
        user.refresh_from_db(fields=["password"])
        super().login(request, user)
        _trace(request, user, Trace.What.SIGN_IN)
        second_step.note_sign_in(request, user)
        proving.forget_others(request, user)

    def set_password(self, user: User, password: str) -> None:
        """Who is not signed in came by a code from the mailbox."""
        request = allauth_context.request
        if request is None or request.user != user:
            lost_steps.note_reset(user=user, now=timezone.now())
        else:
            user.password_by_mail_at = None
        super().set_password(user, password)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        entrance_limits.remember_device(request, user.email)
        response = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            language_cookie.remember(response, user.language)
        return response

    def generate_email_verification_code(self) -> str:
        """A code sent again counts here: where there is no account no mail is sent."""
        request = allauth_context.request
        _note_asking(request)
        if _is_resend(request):
            waiting = request.session[EMAIL_VERIFICATION_CODE_SESSION_KEY]
            entrance_limits.verify_code(request, waiting["email"])
        return super().generate_email_verification_code()

    def generate_login_code(self) -> str:
        _note_asking(allauth_context.request)
        return super().generate_login_code()

    def generate_password_reset_code(self) -> str:
        _note_asking(allauth_context.request)
        return super().generate_password_reset_code()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our own pages take a fresh sign-in for a proof, as the API does."""
        request = allauth_context.request
        if app == "accounts" and proving.proved_recently(request, request.user):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to prove oneself again, in our words."""
        return [
            way | {"description": WAYS.get(way["id"], way["description"])}
            for way in super().get_reauthentication_methods(user)
        ]

    def is_safe_url(self, url: str | None) -> bool:
        """allauth stumbles over an address that cannot be read ("http://[")."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        saved = super().save_user(request, user, form, commit)
        registration.begin(user=saved, language=get_language() or "", now=timezone.now())
        proving.remember_sign_up(request, saved, saved.password)
        _trace(request, saved, Trace.What.SIGN_UP)
        return saved

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """News of an account belong to it, also where they go to its former address."""
        super().send_notification_mail(
            template_prefix, user, (context or {}) | {"user": user}, email=email
        )

    @transaction.atomic
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind = template_prefix.rpartition("/")[2]
        _count_mail(kind, email)
        now = timezone.now()
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = user.language if user else get_language()
        if kind == notices.ADDRESS_CHANGED:
            context = context | _way_back(context, now)
        letter = notices.letter_of(kind, context, language=language)
        message = messages.enqueue_letter(
            letter,
            user=user,
            to=email,
            kind=kind,
            language=language,
            dedup_key=_dedup_key(kind, email, context.get("code", ""), now),
            not_after=_useful_until(kind, now),
            urgent=kind in CODE_LIFETIMES,
            now=now,
        )
        request = allauth_context.request
        if request is not None and kind not in notices.NEWS:
            request.session[WAITING_FOR] = message.code


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Langkah kedua ini tidak dapat dilepas."),
        "cannot_generate_recovery_codes": _(
            "Pasang dahulu aplikasi autentikator atau kunci keamanan."
        ),
        "incorrect_code": _("Kode tidak cocok. Tunggu kode berikutnya, lalu coba lagi."),
        "unverified_email": _("Pastikan dahulu alamat e-mail Anda."),
    }

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """A security key keeps what it is told; that is the account's code, not its row."""
        return super().get_public_key_credential_user_entity(user) | {"id": user.code.encode()}

    def build_totp_svg(self, url: str) -> str:
        """On white: phones do not read black on a dark page."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", xmldecl=False, light="white", border=4)
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Kunci %(number)s") % {"number": number}


def _trace(request: HttpRequest, user: User, what: Trace.What) -> None:
    traces.note(user=user, what=what, origin=origin.origin_of(request), now=timezone.now())


def _way_back(context: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the letter to the former address needs, so that its reader can undo the change."""
    change = address_changes.note(account=context["user"], former=context["from_email"], now=now)
    return {
        "token": address_changes.token_of(change),
        "until": address_changes.ends_at(change),
    }


def _note_asking(request: HttpRequest | None) -> None:
    if request is not None:
        request.session[ASKED_AT] = timezone.now().isoformat()


def _is_resend(request: HttpRequest | None) -> bool:
    """The button of the page that waits for a code, or the app's …/resend."""
    if request is None or request.resolver_match is None:
        return False
    by_button = (
        request.resolver_match.url_name in RESENDING and request.POST.get("action") == "resend"
    )
    return by_button or request.path_info.endswith("/resend")


def _count_mail(kind: str, email: str) -> None:
    request = allauth_context.request
    if request is None or kind in notices.NEWS or _is_resend(request):
        return
    count = entrance_limits.verify_code if kind in AT_SIGN_UP else entrance_limits.mail_code
    count(request, email)


def _useful_until(kind: str, now: datetime) -> datetime | None:
    lifetime = CODE_LIFETIMES.get(kind)
    return now + timedelta(seconds=getattr(settings, lifetime)) if lifetime else None


def _dedup_key(kind: str, email: str, code: str, now: datetime) -> str:
    """One message a code; one a quarter of an hour where there is none to protect."""
    period = ONCE_IN_SECONDS.get(kind)
    if code:
        once = code
    elif period:
        once = str(int(now.timestamp()) // period)
    else:
        once = secrets.token_hex(16)
    return f"{kind}:" + hashlib.sha256(f"{email.lower()}:{once}".encode()).hexdigest()
