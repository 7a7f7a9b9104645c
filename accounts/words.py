"""What people are told where a rule gives only a code."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules import Identity

# The soft findings of accounts.rules, for the people themselves. They are no refusal:
# some true NIKs disagree with a true birth date. Officers have words of their own.
WARNINGS = {
    "nik_birth_date_differs": _(
        "Tanggal lahir di NIK berbeda dengan yang diisi. Periksa kembali; bila di KTP memang "
        "begitu, bawa KTP ke loket."
    ),
    "nik_sex_differs": _(
        "Jenis kelamin menurut NIK berbeda dengan yang diisi. Periksa kembali; bila di KTP "
        "memang begitu, bawa KTP ke loket."
    ),
    "nik_province_unknown": _(
        "Dua angka pertama NIK bukan kode provinsi yang dikenal. Periksa kembali; bila di KTP "
        "memang begitu, bawa KTP ke loket."
    ),
    "kk_date_odd": _(
        "Angka ke-7 sampai ke-12 nomor KK bukan tanggal. Periksa kembali; bila di kartu "
        "keluarga memang begitu, bawa kartu keluarga ke loket."
    ),
}


def warnings(codes: Iterable[str]) -> list[Promise]:
    return [WARNINGS[code] for code in codes if code in WARNINGS]


IDENTITY = {
    Identity.NOT_CHECKED: _("identitas belum diperiksa"),
    Identity.MATCHED: _("identitas cocok"),
    Identity.DIFFERS: _("data berbeda dengan Dukcapil"),
    Identity.NOT_FOUND: _("NIK tidak ditemukan"),
    Identity.SEEN: _("KTP sudah dilihat petugas"),
}
FIELDS = {
    "name": _("nama"),
    "birth_date": _("tanggal lahir"),
    "sex": _("jenis kelamin"),
}


def fields(names: Iterable[str]) -> str:
    """Those of a person's data, as people say them: "nama, tanggal lahir"."""
    return ", ".join(str(FIELDS[name]) for name in names if name in FIELDS)
