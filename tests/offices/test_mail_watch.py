"""The mail watch: fifteen days of Banjarmasin, played against real mail servers."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Message, Relay, User
from accounts.services import letter_carrying, messages, relays
from offices import mail_rules
from offices.mail_rules import Finding, Sent, Trouble, Usual
from offices.models import Incident
from offices.services import incidents, mail_watch
from tests.accounts.mail_server import MailServer, relay_pair
from tests.factories import MessageFactory, UserFactory
from tests.offices.conftest import NOW

__all__ = ["relay_pair"]
Pair = tuple[MailServer, MailServer]
MINUTE = timedelta(minutes=1)
ALARM = timedelta(minutes=15)
USUAL = Usual(0.9, {"satu.test": 0.9, "dua.test": 0.9})


def sent(good: int, bad: int, domain: str = "satu.test", relay: str = "default") -> list[Sent]:
    """The bad ones are the newest."""
    return [Sent(domain, relay, False)] * bad + [Sent(domain, relay, True)] * good


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], []),
        (sent(3, 8), []),  # too few to tell
        (sent(80, 6), []),
        (sent(80, 5), []),
        (sent(80, 12), ["satu.test"]),
        (sent(80, 12, "dikarang.test"), []),  # nobody's invented domains raise an alarm
        (sent(0, 6) + sent(0, 6, "dua.test") + sent(80, 0), [""]),
        (sent(0, 40, "dikarang.test") + sent(80, 0), []),
    ],
)
def test_a_fall_is_told_from_chance(codes: list[Sent], expected: list[str]):
    found = mail_rules.find(codes, Trouble.UNANSWERED, USUAL)
    assert [finding.domain for finding in found] == expected
    assert {finding.relay for finding in found} <= {"default"}


def test_chance_alone_raises_nothing_in_a_year_of_looks():
    chance = random.Random(2018)  # not for secrets
    for _look in range(2000):
        codes = [Sent("satu.test", "default", chance.random() < 0.9) for _ in range(80)]
        assert mail_rules.find(codes, Trouble.UNANSWERED, USUAL) == []


def test_weeks_of_trouble_do_not_become_usual():
    assert Usual.of({"satu.test": (5, 500)}, 0.7).domains["satu.test"] == 0.3
    assert Usual.of({"satu.test": (500, 500)}, 0.7).whole == 0.98
    assert Usual.of({"satu.test": (49, 49)}, 0.7) == Usual(0.7, {})


@pytest.mark.parametrize(
    ("codes", "minutes", "expected"),
    [(sent(12, 0), 5, True), (sent(11, 0), 5, False), (sent(11, 0), 61, True)]
    + [(sent(8, 4), 61, False), ([], 600, False)],
)
def test_well_again_is_told_later_than_trouble(codes: list[Sent], minutes: int, expected: bool):
    lasting = timedelta(minutes=minutes)
    assert mail_rules.is_well_again(codes, USUAL, lasting) is expected


@dataclass
class Town:
    """People who sign up, ``each`` a minute at two domains, read their mail, and ask again.

    ``delays`` says by how much later than its server took it a letter is in the mailbox.
    """

    relays: Pair
    delays: Callable[[str, str], timedelta] = lambda relay, domain: timedelta(0)
    each: int = 1
    waiting: dict[User, datetime] = field(default_factory=dict)
    took: dict[User, timedelta] = field(default_factory=dict)
    joined: dict[User, datetime] = field(default_factory=dict)
    alarms: list[datetime] = field(default_factory=list)

    def sign_up(self, now: datetime) -> None:
        for domain in ("satu.test", "dua.test") * self.each:
            user = UserFactory(email=f"warga{len(self.joined)}@{domain}")
            self.joined[user] = now
            self._ask(user, now)

    def _ask(self, user: User, now: datetime) -> None:
        self.waiting[user] = now
        messages.enqueue(
            user=user,
            to=user.email,
            kind="email_confirmation_signup",
            language="id",
            subject="Kode Anda",
            text="ABCD-EFGH",
            html="",
            dedup_key=f"{user.code}:{now:%H%M}",
            not_after=now + timedelta(minutes=15),
            urgent=True,
            now=now,
        )

    def carry(self, now: datetime) -> None:
        healths = relays.healths()
        while (message := messages.claim(now=now)) is not None:
            outcome = letter_carrying.hand_over(message, healths=healths, now=now)
            messages.settle(message=message, outcome=outcome, now=now)

    def read(self, now: datetime) -> None:
        """Who finds a code types it; who waited ten minutes asks for another."""
        arrived = Message.objects.filter(user__in=self.waiting, state="ACCEPTED")
        for message in arrived.select_related("user"):
            domain = message.to.partition("@")[2]
            is_there = message.accepted_at + self.delays(message.relay, domain) <= now
            if is_there and message.user in self.waiting and self._holds(message):
                messages.mark_answered(user=message.user, now=now)
                del self.waiting[message.user]
                self.took[message.user] = now - self.joined[message.user]
        for user, asked_at in list(self.waiting.items()):
            if now - asked_at >= timedelta(minutes=10):
                self._ask(user, now)

    def _holds(self, message: Message) -> bool:
        """Whether the server that took it really has it: some take and drop."""
        server = self.relays[0] if message.relay == "default" else self.relays[1]
        return message.message_id in server.kept

    def live(self, minutes: int, start: datetime, *, joining: int | None = None) -> datetime:
        for minute in range(minutes):
            now = start + minute * MINUTE
            if joining is None or minute < joining:
                self.sign_up(now)
            self.carry(now)
            self.read(now + timedelta(seconds=30))
            mail_watch.look(now)
            if Incident.objects.filter(part="MAIL", ended_at=None).exists():
                self.alarms.append(now)
        return start + minutes * MINUTE


def accepts_nothing(first: MailServer) -> None:
    first.rcpt = "451 4.3.0 try later"


def refuses_to_talk(first: MailServer) -> None:
    first.rcpt = "421 4.3.2 closing"


def drops(first: MailServer) -> None:
    first.keeps = False


def mailed(
    domain: str, at: datetime, *, answered_at: datetime | None = None, people: int = 1
) -> None:
    """A code for each of so many, which a server took."""
    users = User.objects.bulk_create(UserFactory.build_batch(people))
    Message.objects.bulk_create(
        MessageFactory.build(
            user=user,
            to=f"{user.code}@{domain}",
            kind="email_confirmation",
            state="ACCEPTED",
            created_at=at,
            due_at=at,
            answered_at=answered_at,
        )
        for user in users
    )


@pytest.fixture
def town(relay_pair: Pair, db: Any) -> Iterator[Town]:
    """Weeks of ordinary mail behind it."""
    for domain in ("satu.test", "dua.test"):
        at = NOW - timedelta(days=2)
        mailed(domain, at, answered_at=at + MINUTE, people=mail_rules.ESTABLISHED)
    cache.delete(mail_watch.USUAL_KEY)
    yield Town(relay_pair)
    cache.delete(mail_watch.USUAL_KEY)


def test_banjarmasin_takes_and_drops(town: Town):
    """For 15 days in 2018 letters were taken and never came."""
    began = town.live(12, NOW)
    assert town.alarms == []
    drops(town.relays[0])
    ended = town.live(35, began, joining=25)

    assert town.alarms[0] - began <= ALARM
    assert not town.waiting, "somebody never got in"
    late = [took for took in town.took.values() if took > timedelta(minutes=25)]
    assert late == []
    relay = Relay.objects.get(domain="", name="default")
    assert (relay.times_last, relay.last_until > ended) == (1, True)

    # Well again by the next relay: said once, ended once, and not taken up again.
    town.live(20, ended, joining=10)
    incident = Incident.objects.get(part="MAIL")
    assert (incident.source, incident.ended_at is not None) == ("WATCH", True)
    assert {*Message.objects.filter(due_at__gte=ended).values_list("relay", flat=True)} == {
        "relay-2"
    }


@pytest.mark.parametrize("trouble", [accepts_nothing, refuses_to_talk])
def test_banjarmasin_accepts_nothing(town: Town, trouble: Callable[[MailServer], None]):
    """The next relay takes over within the same minute, and nobody notices."""
    trouble(town.relays[0])
    town.live(10, NOW)
    assert not town.waiting
    assert max(town.took.values()) < 2 * MINUTE
    assert town.alarms == []


def test_banjarmasin_accepts_nothing_anywhere(town: Town):
    for server in town.relays:
        accepts_nothing(server)
    began = town.live(13, NOW, joining=4)
    assert town.alarms[0] - NOW <= ALARM
    for server in town.relays:
        server.rcpt = "250 OK"
    town.live(25, began, joining=0)
    assert not town.waiting, "somebody never got in"
    assert Incident.objects.filter(part="MAIL").count() == 1


def test_banjarmasin_one_domain_is_hours_late(town: Town):
    began = town.live(8, NOW)

    def delays(relay: str, domain: str) -> timedelta:
        late = (relay, domain) == ("default", "dua.test")
        return timedelta(hours=3 if late else 0)

    town.delays, town.each = delays, 2
    town.live(32, began, joining=22)
    assert town.alarms[0] - began <= ALARM
    assert not town.waiting, "somebody never got in"
    assert "dua.test" in Incident.objects.get(part="MAIL").text_id
    # Only that domain goes another way.
    assert set(Relay.objects.exclude(last_until=None).values_list("name", "domain")) == {
        ("default", "dua.test")
    }


@pytest.mark.django_db
def test_an_attacker_alone_raises_no_alarm(town: Town):
    """Hundreds of invented mailboxes that nobody reads, at a domain of their own."""
    mailed("dikarang.test", NOW - timedelta(minutes=20), people=200)
    assert mail_watch.look(NOW) == []


@pytest.mark.django_db
def test_what_an_officer_opened_is_the_officers_to_close(town: Town):
    incident = incidents.raise_by_watch(
        part="MAIL", office=None, texts=incidents.Texts("a", "b"), now=NOW
    )
    Incident.objects.update(source="HAND")
    for number in range(12):
        at = NOW + number * MINUTE
        mailed("satu.test", at, answered_at=at + MINUTE)
    assert mail_watch.look(NOW + timedelta(hours=1)) == []
    incident.refresh_from_db()
    assert incident.ended_at is None

    Incident.objects.update(source="WATCH")
    mail_watch.look(NOW + timedelta(hours=1))
    incident.refresh_from_db()
    assert incident.ended_at is not None


@pytest.mark.parametrize("gateway", ["", "accounts.texting.simulator.Simulator"])
@pytest.mark.parametrize("trouble", [Trouble.UNANSWERED, Trouble.LATE])
def test_the_public_is_told_of_the_phone_where_codes_go_there(
    settings: Any, gateway: str, trouble: Trouble
):
    settings.TEXT_GATEWAY = gateway
    told = mail_watch._texts(Finding(trouble))
    assert ("nomor telepon" in told.id) == ("phone" in told.en) == bool(gateway)
    assert told.faults("") == {}
