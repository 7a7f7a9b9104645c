"""Forms of the officers' admin of queueing. They check shapes only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.admin_forms import WhyActionForm, WhyForm
from offices.rules import Act, channels_of
from queueing.quota.models import Channel, Slot
from queueing.quota.services import seats


class LateActionForm(WhyActionForm):
    """An action; who comes after the hour is received with a reason."""

    act = Act.CHECK_IN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why_reason"].label = _("Bila terlambat")


class ReleaseForm(WhyForm):
    act = Act.OPEN_RELEASE


class ReferralForm(WhyForm):
    act = Act.REFERRAL


def field_of(channel: str) -> str:
    return f"seats_{channel.lower()}"


def seat_fields(slot: Slot) -> tuple[str, ...]:
    """Of the channels that this kind of office has."""
    return tuple(field_of(channel) for channel in channels_of(slot.office.kind))


class SlotForm(WhyForm):
    """How many seats the hour has in each channel, and why that is changed."""

    act = Act.CHANGE_CAPACITY

    seats_online = forms.IntegerField(label=_("Kursi daring"), min_value=0, required=False)
    seats_priority = forms.IntegerField(label=_("Kursi prioritas"), min_value=0, required=False)
    seats_same_day = forms.IntegerField(label=_("Kursi percepatan"), min_value=0, required=False)
    seats_counter = forms.IntegerField(label=_("Kursi loket"), min_value=0, required=False)

    class Meta:
        model = Slot
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = seat_fields(self.instance)
        standing = seats.in_use(self.instance.seats.all())
        for channel in Channel.values:
            name = field_of(channel)
            if name not in offered:
                del self.fields[name]
            else:
                self.initial[name] = standing[channel]

    def clean(self) -> dict[str, Any]:
        """Empty is not zero: a number that is meant is written."""
        cleaned = super().clean()
        for name in seat_fields(self.instance):
            if name in cleaned and cleaned[name] is None:
                self.add_error(name, _("Isi jumlah kursinya, 0 untuk tidak ada."))
        return cleaned
