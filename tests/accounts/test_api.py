"""The account over the API: shapes, owners, refusals."""

import time
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Applicant, User
from accounts.services import messages
from tests.accounts.applicants import NOW, add, booked, visited
from tests.accounts.entering import Phone, person_with_account
from tests.factories import UserFactory, invented_nik

pytestmark = pytest.mark.django_db
SITI = {
    "name": "Siti Ma'ruf",
    "nik": "3171995708900001",
    "birth_date": "1990-08-17",
    "sex": "F",
}


@pytest.fixture
def owner() -> User:
    return UserFactory(email="warga@contoh.test")


@pytest.fixture
def api(owner: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(owner)
    return client


def test_me_shows_and_changes_language_and_phone(api: APIClient, owner: User):
    answer = api.patch("/api/v1/me", {"language": "en", "phone": "0812-3456-7890"})
    owner.refresh_from_db()
    assert answer.status_code == 200
    assert answer.json() == api.get("/api/v1/me").json()
    assert (owner.language, owner.phone) == ("en", "+6281234567890")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"language": "jv"}, "language"),
        ({"phone": "telepon"}, "phone"),
        ({"email": "lain@contoh.test"}, "email"),
        ({"phone": 8123456789}, "phone"),
    ],
)
def test_me_refuses_what_it_does_not_know(api: APIClient, body: dict[str, Any], field: str):
    answer = api.patch("/api/v1/me", body)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_an_applicant_is_added_masked_changed_and_removed(api: APIClient):
    made = api.post("/api/v1/applicants", SITI)
    assert made.status_code == 201
    shown = made.json()
    assert shown["nik"] == "••••••••••••0001"
    assert shown["warnings"] == []
    assert SITI["nik"] not in made.content.decode()

    path = f"/api/v1/applicants/{shown['code']}"
    changed = api.patch(path, {"kk": "3171990101100001", "name": "Siti"})
    assert (changed.json()["has_kk"], changed.json()["name"]) == (True, "Siti")
    assert api.get(path).json() == changed.json()
    listed = api.get("/api/v1/applicants").json()
    assert listed == {"limit": 5, "results": [changed.json()]}

    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.get("/api/v1/applicants").json()["results"] == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"nik": "317199570890000"}, "nik_invalid", "nik"),
        ({"nik": "ABCDEFGHIJKLMNOP"}, "nik_invalid", "nik"),
        ({"nik": "３１７１９９５７０８９００００１"}, "nik_invalid", "nik"),
        ({"nik": 3171995708900001}, "invalid", "nik"),
        ({"name": "A" * 200}, "name_invalid", "name"),
        ({"name": "A" * 201}, "invalid", "name"),
        ({"name": "ꦱꦸꦮꦂꦤꦶ"}, "name_invalid", "name"),
        ({"name": "Siti\u0000"}, "invalid", "name"),
        ({"birth_date": "1990-02-31"}, "invalid", "birth_date"),
        ({"birth_date": "2090-01-01"}, "birth_date_invalid", "birth_date"),
        ({"sex": "X"}, "invalid", "sex"),
        ({"birth_date": "2024-01-01"}, "guardian_needed", "guardian_declared"),
        ({"is_holder": "no"}, "invalid", "is_holder"),
        ({"nama": "Siti"}, "invalid", "nama"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    api: APIClient, change: dict[str, Any], code: str, field: str
):
    answer = api.post("/api/v1/applicants", SITI | change)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert list(answer.json()["fields"]) == [field]
    assert not Applicant.objects.exists()


def test_a_body_that_is_no_object_is_refused(api: APIClient):
    for body in ([], "teks", 5):
        assert api.post("/api/v1/applicants", body).status_code == 422
    raw = {"content_type": "application/json"}
    assert api.post("/api/v1/applicants", b"{", **raw).status_code == 400
    assert api.post("/api/v1/applicants", b"x=1", content_type="text/plain").status_code == 415


def test_the_sixth_and_the_double_are_conflicts(api: APIClient, owner: User):
    assert api.post("/api/v1/applicants", SITI).status_code == 201
    assert api.post("/api/v1/applicants", SITI).json()["code"] == "applicant_exists"
    for number in range(2, 6):
        add(owner, number)
    answer = api.post("/api/v1/applicants", SITI | {"nik": invented_nik(9), "sex": "M"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_applicants")
    assert "5" in answer.json()["detail"]


def test_a_booked_applicant_is_a_conflict(api: APIClient, owner: User):
    row = add(owner)
    booked(row)
    path = f"/api/v1/applicants/{row.code}"
    assert api.patch(path, {"name": "Lain"}).json()["code"] == "applicant_locked"
    assert api.delete(path).json()["code"] == "applicant_booked"


def test_an_applicant_with_visits_behind_is_corrected_by_adding_anew(api: APIClient, owner: User):
    row = add(owner)
    visited(row)
    path = f"/api/v1/applicants/{row.code}"
    assert api.patch(path, {"nik": invented_nik(7)}).json()["code"] == "applicant_has_visits"
    assert api.patch(path, {"kk": "3171990101100001"}).status_code == 200
    assert api.delete(path).status_code == 204


def test_somebody_elses_applicant_is_not_there(api: APIClient):
    row = add(UserFactory())
    for act in (api.get, api.patch, api.delete):
        answer = act(f"/api/v1/applicants/{row.code}")
        assert answer.status_code == 404


def test_the_language_of_an_error_is_the_one_asked_for(api: APIClient):
    answer = api.post("/api/v1/applicants", SITI | {"nik": "1"})
    assert "16 angka" in answer.json()["fields"]["nik"][0]


def test_messages_show_their_state_and_mask_the_address(api: APIClient, owner: User):
    for user, key in ((owner, "a"), (UserFactory(), "b")):
        messages.enqueue(
            user=user,
            to=user.email,
            kind="uji",
            language="id",
            subject="Halo",
            text="rahasia",
            html="",
            dedup_key=key,
            now=NOW,
        )
    page = api.get("/api/v1/messages").json()
    assert page["count"] == 1
    [message] = page["results"]
    assert (message["to"], message["state"]) == ("w•••@contoh.test", "QUEUED")
    assert message["state_text"] == "menunggu dikirim"
    assert "rahasia" not in str(page)


@pytest.mark.parametrize("path", ["me", "me/export", "applicants", "applicants/X", "messages"])
def test_a_stranger_is_401_everywhere(client: Client, path: str):
    assert client.get(f"/api/v1/{path}").status_code == 401


def test_export_and_erasure_want_a_fresh_sign_in(api: APIClient):
    for answer in (api.get("/api/v1/me/export"), api.delete("/api/v1/me")):
        assert (answer.status_code, answer.json()["code"]) == (403, "recent_sign_in_needed")


def test_export_and_erasure_after_a_fresh_sign_in():
    user = person_with_account()
    add(user)
    phone = Phone().sign_in(user)

    held = phone.send("GET", "/api/v1/me/export").json()
    assert held["applicants"][0]["nik"] == invented_nik(1)

    assert phone.send("DELETE", "/api/v1/me").status_code == 204
    assert phone.send("GET", "/api/v1/me").status_code == 401


def test_a_sign_in_of_an_hour_ago_is_not_fresh(monkeypatch: pytest.MonkeyPatch):
    phone = Phone().sign_in(person_with_account())
    later = time.time() + 3600
    monkeypatch.setattr("accounts.proving.time.time", lambda: later)
    assert phone.send("DELETE", "/api/v1/me").status_code == 403
