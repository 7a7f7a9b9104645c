"""Forms of the counter: shape only. Rules are checked by the services."""

from collections.abc import Collection, Iterable, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as people_policies
from accounts import rules as people_rules
from accounts.forms import ApplicantForm
from offices import reasons
from offices import words as office_words
from offices.forms import note_field, reason_field
from offices.models import Office, PassportType
from offices.rules import Act
from paspor.kernel import formatting, problems
from paspor.kernel.errors import Invalid
from paspor.kernel.form_fields import DateInput, capitalised
from queueing.booking import documents, errand_words, rules
from queueing.booking.errands import Errand, Written
from queueing.booking.models import Place
from queueing.desk import record_file, selectors, words
from queueing.desk.errors import SearchNeedsReason
from queueing.quota.models import Channel

LATE = [(code, office_words.REASONS[code]) for code in reasons.REASONS[Act.CHECK_IN]]
REASONS = dict(LATE) | words.TURN_AWAY_REASONS


class ActOnGuests(forms.Form):
    """One act on some people of a booking; without ``who``, on everyone it can concern."""

    act = forms.ChoiceField(
        choices=[(act, words.ACTS[act]) for act, _states in selectors.ACTS],
        error_messages={"invalid_choice": _("Tindakan itu tidak dikenal.")},
    )
    reason = forms.ChoiceField(
        choices=[("", "")] + list(REASONS.items()),
        required=False,
        error_messages={"invalid_choice": _("Alasan itu tidak dikenal.")},
    )
    note = forms.CharField(max_length=300, required=False)
    back = forms.CharField(max_length=10, required=False)
    # How the list that the act was asked for on was narrowed.
    query = forms.CharField(max_length=300, required=False)
    # The other counter that the officer was told of, and takes the people from.
    at_counter = forms.IntegerField(min_value=1, required=False)


class SitForm(forms.Form):
    counter = forms.IntegerField(
        min_value=1,
        max_value=200,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Isi nomor loketnya, misalnya 3."),
        ),
    )
    take_over = forms.BooleanField(required=False)


class CallForm(forms.Form):
    """One act on a queue number; calling the next has none yet."""

    act = forms.ChoiceField(
        choices=list(words.CALL_ACTS.items()),
        error_messages={"invalid_choice": _("Tindakan itu tidak dikenal.")},
    )
    number = forms.CharField(max_length=8, required=False)
    reason = forms.ChoiceField(
        choices=[
            ("", ""),
            *words.TURN_AWAY_REASONS.items(),
            *words.PRIORITY_REASONS.items(),
            *words.CHOICE_REASONS.items(),
        ],
        required=False,
        error_messages={"invalid_choice": _("Alasan itu tidak dikenal.")},
    )
    note = forms.CharField(max_length=300, required=False)
    has_proof = forms.BooleanField(required=False)
    # The booking's page that the act was asked for on, where it was not the counter's own.
    back = forms.SlugField(max_length=8, required=False)


