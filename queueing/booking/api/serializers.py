"""What the booking API takes and gives. Shape only: whether it may be is the services' word."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.rules import Identity
from offices.models import PassportType
from paspor.kernel.codes import normalized
from paspor.kernel.strict import DayField, ListOf, StrictSerializer, TextField, TruthField
from queueing.booking.models import Place
from queueing.quota.models import Channel

# Far above any group that may be booked: the service says how many those are.
LONGEST_LIST = 50
APPLICANT = "An applicant's code, from /applicants."
SLOT = "An hour's code, from the office's availability."
OLD_PASSPORT = (
    "With REPLACEMENT, PLAIN: issued in Indonesia since 2010, and nothing in it has changed; "
    "OTHER: anything else. With LOST and DAMAGED, DISASTER: a disaster did it, and there is no "
    "surcharge. Not told: the list of documents says what if."
)
PARENTS = (
    "Who comes with somebody under 17 on that day: BOTH, ONE (the other cannot) or CUSTODY "
    "(divorced: the one who has it). MARRIED: nobody, and it counts as an adult."
)


class OfficeTimeField(serializers.DateTimeField):
    """An instant as the office's own clock shows it, with its offset: DRF would turn it."""

    def enforce_timezone(self, value: datetime) -> datetime:
        return value


class ErrandInput(StrictSerializer):
    applicant = TextField(max_length=20, help_text=APPLICANT)
    kind = serializers.ChoiceField(Place.Kind.choices)
    old_passport = serializers.ChoiceField(
        Place.OldPassport.choices,
        required=False,
        allow_blank=True,
        default="",
        help_text=OLD_PASSPORT,
    )
    parents = serializers.ChoiceField(
        Place.Parents.choices, required=False, allow_blank=True, default="", help_text=PARENTS
    )


class PlaceInput(ErrandInput):
    passport_type = serializers.ChoiceField(PassportType.choices)
    entitlement = serializers.ChoiceField(
        Place.Entitlement.choices,
        required=False,
        allow_blank=True,
        default="",
        help_text="For PRIORITY; the proof is brought to the office.",
    )
    slot = TextField(
        max_length=20,
        required=False,
        help_text="With `slots` only: which of the two this one comes in. Whoever has none "
        "comes in the first while it has room, then in the second, but so that as few children "
        "as can be come without an adult.",
    )


