"""No id of our database leaves through the sign-in of the app: allauth's become opaque.

An account is called by its public code, a session or a security key by a digest that
only we can make.
"""

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.signals import authentication_step_completed
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.headless.mfa.inputs import DeleteWebAuthnInput, UpdateWebAuthnInput
from allauth.headless.mfa.views import AuthenticatorsView, ManageWebAuthnView
from allauth.headless.usersessions.inputs import SelectSessionsInput
from allauth.headless.usersessions.views import SessionsView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from accounts import app_lost_step, app_waiting
from accounts.models import User
from paspor.kernel.schema import may_need_proof

SESSION, KEY = "session", "security key"
NOBODYS = 0


def opaque(kind: str, pk: int) -> str:
    return salted_hmac(f"accounts.app_ids.{kind}", str(pk), algorithm="sha256").hexdigest()[:24]


def real(kind: str, said: Any, pks: Iterable[int]) -> int:
    """Which of these rows is meant; NOBODYS where none is."""
    return next((pk for pk in pks if opaque(kind, pk) == said), NOBODYS)


def _described(description: str, example: Any) -> Any:
    return dataclasses.field(metadata={"description": description, "example": example})


@dataclasses.dataclass
class AppUser:
    """What the app is told of the account; its schema is made of this."""

    id: str | None = _described("The account's code.", "9RB4T7KQ2M8X")
    display: str = _described("The display name for the user.", "siti@contoh.test")
    email: str | None = _described("The email address.", "siti@contoh.test")
    has_usable_password: bool = _described("Whether or not the account has a password set.", True)


class AppAdapter(DefaultHeadlessAdapter):
    def get_user_dataclass(self) -> type[AppUser]:
        return AppUser

    def user_as_dataclass(self, user: User) -> AppUser:
        return dataclasses.replace(super().user_as_dataclass(user), id=user.code)


@receiver(authentication_step_completed)
def forget_row_of_factor(request: HttpRequest, method: str, **_kwargs: Any) -> None:
    """allauth notes the row of a second factor, and tells it with the ways of signing in."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    for record in records:
        if method == "mfa" and record.pop("id", None):
            request.session.modified = True


class OpaqueIds:
    """Mixed into a view of allauth's, before it."""

    kind: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        said = json.loads(response.content)
        data = said.get("data")
        for entry in data if isinstance(data, list) else [data]:
            if isinstance(entry, dict) and isinstance(entry.get("id"), int):
                entry["id"] = opaque(self.kind, entry["id"])
        response.content = json.dumps(said)
        return response


def _keys_of(user: User) -> list[int]:
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return list(keys.values_list("pk", flat=True))


def _listed(kind: str, said: Any, pks: Iterable[int]) -> list[int]:
    known = list(pks)
    return [real(kind, each, known) for each in said] if isinstance(said, list) else []


class EndSessionsInput(SelectSessionsInput):
    def __init__(self, *, data: dict[str, Any], user: User) -> None:
        mine = UserSession.objects.filter(user=user).values_list("pk", flat=True)
        said = data.get("sessions")
        super().__init__(data=data | {"sessions": _listed(SESSION, said, mine)}, user=user)


class RenameKeyInput(UpdateWebAuthnInput):
    def __init__(self, *, data: dict[str, Any], user: User) -> None:
        super().__init__(data=data | {"id": real(KEY, data.get("id"), _keys_of(user))}, user=user)


class RemoveKeysInput(DeleteWebAuthnInput):
    def __init__(self, *, data: dict[str, Any], user: User) -> None:
        meant = _listed(KEY, data.get("authenticators"), _keys_of(user))
        super().__init__(data=data | {"authenticators": meant}, user=user)


class AppSessionsView(OpaqueIds, SessionsView):
    kind = SESSION
    input_class = {"DELETE": EndSessionsInput}


class AppFactorsView(OpaqueIds, AuthenticatorsView):
    kind = KEY


class AppKeysView(OpaqueIds, ManageWebAuthnView):
    kind = KEY
    input_class = ManageWebAuthnView.input_class | {
        "PUT": RenameKeyInput,
        "DELETE": RemoveKeysInput,
    }


def describe(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """What differs here from what allauth says: opaque ids, a proof to sign up, a conflict."""
    schemas = result["components"]["schemas"]
    text = {"type": "string", "example": "5f0c2b9a7e1d4c3b8a6f0e2d"}
    schemas["AllauthAuthenticatorID"] = text | {"description": "Authenticator ID."}
    schemas["AllauthSession"]["properties"]["id"] = text
    schemas["AllauthEndSessions"]["properties"]["sessions"]["items"] = text
    waiting = "/_allauth/app/v1/auth/email/"
    result["paths"][f"{waiting}waiting"] = app_waiting.PATH
    result["paths"][f"{waiting}text"] = app_waiting.TEXT_PATH
    result["paths"][f"{waiting}text/confirm"] = app_waiting.CONFIRM_PATH
    lost = "/_allauth/app/v1/auth/2fa/lost"
    result["paths"][lost] = app_lost_step.PATH
    result["paths"][f"{lost}/confirm"] = app_lost_step.CONFIRM_PATH
    resend = result["paths"]["/_allauth/app/v1/account/email"]["put"]
    resend["responses"]["409"] = app_waiting.conflict("The address is verified already.")
    may_need_proof(result["paths"]["/_allauth/app/v1/auth/signup"]["post"])
    return result
