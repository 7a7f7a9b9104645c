"""Whose turn it is, signed, so that a waiting page is served without asking who that is.

A browser carries it as a cookie, the mobile app as a header. It lets nobody in by itself:
who books signs in, and turns belong to accounts.
"""

from dataclasses import astuple, dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

COOKIE = "paspor_turn"
HEADER = "X-Turn"
SALT = "paspor.turn"
LIVES_SECONDS = 2 * 3600
MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class Token:
    """``back``: the page that its reader wanted; ``not_before``: a moment in seconds."""

    account: str
    back: str = ""
    not_before: int = 0


def issue(token: Token) -> str:
    return signing.dumps(astuple(token), salt=SALT, compress=True)


def read(text: str) -> Token | None:
    """None for what we have not issued, or long ago."""
    if not text or len(text) > MOST_CHARACTERS:
        return None
    try:
        return Token(*signing.loads(text, salt=SALT, max_age=LIVES_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def give(response: HttpResponse, token: Token) -> None:
    """The turn as a cookie. A page whose address is too long to be kept is not come back to."""
    text = issue(token)
    if len(text) > MOST_CHARACTERS:
        text = issue(Token(token.account, not_before=token.not_before))
    response.set_cookie(
        COOKIE,
        text,
        max_age=LIVES_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def take_back(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