class ScreenForm(forms.Form):
    name = forms.CharField(
        label=_("Nama layar"),
        help_text=_("Misalnya: Ruang tunggu lantai 1."),
        max_length=60,
        error_messages={"required": _("Isi nama layarnya.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PairForm(ScreenForm):
    code = forms.CharField(
        label=_("Kode di layar"),
        help_text=_("Enam huruf dan angka, dengan atau tanpa tanda hubung."),
        max_length=12,
        error_messages={"required": _("Isi kode yang tampil di layar.")},
        widget=forms.TextInput(
            attrs={"class": "code-input", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    field_order = ("code", "name")


class CancelForForm(forms.Form):
    """Whose places of a paper ticket are given up, and why."""

    who = forms.MultipleChoiceField(
        label=_("Siapa yang batal"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu orang.")},
    )
    reason = reason_field(Act.CANCEL_FOR)
    note = note_field(_("Dicatat atas nama Anda."))

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(people)
        self.fields["who"].choices = choices
        self.fields["who"].initial = [code for code, _name in choices]


class AbsentForm(forms.Form):
    """Who of a booking did not come."""

    who = forms.MultipleChoiceField(
        label=_("Siapa yang tidak hadir"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu orang.")},
    )

    def __init__(self, *args: Any, guests: Iterable[selectors.Guest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(guest.applicant_code, guest.name) for guest in guests]

    def offer(self, missing: Iterable[selectors.Guest], *, only: Collection[str]) -> None:
        """To be asked about these, with those of ``only`` chosen; without it, all."""
        choices = [(guest.applicant_code, guest.name) for guest in missing]
        self.fields["who"].choices = choices
        self.fields["who"].initial = [code for code, _name in choices if not only or code in only]


class ClosingHoursForm(forms.Form):
    """From which hour on a day closes, or all that is left of it."""

    ALL = "semua"
    # It stands above what closing would do, and belongs to the form below that.
    mulai = forms.ChoiceField(
        label=_("Ditutup mulai"), widget=forms.Select(attrs={"form": "tutup"})
    )

    def __init__(self, *args: Any, hours: Sequence[time], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mulai"].choices = [
            (self.ALL, _("semua jam yang masih melayani")),
            *((f"{hour:%H:%M}", formatting.clock(hour)) for hour in hours[1:]),
        ]

    @property
    def since(self) -> time | None:
        chosen = self.cleaned_data["mulai"]
        return None if chosen == self.ALL else time.fromisoformat(chosen)


class MoveToTodayForm(forms.Form):
    """Why somebody with an appointment on another day is served today; ``seen`` is a word given."""

    reason = reason_field(Act.BOOK_FOR)
    note = note_field()
    seen = forms.BooleanField(
        label=_("Saya melihat KTP asli, dan orangnya ada di depan saya."),
        error_messages={"required": _("Lihat dahulu KTP aslinya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False
        self.fields["reason"].initial = "wrong_day"


class CorrectForm(forms.Form):
    """Filled with what is written now, which ``seen`` keeps; ``told`` is a word given."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Keperluan"))
    parents = forms.ChoiceField(
        label=_("Siapa yang mendampingi"), choices=errand_words.PARENTS, required=False
    )
    passport_type = forms.ChoiceField(label=_("Jenis paspor"))
    told = forms.BooleanField(
        label=_("Pemohon sudah diberi tahu: paspornya diperiksa dahulu (BAP)."),
        help_text=_("Bila keperluannya menjadi paspor hilang, rusak, atau perubahan data."),
        required=False,
    )
    reason = reason_field(Act.CORRECT)
    note = note_field(_("Untuk alasan lainnya; dicatat atas nama Anda."))

    def __init__(self, *args: Any, place: Place, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_child = documents.is_child(place.applicant.birth_date, place.booking.slot.day)
        self._is_child = is_child
        self.fields["seen"].initial = str(Written.of(place))
        kind = self.fields["kind"]
        kind.choices = errand_words.choices(is_child=is_child)
        kind.initial = errand_words.choice_of(Errand.of(place), is_child=is_child)
        offered = {*office.passport_types, place.passport_type}
        types = self.fields["passport_type"]
        types.choices = [pair for pair in PassportType.choices if pair[0] in offered]
        types.initial = place.passport_type
        self.fields["note"].required = False
        if is_child:
            self.fields["parents"].initial = place.parents
        else:
            del self.fields["parents"]

    @property
    def errand(self) -> Errand:
        kind, old_passport = errand_words.chosen(self.cleaned_data["kind"])
        return Errand(kind, old_passport, self.cleaned_data.get("parents", ""))

    @property
    def stood_on(self) -> Written:
        """What was written when the page was opened."""
        return Written.read(self.cleaned_data["seen"])

    @property
    def own(self) -> dict[str, Any]:
        """What was chosen other than it was written then, and all else that was said."""
        seen = self.stood_on
        was = {
            "seen": self.cleaned_data["seen"],
            "kind": errand_words.choice_of(Errand.of(seen), is_child=self._is_child),
            "parents": seen.parents,
            "passport_type": seen.passport_type,
        }
        said = self.cleaned_data.items()
        return {name: value for name, value in said if name not in was or value != was[name]}


class CloseDayForm(forms.Form):
    """``seen`` is how many people the page said are concerned when the button was pressed."""

    reason = reason_field(Act.CLOSE_DAY)
    why = forms.CharField(
        label=_("Keterangan untuk masyarakat"),
        help_text=_("Dibaca masyarakat, misalnya: listrik padam."),
        max_length=200,
        error_messages={"required": _("Isi keterangan penutupan.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReopenDayForm(forms.Form):
    reason = reason_field(Act.CLOSE_DAY)
    note = note_field()


class VerifyAccountForm(forms.Form):
    """What somebody shows whose mail does not arrive; ``seen`` is the officer's word."""

    code = forms.CharField(
        label=_("Kode loket"),
        help_text=_("Delapan huruf dan angka dari halaman yang menunggu kode e-mail."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    nik = forms.CharField(
        label=_("NIK di KTP"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    reason = reason_field(Act.VERIFY_ACCOUNT)
    note = note_field()
    seen = forms.BooleanField(
        label=_("Saya melihat KTP asli, dan orangnya ada di depan saya."),
        error_messages={"required": _("Lihat dahulu KTP aslinya.")},
    )


class DayListForm(forms.Form):
    day = forms.DateField(
        label=_("Hari"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Pilih harinya."), "invalid": _("Pilih harinya.")},
    )


class RecordForm(forms.Form):
    record = forms.FileField(
        label=_("Berkas catatan"),
        help_text=_("Disimpan halaman loket luring: catatan-….paspor"),
        error_messages={
            "required": _("Pilih berkas catatannya."),
            "empty": _("Berkas itu kosong."),
        },
    )

    def clean_record(self) -> str:
        """The text of the file; what is no text or too long is no record of ours."""
        file = self.cleaned_data["record"]
        if file.size > record_file.MOST_BYTES:
            raise forms.ValidationError(_("Berkas ini terlalu besar."))
        return file.read().decode(errors="replace")


class OfficeKeyForm(forms.Form):
    public = forms.CharField(
        label=_("Kunci publik"),
        help_text=_("Salin dari halaman loket luring, bagian “Kunci kantor”."),
        max_length=100,
        error_messages={"required": _("Isi kunci publiknya.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReadNikForm(forms.Form):
    reason = forms.CharField(
        label=_("Untuk apa NIK ini dibaca?"),
        help_text=_("Pembacaan ini dicatat atas nama Anda dan dapat dilihat pemiliknya."),
        max_length=300,
        error_messages={"required": _("Isi alasannya.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FindPersonForm(forms.Form):
    """What the person has in their hand: a number that we gave them, or a KTP."""

    number = forms.CharField(
        label=_("Kode janji atau nomor laporan"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    nik = forms.CharField(
        label=_("NIK pada KTP"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    birth_date = forms.DateField(
        label=_("Tanggal lahir pada KTP"), required=False, widget=DateInput()
    )
    reason = forms.CharField(
        label=_("Untuk apa data orang ini dibuka?"),
        help_text=_("Pencarian ini dicatat atas nama Anda dan dapat dilihat pemiliknya."),
        max_length=300,
        error_messages={"required": SearchNeedsReason.message},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        has_card = bool(said.get("nik") and said.get("birth_date"))
        if not self.errors and bool(said.get("number")) == has_card:
            raise forms.ValidationError(
                _("Isi kode atau nomornya saja, atau NIK bersama tanggal lahirnya.")
            )
        return said


class GuestForm(ApplicantForm):
    """Someone who stands at the counter, as their papers say, and what they come for."""

    kk = None
    is_holder = None
    kind = forms.ChoiceField(
        label=_("Keperluan"), choices=errand_words.choices(is_child=False), initial="NEW"
    )
    parents = forms.ChoiceField(
        label=_("Pendamping anak"),
        choices=[("", _("Bukan anak, atau belum tahu")), *errand_words.PARENTS[1:]],
        required=False,
    )
    passport_type = forms.ChoiceField(label=_("Jenis paspor"))
    entitlement = forms.ChoiceField(
        label=_("Hak prioritas"),
        choices=[("", _("Tidak ada"))] + capitalised(Place.Entitlement.choices),
        required=False,
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        self.fields["passport_type"].choices = [
            pair for pair in PassportType.choices if pair[0] in office.passport_types
        ]
        self.fields["guardian_declared"].label = _("Orang tua atau wali hadir dan menyetujui.")
        # What the NIK says of its owner is proposed by the page, and looked up on the card.
        self.fields["nik"].widget.attrs["data-nik"] = ""
        self.order_fields(["nik", "name", "birth_date", "sex", "kind", "parents", "passport_type"])

    @property
    def differing(self) -> list[str]:
        """What the NIK says otherwise than was typed: no fault, but to be seen on the card."""
        typed = self.cleaned_data
        found = people_rules.findings(
            typed["nik"], "", birth_date=typed["birth_date"], sex=typed["sex"]
        )
        return [code for code in found if code in words.WARNINGS]

    def clean(self) -> dict[str, Any]:
        """What a guardian has to declare is asked here as when an account adds a child."""
        said = super().clean()
        if "kind" in said:
            said["kind"], said["old_passport"] = errand_words.chosen(said["kind"])
        born, now = said.get("birth_date"), timezone.now()
        if born is None:
            return said
        try:
            people_rules.check_guardian(
                born,
                declared=said.get("guardian_declared", False),
                today=self.office.today(now),
                adult_age=people_policies.ADULT_AGE.at(now=now),
            )
        except Invalid as refusal:
            for name, texts in problems.field_texts(refusal).items():
                self.add_error(name, texts)
        return said


GuestForms = forms.formset_factory(
    GuestForm,
    extra=0,
    min_num=1,
    max_num=rules.MAX_PEOPLE,
    absolute_max=rules.MAX_PEOPLE,
    validate_min=True,
    validate_max=True,
)


class BookForForm(forms.Form):
    """When, on which channel, and why an officer books.

    An empty hour is today's first free one, where ``hours`` has it; else one is to be chosen.
    """

    slot = forms.ChoiceField(label=_("Jam"), error_messages={"required": _("Pilih jamnya.")})
    channel = forms.ChoiceField(label=_("Jalur"), widget=forms.RadioSelect)
    has_proof = forms.BooleanField(
        label=_("Bukti hak prioritas sudah saya lihat."),
        help_text=_("Tanpa bukti, jalur prioritas memerlukan persetujuan petugas kedua."),
        required=False,
    )
    reason = reason_field(Act.BOOK_FOR)
    note = note_field(_("Untuk alasan yang tidak biasa; dicatat atas nama Anda."))

    def __init__(
        self, *args: Any, office: Office, hours: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False
        self.fields["reason"].initial = "walk_in"
        self.fields["slot"].choices = list(hours)
        self.fields["slot"].required = all(code for code, _told in self.fields["slot"].choices)
        channels = [(Channel.COUNTER.value, _("Loket"))]
        if rules.offers_channel(office.kind, Channel.PRIORITY):
            channels.append((Channel.PRIORITY.value, _("Prioritas")))
        else:
            del self.fields["has_proof"]
        self.fields["channel"].choices = channels
        self.fields["channel"].initial = Channel.COUNTER.value
