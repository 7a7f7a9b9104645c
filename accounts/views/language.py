"""The switch of the pages' language, which is the language of the account's mails too."""

from django.http import HttpRequest, HttpResponseBase
from django.views.i18n import set_language

from accounts.models import User
from accounts.services import registration


def choose_language(request: HttpRequest) -> HttpResponseBase:
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in User.Language.values:
        registration.change_account(user=request.user, language=chosen)
    return set_language(request)
