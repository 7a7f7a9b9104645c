"""What is found of the sending domain, in words, and what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.sending_domain import Finding

# Each: what is so, and what to do ("" where nothing is).
TEXTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "no_answer": (
        _("DNS tidak menjawab, jadi belum diketahui."),
        _("Coba lagi. Bila tetap begini, periksa jaringan dan server DNS portal."),
    ),
    "spf_good": (_("SPF menyebut server pengirim kami, dan menolak yang lain."), ""),
    "spf_missing": (
        _("Domain ini tidak memiliki catatan SPF."),
        _("Buat catatan TXT: v=spf1 ip4:ALAMAT-RELAI -all."),
    ),
    "spf_several": (
        _("Ada lebih dari satu catatan SPF; penerima menganggapnya salah semua."),
        _("Gabungkan menjadi satu."),
    ),
    "spf_open": (
        _("SPF tidak menolak server lain, jadi siapa pun dapat memakai nama kami."),
        _("Akhiri catatannya dengan -all atau ~all."),
    ),
    "spf_too_long": (
        _("SPF memerlukan lebih dari sepuluh pertanyaan DNS; penerima menganggapnya salah."),
        _("Kurangi include, atau ganti dengan ip4 dan ip6."),
    ),
    "spf_relay_outside": (
        _("Server ini tidak disebut SPF. Bila surat keluar dari sana, penerima menolaknya."),
        _("Tambahkan alamatnya, atau include dari penyedianya, ke SPF."),
    ),
    "dkim_good": (_("Kunci DKIM di DNS sama dengan kunci yang kami pakai."), ""),
    "dkim_off": (
        _("Surat tidak ditandatangani."),
        _("Buat kunci dengan manage.py make_dkim_key, lalu isi DKIM_KEY."),
    ),
    "dkim_missing": (
        _("Kunci DKIM kami tidak ada di DNS, jadi tanda tangannya tidak dapat diperiksa."),
        _("Pasang catatan TXT dari manage.py make_dkim_key di nama ini."),
    ),
    "dkim_differs": (
        _("Kunci DKIM di DNS bukan kunci yang kami pakai: setiap tanda tangan dianggap palsu."),
        _("Pasang catatan TXT dari manage.py make_dkim_key --show di nama ini."),
    ),
    "dmarc_good": (_("DMARC meminta penerima menolak surat palsu atas nama kami."), ""),
    "dmarc_missing": (
        _("Domain ini tidak memiliki catatan DMARC."),
        _("Buat catatan TXT di nama ini: v=DMARC1; p=quarantine; rua=mailto:ALAMAT-LAPORAN."),
    ),
    "dmarc_several": (
        _("Ada lebih dari satu catatan DMARC; penerima mengabaikan semuanya."),
        _("Sisakan satu."),
    ),
    "dmarc_none": (
        _("DMARC hanya mengamati: surat palsu atas nama kami tetap diterima."),
        _("Setelah laporannya bersih, ganti p=none dengan p=quarantine, lalu p=reject."),
    ),
    "dmarc_unheard": (
        _("DMARC berlaku, tetapi tidak ada yang menerima laporannya."),
        _("Tambahkan rua=mailto:ALAMAT-LAPORAN."),
    ),
    "mx_good": (_("Balasan dan surat yang kembali dapat diterima."), ""),
    "mx_missing": (
        _("Tidak ada server surat untuk domain ini: balasan dan laporan gagal kirim hilang."),
        _("Buat catatan MX."),
    ),
    "mx_lost": (
        _("MX menyebut server yang tidak memiliki alamat."),
        _("Perbaiki nama di MX, atau buat catatan A untuk server ini."),
    ),
    "ptr_good": (_("Nama balik server ini cocok di kedua arah."), ""),
    "ptr_missing": (
        _("Alamat server ini tidak memiliki nama balik (PTR); banyak penerima menolaknya."),
        _("Minta pemilik alamat internetnya memasang PTR."),
    ),
    "ptr_differs": (
        _("Nama balik server ini tidak kembali ke alamatnya."),
        _("Samakan PTR dengan catatan A atau AAAA dari nama itu."),
    ),
    "ptr_inside": (
        _("Relai ini di jaringan dalam, jadi alamat keluarnya tidak terlihat dari sini."),
        _("Periksa SPF dan nama balik untuk alamat yang dipakainya ke luar."),
    ),
    "relay_lost": (
        _("Nama relai ini tidak memiliki alamat: surat tidak dapat diserahkan."),
        _("Periksa EMAIL_HOST dan EMAIL_RELAYS."),
    ),
}


def finding_words(finding: Finding) -> tuple[str, str]:
    """What is so, and what to do."""
    so, to_do = TEXTS[finding.code]
    return str(so), str(to_do)
