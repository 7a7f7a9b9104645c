"""The civil registry's adapters: what is sent, and what is believed of an answer."""

import base64
import datetime as dt
import logging
import re
from dataclasses import replace
from threading import Event

import pytest
from django.test import Client

from accounts.registry import simulator
from accounts.registry.interface import (
    Asked,
    NotConnected,
    RegistryAway,
    RegistryLimiting,
    verifier,
)
from accounts.registry.simulator import Simulator, Temper, known_kk
from paspor.kernel import outcall
from tests.accounts.registry_server import RegistryServer, registry_server
from tests.factories import invented_nik

__all__ = ["registry_server"]

BORN = dt.date(1990, 8, 17)
SARI = Asked(nik=invented_nik(11), name="Sari Dewi", birth_date=BORN, sex="F")
ALL_MATCH = {"found": True, "fields": {"name": "match", "birth_date": "match", "sex": "match"}}


def with_serial(serial: int) -> Asked:
    return replace(SARI, nik=f"{SARI.nik[:12]}{serial:04}")


def test_the_fields_of_one_person_are_sent_with_our_password(registry_server: RegistryServer):
    registry_server.says(200, ALL_MATCH)

    answer = verifier().verify(SARI)

    [(path, headers, said)] = registry_server.heard
    assert answer.is_found
    assert answer.matches == {"name": True, "birth_date": True, "sex": True}
    assert path == "/dukcapil/verify"
    assert headers["Authorization"] == f"Basic {base64.b64encode(b'imigrasi:rahasia').decode()}"
    assert said == {
        "nik": SARI.nik,
        "name": "Sari Dewi",
        "birth_date": "1990-08-17",
        "sex": "F",
    }


def test_further_fields_are_asked_about_where_they_are_given(registry_server: RegistryServer):
    fields = ALL_MATCH["fields"] | {"kk": "no_match", "birth_place": "match"}
    registry_server.says(200, {"found": True, "fields": fields})

    answer = verifier().verify(replace(SARI, kk="3171990101200011", birth_place="Jakarta"))

    assert answer.matches["kk"] is False
    assert registry_server.heard[0][2]["kk"] == "3171990101200011"


def test_an_unknown_nik_is_not_found(registry_server: RegistryServer):
    registry_server.says(200, {"found": False})
    assert not verifier().verify(SARI).is_found


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html>Gateway</html>",
        b"\xff\xfe",
        b"[" * 5000,
        {},
        [],
        {"found": 0},
        {"found": "false"},
        {"found": False, "reason": "x"},
        {"found": True},
        {"found": True, "fields": {}},
        {"found": True, "fields": {"name": "match"}},
        {"found": True, "fields": ALL_MATCH["fields"] | {"kk": "match"}},
        {"found": True, "fields": ALL_MATCH["fields"] | {"sex": True}},
        {"found": True, "fields": ALL_MATCH["fields"] | {"sex": []}},
        ALL_MATCH | {"name": "Sari Dewi"},
        b" " * (outcall.LONGEST_ANSWER + 1),
    ],
)
def test_what_was_not_agreed_is_no_answer(registry_server: RegistryServer, garbage):
    registry_server.says(200, garbage)
    with pytest.raises(RegistryAway):
        verifier().verify(SARI)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 500, 502, 503])
def test_any_other_status_is_a_registry_that_is_away(registry_server: RegistryServer, status):
    registry_server.says(status, {"found": False}, Location="http://127.0.0.1:9/")
    with pytest.raises(RegistryAway, match=str(status)):
        verifier().verify(SARI)
    assert len(registry_server.heard) == 1


@pytest.mark.parametrize(
    ("told", "pause"), [("45", 45), ("0", 1), ("999999", 3600), ("soon", 60), ("", 60), ("٣", 60)]
)
def test_a_limiting_registry_says_when_to_come_back(
    registry_server: RegistryServer, told: str, pause: int
):
    headers = {"Retry_After": told} if told.isascii() else {}
    registry_server.says(429, b"", **headers)
    with pytest.raises(RegistryLimiting) as limit:
        verifier().verify(SARI)
    assert limit.value.retry_after == pause


