"""The style page for developers (/demo/gaya/): every component with examples.

Its texts are examples and are not marked for translation; people and offices are invented.
"""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.views.generic import TemplateView

WEEKDAYS = [
    {"short": "Sen", "name": "Senin"},
    {"short": "Sel", "name": "Selasa"},
    {"short": "Rab", "name": "Rabu"},
    {"short": "Kam", "name": "Kamis"},
    {"short": "Jum", "name": "Jumat"},
    {"short": "Sab", "name": "Sabtu"},
    {"short": "Min", "name": "Minggu"},
]
LOADS = {
    "free": ("sisa 92", "sisa 92 tempat"),
    "some": ("sisa 31", "sisa 31 tempat"),
    "few": ("sisa 4", "sisa 4 tempat"),
    "full": ("penuh", "penuh"),
    "closed": ("tutup", "tutup, kantor tidak buka hari Minggu"),
    "not-open": ("belum", "belum dibuka, dibuka Jumat pukul 14.00 WITA"),
    "not-offered": ("tak ada", "tidak dilayani di sini"),
}
# November 2026, which begins on a Sunday: one letter a day.
LETTERS = {
    "o": "not-offered",
    "r": "free",
    "s": "some",
    "w": "few",
    "f": "full",
    "x": "closed",
    "n": "not-open",
}
NOVEMBER = "xfffwwxofwssrxxsrwrrxorsrrrxxn"


def _day(number: int, load: str) -> dict[str, Any]:
    word, label = LOADS[load]
    return {
        "number": number,
        "load": load,
        "word": word,
        "label": f"{number} November 2026: {label}",
        "href": "" if load == "not-offered" else f"#hari-{number}",
        "is_today": number == 9,
        "is_chosen": number == 24,
    }


def _november() -> list[list[dict[str, Any] | None]]:
    days: list[dict[str, Any] | None] = [None] * 6
    days += [_day(number, LETTERS[letter]) for number, letter in enumerate(NOVEMBER, start=1)]
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


class ExampleForm(forms.Form):
    prefix = "contoh"
    name = forms.CharField(
        label="Nama sesuai KTP", help_text="Satu kata pun boleh. Tulis persis seperti di KTP."
    )
    nik = forms.CharField(
        label="NIK",
        min_length=16,
        help_text="16 angka di bagian atas KTP.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    birth_date = forms.DateField(
        label="Tanggal lahir", widget=forms.DateInput(attrs={"type": "date"})
    )
    phone = forms.CharField(label="Nomor telepon", required=False)
    province = forms.ChoiceField(
        label="Provinsi", choices=[("bali", "Bali"), ("ntb", "Nusa Tenggara Barat")]
    )
    kind = forms.ChoiceField(
        label="Keperluan",
        choices=[("NEW", "Paspor baru"), ("REPLACEMENT", "Penggantian paspor lama")],
        widget=forms.RadioSelect,
    )
    people = forms.MultipleChoiceField(
        label="Siapa yang datang",
        choices=[("1", "Suwarni"), ("2", "Made Contoh Wirawan")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    code = forms.CharField(
        label="Kode dari e-mail",
        help_text="Delapan huruf, dengan atau tanpa tanda hubung.",
        widget=forms.TextInput(attrs={"class": "code-input", "autocomplete": "one-time-code"}),
    )
    agrees = forms.BooleanField(label="Saya sudah membaca pemberitahuan privasi versi 1.")


class StyleGuide(TemplateView):
    template_name = "styleguide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": ExampleForm(),
            "wrong_form": ExampleForm({"salah-nik": "31719"}, prefix="salah"),
            "weekdays": WEEKDAYS,
            "weeks": _november(),
            "page": Paginator(range(156), 20).page(3),
            "steps": [
                {"label": "Kantor", "href": "#langkah"},
                {"label": "Hari dan jam", "href": "#langkah"},
                {"label": "Siapa"},
                {"label": "Periksa"},
            ],
            "facts": [
                {"term": "Alamat", "text": "Jalan Contoh 12, Denpasar"},
                {"term": "Jam layanan", "text": "Senin–Jumat", "note": "08.00–15.00 WITA"},
                {"term": "Lama kunjungan", "text": "sekitar 45 menit"},
            ],
            "prices": [
                {"term": "Paspor elektronik, 10 tahun", "text": "Rp 950.000"},
                {"term": "Paspor biasa, 5 tahun", "text": "Rp 350.000"},
                {"term": "Jumlah", "text": "Rp 1.300.000", "total": True},
            ],
            "events": [
                {
                    "icon": "circle-check",
                    "tone": "success",
                    "title": "Dipesan",
                    "iso": "2026-11-09T02:14:00Z",
                    "when": "9 November 2026, 10.14 WITA",
                    "who": "Anda",
                },
                {
                    "icon": "calendar",
                    "tone": "info",
                    "title": "Dipindah ke hari lain",
                    "iso": "2026-11-12T01:00:00Z",
                    "when": "12 November 2026, 09.00 WITA",
                    "who": "petugas kantor",
                    "text": "Kantor tutup karena listrik padam.",
                },
                {
                    "title": "Datang ke kantor",
                    "iso": "2026-11-24T00:00:00Z",
                    "when": "24 November 2026, 08.00 WITA",
                },
            ],
            "bring": ["KTP asli", "Kartu keluarga asli", "Akta kelahiran atau ijazah"],
        }
