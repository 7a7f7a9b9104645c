"""A new address must be of a mailbox that lasts: asked at sign-up and where it is changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from accounts import mail_typos, selectors
from accounts.errors import MailDisposable


class LastingMail:
    """Mixed into a form of allauth's that takes a new address, before it.

    Asked of the domain alone, so the answer tells nothing of who has an account.
    """

    def clean_email(self) -> str:
        form: Any = super()
        email = form.clean_email()
        if email and selectors.is_disposable(email):
            raise ValidationError(_refusal(email), code=MailDisposable.code)
        return email


def _refusal(email: str) -> str:
    """Lists of throw-away domains hold mistyped ones too: whoever slipped is told so."""
    meant = mail_typos.meant_address(email)
    if meant:
        return gettext("Alamat ini tidak dapat dipakai. Mungkin maksud Anda %(meant)s.") % {
            "meant": meant
        }
    return gettext(MailDisposable.message)
