"""Messages as rows, and their way to a real mail server."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from kombu.exceptions import OperationalError

from accounts import ports, tasks
from accounts.models import Message
from accounts.notices import Letter
from accounts.services import letter_carrying, messages
from accounts.services.messages import Attachment, Outcome
from paspor.kernel import broker
from tests.accounts.mail_server import MailServer, mail_server
from tests.accounts.messages import again, make_due, written
from tests.at_once import at_once

__all__ = ["mail_server"]
State = Message.State


@pytest.mark.django_db
def test_the_same_key_is_one_message_with_one_message_id():
    first, second = written(), written(subject="Lain")
    assert first == second
    assert written("dua").message_id != first.message_id
    assert Message.objects.count() == 2
    key = "satu"
    assert messages._message_id(key) == first.message_id == messages._message_id(key)


@pytest.mark.django_db
@pytest.mark.parametrize("taken", ["code", "message_id"])
def test_only_its_own_key_says_that_a_message_is_there(monkeypatch: Any, taken: str):
    """Anything else the database refuses is a message that was not written."""
    first = written()
    assert Message.objects.get().code == first.code
    if taken == "code":
        monkeypatch.setattr(messages, "new_public_code", lambda: first.code)
    else:
        monkeypatch.setattr(messages, "_message_id", lambda key: first.message_id)
    with pytest.raises(IntegrityError, match=f"{taken}_key"), transaction.atomic():
        written("dua")


@pytest.mark.django_db
def test_a_message_goes_with_its_transaction():
    with transaction.atomic():
        written()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_line_break_in_a_subject_is_no_header():
    assert written(subject="Kode\nBcc: semua@contoh.test").subject == "Kode Bcc: semua@contoh.test"


@pytest.mark.django_db
def test_a_written_message_is_carried_after_the_commit(
    mail_server: MailServer, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        message = written()
        assert not mail_server.letters
    assert again(message).state == State.ACCEPTED


@pytest.mark.django_db
def test_a_lost_broker_delays_and_loses_nothing(
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
):
    asked = []

    def away(*_args: Any, **_options: Any) -> None:
        asked.append(1)
        raise OperationalError

    monkeypatch.setattr(tasks.carry_message, "apply_async", away)
    monkeypatch.setattr(broker, "tell", broker.Broker().tell)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = written(), written("dua")

    assert len(asked) == 1  # the second does not wait for a broker known to be away
    assert again(first).state == again(second).state == State.QUEUED
    assert tasks.sweep_messages() == 2
    assert again(first).state == again(second).state == State.ACCEPTED


@pytest.mark.django_db
def test_a_letter_arrives_whole(mail_server: MailServer, settings: Any):
    settings.REPLY_TO_EMAIL = "bantuan@contoh.test"
    message = written(
        subject="Janji temu — Selasa",
        attachments=[Attachment("janji.ics", b"BEGIN:VCALENDAR", "text/calendar")],
    )

    tasks.carry_message(message.pk)

    [letter] = mail_server.letters
    assert letter["Subject"] == "Janji temu — Selasa"
    assert letter["To"] == "warga@contoh.test"
    assert letter["Reply-To"] == "bantuan@contoh.test"
    assert letter["Message-ID"] == message.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().startswith("ABCD-EFGH")
    assert "<p>ABCD-EFGH</p>" in letter.get_body(("html",)).get_content()
    [file] = letter.iter_attachments()
    assert file.get_filename() == "janji.ics"
    assert file.get_content_type() == "text/calendar"


@pytest.mark.django_db
def test_what_was_taken_is_forgotten_here(mail_server: MailServer):
    message = written(attachments=[Attachment("a.txt", b"a", "text/plain")])
    tasks.carry_message(message.pk)
    row = again(message)
    assert (row.state, row.text, row.html, row.attachments) == (State.ACCEPTED, "", "", [])
    assert row.wiped_at is not None


@pytest.mark.django_db
def test_facts_are_laid_out_on_the_way_and_forgotten_with_the_words(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ports, "letter_writer", {"fakta": letter_of_facts}.__getitem__)
    message = written(kind="fakta", language="en", text="", html="", facts={"who": "Sari"})

    tasks.carry_message(message.pk)

    [letter] = mail_server.letters
    assert "For Sari, in en." in letter.get_body(("plain",)).get_content()
    assert '<html lang="en">' in letter.get_body(("html",)).get_content()
    assert [file.get_filename() for file in letter.iter_attachments()] == ["a.txt"]
    row = again(message)
    assert (row.state, row.facts, row.text, row.attachments) == (State.ACCEPTED, None, "", [])


def letter_of_facts(facts: dict[str, Any]) -> tuple[Letter, list[Attachment]]:
    lead = f"For {facts['who']}, in {get_language()}."
    return Letter(subject="", lead=lead), [Attachment("a.txt", b"a", "text/plain")]


@pytest.mark.django_db
def test_the_demo_keeps_what_was_said_for_a_day(mail_server: MailServer, settings: Any):
    settings.DEMO = True
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).text

    tasks.forget_messages()
    assert again(message).text

    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    Message.objects.filter(pk=message.pk).update(changed_at=yesterday)
    tasks.forget_messages()
    assert not again(message).text


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_4xx_is_tried_again_after_a_growing_pause(mail_server: MailServer, where: str):
    setattr(mail_server, where, "451 4.7.1 greylisted")
    message = written()

    pauses = []
    for _attempt in range(3):
        make_due(message)
        before = timezone.now()
        tasks.carry_message(message.pk)
        row = again(message)
        assert (row.state, row.claim) == (State.QUEUED, "")
        assert "451" in row.reason
        pauses.append(round((row.not_before - before).total_seconds()))
    assert pauses == [30, 60, 120]

    tasks.carry_message(message.pk)  # not due: nothing happens
    assert again(message).attempts == 3

    setattr(mail_server, where, "250 OK")
    make_due(message)
    tasks.carry_message(message.pk)
    assert again(message).state == State.ACCEPTED
    assert len(mail_server.letters) == 1


@pytest.mark.django_db
def test_a_code_is_tried_to_the_end_of_its_use(mail_server: MailServer):
    """With ever longer pauses it would be given up in the middle of its quarter of an hour."""
    now = timezone.now()
    message = written(urgent=True, not_after=now + timedelta(minutes=15), now=now)
    later = Outcome(State.QUEUED, "451")
    while (claimed := messages.claim(now=now)) is not None:
        messages.settle(message=claimed, outcome=later, now=now)
        last, now = now, again(message).not_before
    assert last - message.created_at == timedelta(minutes=13, seconds=30)
    assert (again(message).state, again(message).attempts) == (State.FAILED, 9)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_5xx_ends_it_with_the_servers_reason_masked(mail_server: MailServer, where: str):
    setattr(mail_server, where, "550 5.1.1 <warga@contoh.test> is unknown here")
    message = written()
    tasks.carry_message(message.pk)
    row = again(message)
    assert (row.state, row.text) == (State.REFUSED, "")
    assert "550" in row.reason
    assert "is unknown here" in row.reason
    assert "warga@" not in row.reason


@pytest.mark.django_db
def test_a_dropped_connection_is_tried_again(mail_server: MailServer):
    mail_server.drops = True
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).state == State.QUEUED
    assert again(message).reason


@pytest.mark.django_db
def test_a_server_that_answers_too_late_is_tried_again(mail_server: MailServer):
    mail_server.seconds = 0.8
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).state == State.QUEUED
    assert again(message).reason


@pytest.mark.django_db
def test_no_server_at_all_is_tried_again(settings: Any, mail_server: MailServer):
    settings.MAILERS["default"]["OPTIONS"]["port"] = 9  # nobody listens
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).state == State.QUEUED


@pytest.mark.django_db
def test_our_own_wrong_password_refuses_nobodys_letter(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_args: Any) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"bad password")

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", refuse)
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).state == State.QUEUED
    assert again(message).reason == "535 SMTPAuthenticationError"


@pytest.mark.django_db
def test_an_address_that_cannot_be_written_fails_at_once(mail_server: MailServer):
    message = written(to="søren@contoh.test")
    tasks.carry_message(message.pk)
    assert again(message).state == State.FAILED


@pytest.mark.django_db
def test_a_message_waits_for_its_time(mail_server: MailServer):
    later = timezone.now() + timedelta(hours=1)
    message = written(not_before=later)
    assert tasks.sweep_messages() == 0
    make_due(message)
    assert tasks.sweep_messages() == 1


@pytest.mark.django_db
def test_a_message_that_would_come_too_late_fails_unsent(mail_server: MailServer):
    message = written(not_after=timezone.now())
    tasks.carry_message(message.pk)
    assert again(message).state == State.QUEUED
    tasks.sweep_messages()
    assert (again(message).state, again(message).text) == (State.FAILED, "")
    assert not mail_server.letters


@pytest.mark.django_db
def test_a_pause_past_the_end_of_use_ends_it_now(mail_server: MailServer):
    mail_server.data = "451 later"
    message = written(not_after=timezone.now() + timedelta(seconds=20))
    tasks.carry_message(message.pk)
    assert again(message).state == State.FAILED


@pytest.mark.django_db
def test_nothing_is_tried_for_ever(mail_server: MailServer):
    mail_server.data = "451 later"
    message = written()
    Message.objects.update(attempts=messages.MOST_ATTEMPTS - 1)
    tasks.carry_message(message.pk)
    assert again(message).state == State.FAILED


@pytest.mark.django_db
def test_urgent_ones_go_first(mail_server: MailServer):
    written("biasa", subject="Pengingat")
    written("kode", subject="Kode", urgent=True)
    tasks.sweep_messages()
    assert [letter["Subject"] for letter in mail_server.letters] == ["Kode", "Pengingat"]


@pytest.fixture
def nobody_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Committing does not start the sending; the test does."""
    monkeypatch.setattr(messages, "nudge", lambda *_told: None)