def test_a_silent_registry_is_not_waited_for(registry_server: RegistryServer, monkeypatch):
    over = Event()
    monkeypatch.setattr(outcall, "SILENCE_SECONDS", 0.2)
    registry_server.says(200, over)
    with pytest.raises(RegistryAway, match="TimeoutError"):
        verifier().verify(SARI)
    over.set()


def test_a_registry_that_answers_forever_is_not_listened_to(
    registry_server: RegistryServer, monkeypatch
):
    monkeypatch.setattr(outcall, "WHOLE_SECONDS", -1)
    registry_server.says(200, ALL_MATCH)
    with pytest.raises(RegistryAway, match="too long"):
        verifier().verify(SARI)


def test_nobody_at_the_address_is_a_registry_that_is_away(registry_server: RegistryServer):
    registry_server.close()
    with pytest.raises(RegistryAway, match="ConnectionRefusedError"):
        verifier().verify(SARI)


def test_nothing_of_a_person_is_logged_or_shown_by_an_error(
    registry_server: RegistryServer, caplog
):
    caplog.set_level(logging.DEBUG)
    registry_server.says(200, f"{SARI.nik} {SARI.name}".encode())
    with pytest.raises(RegistryAway) as trouble:
        verifier().verify(SARI)
    told = f"{caplog.text} {trouble.value!r} {SARI!r}"
    assert not re.search(r"\d{16}|Sari", told)


def test_where_none_is_connected_the_registry_is_always_away():
    with pytest.raises(RegistryAway):
        NotConnected().verify(SARI)


@pytest.mark.parametrize(
    ("serial", "found", "differing"),
    [
        (11, True, []),
        (9099, True, []),
        (9100, True, ["name"]),
        (9199, True, ["name"]),
        (9200, True, ["birth_date"]),
        (9300, True, []),
        (9399, True, []),
        (9400, False, []),
        (9499, False, []),
        (9500, True, []),
    ],
)
def test_the_simulator_knows_a_nik_by_its_serial(serial: int, found: bool, differing: list[str]):
    answer = Simulator().verify(with_serial(serial))
    assert answer.is_found is found
    assert [name for name, fits in answer.matches.items() if not fits] == differing


@pytest.mark.parametrize("wrong", ["", "kk", "mother_name", "birth_place"])
def test_the_simulator_judges_further_fields(wrong: str):
    true = {
        "kk": known_kk(SARI.nik),
        "mother_name": "ibu pertiwi",
        "birth_place": "JAKARTA",
    }
    answer = Simulator().verify(replace(SARI, **(true | ({wrong: "lain"} if wrong else {}))))
    assert [name for name, fits in answer.matches.items() if not fits] == [wrong] * bool(wrong)


def test_its_temper_is_shared_and_can_be_switched(monkeypatch):
    monkeypatch.setattr(simulator, "SLOW_SECONDS", 0)
    assert simulator.temper() is Temper.NORMAL
    simulator.set_temper(Temper.DOWN)
    with pytest.raises(RegistryAway):
        Simulator().verify(SARI)
    simulator.set_temper(Temper.LIMITING)
    with pytest.raises(RegistryLimiting):
        Simulator().verify(SARI)
    simulator.set_temper(Temper.SLOW)
    assert Simulator().verify(SARI).is_found


def test_in_a_wrong_temper_it_contradicts_itself():
    simulator.set_temper(Temper.WRONG)
    answers = [Simulator().verify(SARI) for _n in range(200)]
    assert {answer.is_found for answer in answers} == {True, False}
    assert {fits for answer in answers for fits in answer.matches.values()} == {True, False}


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_the_demo_switches_the_temper_on_a_page(client: Client, settings):
    assert client.get("/demo/dukcapil/").status_code == 200
    client.post("/demo/dukcapil/", {"temper": "down"})
    assert simulator.temper() is Temper.DOWN
    client.post("/demo/dukcapil/", {"temper": "drunk"})
    assert simulator.temper() is Temper.DOWN

    settings.DEMO = False
    assert client.post("/demo/dukcapil/", {"temper": "normal"}).status_code == 404
    assert simulator.temper() is Temper.DOWN
