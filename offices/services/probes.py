"""Looking each minute whether the parts of the house answer, and counting what was seen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Q

from accounts import selectors as accounts
from offices.models.probes import ProbeDay, Target
from offices.policies import MAIL_LATE_MINUTES
from paspor.kernel import broker


def take(now: datetime) -> dict[str, bool]:
    """Count this minute; what was seen. A target that cannot be judged is left out."""
    seen = {target: look(now) for target, look in LOOKS.items()}
    found = {target: is_up for target, is_up in seen.items() if is_up is not None}
    for target, is_up in found.items():
        _count(target, is_up, now)
    return found


def _count(target: str, is_up: bool, now: datetime) -> None:
    minute = now.replace(second=0, microsecond=0)
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    row, _ = ProbeDay.objects.get_or_create(day=day, target=target)
    ProbeDay.objects.filter(Q(last_at=None) | Q(last_at__lt=minute), pk=row.pk).update(
        up=F("up") + int(is_up), down=F("down") + int(not is_up), last_at=minute, is_up=is_up
    )


def _mail(now: datetime) -> bool:
    oldest = accounts.oldest_unsent(now)
    late = timedelta(minutes=MAIL_LATE_MINUTES.at(now=now))
    return oldest is None or now - oldest <= late


# The row itself is the proof that the database answers; without it the minute is unknown.
LOOKS: dict[str, Callable[[datetime], bool | None]] = {
    Target.DATABASE: lambda now: True,
    Target.CACHE: lambda now: cache.answers(),
    Target.BROKER: lambda now: broker.answers(),
    Target.MAIL: _mail,
    Target.REGISTRY: accounts.registry_answers,
}
