"""What the wall says: a snapshot in the viewer's words, each tile with the screen it leads to."""

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offices import mail_words, outline
from offices.models import Report
from offices.models.incidents import Part
from offices.models.probes import Target
from paspor.kernel import formatting
from queueing.wall import rules
from queueing.wall.rules import Standing
from queueing.wall.snapshot import Mail, Order, Site, Snapshot

MOST_LINES = 4
MOST_WORRIES = 8
# Of the sentence about closed hours, which may be long; the public page of the day has it whole.
MOST_WHY = 90
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Tone:
    """Said by colour, sign and word together."""

    tone: str
    icon: str
    label: str | Promise


GOOD = Tone("success", "circle-check", gettext_lazy("baik"))
ATTEND = Tone("warning", "alert-triangle", gettext_lazy("perhatian"))
BAD = Tone("error", "circle-x", gettext_lazy("terganggu"))
STANDINGS = {
    Standing.TROUBLE: Tone("error", "circle-x", gettext_lazy("ada gangguan")),
    Standing.LATE: Tone("warning", "alert-triangle", gettext_lazy("laporan lewat batas")),
    Standing.STOPPED: Tone("warning", "ban", gettext_lazy("ditutup hari ini")),
    Standing.PARTLY: Tone("warning", "clock", gettext_lazy("sebagian jam ditutup")),
    Standing.CLOSED: Tone("", "minus", gettext_lazy("tidak melayani hari ini")),
    Standing.SERVING: Tone("success", "circle-check", gettext_lazy("melayani hari ini")),
}


@dataclass(frozen=True)
class Line:
    term: str
    text: str


@dataclass(frozen=True)
class Tile:
    """One large number (or word) and a few small ones; the whole leads to ``href``."""

    title: str
    href: str
    value: str
    unit: str = ""
    status: Tone | None = None
    lines: tuple[Line, ...] = ()
    note: str = ""


def tiles(seen: Snapshot, now: datetime) -> list[Tile]:
    makers = (_incidents, _mail, _reports, _queues, _approvals, _suspects, _appeals, _openings)
    rest = (_orders, _parts, _seal, _seats)
    return [*(make(seen, now) for make in makers), *(make(seen) for make in rest)]


def _incidents(seen: Snapshot, now: datetime) -> Tile:
    found = seen.incidents
    return Tile(
        title=_("Gangguan"),
        href=reverse("admin:offices_incident_changelist"),
        value=formatting.number(len(found)),
        unit=_("sedang berlangsung"),
        status=BAD if found else GOOD,
        lines=tuple(
            Line(
                f"{Part(one.part).label}, {one.office or _('seluruh Indonesia')}",
                formatting.duration_finer((now - one.since).total_seconds()),
            )
            for one in found[:MOST_LINES]
        ),
        note=_more(len(found)),
    )


def _mail(seen: Snapshot, now: datetime) -> Tile:
    mail = seen.mail
    return Tile(
        title=_("Pengiriman e-mail"),
        href=reverse("mail-watch"),
        value=_of_all(mail.codes_back, mail.codes),
        unit=_("kode kembali dalam 10 menit"),
        status=_mail_status(mail),
        lines=(
            Line(_("Pesan tertua yang menunggu"), _waited(mail.oldest, now)),
            Line(_("Relai beristirahat"), formatting.number(mail.relays_resting)),
        ),
        note=" ".join(mail_words.finding(one) for one in mail.findings[:2]),
    )


def _mail_status(mail: Mail) -> Tone:
    if mail.findings:
        return BAD
    return ATTEND if mail.relays_resting else GOOD


def _reports(seen: Snapshot, now: datetime) -> Tile:
    late = sum(late for _open, late in seen.reports.values())
    steps = [state for state in Report.State if state in seen.reports]
    return Tile(
        title=_("Laporan kendala"),
        href=reverse("admin:offices_report_changelist"),
        value=formatting.number(sum(each for each, _late in seen.reports.values())),
        unit=_("terbuka"),
        status=ATTEND if late else GOOD,
        lines=tuple(
            Line(capfirst(str(state.label)), _of_which_late(*seen.reports[state]))
            for state in steps
        ),
    )


def _approvals(seen: Snapshot, now: datetime) -> Tile:
    asked = seen.approvals
    return Tile(
        title=_("Persetujuan"),
        href=reverse("insiders:approvals"),
        value=formatting.number(asked.waiting),
        unit=_("menunggu petugas kedua"),
        status=Tone("info", "hourglass", _("menunggu")) if asked.waiting else GOOD,
        lines=(Line(_("Yang pertama kedaluwarsa"), _until(asked.next_due)),),
    )


def _openings(seen: Snapshot, now: datetime) -> Tile:
    coming = seen.openings
    title, href = _("Pembukaan kuota"), reverse("admin:queueing_release_changelist")
    if not coming:
        return Tile(title, href, "–", _("tidak ada yang direncanakan"), status=ATTEND)
    first, count = coming[0]
    return Tile(
        title=title,
        href=href,
        value=formatting.duration_finer((first - now).total_seconds()),
        unit=_("lagi, di %s") % _offices(count),
        lines=tuple(Line(_until(at), _offices(number)) for at, number in coming),
    )


