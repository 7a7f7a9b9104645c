"""SISTIK's screen of the mail: the roads, the recipients, and what the watch finds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import selectors as accounts
from accounts.policies import TEXTS_PER_DAY
from accounts.relay_rules import Health
from accounts.selectors import MailCount
from accounts.services import relays, text_codes
from offices import mail_rules, mail_words, words
from offices.decorators import headquarters_only
from offices.mail_rules import Sent, Usual
from offices.services import mail_watch
from paspor.kernel import formatting

SHOWN_SINCE = timedelta(hours=2)
# As many domains as a screen shows; the rest is one row.
MOST_DOMAINS = 20


@never_cache
@require_safe
@headquarters_only
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    seen = mail_watch.see(now)
    counts = accounts.mail_counts(since=now - SHOWN_SINCE, now=now)
    shown = {
        "as_of": words.moment(now),
        "findings": [mail_words.finding(each) for each in mail_watch.found_in(seen, now)],
        "oldest": formatting.minutes((now - seen.oldest) // timedelta(minutes=1))
        if seen.oldest
        else "",
        "codes": _answered(seen.codes),
        "usual": formatting.percent(seen.usual_codes.whole),
        "relays": [_relay(name, counts, now) for name in relays.names()],
        "texts": _texts(now),
        "domains": _domains(counts, seen.codes, seen.usual_codes),
    }
    return render(request, "offices/mail_watch.html", shown)


def _relay(name: str, counts: Iterable[MailCount], now: datetime) -> dict[str, Any]:
    rows = {row.domain: row for row in relays.rows(name=name)}
    whole = rows.get(relays.EVERYWHERE)
    health = whole.health if whole else Health()
    tone, icon, label = _state(health, now)
    return {
        "name": name,
        "tone": tone,
        "icon": icon,
        "label": label,
        "until": _until(health, now),
        "reason": whole.reason if whole else "",
        "checked": words.moment(whole.checked_at) if whole and whole.checked_at else "–",
        "taken": sum(count.taken for count in counts if count.relay == name),
        "last_for": [row.domain for row in rows.values() if row.domain and row.health.is_last(now)],
    }


def _texts(now: datetime) -> dict[str, Any] | None:
    """The road of texts to phones; None where there is none."""
    if not text_codes.are_sent():
        return None
    row = next(iter(relays.rows(name=relays.TEXTS)), None)
    health = row.health if row else Health()
    tone, icon, label = _state(health, now)
    return {
        "tone": tone,
        "icon": icon,
        "label": label,
        "until": _until(health, now),
        "reason": row.reason if row else "",
        "count": accounts.text_count(since=now - SHOWN_SINCE, now=now),
        "today": accounts.text_count(since=now - timedelta(days=1), now=now).texts,
        "most": TEXTS_PER_DAY.at(now=now),
    }


def _state(health: Health, now: datetime) -> tuple[str, str, str]:
    if health.is_resting(now):
        return "error", "circle-x", _("diistirahatkan")
    if health.is_last(now):
        return "warning", "alert-triangle", _("ditanya terakhir")
    if health.failures:
        return "warning", "alert-triangle", _("gagal baru-baru ini")
    return "success", "circle-check", _("baik")


def _until(health: Health, now: datetime) -> str:
    ends = [end for end in (health.rests_until, health.last_until) if end and end > now]
    return words.moment(max(ends)) if ends else ""


def _domains(counts: list[MailCount], codes: list[Sent], usual: Usual) -> list[dict[str, Any]]:
    by_domain = {
        domain: list(its)
        for domain, its in groupby(
            sorted(counts, key=lambda count: count.domain), key=lambda count: count.domain
        )
    }
    rows = sorted(by_domain.items(), key=lambda row: -sum(each.letters for each in row[1]))
    shown = [_row(domain, its, codes, usual) for domain, its in rows[:MOST_DOMAINS]]
    rest = [each for _domain, its in rows[MOST_DOMAINS:] for each in its]
    return [*shown, _row(_("lainnya"), rest, [], Usual(0, {}))] if rest else shown


def _row(domain: str, its: list[MailCount], codes: list[Sent], usual: Usual) -> dict[str, Any]:
    level = usual.domains.get(domain)
    return {
        "domain": domain,
        "letters": sum(each.letters for each in its),
        "taken": sum(each.taken for each in its),
        "waiting": sum(each.waiting for each in its),
        "refused": sum(each.refused for each in its),
        "codes": _answered([code for code in codes if code.domain == domain]),
        "usual": formatting.percent(level) if level else "–",
    }


def _answered(codes: list[Sent]) -> str:
    """Of the newest, as the watch counts them."""
    newest = codes[: mail_rules.SAMPLES[-1]]
    if not newest:
        return "–"
    good = sum(code.went_well for code in newest)
    return _("%(good)s dari %(all)s") % {"good": good, "all": len(newest)}
