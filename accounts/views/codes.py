"""Pages that wait for a code: where they lead when no code can do any more."""

from typing import Any

from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.views import ConfirmEmailVerificationCodeView, ConfirmPasswordResetCodeView
from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class ConfirmEmailView(ConfirmEmailVerificationCodeView):
    """After a sign-up, and where whoever is signed in changes their address."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.POST.get("action") != "cancel" or self.stage:
            return super().post(*args, **kwargs)
        self._process.abort()
        return self._unchanged()

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.has_error("code", "email_taken"):
            return self._taken()
        answer = super().form_invalid(form)
        if answer.status_code == 302 and self.request.user.is_authenticated:
            return self._unchanged()
        return answer

    def _unchanged(self) -> HttpResponse:
        flash.info(self.request, _("Alamat e-mail Anda tidak diganti."))
        return redirect("account_email")

    def _taken(self) -> HttpResponse:
        """The code was right, and no code can do: another account has the address."""
        self._process.abort()
        flash.error(
            self.request,
            _(
                "Alamat itu sudah dipakai akun lain, jadi alamat Anda tidak diganti. Pakai alamat "
                "lain, atau hapus dahulu akun itu."
            ),
        )
        return redirect("account_email")


class ConfirmResetView(ConfirmPasswordResetCodeView):
    """Also sends the code again, as the other pages do that wait for one."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.POST.get("action") != "resend":
            return super().post(*args, **kwargs)
        waits = self._process
        PasswordResetVerificationProcess.initiate(
            request=self.request, user=waits.user, email=waits.state["email"]
        )
        return redirect("account_confirm_password_reset_code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"can_resend": True}

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        return redirect("account_reset_password") if answer.status_code == 302 else answer


confirm_email = ConfirmEmailView.as_view()
confirm_reset = ConfirmResetView.as_view()
