"""What is done on a page before it is looked at."""

import uuid
from random import choice

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.models import Message
from tests.accounts.entering import PASSWORD, code_for
from tests.browser.visitor import Visitor
from tests.screens.page import Act

GUARDED = "kunci@contoh.test"
SUBMIT = "main form button[type=submit]"


def new_address() -> str:
    return f"{uuid.uuid4().hex[:8]}@contoh.test"


def send(visitor: Visitor, **said: str) -> None:
    """Fill these fields, and send what the browser itself would not let through.

    By Enter, which also reaches a form's unseen first button.
    """
    for name, value in said.items():
        visitor.page.locator(f"main input[name={name}]").fill(value)
    button = visitor.page.locator(SUBMIT).first
    button.evaluate("button => { button.form.noValidate = true; }")
    with visitor.page.expect_navigation():
        button.press("Enter")


def sent(**said: str) -> Act:
    return lambda visitor: send(visitor, **said)


def saved(visitor: Visitor) -> None:
    """The admin's form, as it was opened."""
    button = visitor.page.locator("input[name=_save]")
    button.evaluate("button => { button.form.noValidate = true; }")
    visitor.press(button)


def signed_up(visitor: Visitor) -> None:
    sign_up(visitor, new_address())


def sign_up(visitor: Visitor, address: str) -> None:
    visitor.page.get_by_label("pemberitahuan privasi", exact=False).check()
    send(visitor, email=address, password1=PASSWORD)


def asked_for_a_code(visitor: Visitor) -> None:
    send(visitor, email="baru@contoh.test")


def chose_a_new_password(visitor: Visitor) -> None:
    asked_for_a_code(visitor)
    send(visitor, code=code_for("baru@contoh.test"))


def signs_up(visitor: Visitor) -> None:
    visitor.page.goto("/akun/signup/")
    signed_up(visitor)


def signs_up_in_vain(visitor: Visitor) -> None:
    """To an address whose server refuses the mail: the other ways are offered at once."""
    address = new_address()
    visitor.page.goto("/akun/signup/")
    sign_up(visitor, address)
    Message.objects.filter(to=address).update(state=Message.State.REFUSED)


def types_the_password(visitor: Visitor) -> None:
    visitor.page.goto("/akun/reauthenticate/")
    send(visitor, password=PASSWORD)


def types_a_spare_code(visitor: Visitor) -> None:
    """Any of ten: each is good once, and two browsers may ask at the same time."""
    spare = Authenticator.objects.get(user__email=GUARDED, type="recovery_codes")
    visitor.page.goto("/akun/2fa/reauthenticate/")
    send(visitor, code=choice(RecoveryCodes(spare).get_unused_codes()))


def with_password(email: str) -> Act:
    """Signed in with the password and typed it once more, as pages of the account's safety ask."""

    def enter(visitor: Visitor) -> None:
        page = visitor.page
        page.goto("/akun/login/")
        send(visitor, login=email, password=PASSWORD)
        page.goto("/akun/reauthenticate/")
        send(visitor, password=PASSWORD)

    return enter


def with_password_only(email: str) -> Act:
    """Stopped at the second factor."""

    def enter(visitor: Visitor) -> None:
        visitor.page.goto("/akun/login/")
        send(visitor, login=email, password=PASSWORD)

    return enter


def looks_up(code: str, born: str) -> Act:
    def enter(visitor: Visitor) -> None:
        visitor.page.goto("/cek/")
        send(visitor, code=code, birth_date=born)

    return enter


def documented(visitor: Visitor) -> None:
    """The API's page is drawn by its script."""
    if visitor.javascript:
        visitor.page.locator(".opblock").first.wait_for()
