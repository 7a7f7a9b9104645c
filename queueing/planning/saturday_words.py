"""Saturdays of an order in words. In the active language."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from paspor.kernel import formatting
from queueing.planning.order_rules import Held

# A Saturday as the row of its office keeps it (services.saturdays).
type Told = Mapping[str, Any]

WHY_LEFT = {
    Held.CLOSED: gettext_lazy("Ditutup kantor: %s"),
    Held.OWN_DAY: gettext_lazy("Sudah punya jam khusus: %s"),
    Held.USUAL: gettext_lazy("Memang melayani: %s"),
    Held.HOLIDAY: gettext_lazy("Hari libur, tetap tutup: %s"),
    Held.NO_MODEL: gettext_lazy("Tidak ada jam Senin atau Jumat untuk dicontoh: %s"),
    Held.TOO_SHORT: gettext_lazy("Terlalu singkat untuk seorang pemohon: %s"),
    Held.CHANGED: gettext_lazy("Sudah diubah kantor, dibiarkan: %s"),
    Held.BOOKED: gettext_lazy("Tetap buka, sudah dipesan: %s"),
    Held.OVER: gettext_lazy("Sudah lewat: %s"),
}


def days(plan: Iterable[Told]) -> str:
    """8 Des, 15 Des."""
    return ", ".join(_day(told) for told in plan)


def hours(plan: Iterable[Told]) -> list[str]:
    """08.00–16.00, 5 loket; more than one where usual hours change in between."""
    found = {(told["opens"], told["closes"], told["stations"]): None for told in plan}
    return [_hours(*each) for each in found]


def _hours(opens: str, closes: str, stations: int) -> str:
    at, until = (formatting.clock(time.fromisoformat(each)) for each in (opens, closes))
    text = ngettext("%(at)s–%(until)s, %(n)s loket", "%(at)s–%(until)s, %(n)s loket", stations)
    return text % {"at": at, "until": until, "n": stations}


def left(told: Sequence[Told]) -> list[str]:
    """Each reason with its Saturdays."""
    ordered = sorted(told, key=lambda each: (each["why"], each["day"]))
    return [
        str(WHY_LEFT[Held(why)]) % ", ".join(map(_with_people, group))
        for why, group in groupby(ordered, key=lambda each: each["why"])
    ]


def sums(told: Sequence[Told]) -> list[str]:
    """Each reason with how many Saturdays of all offices it holds back."""
    counts = Counter(each["why"] for each in told)
    return [
        str(WHY_LEFT[Held(why)])
        % (ngettext("%(n)s hari", "%(n)s hari", n) % {"n": formatting.number(n)})
        for why, n in counts.most_common()
    ]


def _with_people(told: Told) -> str:
    if not told["people"]:
        return _day(told)
    people = told["people"]
    text = ngettext("%(day)s (%(people)s orang)", "%(day)s (%(people)s orang)", people)
    return text % {"day": _day(told), "people": people}


def _day(told: Told) -> str:
    """In one line however narrow the page is."""
    return formatting.date_short(date.fromisoformat(told["day"])).replace(" ", "\N{NO-BREAK SPACE}")