@pytest.mark.django_db
def test_a_worker_that_died_after_sending_loses_its_claim_and_the_letter_comes_twice(
    mail_server: MailServer,
):
    message = written()
    lost = messages.claim(message_id=message.pk, now=timezone.now())
    letter_carrying.ask(
        "default", lost
    )  # the server said 250, and the worker was killed before it could say so

    assert tasks.sweep_messages() == 0  # the lease still stands
    make_due(message)
    assert tasks.sweep_messages() == 1

    assert again(message).state == State.ACCEPTED
    assert len({letter["Message-ID"] for letter in mail_server.letters}) == 1
    assert len(mail_server.letters) == 2
    late = Outcome(State.REFUSED, "550")
    assert not messages.settle(message=lost, outcome=late, now=timezone.now())
    assert again(message).state == State.ACCEPTED


@pytest.mark.django_db
def test_the_lease_outlasts_the_longest_send(settings: Any):
    message = written()
    now = timezone.now()
    claimed = messages.claim(message_id=message.pk, now=now)
    assert claimed.claimed_until - now == timedelta(seconds=120)
    almost = now + timedelta(seconds=119)
    assert messages.claim(message_id=message.pk, now=almost) is None
    assert messages.claim(message_id=message.pk, now=now + timedelta(seconds=120)) is not None


@pytest.mark.usefixtures("committed_db", "nobody_told")
def test_many_workers_send_one_letter_once(mail_server: MailServer):
    mail_server.seconds = 0.2
    message = written()
    at_once([lambda: tasks.carry_message(message.pk)] * 8)
    assert len(mail_server.letters) == 1
    assert again(message).state == State.ACCEPTED


@pytest.mark.usefixtures("committed_db", "nobody_told")
def test_without_the_claim_they_would_send_it_many_times(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    """The negative control: the server above really does hand out one letter a sender."""
    message = written()
    monkeypatch.setattr(messages, "claim", lambda **_: again(message))
    at_once([lambda: tasks.carry_message(message.pk)] * 8)
    assert len(mail_server.letters) == 8


@pytest.mark.usefixtures("committed_db", "nobody_told")
def test_many_sweepers_share_the_work(mail_server: MailServer):
    for number in range(20):
        written(f"kunci {number}")
    carried = at_once([tasks.sweep_messages] * 4)
    assert sum(carried) == 20
    assert len({letter["Message-ID"] for letter in mail_server.letters}) == 20
    assert len(mail_server.letters) == 20
