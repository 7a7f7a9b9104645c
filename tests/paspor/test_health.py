"""What a load balancer asks."""

import pytest
from django.db import DatabaseError, OperationalError
from django.test import override_settings

from paspor import health


def test_live_asks_nobody(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


@override_settings(ALLOWED_HOSTS=["paspor.example"], SECURE_SSL_REDIRECT=True)
@pytest.mark.django_db
def test_both_answer_by_bare_address_and_without_https(client):
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 200
    assert client.get("/readyz", headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.django_db
def test_ready_with_database_and_cache(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok"}


@pytest.mark.django_db
@pytest.mark.usefixtures("dead_cache")
def test_a_dead_cache_is_told_but_does_not_fail(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["cache"] == "away"


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def refuse():
        raise OperationalError("host 10.0.0.9, user paspor_app")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert "10.0.0.9" not in response.text


@pytest.mark.django_db
def test_not_ready_when_a_migration_is_missing(client, monkeypatch):
    known = health._migrations()
    monkeypatch.setattr(health, "_migrations", lambda: known | {("queueing", "9999_later")})

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "not migrated"


@pytest.mark.django_db
def test_sessions_are_not_touched(client, monkeypatch):
    monkeypatch.setattr(
        "django.contrib.sessions.backends.cached_db.SessionStore.load",
        lambda self: (_ for _ in ()).throw(DatabaseError()),
    )
    client.cookies["sessionid"] = "x" * 32
    assert client.get("/readyz").status_code == 200
