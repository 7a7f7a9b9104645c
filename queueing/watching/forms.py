"""The web form of a watch: shape only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from offices.models import Office, PassportType
from paspor.kernel.form_fields import DATE_FORMATS, DateInput
from queueing.quota.rules import MAX_PEOPLE
from queueing.watching import rules


def _within(km: int) -> Promise:
    return format_lazy(_("Ya, sampai {km} km darinya"), km=km)


class WatchForm(forms.Form):
    """Named as the list of offices names the same, so that its address fills this one."""

    dekat = forms.ChoiceField(
        label=_("Kantor"), error_messages={"required": _("Pilih sebuah kantor.")}
    )
    radius = forms.TypedChoiceField(
        label=_("Kantor lain di sekitarnya"),
        coerce=int,
        choices=[
            ("0", _("Tidak, hanya kantor itu")),
            *((str(km), _within(km)) for km in rules.RADII if km),
        ],
    )
    orang = forms.TypedChoiceField(
        label=_("Berapa orang"),
        coerce=int,
        choices=[(str(n), str(n)) for n in range(1, MAX_PEOPLE + 1)],
    )
    paspor = forms.ChoiceField(label=_("Jenis paspor"), choices=PassportType.choices)
    sebelum = forms.DateField(
        label=_("Paling lambat tanggal"),
        help_text=_("Permintaan berakhir sesudah tanggal ini."),
        input_formats=DATE_FORMATS,
        widget=DateInput,
        error_messages={
            "required": _("Isi tanggal terakhir yang masih dapat Anda datangi."),
            "invalid": _("Ini bukan tanggal. Contoh: 17/08/2026."),
        },
    )

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_province: dict[str, list[tuple[str, str]]] = {}
        for office in offices:
            if not office.needs_referral:
                by_province.setdefault(office.province, []).append((office.code, office.name))
        self.fields["dekat"].choices = [
            ("", _("Pilih kantor")),
            *((province, by_province[province]) for province in sorted(by_province)),
        ]
