"""The form of a national order: shape only."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices import selectors as offices
from offices.forms import note_field, reason_field
from offices.models import Office
from offices.rules import Act
from paspor.kernel.form_fields import DATE_FORMATS, DateInput
from queueing.planning import order_rules, saturday_rules
from queueing.planning.forms import time_field
from queueing.planning.models import NationalOrder
from queueing.planning.order_rules import Asked
from queueing.planning.pages.office_forms import OfficesField, meant

KINDS = [
    (
        NationalOrder.Kind.SHARE.value,
        _("Menaikkan kuota: loket bertambah sekian persen"),
    ),
    (
        NationalOrder.Kind.DEADLINE.value,
        _("Tenggat penumpukan: setiap hari tutup sekian jam lebih lambat"),
    ),
    (
        NationalOrder.Kind.SATURDAY.value,
        _("Layanan Sabtu: kantor yang libur pada hari Sabtu buka"),
    ),
]


SATURDAYS = ("opens", "closes", "on_holidays")


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), input_formats=DATE_FORMATS)


class OrderForm(forms.Form):
    kind = forms.ChoiceField(label=_("Perintah"), choices=KINDS, widget=forms.RadioSelect)
    amount = forms.IntegerField(
        label=_("Besarnya"),
        min_value=1,
        max_value=order_rules.MOST_PERCENT,
        help_text=_(
            "Persen (1 sampai 100) untuk kuota; jam setiap hari (1 sampai 4) untuk tenggat; "
            "untuk Sabtu berapa persen dari loket biasanya (1 sampai 100)."
        ),
    )
    opens = time_field(_("Buka pada hari Sabtu"), required=False)
    closes = time_field(_("Tutup pada hari Sabtu"), required=False)
    on_holidays = forms.BooleanField(
        label=_("Buka juga pada Sabtu yang hari libur"), required=False
    )
    first_day = day_field(_("Hari pertama"))
    last_day = day_field(_("Hari terakhir atau tenggat"))
    kinds = forms.MultipleChoiceField(
        label=_("Jenis kantor"),
        choices=Office.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Office.Kind.KANIM.value],
        required=False,
        help_text=_(
            "Untuk seluruh Indonesia dan seluruh provinsi; kantor yang dicentang satu per satu "
            "selalu ikut."
        ),
    )
    offices = OfficesField(
        label=_("Kantor"),
        help_text=_("Tanpa centang: seluruh Indonesia."),
        required=False,
        error_messages={"invalid_choice": _("Tidak dikenal: %(value)s")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(offices.public_offices())
        self.fields["offices"].offer(self.known)
        self.fields["reason"] = reason_field(Act.ORDER)
        self.fields["note"] = note_field(_("Dibaca petugas kedua dan tercatat atas nama Anda."))
        self._count()

    @classmethod
    def unjudged(cls, said: Any) -> Self:
        """What was typed so far, with what is found and counted, and nothing held against it."""
        fields = cls().fields.items()
        typed = {name: field.widget.value_from_datadict(said, {}, name) for name, field in fields}
        form = cls(initial=typed)
        form.fields["offices"].widget.narrow(said, "offices")
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") != NationalOrder.Kind.SATURDAY:
            # Perhaps typed before another kind was chosen; nobody sees them any more.
            for name in SATURDAYS:
                self.errors.pop(name, None)
            cleaned |= {"opens": None, "closes": None, "on_holidays": False}
        for name, text in self._faults(cleaned).items():
            self.add_error(name, gettext(text))
        ticked, kinds = cleaned.get("offices", []), cleaned.get("kinds", [])
        found = meant(self.known, ticked=ticked, kinds=kinds)
        if not found and "offices" not in self.errors:
            self.add_error("kinds", _("Tidak ada kantor yang dipilih."))
        cleaned["offices"] = found
        return cleaned

    def _count(self) -> None:
        """How many offices are meant, by what stands in the form."""
        said = {name: self[name].value() or [] for name in ("offices", "kinds")}
        found = meant(self.known, ticked=said["offices"], kinds=said["kinds"])
        self.fields["offices"].widget.count = len(found)

    @staticmethod
    def _faults(cleaned: dict[str, Any]) -> dict[str, str]:
        """Beside what the fields say themselves; orders.prepare looks again."""
        if any(cleaned.get(name) is None for name in ("kind", "amount", "first_day", "last_day")):
            return {}
        names = ("kind", "amount", "first_day", "last_day", *SATURDAYS)
        return saturday_rules.faults(Asked(**{name: cleaned.get(name) for name in names}))

    def wished(self) -> dict[str, Any]:
        """What orders.Wish is made of."""
        names = ("kind", "amount", "first_day", "last_day", "offices", *SATURDAYS)
        return {name: self.cleaned_data[name] for name in names}

    @property
    def head(self) -> list[forms.BoundField]:
        return [self["kind"], self["amount"]]

    @property
    def saturday(self) -> list[forms.BoundField]:
        return [self["opens"], self["closes"]]

    @property
    def rest(self) -> list[forms.BoundField]:
        shown = ("kind", "amount", *SATURDAYS)
        return [field for field in self if field.name not in shown]


class UndoForm(forms.Form):
    """Why an order is undone; what that would do is shown afterwards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(Act.ORDER)
        self.fields["note"] = note_field(_("Dibaca petugas kedua dan tercatat atas nama Anda."))
