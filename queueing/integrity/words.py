"""What the public figures are called, and what each counts. The only place that says so."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from queueing.integrity.rules.figures import Around
from queueing.integrity.rules.overview import Period


@dataclass(frozen=True)
class Word:
    """A name for the head of a column, and the definition in a sentence."""

    label: Promise
    definition: Promise


FIGURES = {
    "released": Word(
        _("Dibuka"),
        _("Kursi yang dibuka untuk umum atau untuk loket pada hari itu dan tidak ditarik kembali."),
    ),
    "free": Word(
        _("Kosong"),
        _("Bagian dari Dibuka yang tidak dipegang siapa pun; sesudah harinya: tidak terpakai."),
    ),
    "booked": Word(
        _("Dipesan"),
        _(
            "Tempat yang dikonfirmasi untuk hari itu, apa pun akhirnya. Tempat yang hanya"
            " ditahan lalu dilepas tidak dihitung di mana pun."
        ),
    ),
    "attended": Word(
        _("Hadir"),
        _("Bagian dari Dipesan: orangnya sudah diterima di loket atau selesai dilayani."),
    ),
    "turned_away": Word(
        _("Tak terlayani"),
        _("Bagian dari Dipesan: orangnya datang, tetapi tidak dapat dilayani."),
    ),
    "no_show": Word(
        _("Tidak hadir"),
        _("Bagian dari Dipesan: orangnya tidak datang sampai kantor selesai melayani."),
    ),
    "returned": Word(
        _("Kursi kembali"),
        _(
            "Bagian dari Dipesan: dibatalkan atau dipindahkan oleh pemohon, atau digugurkan,"
            " sehingga kursinya kembali."
        ),
    ),
    "voided": Word(
        _("Digugurkan"),
        _("Bagian dari Kursi kembali: digugurkan setelah pemeriksaan karena tidak jujur."),
    ),
    "closed": Word(
        _("Ditutup"),
        _(
            "Bagian dari Dipesan: berakhir karena kantor menutup jam itu; orangnya mendapat"
            " jam lain atau hak pertama."
        ),
    ),
    "officer_made": Word(
        _("Oleh petugas"), _("Bagian dari Dipesan yang dibuat petugas bagi pemohon.")
    ),
    "walk_in": Word(
        _("Datang langsung"),
        _("Bagian dari Oleh petugas, dengan alasan pemohon datang langsung ke kantor."),
    ),
    "priority": Word(
        _("Prioritas"),
        _(
            "Bagian dari Dipesan pada jalur prioritas: lansia, balita, penyandang disabilitas,"
            " ibu hamil, dan rombongannya."
        ),
    ),
    "walk_in_offline": Word(
        _("Datang saat luring"),
        _(
            "Di luar Dipesan dan tanpa kursi kuota: datang langsung ketika portal tidak dapat"
            " dibuka, menurut catatan kantor yang bertanda tangan."
        ),
    ),
}

AROUND = {
    Around.NEAR: _("30 hari lalu sampai 7 hari lagi"),
    Around.LAST_30: _("30 hari terakhir"),
    Around.LAST_90: _("90 hari terakhir"),
    Around.NEXT_7: _("7 hari ke depan"),
    Around.NEXT_30: _("30 hari ke depan"),
}

# Beside the public figures; these are never published.
OVERVIEW = {
    "served": Word(
        _("Selesai dilayani"),
        _(
            "Bagian dari Hadir: hasilnya dicatat di loket. Yang lain masih di kantor, atau"
            " hasilnya tidak dicatat sampai hari berakhir."
        ),
    ),
    "called": Word(
        _("Nomor dipanggil"),
        _("Nomor antrean yang dipanggil ke loket; satu rombongan satu nomor."),
    ),
    "half": Word(
        _("Tunggu, separuh"),
        _(
            "Separuh dari nomor yang dipanggil menunggu paling lama sekian menit, dari diterima"
            " sampai panggilan pertama (median, dibulatkan ke atas)."
        ),
    ),
    "nine_in_ten": Word(
        _("Tunggu, 9 dari 10"),
        _("Sembilan dari sepuluh nomor menunggu paling lama sekian menit."),
    ),
}
PERIOD = {
    Period.DAY: _("Hari"),
    Period.WEEK: _("Minggu"),
    Period.MONTH: _("Bulan"),
}
