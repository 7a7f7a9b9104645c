"""Relays in order: who is asked next, who rests, who is tried again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts import relay_rules, tasks
from accounts.models import Message, Relay
from accounts.relay_rules import Health, Verdict
from accounts.services import letter_carrying, relays
from paspor.env import read_relays
from tests.accounts.mail_server import (
    MailServer,
    mail_server,
    options,
    relay_pair,
    serving,
    untrusted,
)
from tests.accounts.messages import again, make_due, written

__all__ = ["mail_server", "relay_pair"]
State = Message.State
Pair = tuple[MailServer, MailServer]
NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
SOON, BEFORE = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("healths", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({("a", ""): Health(3, SOON)}, ["b", "c"]),
        ({("a", ""): Health(3, BEFORE)}, ["a", "b", "c"]),
        ({("a", ""): Health(last_until=SOON)}, ["b", "c", "a"]),
        ({("a", "contoh.test"): Health(last_until=SOON)}, ["b", "c", "a"]),
        ({("a", "lain.test"): Health(last_until=SOON)}, ["a", "b", "c"]),
        ({("a", ""): Health(last_until=BEFORE)}, ["a", "b", "c"]),
        (
            {
                ("a", ""): Health(last_until=SOON),
                ("b", "contoh.test"): Health(last_until=SOON - timedelta(seconds=5)),
            },
            ["c", "b", "a"],
        ),
    ],
)
def test_who_is_asked_and_when(healths: Any, expected: list[str]):
    assert relay_rules.order(["a", "b", "c"], healths, "contoh.test", NOW) == expected


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        (450, "4.2.0 greylisted", Verdict.LATER),
        (452, "4.2.2 mailbox full", Verdict.LATER),
        (550, "5.1.1 user unknown", Verdict.REFUSED),
        (552, "5.2.2 mailbox full", Verdict.REFUSED),
        (554, "5.7.1 your address is on a list", Verdict.DENIED),
        (550, "no such user 15.7.10", Verdict.REFUSED),
        (421, "4.3.2 closing", Verdict.UNREACHED),
        (530, "5.7.0 authentication required", Verdict.UNREACHED),
        (299, "what?", Verdict.LATER),
    ],
)
def test_what_a_reply_means(code: int, answer: str, expected: Verdict):
    assert relay_rules.verdict(code, answer) == expected


def test_the_rest_grows_and_has_an_end():
    minutes = [rest and rest.total_seconds() / 60 for rest in map(relay_rules.rest, range(1, 9))]
    assert minutes == [None, None, 1, 2, 4, 8, 15, 15]
    assert relay_rules.rest(10_000).total_seconds() == 15 * 60


@pytest.mark.django_db
def test_what_the_server_said_is_kept_with_its_relay(mail_server: MailServer):
    mail_server.data = "250 2.0.0 queued as 4F2A"
    message = written()
    tasks.carry_message(message.pk)
    row = again(message)
    assert (row.state, row.relay, row.reason) == (
        *(State.ACCEPTED, "default", "250 2.0.0 queued as 4F2A"),
    )
    assert row.accepted_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trouble",
    [
        {"rcpt": "450 4.7.1 greylisted"},
        {"data": "451 4.3.0 try later"},
        {"rcpt": "554 5.7.1 blocked"},
        {"rcpt": "421 4.3.2 closing"},
        {"drops": True},
        {"seconds": 0.8},
    ],
)
def test_what_one_relay_does_not_take_goes_by_the_next(relay_pair: Pair, trouble: dict[str, Any]):
    first, second = relay_pair
    for name, value in trouble.items():
        setattr(first, name, value)
    message = written()
    tasks.carry_message(message.pk)
    row = again(message)
    assert (row.state, row.relay, row.attempts) == (State.ACCEPTED, "relay-2", 1)
    assert [len(second.letters), second.letters[0]["Message-ID"]] == [1, message.message_id]


@pytest.mark.django_db
@pytest.mark.parametrize("offers_tls", [True, False])
def test_a_relay_that_cannot_be_spoken_to_safely_is_passed_over(
    mail_server: MailServer, settings: Any, tmp_path: Path, offers_tls: bool
):
    with serving(untrusted(tmp_path) if offers_tls else None) as first:
        entry = options(first, use_tls=True)
        settings.MAILERS = {"default": entry, "relay-2": options(mail_server)}
        message = written()
        tasks.carry_message(message.pk)
    assert again(message).relay == "relay-2"
    assert first.letters == []
    reason = "SSLCertVerificationError" if offers_tls else "SMTPNotSupportedError"
    assert Relay.objects.get(name="default").reason == reason


@pytest.mark.django_db
def test_an_unknown_mailbox_is_not_asked_for_twice(relay_pair: Pair):
    first, second = relay_pair
    first.rcpt = "550 5.1.1 unknown"
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).state == State.REFUSED
    assert second.letters == []


@pytest.mark.django_db
def test_what_all_deny_is_refused_and_what_one_defers_waits(relay_pair: Pair):
    first, second = relay_pair
    first.rcpt = second.rcpt = "554 5.7.1 blocked"
    denied = written("satu")
    tasks.carry_message(denied.pk)
    assert again(denied).state == State.REFUSED

    second.rcpt = "450 4.7.1 greylisted"
    waits = written("dua")
    tasks.carry_message(waits.pk)
    assert (again(waits).state, again(waits).reason) == (State.QUEUED, "450 4.7.1 greylisted")


@pytest.mark.django_db
def test_a_dead_relay_rests_and_one_letter_tries_it_again(relay_pair: Pair):
    first, second = relay_pair
    first.rcpt = "421 4.3.2 closing"
    for number in range(4):
        tasks.carry_message(written(f"kunci {number}").pk)
    row = Relay.objects.get(name="default")
    assert (row.failures, len(second.letters)) == (3, 4)

    first.rcpt = "250 OK"
    Relay.objects.update(rests_until=timezone.now())
    healths = relays.healths()
    trials = [
        relays.begin_trial(name="default", healths=healths, now=timezone.now()) for _ in range(3)
    ]
    assert trials == [True, False, False]
    Relay.objects.update(rests_until=timezone.now())
    tasks.carry_message(written("lagi").pk)
    row.refresh_from_db()
    assert (row.failures, row.rests_until, len(first.letters)) == (0, None, 1)


@pytest.mark.django_db
def test_while_every_relay_rests_nothing_loses_an_attempt(mail_server: MailServer):
    mail_server.rcpt = "421 4.3.2 closing"
    message = written()
    for _ in range(5):
        make_due(message)
        tasks.carry_message(message.pk)
    assert again(message).attempts == 3

    mail_server.rcpt = "250 OK"
    Relay.objects.update(rests_until=timezone.now())
    assert tasks.sweep_messages() == 1
    assert again(message).state == State.ACCEPTED


@pytest.mark.django_db
def test_a_look_each_minute_finds_a_dead_relay_and_its_recovery(relay_pair: Pair, settings: Any):
    _first, second = relay_pair
    settings.MAILERS["default"]["OPTIONS"]["port"] = 9  # nobody listens
    for _ in range(3):
        tasks.check_relays()
    dead, well = Relay.objects.order_by("name")
    assert (dead.failures, dead.reason, dead.health.is_resting(timezone.now())) == (
        *(3, "ConnectionRefusedError", True),
    )
    assert (well.failures, well.checked_at is not None) == (0, True)

    settings.MAILERS = {"default": options(second), "relay-2": options(second)}
    Relay.objects.update(rests_until=timezone.now())
    tasks.check_relays()
    dead.refresh_from_db()
    assert (dead.failures, dead.rests_until) == (0, None)


@pytest.mark.django_db
def test_the_only_relay_is_never_put_last(mail_server: MailServer):
    assert not relays.put_last(name="default", domain="", reason="uji", now=NOW)
    assert Relay.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("relay_pair")
def test_who_fails_again_is_asked_last_for_longer():
    now, hours = NOW, []
    for _ in range(6):
        assert relays.put_last(name="default", domain="", reason="uji", now=now)
        assert not relays.put_last(name="default", domain="", reason="uji", now=now)
        until = Relay.objects.get().last_until
        hours.append((until - now) / timedelta(hours=1))
        now = until
    assert hours == [1, 2, 4, 8, 16, 24]
    assert relays.put_last(name="default", domain="", reason="uji", now=now + timedelta(days=1))
    assert Relay.objects.get().times_last == 1


@pytest.mark.django_db
def test_traffic_moves_for_one_domain_only(relay_pair: Pair):
    first, second = relay_pair
    now = timezone.now()
    relays.put_last(name="default", domain="contoh.test", reason="uji", now=now)
    letter_carrying.carry(written("satu").pk)
    letter_carrying.carry(written("dua", to="warga@lain.test").pk)
    assert [letter["To"] for letter in second.letters] == ["warga@contoh.test"]
    assert [letter["To"] for letter in first.letters] == ["warga@lain.test"]


def test_relays_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("R", "smtp+tls://paspor:p%40ss@mail.contoh.test smtps://dua.test:4465")
    first, second = read_relays("R")
    assert (first["host"], first["port"], first["username"], first["password"]) == (
        *("mail.contoh.test", 587, "paspor", "p@ss"),
    )
    assert (first["use_tls"], second["use_ssl"], second["port"]) == (True, True, 4465)


@pytest.mark.parametrize("text", ["mail.contoh.test", "http://mail.test", "smtp://", "smtp://a:x"])
def test_a_relay_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("R", text)
    with pytest.raises(ImproperlyConfigured, match=r"smtp\+tls://user"):
        read_relays("R")
