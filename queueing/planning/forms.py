"""Forms of planning: shape only. What an office can keep, the calendar's rules say."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices.forms import note_field, reason_field
from offices.models import Office, SpecialDay
from offices.ports import ByHand
from offices.rules import CHANNELS, TOO_FAR, Act, WorkingHours, channels_of, last_plannable
from offices.services.wishes import HoursWish, SpecialWish
from paspor.kernel import formatting
from paspor.kernel.form_fields import DATE_FORMATS, DateInput
from queueing.planning.drive_rules import MOST_DAYS, Bounds
from queueing.quota.models import Channel
from queueing.quota.rules import EARLIEST_BACK, LATEST_BACK, instant

TIMES = ("opens", "closes", "break_starts", "break_ends", "stations", "minutes")
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
SHARES = {
    Channel.ONLINE: _("Bagian daring (%)"),
    Channel.PRIORITY: _("Bagian prioritas (%)"),
    Channel.SAME_DAY: _("Bagian percepatan (%)"),
    Channel.COUNTER: _("Bagian loket (%)"),
}
BY_HAND = [
    (ByHand.KEEP.value, _("Tetap seperti yang diatur")),
    (ByHand.FOLLOW.value, _("Ikut jadwal yang baru")),
]
USUAL_SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def time_field(label: Any, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=required, input_formats=TIME_FORMATS, widget=TimeInput()
    )


class HoursOfDay(forms.Form):
    """When and how fast an office serves on a day; shares are asked for channels it has."""

    opens = time_field(_("Buka"))
    closes = time_field(_("Tutup"))
    break_starts = time_field(_("Istirahat mulai"), required=False)
    break_ends = time_field(_("Istirahat selesai"), required=False)
    stations = forms.IntegerField(label=_("Loket wawancara"), min_value=0, max_value=200)
    minutes = forms.IntegerField(label=_("Menit per pemohon"), min_value=1, max_value=240)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares = channels_of(office.kind)
        for channel in self.shares:
            self.fields[f"{channel.lower()}_share"] = forms.IntegerField(
                label=SHARES[channel],
                min_value=0,
                max_value=100,
            )

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in ("opens", "closes", "break_starts", "break_ends")]

    @property
    def pace(self) -> list[forms.BoundField]:
        return [self["stations"], self["minutes"]]

    @property
    def parts(self) -> list[forms.BoundField]:
        return [self[f"{channel.lower()}_share"] for channel in self.shares]

    def clean(self) -> dict[str, Any]:
        """The form begins with the usual day's break, which half a day closes before."""
        cleaned = super().clean() or self.cleaned_data
        closes, rest = cleaned.get("closes"), cleaned.get("break_starts")
        if closes and rest and rest >= closes:
            cleaned |= {"break_starts": None, "break_ends": None}
        return cleaned

    def hours(self) -> WorkingHours:
        cleaned = self.cleaned_data
        return WorkingHours(
            **{name: cleaned[name] for name in TIMES},
            shares={channel: cleaned.get(f"{channel.lower()}_share", 0) for channel in CHANNELS},
        )


def initial_of(hours: WorkingHours | None, office: Office) -> dict[str, Any]:
    """What a form begins with: the hours as they are, else an ordinary working day."""
    if hours is None:
        offered = channels_of(office.kind)
        shares = {c: n for c, n in USUAL_SHARES.items() if c in offered}
        shares["ONLINE"] += 100 - sum(shares.values())
        return {f"{channel.lower()}_share": share for channel, share in shares.items()}
    shares = {f"{channel.lower()}_share": hours.shares.get(channel, 0) for channel in CHANNELS}
    return {name: getattr(hours, name) for name in TIMES} | shares


class WeekdayForm(HoursOfDay):
    valid_from = forms.DateField(
        label=_("Berlaku sejak"), widget=DateInput(), input_formats=DATE_FORMATS
    )
    valid_to = forms.DateField(
        label=_("Sampai dengan"),
        required=False,
        widget=DateInput(),
        input_formats=DATE_FORMATS,
        help_text=_("Kosongkan bila berlaku seterusnya."),
    )

    def wish(self, weekday: int) -> HoursWish:
        cleaned = self.cleaned_data
        return HoursWish(weekday, cleaned["valid_from"], cleaned["valid_to"], self.hours())


