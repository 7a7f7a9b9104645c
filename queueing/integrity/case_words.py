"""What cases, acts and appeals are called on screen, to officers and to citizens."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offices import words as office_words
from paspor.kernel.codes import grouped
from queueing.integrity import score_words
from queueing.integrity.insider_words import moment as moment
from queueing.integrity.models.cases import BulkAct, Restriction
from queueing.integrity.selectors.cases import Entry, Reach

# Why, as it is told to whom it concerns: no blame, no trade secret of the signals.
TOLD: dict[str, Promise] = {
    "identity_false": gettext_lazy("Data identitas pemohon tidak ditemukan atau tidak sesuai."),
    "identity_claimed": gettext_lazy("Pemilik NIK menyatakan tidak memesan melalui akun ini."),
    "nik_claimed": gettext_lazy("Pemilik NIK menyatakan tidak memesan melalui akun ini."),
    "hoarding": gettext_lazy("Pola pemesanan akun ini menahan banyak tempat sekaligus."),
    "resale": gettext_lazy("Ada laporan bahwa tempat dari akun ini diperjualbelikan."),
    "score": gettext_lazy("Pola pemesanan akun ini menyerupai pemesanan otomatis."),
    "score_disputes": gettext_lazy("NIK yang dipesankan akun ini terbukti milik orang lain."),
    "returned": gettext_lazy("Kotak surat akun ini milik akun lain yang sedang ditangguhkan."),
    "identity_not_found": gettext_lazy("NIK pemohon tidak ditemukan di data kependudukan."),
}
OTHERWISE = gettext_lazy("Ada keadaan pada pemesanan akun ini yang perlu kami periksa.")
BY_RULE = {
    "score": gettext_lazy("Skor risiko melampaui batas"),
    "score_disputes": gettext_lazy("Skor risiko melampaui batas, terutama karena klaim NIK"),
    "returned": gettext_lazy("Kembali setelah ditangguhkan"),
    "ran_out": gettext_lazy("Masa berlakunya habis"),
    "appeal_upheld": gettext_lazy("Keberatan dikabulkan"),
    "proven": gettext_lazy("Terbukti"),
    "unproven": gettext_lazy("Tidak terbukti"),
    "police": gettext_lazy("Diserahkan kepada polisi"),
}
DONE: dict[str, Promise] = {
    "case.open": gettext_lazy("Perkara dibuka"),
    "case.add_accounts": gettext_lazy("Akun ditambahkan"),
    "case.assign": gettext_lazy("Penanggung jawab ditetapkan"),
    "case.note": gettext_lazy("Catatan"),
    "case.decide": gettext_lazy("Perkara diputuskan"),
    "case.close": gettext_lazy("Perkara ditutup"),
    "case.prepare": gettext_lazy("Tindakan disiapkan"),
    "case.start": gettext_lazy("Tindakan dijalankan"),
    "case.done": gettext_lazy("Tindakan selesai"),
    "case.withdraw": gettext_lazy("Tindakan ditarik"),
    "case.lapse": gettext_lazy("Waktu menjalankan tindakan habis"),
    "limit": gettext_lazy("Akun dibatasi"),
    "suspend": gettext_lazy("Akun ditangguhkan"),
    "lift": gettext_lazy("Pembatasan dicabut"),
    "appeal.file": gettext_lazy("Keberatan diajukan"),
    "appeal.uphold": gettext_lazy("Keberatan dikabulkan"),
    "appeal.reject": gettext_lazy("Keberatan ditolak"),
    "evidence": gettext_lazy("Berkas bukti diminta"),
    "evidence.made": gettext_lazy("Berkas bukti dibuat"),
}


def reason_words(reason: str) -> str:
    """A reason as its reader is told it."""
    return str(TOLD.get(reason, OTHERWISE))


def reason(code: str) -> str:
    """A reason as officers read it."""
    return str(BY_RULE.get(code) or office_words.reason(code))


def detail(entry: Entry) -> str:
    """What an event tells beyond its name: the act, the account, the reason."""
    told = entry.detail
    parts = [
        str(BulkAct.Kind(told["act"]).label) if told.get("act") in BulkAct.Kind.values else "",
        _("akun %s") % grouped(str(told["account"])) if told.get("account") else "",
        accounts(int(told["accounts"])) if told.get("accounts") else "",
        reason(entry.reason) if entry.reason else "",
        _("disetujui oleh %s") % entry.agreed_by if entry.agreed_by else "",
    ]
    return " · ".join(filter(None, parts))


def done(act: str) -> str:
    return str(DONE.get(act, act))


def signals(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """What an account showed when it joined the case; signals known no longer are left out."""
    return score_words.sentences(one for one in reasons if one["code"] in score_words.SIGNALS)


def accounts(count: int) -> str:
    return ngettext("%(n)s akun", "%(n)s akun", count) % {"n": count}


def with_niks() -> str:
    return _("dengan NIK lengkap")


def places(count: int) -> str:
    return ngettext("%(n)s tempat", "%(n)s tempat", count) % {"n": count}


def left_by_appeal(count: int) -> str:
    """How many of an act's accounts it leaves alone; empty of nobody."""
    if not count:
        return ""
    text = ngettext(
        "%(n)s akun dibiarkan, karena keberatannya dikabulkan",
        "%(n)s akun dibiarkan, karena keberatannya dikabulkan",
        count,
    )
    return text % {"n": count}


def summary(act: BulkAct, reach: Reach) -> str:
    """The act in one line, for the second officer: what, over how many, where."""
    return "; ".join(filter(None, (_what(act, reach), left_by_appeal(reach.upheld))))


def _what(act: BulkAct, reach: Reach) -> str:
    if act.act != BulkAct.Kind.VOID:
        return f"{BulkAct.Kind(act.act).label}: {accounts(reach.accounts)}"
    return _("gugurkan %(places)s dari %(accounts)s di %(offices)s kantor") % {
        "places": places(reach.places),
        "accounts": accounts(reach.accounts),
        "offices": reach.offices,
    }


def restriction(kind: str) -> str:
    """What it means for its account, in one sentence."""
    if kind == Restriction.Kind.SUSPENDED:
        return _("Akun ini tidak dapat memesan atau memindahkan janji temu.")
    return _("Sebelum memesan, akun ini melewati pemeriksaan keamanan, sehingga lebih lambat.")
