"""Forms that act once: a second tap lands where the first one landed."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from paspor.kernel import idempotency, problems
from paspor.kernel.errors import DomainError
from paspor.kernel.idempotency import Keyed

TOKEN = "token"  # noqa: S105  # the name of a field
# Whoever is not signed in: no account has this id. Their tokens are long, and ours.
NOBODY = 0
# A second tap waits for the first, whose transaction is short, and lands where it lands.
TAP_PATIENCE = timedelta(seconds=5)


def new_token() -> str:
    return secrets.token_urlsafe(16)


def renew(form: forms.BaseForm) -> None:
    """Back, changed, sent again: a new wish, which needs a token of its own."""
    form.data = form.data.copy()
    form.data[TOKEN] = new_token()
    form.add_error(None, _("Isiannya berubah sejak dikirim. Periksa, lalu kirim lagi."))


def refuse(
    form: forms.BaseForm,
    error: DomainError,
    *,
    names: Mapping[str, str] | None = None,
    with_sentence: bool = False,
) -> None:
    """``problems.put_on`` for a form that acts once: one that was changed is a new wish."""
    if isinstance(error, idempotency.KeyReused):
        renew(form)
    else:
        problems.put_on(form, error, names=names, with_sentence=with_sentence)


def once(request: HttpRequest, work: Callable[[], str]) -> str:
    """The code that ``work`` gives; a second sending of the same form gets it again.

    Raises KeyReused where the form was changed after it had been carried out.
    """
    token = request.POST.get(TOKEN) or new_token()
    said = {name: request.POST.getlist(name) for name in sorted(request.POST)}
    said.pop("csrfmiddlewaretoken", None)
    said |= {name: [digest_of(file)] for name, file in sorted(request.FILES.items())}
    print_of = idempotency.fingerprint(
        "POST", request.get_full_path(), urlencode(said, doseq=True).encode()
    )

    keyed = Keyed(request.user.pk or NOBODY, f"web:{token}", print_of, timezone.now())
    _status, body, _replayed = idempotency.answer_once(
        keyed, lambda: (303, {"code": work()}), patience=TAP_PATIENCE
    )
    return body["code"]


def digest_of(file: UploadedFile) -> str:
    """Tells one file from another; the file can still be read from its beginning."""
    found = sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