class SpecialForm(HoursOfDay):
    """A day of its own: closed, or open with hours of its own, perhaps elsewhere."""

    kind = forms.ChoiceField(
        label=_("Pada hari itu"),
        choices=[
            (SpecialDay.Kind.EXTRA.value, _("Melayani dengan jam sendiri")),
            (SpecialDay.Kind.CLOSURE.value, _("Tutup")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Keterangan untuk masyarakat"),
        max_length=200,
        help_text=_("Dibaca masyarakat, misalnya: layanan Sabtu, atau listrik padam."),
    )
    place = forms.CharField(
        label=_("Tempat, bila bukan di kantor"),
        max_length=200,
        required=False,
        help_text=_("Misalnya: Mal Uji, lantai 2."),
    )

    opening = forms.DateField(
        label=_("Dibuka tanggal"), required=False, widget=DateInput(), input_formats=DATE_FORMATS
    )
    opening_hour = time_field(_("Pukul"), required=False)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, office=office, **kwargs)
        self.zone = office.zone
        self.fields["place"].widget.attrs["autocomplete"] = "off"
        if self.data.get("kind") == SpecialDay.Kind.CLOSURE:
            for name in (*("opens", "closes", "stations", "minutes"), *self._share_names()):
                self.fields[name].required = False

    def _share_names(self) -> list[str]:
        return [f"{channel.lower()}_share" for channel in self.shares]

    @property
    def openings(self) -> list[forms.BoundField]:
        return [self["opening"], self["opening_hour"]]

    def clean(self) -> dict[str, Any]:
        """A moment is a date and an hour, or neither; a closure has none."""
        cleaned = super().clean()
        if cleaned.get("kind") == SpecialDay.Kind.CLOSURE:
            return cleaned
        given = {name: cleaned.get(name) for name in ("opening", "opening_hour")}
        if any(value is not None for value in given.values()):
            for name, value in given.items():
                if value is None and name not in self.errors:
                    self.add_error(name, _("Isi tanggal dan jamnya, atau kosongkan keduanya."))
        return cleaned

    def _opens_at(self) -> datetime | None:
        """By the clock of the office."""
        on, at = self.cleaned_data["opening"], self.cleaned_data["opening_hour"]
        return instant(on, at, self.zone) if on and at is not None else None

    def wish(self, day: date) -> SpecialWish:
        cleaned = self.cleaned_data
        if cleaned["kind"] == SpecialDay.Kind.CLOSURE:
            return SpecialWish(day, cleaned["reason"])
        return SpecialWish(day, cleaned["reason"], self.hours(), cleaned["place"], self._opens_at())


class BackHourForm(forms.Form):
    """From which hour on seats of the counter that nobody came for go online."""

    at = forms.TimeField(
        label=_("Mulai pukul"),
        required=False,
        input_formats=TIME_FORMATS,
        widget=TimeInput(),
        error_messages={"invalid": _("Tulis jam dan menit, misalnya 10.00.")},
    )
    note = note_field(_("Tercatat atas nama Anda di log kantor."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.fields["at"]
        at.widget.attrs |= {"min": f"{EARLIEST_BACK:%H:%M}", "max": f"{LATEST_BACK:%H:%M}"}
        at.help_text = gettext(
            "Antara %(first)s dan %(last)s waktu kantor. Kosongkan agar tidak pernah kembali."
        ) % {"first": formatting.clock(EARLIEST_BACK), "last": formatting.clock(LATEST_BACK)}


class DriveForm(forms.Form):
    """How many people by when, and what the drive may use."""

    people = forms.IntegerField(
        label=_("Berapa orang yang perlu dilayani"), min_value=1, max_value=100_000
    )
    first_day = forms.DateField(
        label=_("Hari pertama"), widget=DateInput(), input_formats=DATE_FORMATS
    )
    last_day = forms.DateField(
        label=_("Hari terakhir"), widget=DateInput(), input_formats=DATE_FORMATS
    )
    most_stations = forms.IntegerField(
        label=_("Loket yang tersedia"),
        min_value=1,
        max_value=200,
        help_text=_("Sebanyak yang punya alat dan petugas."),
    )
    closes_latest = time_field(_("Tutup paling lambat"))
    with_saturdays = forms.BooleanField(label=_("Sabtu boleh dibuka"), required=False)
    told = forms.CharField(
        label=_("Keterangan untuk masyarakat"),
        max_length=200,
        required=False,
        help_text=_("Tampil pada hari yang berubah, misalnya: layanan tambahan akhir tahun."),
    )

    def check_days(self, today: date) -> None:
        """Coming days in order, and no more than a drive may last."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        if first <= today:
            self.add_error("first_day", _("Pilih hari mulai besok."))
        elif last < first:
            self.add_error("last_day", _("Tanggal akhir mendahului tanggal awal."))
        elif (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _("Paling lama 31 hari."))
        elif last > last_plannable(today):
            self.add_error("last_day", gettext(TOO_FAR))

    def bounds(self, left: int) -> Bounds:
        """Of the drive, where so many people have a seat without it."""
        names = ("most_stations", "closes_latest", "with_saturdays")
        given = {name: self.cleaned_data[name] for name in names}
        return Bounds(people=max(self.cleaned_data["people"] - left, 0), **given)


class DriveDayForm(forms.Form):
    """One day of a proposal, as the planner wants it."""

    keep = forms.BooleanField(label=_("Ikut"), required=False)
    stations = forms.IntegerField(label=_("Loket"), min_value=1, max_value=200)
    closes = time_field(_("Tutup"))


class SaveForm(forms.Form):
    """Why, and how many people the page said are affected when the button was pressed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, act: Act, by_hand: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(act)
        self.fields["note"] = note_field(_("Dibaca petugas kedua dan tercatat atas nama Anda."))
        if by_hand:
            self.fields["by_hand"] = forms.ChoiceField(
                label=_("Kursi yang pernah diatur petugas"),
                choices=BY_HAND,
                widget=forms.RadioSelect,
                error_messages={"required": _("Pilih salah satu.")},
            )
