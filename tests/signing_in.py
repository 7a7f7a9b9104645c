"""Signing in for tests, with the session written once.

Django's test client writes it empty, then under a new key, then full, and a second factor writes
it a fourth time: some twenty statements where four do. Doors are tried by signing in at them.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.cached_db import SessionStore
from django.http import HttpRequest
from django.test.client import ClientMixin

from accounts.models import User

as_django_does = ClientMixin._login


class Unwritten(SessionStore):
    """A session under a key of its own, not written yet."""

    # Django signs the row with the name of the class; whoever reads it without a cache is another.
    key_salt = SessionStore().key_salt

    def cycle_key(self) -> None:
        self._session_key = self._get_new_session_key()

    def exists(self, _key: str) -> bool:
        return False


def sign_in(
    client: ClientMixin,
    user: User,
    backend: str | None = None,
    *,
    complete: Callable[[SessionStore], None] = lambda _session: None,
) -> None:
    """What ``force_login`` does; a browser that has a session already goes on with that."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        as_django_does(client, user, backend)
        return
    request = HttpRequest()
    request.session = Unwritten()
    login(request, user, backend)
    complete(request.session)
    request.session.save(must_create=True)
    client._set_login_cookies(request)
