"""The health of the relays that carry our mail: counted by whoever asks one.

The relays and their order are MAILERS; a row here is only what was met on the way.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from accounts import relay_rules
from accounts.models import Message, Relay
from accounts.relay_rules import Healths, Verdict

EVERYWHERE = ""
# The gateway of texts has a row too, and is none of those that are asked in order.
TEXTS = "text"
KEPT = timedelta(days=7)
STATES = {
    Verdict.TAKEN: Message.State.ACCEPTED,
    Verdict.REFUSED: Message.State.REFUSED,
    Verdict.DENIED: Message.State.REFUSED,
    Verdict.LATER: Message.State.QUEUED,
    Verdict.UNREACHED: Message.State.QUEUED,
}


class Attempt(NamedTuple):
    """What one relay, or the gateway, made of a message, in its own words."""

    verdict: Verdict
    said: str


def names() -> list[str]:
    """In the order in which they are asked."""
    return list(settings.MAILERS)


def _all() -> list[str]:
    return [*names(), TEXTS]


def healths() -> Healths:
    return {(row.name, row.domain): row.health for row in Relay.objects.filter(name__in=_all())}


def rows(*, name: str) -> list[Relay]:
    """What was met at one relay: everywhere first, then domain by domain."""
    return list(Relay.objects.filter(name=name).order_by("domain"))


def is_set_back(*, name: str, domain: str, healths: Healths, now: datetime) -> bool:
    """Whether the relay is asked last for the domain."""
    return relay_rules.last_until(name, domain, healths, now) is not None


def begin_trial(*, name: str, healths: Healths, now: datetime) -> bool:
    """Whether this letter may ask the relay: always, but of one that rested only one letter."""
    health = healths.get((name, EVERYWHERE))
    if health is None or not health.is_on_trial:
        return True
    rested = Relay.objects.filter(name=name, domain=EVERYWHERE, rests_until=health.rests_until)
    return bool(rested.update(rests_until=now + relay_rules.TRIAL))


@transaction.atomic
def note(*, name: str, verdict: Verdict, reason: str, now: datetime) -> None:
    """Count what an attempt met. Any answer about the letter itself shows a relay at work."""
    if verdict == Verdict.UNREACHED:
        _count_failure(name, reason, now)
    else:
        ailing = Relay.objects.filter(name=name, domain=EVERYWHERE).exclude(failures=0)
        ailing.update(failures=0, rests_until=None, reason="", changed_at=now)


def _count_failure(name: str, reason: str, now: datetime) -> None:
    Relay.objects.get_or_create(name=name, domain=EVERYWHERE, defaults={"changed_at": now})
    row = Relay.objects.select_for_update().get(name=name, domain=EVERYWHERE)
    row.failures += 1
    rest = relay_rules.rest(row.failures)
    row.rests_until = now + rest if rest else None
    row.reason = reason[:200]
    row.changed_at = now
    row.save(update_fields=["failures", "rests_until", "reason", "changed_at"])


def note_check(*, name: str, now: datetime) -> None:
    """That a health check looked, whatever it found."""
    Relay.objects.update_or_create(
        name=name,
        domain=EVERYWHERE,
        defaults={"checked_at": now},
        create_defaults={"checked_at": now, "changed_at": now},
    )


@transaction.atomic
def put_last(*, name: str, domain: str, reason: str, now: datetime) -> bool:
    """Ask this relay after all others, for longer each time in a row.

    ``domain`` "": for every recipient. False where it is the only one, or is last already.
    """
    if name not in names() or len(names()) < 2:
        return False
    Relay.objects.get_or_create(name=name, domain=domain, defaults={"changed_at": now})
    row = Relay.objects.select_for_update().get(name=name, domain=domain)
    if row.health.is_last(now):
        return False
    row.times_last = row.times_last + 1 if relay_rules.is_in_a_row(row.last_until, now) else 1
    row.last_until = now + relay_rules.setback(row.times_last)
    row.last_reason = reason[:200]
    row.changed_at = now
    row.save(update_fields=["times_last", "last_until", "last_reason", "changed_at"])
    return True


def forget(*, now: datetime) -> None:
    """Drop rows of relays that are no longer configured, and of domains that are well again."""
    Relay.objects.exclude(name__in=_all()).delete()
    Relay.objects.exclude(domain=EVERYWHERE).filter(last_until__lt=now - KEPT).delete()
