"""Refusals as the API says them: RFC 9457, `application/problem+json`.

``code`` is stable and for programs, ``detail`` is a sentence for people in the language
they asked for, ``instance`` is the id of the request, as in the log.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, time
from http import HTTPStatus
from typing import Any

import psycopg
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from rest_framework import exceptions
from rest_framework.response import Response

from paspor.kernel import counting, formatting
from paspor.kernel.errors import N_, Busy, DomainError, Invalid, NotAllowed, NotFound

CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: N_("Permintaan tidak dapat dibaca"),
    401: N_("Belum masuk"),
    403: N_("Tidak berwenang"),
    404: N_("Tidak ditemukan"),
    405: N_("Metode tidak didukung"),
    406: N_("Bentuk jawaban tidak tersedia"),
    409: N_("Tidak dapat dilakukan sekarang"),
    413: N_("Permintaan terlalu besar"),
    415: N_("Jenis isi tidak didukung"),
    422: N_("Isian perlu diperbaiki"),
    428: N_("Pemeriksaan keamanan diperlukan"),
    429: N_("Terlalu banyak permintaan"),
    500: N_("Gangguan di pihak kami"),
    503: N_("Layanan sedang tidak tersedia"),
}


class NotSignedIn(DomainError):
    code = "not_signed_in"
    status = 401
    message = N_("Silakan masuk terlebih dahulu.")


class Malformed(DomainError):
    code = "malformed"
    status = 400
    message = N_("Isi permintaan tidak dapat dibaca.")


class MethodNotAllowed(DomainError):
    code = "method_not_allowed"
    status = 405
    message = N_("Metode ini tidak didukung di alamat ini.")


class NotAcceptable(DomainError):
    code = "not_acceptable"
    status = 406
    message = N_("Jawaban hanya tersedia sebagai JSON.")


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    message = N_("Permintaan ini terlalu besar.")


class UnsupportedMediaType(DomainError):
    code = "unsupported_media_type"
    status = 415
    message = N_("Kirimkan isi sebagai application/json.")


class TooManyRequests(DomainError):
    code = "too_many_requests"
    status = 429
    message = N_("Terlalu banyak permintaan dalam waktu singkat. Coba lagi %(wait)s.")

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after, wait=lazy(formatting.wait, str)(retry_after))


class Broken(DomainError):
    code = "internal_error"
    status = 500
    message = N_("Terjadi gangguan di pihak kami. Silakan coba lagi nanti.")


class Unavailable(DomainError):
    code = "unavailable"
    status = 503
    message = N_("Layanan sedang tidak tersedia. Silakan coba lagi sesaat lagi.")

    def __init__(self) -> None:
        """Not all come back in the same second."""
        super().__init__(retry_after=5 + secrets.randbelow(11))


# Subclasses stand before their bases.
SAME: tuple[tuple[type[Exception], type[DomainError]], ...] = (
    (exceptions.NotAuthenticated, NotSignedIn),
    (exceptions.AuthenticationFailed, NotSignedIn),
    (exceptions.PermissionDenied, NotAllowed),
    (PermissionDenied, NotAllowed),
    (exceptions.NotFound, NotFound),
    (Http404, NotFound),
    (exceptions.MethodNotAllowed, MethodNotAllowed),
    (exceptions.NotAcceptable, NotAcceptable),
    (exceptions.UnsupportedMediaType, UnsupportedMediaType),
    (exceptions.ParseError, Malformed),
    (RequestDataTooBig, TooLarge),
)
# What the database says when somebody else holds what we need. A statement that took too
# long is none of these: the database is slow, whoever asks.
TRANSIENT = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


def lead(error: DomainError) -> dict[str, str] | None:
    """Where whoever is refused so is led, for the pages."""
    return (
        {"href": reverse(error.leads_to), "text": gettext(error.lead)} if error.leads_to else None
    )


def sentence(error: DomainError) -> str:
    """The error's text in the active language, with its values filled in."""
    return _filled(error.message, error.params)


def field_texts(error: DomainError) -> dict[str, list[str]]:
    return {
        name: [_filled(text, error.params) for text in texts]
        for name, texts in error.fields.items()
    }


