"""Web forms of booking: shape only. Rules are checked by the services."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.models import Applicant
from offices.models import Office, PassportType
from paspor.kernel.form_fields import DATE_FORMATS, ActForm, DateInput, capitalised
from queueing.booking import documents, errand_words, rules
from queueing.booking.errand_words import KINDS
from queueing.booking.errands import Errand
from queueing.booking.models import Place
from queueing.booking.selectors import PlaceView
from queueing.quota import search
from queueing.quota.models import Channel

CODE_LENGTH = 20


class TownSelect(forms.Select):
    """Towns with an office; each tells where it lies, for the script that finds the nearest.

    So a phone's position never leaves the phone: the page is asked for a town.
    """

    points: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.points:
            option["attrs"]["data-at"] = self.points[str(value)]
        return option


@dataclass(frozen=True)
class PersonFields:
    """The bound fields of one person's card; ``engaged`` tells why it cannot be chosen."""

    applicant: Applicant
    engaged: Mapping[str, str] | None
    comes: forms.BoundField
    kind: forms.BoundField
    passport_type: forms.BoundField
    parents: forms.BoundField | None
    entitlement: forms.BoundField | None
    hour: forms.BoundField | None

    @property
    def warnings(self) -> list[Promise]:
        return words.warnings(self.applicant.warnings)


def errand_fields(
    applicant: Applicant, day: date, *, asks_kind: bool = False, told: str = ""
) -> dict[str, forms.Field]:
    """What one person comes for, by their age on that day; without a usual kind if asked.

    ``told`` is what was said before of who comes along.
    """
    is_child = documents.is_child(applicant.birth_date, day)
    unasked = [("", _("Pilih keperluan"))] if asks_kind else []
    fields: dict[str, forms.Field] = {
        f"{applicant.code}-kind": forms.ChoiceField(
            label=_("Keperluan"),
            choices=unasked + errand_words.choices(is_child=is_child),
            required=False,
        )
    }
    if is_child:
        age = rules.age_on(day, applicant.birth_date)
        fields[f"{applicant.code}-parents"] = forms.ChoiceField(
            label=_("Siapa yang mendampingi"),
            choices=errand_words.parents(age, told=told),
            required=False,
        )
    return fields


def errand_said(said: Mapping[str, Any], code: str) -> Errand:
    """What these fields were answered with."""
    kind, old_passport = errand_words.chosen(said[f"{code}-kind"])
    return Errand(kind, old_passport, said.get(f"{code}-parents", ""))


@dataclass(frozen=True)
class Visit:
    """Where and when the people come, and by which lane."""

    office: Office
    day: date
    channel: str


