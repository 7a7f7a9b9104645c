"""What the owner of an address is told that nothing can be sent to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts import selectors
from accounts.models import Suppression, User

TEXTS = {
    Suppression.Why.BOUNCE: _(
        "Server penerima mengatakan kotak surat ini tidak ada. Surat kami tidak dikirim ke sana "
        "sampai Anda memastikannya, atau mengganti alamat."
    ),
    Suppression.Why.COMPLAINT: _(
        "Surat kami ditandai sebagai spam di kotak surat ini. Surat kami tidak dikirim ke sana "
        "sampai Anda memastikan bahwa Anda menginginkannya, atau mengganti alamat."
    ),
}


@dataclass(frozen=True)
class MailTrouble:
    """``said`` is what the recipient's server answered, in its own words."""

    address: str
    why: str
    text: str | Promise
    said: str
    since: datetime


def trouble_of_account(user: User) -> MailTrouble | None:
    row = selectors.mail_trouble_of(user)
    if row is None:
        return None
    text = TEXTS[Suppression.Why(row.why)]
    return MailTrouble(address=user.email, why=row.why, text=text, said=row.said, since=row.at)


def mail_trouble(request: HttpRequest) -> dict[str, Any]:
    """A template's context: asked for only where a page shows it."""
    return {"mail_trouble": SimpleLazyObject(lambda: _for_visitor(request))}


def _for_visitor(request: HttpRequest) -> MailTrouble | None:
    """Read with the account itself (accounts.backends); asked for where there is trouble."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not getattr(user, "is_suppressed", True):
        return None
    return trouble_of_account(user)
