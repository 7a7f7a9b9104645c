"""Which addresses have a page to look at, and why the others have none."""

from collections import defaultdict

from django.urls import resolve

from tests.screens.lists import GROUPS

NOT_THERE = 404
# For programs. They have examples of their own in the API's schema.
DATA = ("api/v1/", "api/schema/", "_allauth/")
# Of each model of the admin its list and form are looked at; of the rest, one example.
OF_A_MODEL = ("/add/", "/history/", "/delete/", "<path:object_id>/")
WITHOUT = {
    "its form stands on another page": (
        *("masuk/", "i18n/setlang/", "antrean/ambil/"),
        *("pesan/<slug:slot>/orang/", "janji/<slug:code>/pesan/", "janji/<slug:code>/lepas/"),
        *("janji/<slug:code>/tidak-perlu/", "kabar/<slug:code>/berhenti/"),
        *("akun/kode/loket/", "akun/alamat/kode/"),
        *("loket/<slug:office>/identitas/cari/", "loket/<slug:office>/panggil/loket/"),
        *("loket/<slug:office>/panggil/tindakan/", "loket/<slug:office>/layar/buat/"),
        *("loket/<slug:office>/layar/<slug:code>/cabut/", "loket/<slug:office>/cari/"),
        "loket/<slug:office>/janji/<slug:code>/tindakan/",
        "loket/<slug:office>/janji/<slug:code>/hari-ini/",
        "loket/<slug:office>/tutup-hari/<slug:day>/tutup/",
        "loket/<slug:office>/tutup-hari/<slug:day>/buka/",
        *("loket/<slug:office>/daftar-hari/buat/", "loket/<slug:office>/daftar-hari/catatan/"),
        *("sistik/perintah/<slug:code>/jalankan/", "sistik/perintah/<slug:code>/hentikan/"),
        "sistik/perintah/<slug:code>/ulang/<slug:office>/",
        *("petugas/persetujuan/<slug:code>/setujui/", "rencana/<slug:office>/kursi-loket/"),
        *("petugas/perkara/<slug:code>/siapkan/", "petugas/perkara/<slug:code>/catat/"),
        *("petugas/perkara/<slug:code>/tugaskan/", "petugas/perkara/<slug:code>/putuskan/"),
        *("petugas/perkara/<slug:code>/tutup/", "petugas/tindakan/<slug:code>/jalankan/"),
        "petugas/tindakan/<slug:code>/tarik/",
        *("akun/2fa/hilang/kode/", "akun/2fa/tetap/"),
        "rencana/<slug:office>/permintaan/<slug:code>/",
    ),
    "a part of another page, or what its script asks": (
        *("akun/kode/", "akun/kode/teks/keadaan/", "akun/kode/domain/", "akun/pemohon/cek/"),
        *("sistik/bagian/", "layar/<slug:office>/panggilan.json"),
        "layar/kode.json",
        *("admin/autocomplete/", "admin/jsi18n/"),
    ),
    "a file or data": (
        *("manifest.webmanifest", "sw.js", "status.json", "janji/<slug:code>/kalender.ics"),
        *("ringkasan/unduh/", "ringkasan/<slug:office>/unduh/", "akun/data/unduh/"),
        "loket/<slug:office>/daftar-hari/berkas/<slug:code>/",
        "loket/<slug:office>/daftar-hari/halaman/",  # opened offline, see tests/browser
        *("admin/offices/report/<int:pk>/tangkapan-layar/", "akun/2fa/recovery-codes/download/"),
        *("surat/laporan/", "teks/laporan/"),
    ),
    "leads on, or shows what another address shows": (
        *("status/", "loket/panggil/", "loket/datang-langsung/", "loket/tutup-hari/"),
        "loket/layar/pasang/",
        *("loket/layar/", "loket/daftar-hari/", "loket/verifikasi/", "rencana/"),
        *("admin/login/", "admin/logout/", "admin/password_change/"),
        *("admin/password_change/done/", "admin/r/<path:content_type_id>/<path:object_id>/"),
        "admin/(?P<url>.*)$",
    ),
    "allauth's, and no link of ours leads there": ("akun/password/reset/done/",),
}


class Anything(defaultdict[str, str]):
    """Values for an address that is only resolved, not opened."""

    def __init__(self) -> None:
        super().__init__(str)

    def __missing__(self, name: str) -> str:
        if name == "key" or name.startswith("first_"):
            return "1"
        return "2026-12-01" if "day" in name or name == "month" else "K7QX4M2P"


def looked_at() -> set[str]:
    """The routes of every page in the lists, of where it is opened and where it ends."""
    pages = [page for group in GROUPS for page in group.pages if page.status != NOT_THERE]
    return {_route(path) for page in pages for path in (page.path, page.shown_at)}


def _route(path: str) -> str:
    return plain(resolve(path.format_map(Anything()).partition("?")[0]).route)


def plain(route: str) -> str:
    """A match tells its route without the marks that a pattern has."""
    return route.replace("/^", "/")


def needs_a_page(route: str) -> bool:
    if route.startswith(DATA):
        return False
    return not (route.startswith("admin/") and route.endswith(OF_A_MODEL))