def _suspects(seen: Snapshot, now: datetime) -> Tile:
    found = seen.suspects
    return Tile(
        title=_("Dugaan penimbunan"),
        href=reverse("admin:queueing_cluster_changelist"),
        value=formatting.number(found.clusters),
        unit=_("gugus akun"),
        status=ATTEND if found.clusters or found.cases else GOOD,
        lines=(
            Line(_("Kursi yang dipegangnya"), formatting.number(found.seats_held)),
            Line(_("Perkara terbuka"), formatting.number(found.cases)),
        ),
    )


def _appeals(seen: Snapshot, now: datetime) -> Tile:
    found = seen.appeals
    return Tile(
        title=_("Keberatan"),
        href=reverse("cases:appeals"),
        value=formatting.number(found.waiting),
        unit=_("menunggu jawaban"),
        status=ATTEND if found.late else GOOD,
        lines=(
            Line(_("Lewat batas"), formatting.number(found.late)),
            Line(_("Batas berikutnya"), _until(found.next_due)),
        ),
    )


def _queues(seen: Snapshot, now: datetime) -> Tile:
    found = seen.queues
    too_much = (
        rules.is_too_much(found.oldest_message, rules.OLDEST_MESSAGE_SECONDS),
        rules.is_too_much(found.tasks, rules.MOST_TASKS),
        rules.is_too_much(found.oldest_check, rules.OLDEST_CHECK_SECONDS),
        rules.is_too_much(found.oldest_event, rules.OLDEST_EVENT_SECONDS),
        found.holds_overdue > 0,
    )
    return Tile(
        title=_("Antrean mesin"),
        href=reverse("admin:accounts_message_changelist"),
        value=formatting.number(found.messages),
        unit=_("pesan menunggu dikirim"),
        status=BAD if any(too_much) else GOOD,
        lines=(
            Line(
                _("Pekerjaan latar"), "–" if found.tasks is None else formatting.number(found.tasks)
            ),
            Line(_("Pertanyaan data kependudukan"), _aged(found.checks, found.oldest_check)),
            Line(_("Catatan belum dirantai"), _aged(found.events, found.oldest_event)),
            Line(_("Tahanan kursi terlambat dilepas"), formatting.number(found.holds_overdue)),
        ),
        note=_("Hingga setengah menit lebih tua."),
    )


def _orders(seen: Snapshot) -> Tile:
    """The nearest deadline with who waits beyond it; else how many orders are being done."""
    running = sum(order.is_running for order in seen.orders)
    deadline = next((order for order in seen.orders if order.waiting is not None), None)
    value, unit = formatting.number(running), _("sedang dijalankan")
    if deadline is not None and deadline.waiting is not None:
        value = formatting.number(deadline.waiting)
        unit = _("masih menunggu sesudah tenggat %s") % formatting.date_short(deadline.last_day)
    return Tile(
        title=_("Perintah nasional"),
        href=reverse("orders:list"),
        value=value,
        unit=unit,
        status=ATTEND if deadline is not None and deadline.waiting else GOOD,
        lines=tuple(
            Line(_order(order), _of_all(order.ended, order.offices)) for order in seen.orders
        ),
    )


def _order(order: Order) -> str:
    words = {
        "SHARE": _("Kuota +%(n)s %%, s.d. %(day)s"),
        "DEADLINE": _("+%(n)s jam, tenggat %(day)s"),
        "SATURDAY": _("Layanan Sabtu, s.d. %(day)s"),
        "UNDO": _("Pencabutan, s.d. %(day)s"),
    }
    return words[order.kind] % {"n": order.amount, "day": formatting.date_short(order.last_day)}


def _parts(seen: Snapshot) -> Tile:
    judged = [(part, seen.parts[part.value.lower()]) for part in Target if _is_judged(part, seen)]
    up = sum(is_up for _part, is_up in judged)
    return Tile(
        title=_("Bagian sistem"),
        href=reverse("status"),
        value=_of_all(up, len(judged)),
        unit=_("menjawab") if judged else _("belum diperiksa"),
        status=GOOD if judged and up == len(judged) else BAD if judged else ATTEND,
        lines=tuple(
            Line(capfirst(str(part.label)), _("menjawab") if is_up else _("tidak menjawab"))
            for part, is_up in judged
        ),
    )


def _is_judged(part: Target, seen: Snapshot) -> bool:
    return part.value.lower() in seen.parts


def _seal(seen: Snapshot) -> Tile:
    seal = seen.seal
    late = rules.is_too_much(seal.days_ago, rules.MOST_SEAL_DAYS)
    return Tile(
        title=_("Buku log"),
        href=reverse("integrity:figures"),
        value=formatting.date_short(seal.day) if seal.day else "–",
        unit=_("hari terakhir yang disegel") if seal.day else _("belum pernah disegel"),
        status=BAD if late else GOOD if seal.day else ATTEND,
        lines=(Line(_("Rantai dalam segel itu"), formatting.number(seal.chains)),),
    )


