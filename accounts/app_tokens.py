"""The token of the mobile app, which is the key of its session."""

from importlib import import_module

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase


class SessionTokens(SessionTokenStrategy):
    def lookup_session(self, session_token: str) -> SessionBase | None:
        """Read at once; allauth asks whether it is there before reading it."""
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_token)
        # A session that is not there, or over, loses its key as it is read.
        session.get(SESSION_KEY)
        return session if session.session_key else None