def put_on(
    form: BaseForm,
    error: DomainError,
    *,
    names: Mapping[str, str] | None = None,
    with_sentence: bool = False,
) -> None:
    """Show a refusal at the fields that it names, and at the top what the form has no field for.

    ``names`` are the form's own names for fields that it calls otherwise. The whole sentence
    stands at the top where nothing else is said; ``with_sentence`` also where something is,
    unless a field says the very same.
    """
    whole, said, top = sentence(error), [], []
    for name, texts in field_texts(error).items():
        field = name if name in form.fields else (names or {}).get(name, name)
        if field in form.fields:
            form.add_error(field, texts or [whole])
            said += texts or [whole]
        else:
            top += texts
    if not (said or top) or (with_sentence and whole not in said):
        top.append(whole)
    if top:
        form.add_error(None, list(dict.fromkeys(top)))


def _filled(text: str, params: Mapping[str, Any]) -> str:
    translated = gettext(text) if text else ""
    said = {name: _as_words(value) for name, value in params.items()}
    return translated % said if said else translated


def _as_words(value: Any) -> Any:
    if isinstance(value, datetime):
        return formatting.moment(value)
    return formatting.clock(value) if isinstance(value, time) else value


def as_domain_error(error: Exception) -> DomainError | None:
    """What a refusal of Django, DRF or the database is called here; None for a bug."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Invalid(fields=_flat(error.detail))
    if isinstance(error, exceptions.Throttled):
        return TooManyRequests(retry_after=int(error.wait or 1))
    if isinstance(error, DatabaseError | InterfaceError):
        return _from_database(error)
    return next((ours() for theirs, ours in SAME if isinstance(error, theirs)), None)


def refusal_of_ours(error: Exception) -> DomainError | None:
    """Without what Django itself turns into a page: 404, missing permission, bad request."""
    if isinstance(error, DomainError):
        return error
    return _from_database(error) if isinstance(error, DatabaseError | InterfaceError) else None


def _from_database(error: Exception) -> DomainError | None:
    if isinstance(error.__cause__, psycopg.DataError) and "NUL" in str(error):
        return Malformed()  # no text of anybody's holds this character
    if isinstance(error.__cause__, TRANSIENT):
        return Busy()
    if isinstance(error, OperationalError | InterfaceError):
        return Unavailable()
    return None


def _flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Nested messages of serializers as {"places.0.kind": ["..."]}; "_" is the whole."""
    if isinstance(detail, Mapping):
        pairs = [(_below(name, key), value) for key, value in detail.items()]
    elif any(isinstance(item, Mapping | list) for item in detail):
        pairs = [(_below(name, str(number)), value) for number, value in enumerate(detail)]
    else:
        return {name or "_": [str(text) for text in detail]} if detail else {}
    return {key: texts for inner, value in pairs for key, texts in _flat(value, inner).items()}


def _below(name: str, key: str) -> str:
    if key == "non_field_errors":
        return name
    return f"{name}.{key}" if name else str(key)


def problem(error: DomainError, request: Any) -> dict[str, Any]:
    """The body. Call within the reader's language."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": gettext(TITLES.get(error.status) or HTTPStatus(error.status).phrase),
        "status": error.status,
        "code": error.code,
        "detail": sentence(error),
        "instance": getattr(request, "id", ""),
    }
    if error.fields:
        body["fields"] = field_texts(error)
    if error.retry_after is not None:
        body["retry_after"] = error.retry_after
    return error.extras | body


def headers(error: DomainError) -> dict[str, str]:
    return {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. What is not a refusal is a bug: it is logged and answered by handler500."""
    refusal = as_domain_error(error)
    if refusal is None:
        return None
    counting.refused(refusal.code)
    request: HttpRequest = context["request"]
    body = problem(refusal, request)
    said = headers(refusal)
    if challenge := getattr(error, "auth_header", None):  # DRF sets it on a 401
        said["WWW-Authenticate"] = challenge
    response = Response(body, status=refusal.status, headers=said, content_type=CONTENT_TYPE)
    return as_expected(response) if not refusal.is_failure else response


def as_expected[Answer: HttpResponseBase](response: Answer) -> Answer:
    """Keep Django from writing an error for this 5xx; our own line of the request stays."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