def _seats(seen: Snapshot) -> Tile:
    return Tile(
        title=_("Kursi kosong"),
        href=reverse("integrity:figures"),
        value=formatting.number(seen.free_ahead),
        unit=_("dalam dua minggu"),
        lines=(Line(_("Hari ini, jam yang akan datang"), formatting.number(seen.free_today)),),
    )


@dataclass(frozen=True)
class Shown:
    """An office with its state in words; on the map its sign is the state's own."""

    site: Site
    status: Tone
    href: str

    @property
    def at(self) -> str:
        return outline.written(self.site.x, self.site.y)

    @property
    def sign(self) -> str:
        return self.site.standing

    @property
    def title(self) -> str:
        return f"{self.site.name}: {self.status.label}"

    @property
    def free(self) -> str:
        return formatting.number(self.site.free)


def site_rows(sites: Iterable[Site]) -> list[Shown]:
    return [
        Shown(site, _status(site), reverse("integrity:office-figures", args=[site.code]))
        for site in sites
    ]


def _status(site: Site) -> Tone:
    tone = STANDINGS[site.standing]
    found = site.stopped
    if site.standing not in (Standing.STOPPED, Standing.PARTLY) or found is None:
        return tone
    why = textwrap.shorten(found.why, MOST_WHY, placeholder="…")
    values = {"clock": formatting.clock(found.since), "why": why}
    if site.standing is Standing.STOPPED:
        return replace(tone, label=_("ditutup sejak %(clock)s: %(why)s") % values)
    if found.until is None:
        return replace(tone, label=_("sebagian ditutup, mulai %(clock)s: %(why)s") % values)
    values["until"] = formatting.clock(found.until)
    return replace(tone, label=_("sebagian ditutup, %(clock)s–%(until)s: %(why)s") % values)


def drawn(offices: Iterable[Shown]) -> list[Shown]:
    """The worst last: nothing is drawn over them."""
    worst = rules.WORST_FIRST
    return sorted(offices, key=lambda each: -worst.index(each.site.standing))


def worries(offices: Iterable[Shown]) -> tuple[list[Shown], int]:
    """Offices that need somebody, the worst first, and how many more there are."""
    found = [each for each in offices if each.site.standing in rules.WORRYING]
    found.sort(key=lambda each: rules.WORST_FIRST.index(each.site.standing))
    return found[:MOST_WORRIES], max(0, len(found) - MOST_WORRIES)


def legend(offices: Iterable[Shown]) -> list[tuple[Standing, Tone, int]]:
    """Who has closed some hours serves, too, and is counted among those who do."""
    counted = Counter(each.site.standing for each in offices)
    counted[Standing.SERVING] += counted[Standing.PARTLY]
    return [(one, STANDINGS[one], counted[one]) for one in Standing]


@dataclass(frozen=True)
class Province:
    """Its offices, folded on all but the wall; what is wrong with them is told beside its name."""

    name: str
    offices: list[Shown]

    @property
    def count(self) -> str:
        return _offices(len(self.offices))

    @property
    def free(self) -> str:
        return formatting.number(sum(each.site.free for each in self.offices))

    @property
    def worries(self) -> list[Tone]:
        found = Counter(each.site.standing for each in self.offices)
        return [
            replace(STANDINGS[one], label=f"{found[one]} {STANDINGS[one].label}")
            for one in rules.WORRYING
            if found[one]
        ]


def by_province(offices: Iterable[Shown]) -> list[Province]:
    found: dict[str, list[Shown]] = {}
    for each in offices:
        found.setdefault(each.site.province, []).append(each)
    return [Province(name, there) for name, there in sorted(found.items())]


def _offices(count: int) -> str:
    return ngettext("%(n)s kantor", "%(n)s kantor", count) % {"n": formatting.number(count)}


def _waited(since: datetime | None, now: datetime) -> str:
    return formatting.duration_finer((now - since).total_seconds()) if since else _("tidak ada")


def _until(at: datetime | None) -> str:
    """Without the year: what is waited for here is near."""
    if at is None:
        return _("tidak ada")
    return formatting.timestamp_short(timezone.localtime(at))


def _of_all(good: int, whole: int) -> str:
    return _("%(good)s dari %(all)s") % {"good": good, "all": whole} if whole else "–"


def _aged(count: int, oldest: float) -> str:
    if not count:
        return "0"
    return _("%(n)s, tertua %(age)s") % {
        "n": formatting.number(count),
        "age": formatting.duration_finer(oldest),
    }


def _of_which_late(count: int, late: int) -> str:
    if not late:
        return formatting.number(count)
    return _("%(n)s, %(late)s lewat batas") % {
        "n": formatting.number(count),
        "late": formatting.number(late),
    }


def _more(count: int) -> str:
    rest = count - MOST_LINES
    return _("dan %s lainnya") % rest if rest > 0 else ""
