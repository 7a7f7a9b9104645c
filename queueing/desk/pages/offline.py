"""The counter's page for a laptop without the portal: one file with all it needs inside.

Its policy lets it run its own script and nothing else: no request can leave it. The public keys
of tickets are in it, so it is downloaded again when those keys have changed.
"""

import base64
import hashlib
import json
import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from offices import reasons
from paspor.kernel import formatting
from queueing.booking import tickets
from queueing.booking.models import Place
from queueing.desk import words

NAME = "loket-tanpa-portal.html"
SHEETS = ("css/tokens.css", "css/base.css", "css/components.css", "css/pages/offline.css")
SCRIPT = "js/day-list.js"
# A font and what else a sheet would fetch: there is nowhere to fetch it from.
FETCHED = re.compile(r"@font-face\s*\{[^}]*\}")
# What would end the block of data that it stands in.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def page() -> str:
    """In the active language."""
    css = FETCHED.sub("", "\n".join(_static(name) for name in SHEETS))
    script = _static(SCRIPT)
    policy = (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    data = {
        "words": _words(),
        "tickets": tickets.public_keys(),
        "reasons": [[code, str(label)] for code, label in words.TURN_AWAY_REASONS.items()],
        # It takes words, and the laptop keeps codes only: the page says where they go.
        "wordy": reasons.OTHER,
    }
    told = json.dumps(data, ensure_ascii=False).translate(ESCAPED)
    return "".join(
        [
            f'<!doctype html>\n<html lang="{get_language()}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{escape(_('Loket tanpa portal'))}</title>\n<style>{css}</style>\n</head>\n",
            f"<body>\n{render_to_string('queueing_desk/offline.html')}\n",
            f'<script type="application/json" id="data">{told}</script>\n',
            f"<script>{script}</script>\n</body>\n</html>\n",
        ]
    )


def _static(name: str) -> str:
    return (settings.BASE_DIR / "static" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _words() -> dict[str, str]:
    """What the script says; {names} are filled in there."""
    states = {
        state: formatting.capitalised(Place.State(state).label) for state in Place.State.values
    }
    return states | {
        "working": _("Sebentar …"),
        "arrived": _("Hadir"),
        "served": _("Selesai dilayani"),
        "turnAway": _("Tidak dapat dilayani"),
        "undo": _("Urungkan"),
        "wordy": _(
            "{name}: alasan lain memerlukan kata-kata, dan laptop ini hanya menyimpan kode. "
            "Tandai “Hadir” dan tulis alasannya di kertas. Bila portal kembali hari ini, catat "
            "“Tidak dapat dilayani” di halaman janjinya; sesudah hari ini ia tercatat hadir, "
            "tanpa sanksi."
        ),
        "from": _("diterima mulai {at}"),
        "counts": _(
            "{waiting} belum datang ({coming} menyatakan datang), {present} hadir, "
            "{served} selesai, {walkIns} datang langsung"
        ),
        "coming": _("menyatakan datang"),
        "number": _("Nomor {n}"),
        "notListed": _("Tiket asli yang tidak ada di daftar"),
        "ticketOf": _("Tiket {code}, {n} orang"),
        "notFound": _("“{text}” tidak ada di daftar ini."),
        "foundCode": _("{name}: periksa tiket atau KTP."),
        "forged": _("Tiket ini TIDAK asli, atau ada bagian yang berubah."),
        "otherOffice": _("Tiket asli, tetapi untuk kantor lain: {office}."),
        "otherDay": _("Tiket asli, tetapi untuk hari lain: {day}."),
        "genuine": _("Tiket asli: {names}."),
        "genuineNotListed": _(
            "Tiket {code} asli, tetapi tidak ada di daftar: dipesan sesudah daftar dibuat, atau "
            "sudah dibatalkan atau dipindah. Cocokkan dengan KTP."
        ),
        "walkIn": _("Nomor {n} untuk yang datang langsung."),
        "walkInUndone": _("Nomor terakhir diurungkan."),
        "saved": _("Berkas catatan disimpan. Serahkan ke portal setelah portal kembali."),
        "madeAt": _("daftar dibuat pukul {at}"),
        "notToday": _(
            "Daftar ini untuk {day}. Bila itu hari ini, betulkan tanggal dan jam laptop: kini "
            "terbaca {clock}."
        ),
        "chooseBoth": _("Pilih berkas daftar hari dan berkas kunci."),
        "notAKey": _("Berkas kunci ini bukan kunci kantor."),
        "wrongPassphrase": _("Frasa sandi keliru, atau berkas kunci rusak."),
        "notGenuine": _(
            "Berkas daftar ini tidak dibuat portal, rusak, atau lebih baru daripada halaman ini. "
            "Unduh keduanya sekali lagi."
        ),
        "otherKey": _("Berkas daftar ini terkunci untuk kunci lain: {key}."),
        "damaged": _("Berkas ini tidak dapat dibaca."),
        "tooShort": _("Frasa sandi paling sedikit {n} karakter."),
        "differs": _("Kedua frasa sandi berbeda."),
        "keyMade": _("Kunci {key} dibuat dan disimpan sebagai berkas."),
    }
