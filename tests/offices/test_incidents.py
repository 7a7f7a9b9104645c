"""What is broken: once for a part and a scope, by those who may, on the pages concerned."""

from datetime import timedelta

import pytest
from django.test import Client

from offices.errors import IncidentInvalid, IncidentLive, IncidentOver
from offices.models import Incident, Office
from offices.services import incidents
from offices.services.incidents import IncidentWish, Texts
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import IncidentFactory, OfficeFactory
from tests.offices.conftest import NOW

pytestmark = pytest.mark.django_db
TEXTS = Texts("Pemesanan terganggu", "Booking is disturbed")


def wish(office: Office | None, **changes: object) -> IncidentWish:
    return IncidentWish(office, "BOOKING", **({"texts": TEXTS} | changes))


def test_a_life_of_an_incident_is_logged(officer, kanim):
    head = officer("HEAD", kanim)
    incident = incidents.open_incident(officer=head, wish=wish(kanim), now=NOW)
    ends = NOW + timedelta(hours=1)
    incidents.update(officer=head, incident=incident, texts=TEXTS, expected_end=ends, now=NOW)
    incidents.close(officer=head, incident=incident, now=NOW + timedelta(minutes=5))

    acts = AuditEvent.objects.filter(subject=f"incident:{incident.code}").order_by("id")
    assert [(event.act, event.stream) for event in acts] == [
        ("open_incident", kanim.code),
        ("update_incident", kanim.code),
        ("close_incident", kanim.code),
    ]
    assert incident.updates.count() == 1
    with pytest.raises(IncidentOver):
        incidents.close(officer=head, incident=incident, now=NOW)


def test_one_live_for_a_part_and_a_scope(officer, kanim):
    sistik = officer("SISTIK")
    incidents.open_incident(officer=sistik, wish=wish(None), now=NOW)
    incidents.open_incident(officer=sistik, wish=wish(kanim), now=NOW)

    with pytest.raises(IncidentLive):
        incidents.open_incident(officer=sistik, wish=wish(None), now=NOW)


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER", "HEAD"])
def test_an_office_speaks_for_itself_alone(officer, kanim, role: str):
    with pytest.raises(NotAllowed):
        incidents.open_incident(officer=officer(role, kanim), wish=wish(None), now=NOW)


def test_every_field_at_fault_is_named(officer):
    bad = wish(
        None,
        texts=Texts(" ", "x" * 1_000_000),
        started_at=NOW + timedelta(seconds=1),
        expected_end=NOW,
    )
    with pytest.raises(IncidentInvalid) as refusal:
        incidents.open_incident(officer=officer("SISTIK"), wish=bad, now=NOW)

    assert set(refusal.value.fields) == {"text_id", "text_en", "started_at", "expected_end"}


def test_a_watch_raises_once_and_ends_its_own_only(officer):
    told = {"part": "MAIL", "office": None}
    first = incidents.raise_by_watch(**told, texts=TEXTS, now=NOW)
    assert incidents.raise_by_watch(**told, texts=TEXTS, now=NOW) == first
    assert incidents.end_by_watch(**told, now=NOW)
    assert not incidents.end_by_watch(**told, now=NOW)

    incidents.open_incident(officer=officer("SISTIK"), wish=wish(None), now=NOW)
    assert not incidents.end_by_watch(part="BOOKING", office=None, now=NOW)
    assert Incident.objects.get(part="BOOKING").ended_at is None


def test_pages_and_api_say_what_concerns_them(
    client: Client, officer, kanim, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        incidents.open_incident(officer=officer("SISTIK"), wish=wish(kanim), now=NOW)

    assert TEXTS.id in client.get(f"/kantor/{kanim.code}/").content.decode()
    assert TEXTS.id not in client.get("/bantuan/").content.decode()
    english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    (told,) = client.get("/api/v1/incidents", **english).json()["results"]
    assert (told["office"], told["text"]) == (kanim.code, TEXTS.en)


def test_the_officers_admin_opens_adds_and_closes(officer, sign_in, kanim):
    client = sign_in(officer("HEAD", kanim))
    page = "/admin/offices/incident/"
    typed = {"part": "PRINTING", "text_id": "Pencetak rusak", "text_en": "Printer broken"}
    client.post(f"{page}add/", typed | {"office": kanim.pk})
    incident = Incident.objects.get()

    empty = client.post(f"{page}{incident.pk}/change/", {})
    errors = empty.context["adminform"].form.errors
    assert set(errors) == {"new_text_id", "new_text_en"}
    assert errors["new_text_id"] == ["Tuliskan apa yang terganggu."]
    words = {"new_text_id": "Suku cadang datang", "new_text_en": "Part arrived"}
    client.post(f"{page}{incident.pk}/change/", words)
    client.post(page, {"action": "close_incidents", "_selected_action": [incident.pk]})

    incident.refresh_from_db()
    assert incident.updates.get().text_en == "Part arrived"
    assert incident.ended_at is not None


def test_the_expected_end_is_told_by_the_offices_clock(client: Client):
    office = OfficeFactory(timezone="Asia/Makassar")
    IncidentFactory(office=office, expected_end=NOW + timedelta(hours=1))
    incidents.tell_pages()

    assert "23 November 2026, 12.00 WITA" in client.get(f"/kantor/{office.code}/").content.decode()
