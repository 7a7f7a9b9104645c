"""Scores and clusters as officers read them: each signal is a sentence with its numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from queueing.integrity.rules.clusters import HubKind

# Of one account; its numbers are put in.
SIGNALS = {
    "volume": gettext_lazy("Memesankan %(count)s orang berbeda dalam %(days)s hari."),
    "churn": gettext_lazy("%(count)s kunjungan dipesan lalu dibatalkan."),
    "let_go": gettext_lazy("%(count)s kunjungan ditahan lalu dilepas tanpa dipesan."),
    "series_own": gettext_lazy("%(count)s NIK berurutan dengan wilayah dan tanggal lahir sama."),
    "series": gettext_lazy("NIK-nya bagian dari %(count)s NIK berurutan di beberapa akun."),
    "names": gettext_lazy("Nama dan tanggal lahir yang sama dipakai %(count)s orang berbeda."),
    "first_second": gettext_lazy("%(count)s kali memesan pada detik pertama kuota dibuka."),
    "speed": gettext_lazy("%(count)s kunjungan dipesan lebih cepat daripada tangan manusia."),
    "not_found": gettext_lazy("%(count)s NIK tidak ditemukan Dukcapil."),
    "disputes": gettext_lazy("%(count)s NIK terbukti milik orang lain."),
    "no_shows": gettext_lazy("%(count)s kunjungan tidak dihadiri."),
    "disposable": gettext_lazy("Alamat e-mail sekali pakai."),
    "lookalike": gettext_lazy("%(count)s akun memakai satu kotak surat."),
    "device": gettext_lazy("Perangkatnya dipakai %(count)s akun."),
    "address": gettext_lazy("Alamat internetnya dipakai %(count)s akun."),
    "phone": gettext_lazy("Nomor teleponnya dipakai %(count)s akun."),
    "burst": gettext_lazy("Didaftarkan beruntun bersama %(count)s akun."),
    "region": gettext_lazy("Dalam satu jam %(count)s akun mendaftarkan orang sewilayah."),
}
# Of a cluster: how many of its accounts show it.
OF_ACCOUNTS = {
    "volume": gettext_lazy("memesankan banyak orang"),
    "churn": gettext_lazy("memesan lalu membatalkan berulang kali"),
    "let_go": gettext_lazy("menahan lalu melepas tempat berulang kali"),
    "series_own": gettext_lazy("memakai NIK berurutan di satu akun"),
    "series": gettext_lazy("memakai NIK berurutan yang tersebar di beberapa akun"),
    "names": gettext_lazy("memakai nama dan tanggal lahir yang berulang"),
    "first_second": gettext_lazy("memesan pada detik pertama kuota dibuka"),
    "speed": gettext_lazy("memesan lebih cepat daripada tangan manusia"),
    "not_found": gettext_lazy("memakai NIK yang tidak ditemukan Dukcapil"),
    "disputes": gettext_lazy("memakai NIK milik orang lain"),
    "no_shows": gettext_lazy("tidak hadir berulang kali"),
    "disposable": gettext_lazy("memakai alamat e-mail sekali pakai"),
    "lookalike": gettext_lazy("memakai satu kotak surat bersama"),
    "device": gettext_lazy("berbagi perangkat"),
    "address": gettext_lazy("berbagi alamat internet"),
    "phone": gettext_lazy("berbagi nomor telepon"),
    "burst": gettext_lazy("didaftarkan beruntun"),
    "region": gettext_lazy("mendaftarkan orang sewilayah pada saat yang sama"),
}
HUBS = {
    HubKind.DEVICE: gettext_lazy("Perangkat"),
    HubKind.ADDRESS: gettext_lazy("Alamat internet"),
    HubKind.PHONE: gettext_lazy("Telepon"),
    HubKind.MAILBOX: gettext_lazy("Kotak surat"),
    HubKind.KK: gettext_lazy("KK"),
    HubKind.SERIES: gettext_lazy("Deret NIK"),
    HubKind.BURST: gettext_lazy("Pendaftaran beruntun"),
}

# What the timeline of a cluster counts.
ACTS = {
    "sign_ups": gettext_lazy("Akun didaftarkan"),
    "holds": gettext_lazy("Tempat ditahan"),
    "bookings": gettext_lazy("Tempat dipesan"),
    "voids": gettext_lazy("Tempat digugurkan"),
}
NAMES_LISTED = 2


def sentence(signal: Mapping[str, Any]) -> str:
    """A signal of an account that was kept as data, in words."""
    return str(SIGNALS[signal["code"]]) % signal["params"]


def sentences(signals: Iterable[Mapping[str, Any]]) -> list[str]:
    return [sentence(signal) for signal in signals]


def of_accounts(reason: Mapping[str, Any]) -> str:
    """A reason of a cluster: "38 akun memesan pada detik pertama kuota dibuka"."""
    return f"{accounts(reason['accounts'])} {OF_ACCOUNTS[reason['code']]}"


def about(code: str) -> str:
    """A signal without its numbers, for the account's owner."""
    return capfirst(str(OF_ACCOUNTS[code]))


def risk(score: int) -> str:
    return _("skor %(n)s") % {"n": score}


def accounts(count: int) -> str:
    return ngettext("%(n)s akun", "%(n)s akun", count) % {"n": count}


def seats(count: int) -> str:
    return ngettext("%(n)s kursi", "%(n)s kursi", count) % {"n": count}


def hub(kind: str) -> str:
    return str(HUBS[HubKind(kind)])


def shared(kind: str, links: int, count: int) -> str:
    """What a cluster shares, of one kind: "Perangkat: 3 buah, dipakai 200 akun"."""
    return _("%(kind)s: %(links)s buah, dipakai %(accounts)s") % {
        "kind": kind,
        "links": links,
        "accounts": accounts(count),
    }


def listed(names: Sequence[str]) -> str:
    """The first names, and how many there are beyond them."""
    shown = ", ".join(names[:NAMES_LISTED])
    more = len(names) - NAMES_LISTED
    if more > 0:
        return ngettext("%(names)s, dan %(n)s lagi", "%(names)s, dan %(n)s lagi", more) % {
            "names": shown,
            "n": more,
        }
    return shown or "–"
