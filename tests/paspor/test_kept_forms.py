"""What was typed waits in the session, unread by others, and is told once, where it was typed."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from paspor.kernel import kept_forms

PATH = "/loket/KANIM-UJI/datang-langsung/"
SAID = {"name": "Sari Dewi", "nik": "9901014107900001"}


@pytest.fixture
def session() -> SessionStore:
    return SessionStore()


def request(session: SessionStore, path: str = PATH, said: dict | None = None) -> HttpRequest:
    made = RequestFactory().post(path, said) if said else RequestFactory().get(path)
    made.session = session
    return made


def test_it_is_there_once_at_its_own_page(session):
    kept_forms.keep(request(session, said=SAID | {"token": "t", "csrfmiddlewaretoken": "c"}))

    assert kept_forms.kept(request(session, "/lain/")) is None
    assert kept_forms.kept(request(session)).dict() == SAID
    assert kept_forms.kept(request(session)) is None


def test_a_session_shows_nothing_of_it(session):
    kept_forms.keep(request(session, said=SAID))
    assert not any(value in str(dict(session.items())) for value in SAID.values())


def test_it_opens_at_no_other_page(session):
    kept_forms.keep(request(session, said=SAID))
    session[kept_forms.KEPT] |= {"path": "/lain/"}
    assert kept_forms.kept(request(session, "/lain/")) is None


def test_what_an_older_release_kept_is_no_error(session):
    session[kept_forms.KEPT] = {"path": PATH, "said": "name=Sari"}
    assert kept_forms.kept(request(session)) is None


def test_a_session_is_no_store_for_whatever_is_sent(session):
    kept_forms.keep(request(session, said={"note": "x" * (kept_forms.MOST_KEPT + 1)}))
    assert kept_forms.KEPT not in session