class WhoForm(ActForm):
    """Who comes to one hour of an office, and for what: a card for each of the account's people.

    ``engaged``: what to say of those who have an appointment (pages/engaged_people.py). They
    are not offered; whoever is sent all the same, the service refuses, or knows: a second tap.
    ``hours``: two of them (code, words) for a family in both; each card asks for one.
    ``asks_kind``: nobody was asked for the kind before, so none is usual.
    """

    def __init__(
        self,
        *args: Any,
        applicants: list[Applicant],
        visit: Visit,
        hours: Sequence[tuple[str, str]] = (),
        asks_kind: bool = False,
        engaged: Mapping[str, Mapping[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.engaged = engaged or {}
        office, channel = visit.office, visit.channel
        self.day, self.asks_kind = visit.day, asks_kind
        self.hours = hours
        self.applicants = applicants
        self.channel = channel
        types = [pair for pair in PassportType.choices if pair[0] in office.passport_types]
        for applicant in applicants:
            self._add_person(applicant, types)
        if office.needs_referral:
            self.fields["referral_code"] = forms.CharField(
                label=_("Kode rujukan"),
                help_text=_("Dari petugas LTSP; berlaku untuk satu orang dan satu kali."),
                max_length=CODE_LENGTH,
                required=False,
                widget=forms.TextInput(attrs={"class": "code-input", "autocomplete": "off"}),
            )

    def _add_person(self, applicant: Applicant, types: list[tuple[str, str]]) -> None:
        code = applicant.code
        self.fields[f"{code}-comes"] = forms.BooleanField(label=applicant.name, required=False)
        self.fields |= errand_fields(applicant, self.day, asks_kind=self.asks_kind)
        self.fields[f"{code}-passport_type"] = forms.ChoiceField(
            label=_("Jenis paspor"), choices=types, required=False
        )
        if self.hours:
            self.fields[f"{code}-hour"] = forms.ChoiceField(
                label=_("Jam"), choices=list(self.hours), required=False
            )
        if self.channel == Channel.PRIORITY:
            self.fields[f"{code}-entitlement"] = forms.ChoiceField(
                label=_("Hak prioritas"),
                choices=[("", _("Tidak ada, ikut keluarga"))]
                + capitalised(Place.Entitlement.choices),
                required=False,
            )

    @property
    def people(self) -> list[PersonFields]:
        return [
            PersonFields(
                applicant=applicant,
                engaged=self.engaged.get(applicant.code),
                comes=self[f"{applicant.code}-comes"],
                kind=self[f"{applicant.code}-kind"],
                passport_type=self[f"{applicant.code}-passport_type"],
                parents=self[f"{applicant.code}-parents"]
                if f"{applicant.code}-parents" in self.fields
                else None,
                entitlement=self[f"{applicant.code}-entitlement"]
                if self.channel == Channel.PRIORITY
                else None,
                hour=self[f"{applicant.code}-hour"] if self.hours else None,
            )
            for applicant in self.applicants
        ]

    @property
    def free(self) -> list[Applicant]:
        """Those who may be chosen."""
        return [person for person in self.applicants if person.code not in self.engaged]

    @property
    def coming(self) -> list[dict[str, str]]:
        """What each chosen person comes for, in the words of PlaceRequest; hour by hour."""
        said = self.cleaned_data
        coming = [
            self._wish_of(person.code)
            for person in self.applicants
            if said.get(f"{person.code}-comes")
        ]
        codes = [code for code, _words in self.hours]
        if codes:
            coming.sort(key=lambda one: codes.index(self.hour_of(one["applicant_code"])))
        return coming

    def _wish_of(self, code: str) -> dict[str, str]:
        said, errand = self.cleaned_data, errand_said(self.cleaned_data, code)
        return {
            "applicant_code": code,
            "kind": errand.kind,
            "old_passport": errand.old_passport,
            "parents": errand.parents,
            "passport_type": said[f"{code}-passport_type"],
            "entitlement": said.get(f"{code}-entitlement", ""),
        }

    def hour_of(self, applicant_code: str) -> str:
        """The code of the hour at which this person comes; of two hours."""
        return self.cleaned_data.get(f"{applicant_code}-hour") or self.hours[0][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for person in self.applicants:
            if not said.get(f"{person.code}-comes"):
                continue
            for name in ("kind", "passport_type"):
                field = f"{person.code}-{name}"
                if not said.get(field) and field not in self.errors:
                    self.add_error(field, _("Pilih salah satu."))
        if not any(said.get(f"{person.code}-comes") for person in self.applicants):
            self.add_error(None, _("Pilih sedikitnya satu orang yang akan datang."))
        return said


class ErrandsForm(ActForm):
    """What the people of a visit come for, told anew."""

    def __init__(self, *args: Any, people: Sequence[Place], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for place in people:
            applicant = place.applicant
            is_child = documents.is_child(applicant.birth_date, day)
            fields = errand_fields(applicant, day, told=place.parents)
            kind = errand_words.choice_of(Errand.of(place), is_child=is_child)
            usual = {f"{applicant.code}-kind": kind, f"{applicant.code}-parents": place.parents}
            for name, field in fields.items():
                field.initial = usual[name]
                field.required = name.endswith("-kind")
            self.fields |= fields

    @property
    def cards(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each name with its questions."""
        return [
            (place.applicant.name, [self[name] for name in self._names(place)])
            for place in self.people
        ]

    def _names(self, place: Place) -> list[str]:
        start = f"{place.applicant.code}-"
        return [name for name in self.fields if name.startswith(start)]

    @property
    def told(self) -> dict[str, Errand]:
        codes = [place.applicant.code for place in self.people]
        return {code: errand_said(self.cleaned_data, code) for code in codes}


class PeopleForm(ActForm):
    """Some of the people of a visit, chosen by checkboxes; all are chosen at first."""

    who = forms.MultipleChoiceField(
        label=_("Siapa"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu orang.")},
    )

    def __init__(self, *args: Any, places: Iterable[PlaceView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(place.applicant_code, place.name) for place in places]
        self.fields["who"].choices = choices
        self.fields["who"].initial = [code for code, _name in choices]


class CancelForm(PeopleForm):
    """With those of the family's other hour, of whom none is chosen at first."""

    beside = forms.MultipleChoiceField(
        label=_("Juga yang datang pada jam lainnya"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, beside: Iterable[PlaceView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(place.applicant_code, place.name) for place in beside]
        if choices:
            self.fields["beside"].choices = choices
        else:
            del self.fields["beside"]


class AnswerForm(forms.Form):
    """Who of a visit comes, or does not, as the reminder's reader says; by numbers alone."""

    who = forms.TypedMultipleChoiceField(
        label=_("Siapa"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu orang.")},
    )
    act = forms.ChoiceField(choices=[("come", ""), ("release", "")])

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(people)
        self.fields["who"].choices = choices
        self.fields["who"].initial = [number for number, _name in choices]


class LookupForm(forms.Form):
    """A booking code as people write it, and a birth date that only its people know."""

    code = forms.CharField(
        label=_("Kode pemesanan"),
        help_text=_("Delapan huruf dan angka, dengan atau tanpa tanda hubung."),
        max_length=CODE_LENGTH,
        error_messages={"required": _("Isi kode pemesanan.")},
        widget=forms.TextInput(
            attrs={"class": "code-input", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    birth_date = forms.DateField(
        label=_("Tanggal lahir"),
        help_text=_("Milik salah seorang yang tercantum di tiket."),
        input_formats=DATE_FORMATS,
        error_messages={
            "required": _("Isi tanggal lahir."),
            "invalid": _("Ini bukan tanggal. Contoh: 17/08/1990."),
        },
        widget=DateInput,
    )


class ClaimForm(LookupForm, ActForm):
    """A paper ticket from a counter, to be kept in an account."""


class OfficeFilter(forms.Form):
    """What the office list may be narrowed by. ``offices`` are all of them."""

    jenis = forms.ChoiceField(label=_("Keperluan"), choices=list(KINDS.items()), required=False)
    orang = forms.ChoiceField(
        label=_("Berapa orang"),
        choices=[(str(n), str(n)) for n in range(1, rules.MAX_PEOPLE + 1)],
        required=False,
    )
    dekat = forms.ChoiceField(label=_("Dekat kota atau kabupaten"), required=False)
    radius = forms.ChoiceField(
        label=_("Sejauh apa dari kota itu"),
        choices=[("", _("Berapa pun jauhnya")), *((str(km), f"{km} km") for km in search.RADII)],
        required=False,
    )
    q = forms.CharField(label=_("Nama kantor atau kota"), max_length=60, required=False)
    provinsi = forms.ChoiceField(label=_("Provinsi"), required=False)
    tipe = forms.ChoiceField(
        label=_("Jenis kantor"),
        choices=[("", _("Semua jenis")), *Office.Kind.choices],
        required=False,
    )
    paspor = forms.ChoiceField(
        label=_("Jenis paspor"),
        choices=[("", _("Semua jenis")), *PassportType.choices],
        required=False,
    )
    jalur = forms.ChoiceField(
        label=_("Jalur"),
        choices=[
            (Channel.ONLINE.value, _("Biasa")),
            (Channel.PRIORITY.value, _("Prioritas: lansia, balita, difabel, ibu hamil")),
        ],
        required=False,
    )
    sebelum = forms.DateField(
        label=_("Paling lambat tanggal"),
        input_formats=DATE_FORMATS,
        widget=DateInput,
        required=False,
    )

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns: dict[str, dict[str, str]] = {}
        points: dict[str, str] = {}
        for office in offices:
            known = towns.setdefault(office.province, {})
            if office.regency not in known:
                known[office.regency] = office.code
                points[office.code] = f"{office.latitude},{office.longitude}"
        provinces = sorted(towns)
        select = TownSelect(attrs={"data-towns": ""})
        select.points = points
        self.fields["dekat"].widget = select
        self.fields["dekat"].choices = [
            ("", _("Seluruh Indonesia")),
            *(
                (name, [(code, town) for town, code in sorted(towns[name].items())])
                for name in provinces
            ),
        ]
        self.fields["provinsi"].choices = [
            ("", _("Semua provinsi")),
            *((name, name) for name in provinces),
        ]