class BookingInput(StrictSerializer):
    slot = TextField(max_length=20, required=False, help_text=f"{SLOT} Or `slots`.")
    slots = ListOf(
        child=TextField(max_length=20),
        required=False,
        min_length=2,
        max_length=2,
        help_text="Instead of `slot`: two neighbouring hours of one day, the earlier first, as "
        "availability names them (`neighbours`, `beside`).",
    )
    places = ListOf(child=PlaceInput(), min_length=1, max_length=LONGEST_LIST)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.ONLINE)
    referral_code = TextField(
        max_length=20, required=False, allow_blank=True, default="", help_text="LTSP only."
    )
    confirm = TruthField(default=False, help_text="Book at once, without a hold.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        self.fields["slot"].required = not isinstance(data, Mapping) or "slots" not in data
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "slots" not in attrs:
            return self._of_one(attrs)
        if "slot" in attrs:
            raise serializers.ValidationError({"slot": [_("Pilih salah satu: slot atau slots.")]})
        hours = {"", *(normalized(code) for code in attrs["slots"])}
        places = enumerate(attrs["places"])
        strays = [at for at, place in places if normalized(place.get("slot", "")) not in hours]
        self._refuse_hours(strays, _("Ini bukan salah satu dari slots."))
        return attrs

    def _of_one(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = [at for at, place in enumerate(attrs["places"]) if "slot" in place]
        self._refuse_hours(named, _("Hanya bersama slots."))
        return attrs

    def _refuse_hours(self, places: list[int], text: str) -> None:
        if places:
            raise serializers.ValidationError({f"places.{at}.slot": [text] for at in places})


class NothingInput(StrictSerializer):
    """An act that needs no words; an empty body or {}."""


class ApplicantsInput(StrictSerializer):
    applicants = ListOf(
        child=TextField(max_length=20),
        required=False,
        min_length=1,
        max_length=LONGEST_LIST,
        help_text="The applicants meant; everyone if left out.",
    )


class RescheduleInput(ApplicantsInput):
    slot = TextField(max_length=20, help_text=SLOT)


class ErrandsInput(StrictSerializer):
    places = ListOf(child=ErrandInput(), min_length=1, max_length=LONGEST_LIST)


class LookupInput(StrictSerializer):
    code = TextField(max_length=20, help_text="The booking's code; dashes are taken.")
    birth_date = DayField(help_text="Of one of its people.")


class OfficeOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    timezone = serializers.CharField(help_text="The IANA name.")
    zone_name = serializers.CharField(help_text="WIB, WITA or WIT.")


class DocumentOutput(serializers.Serializer):
    text = serializers.CharField()
    source = serializers.CharField(help_text="The regulation that it comes from.")


class PlaceOutput(serializers.Serializer):
    applicant = serializers.CharField(
        source="applicant_code", help_text="Empty for those who are not signed in."
    )
    name = serializers.CharField(help_text="Masked for those who are not signed in.")
    state = serializers.ChoiceField(Place.State.choices)
    state_label = serializers.CharField()
    kind = serializers.ChoiceField(Place.Kind.choices)
    passport_type = serializers.ChoiceField(PassportType.choices)
    old_passport = serializers.ChoiceField(Place.OldPassport.choices, allow_blank=True)
    parents = serializers.ChoiceField(
        Place.Parents.choices,
        allow_blank=True,
        help_text="Empty for those who are not signed in.",
    )
    entitlement = serializers.ChoiceField(Place.Entitlement.choices, allow_blank=True)
    identity = serializers.ChoiceField(
        [(known.value, known.value) for known in Identity],
        allow_blank=True,
        help_text="What the civil registry said, or an officer who saw the KTP; empty for "
        "those who are not signed in.",
    )
    differing = serializers.ListField(
        child=serializers.CharField(), help_text="Fields that the registry has otherwise."
    )
    may_cancel = serializers.BooleanField()
    may_move = serializers.BooleanField()
    moved_to = serializers.CharField(
        source="moved_to_code", help_text="The booking it moved to, or empty."
    )
    first_right_until = OfficeTimeField(allow_null=True)


class BookingOutput(serializers.Serializer):
    """One visit. Times carry the offset of the office's own zone."""

    code = serializers.CharField()
    state = serializers.ChoiceField(Place.State.choices, help_text="Derived from its places.")
    state_label = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    office = OfficeOutput()
    slot = serializers.CharField(source="slot_code")
    day = serializers.DateField()
    starts_at = OfficeTimeField()
    ends_at = OfficeTimeField()
    place = serializers.CharField(
        help_text="Where the visit takes place, if not at the office's address; mostly empty."
    )
    note = serializers.CharField(help_text="What the office tells of a special day; mostly empty.")
    held_until = OfficeTimeField(allow_null=True)
    created_at = OfficeTimeField()
    places = PlaceOutput(many=True)
    may_confirm = serializers.BooleanField()
    may_cancel = serializers.BooleanField()
    may_move = serializers.BooleanField()
    has_ticket = serializers.BooleanField()
    moves_left = serializers.IntegerField(
        allow_null=True, help_text="null: without limit, the fault being ours."
    )
    cancel_until = OfficeTimeField(help_text="The first moment that is too late.")
    move_until = OfficeTimeField(help_text="The first moment that is too late.")
    moved_from = serializers.CharField(source="moved_from_code")
    moved_to = serializers.CharField(source="moved_to_code")
    beside = serializers.CharField(
        source="beside_code",
        help_text="The code of the family's other booking, where it comes in two neighbouring "
        "hours, also once one of them was moved; mostly empty. `/confirm` of either confirms both.",
    )


class BookingPageOutput(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BookingOutput(many=True)


class HistoryOutput(serializers.Serializer):
    at = OfficeTimeField()
    what = serializers.CharField()
    text = serializers.CharField()
    by = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())


class PlaceDetail(PlaceOutput):
    documents = DocumentOutput(many=True, help_text="The originals to bring.")
    examination = serializers.ListField(
        child=serializers.CharField(),
        help_text="What comes before, in sentences; empty where nothing does.",
    )


class InsteadOfOutput(serializers.Serializer):
    code = serializers.CharField()
    day = serializers.DateField()
    starts_at = OfficeTimeField()
    ends_at = OfficeTimeField()
    why = serializers.CharField(
        help_text="What the office tells the public of it; empty once it serves that hour again."
    )


class BookingDetail(BookingOutput):
    places = PlaceDetail(many=True)
    instead_of = InsteadOfOutput(
        allow_null=True,
        help_text="The visit whose hour the office closed and that this one stands for, also "
        "where it was moved since; mostly null.",
    )
    history = HistoryOutput(many=True)


class TicketOutput(serializers.Serializer):
    code = serializers.CharField()
    token = serializers.CharField(help_text="What the QR code says, signed with Ed25519.")
    qr_svg = serializers.CharField(help_text="The QR code as an SVG image.")


class LanguageOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class LimitOutput(serializers.Serializer):
    limit = serializers.CharField(help_text="As a refusal with `limit_reached` names it.")
    most = serializers.IntegerField()
    hours = serializers.IntegerField(help_text="Any so many hours in a row.")


class LimitsOutput(serializers.Serializer):
    """National figures; an office may have its own."""

    people_per_booking = serializers.IntegerField()
    live_places_per_account = serializers.IntegerField()
    applicants_per_account = serializers.IntegerField()
    hold_minutes = serializers.IntegerField()
    book_cutoff_minutes = serializers.IntegerField()
    self_moves = serializers.IntegerField()
    horizon_days = serializers.IntegerField()
    page_size = serializers.IntegerField()
    body_bytes = serializers.IntegerField()
    in_time = LimitOutput(many=True)


class ConfigOutput(serializers.Serializer):
    server_time = OfficeTimeField()
    minimum_app_version = serializers.CharField()
    privacy_notice_version = serializers.CharField()
    languages = LanguageOutput(many=True)
    limits = LimitsOutput()
    install_id = serializers.CharField(help_text="Send it back as X-Install-Id.")
