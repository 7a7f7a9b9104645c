"""Bookings: who comes, when, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Applicant, Person
from offices.models import Office, PassportType
from paspor.kernel.codes import new_code
from queueing.quota.models import Channel, Seat, Slot


def new_booking_code() -> str:
    return new_code(8)


class ActorKind(models.TextChoices):
    CITIZEN = "CITIZEN", _("pemohon")
    OFFICER = "OFFICER", _("petugas")
    SYSTEM = "SYSTEM", _("sistem")


class Booking(models.Model):
    """One visit of one to five people. Its state is derived from its places."""

    code = models.CharField(max_length=8, unique=True, default=new_booking_code, editable=False)
    # Empty for people booked at a counter, until an account claims the paper ticket.
    # Found by booking_account_created.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="bookings",
        db_index=False,
    )
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings")
    channel = models.CharField(_("jalur"), max_length=8, choices=Channel)
    # Of a family in two neighbouring hours, each names the other (services/together.py), also
    # once one of them was moved (services/moving.py).
    beside = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    # A hold ends here by the database's clock; empty once confirmed.
    held_until = models.DateTimeField(_("ditahan sampai"), null=True)
    # Moves by the citizen's own wish that led here; a fault of ours does not count.
    moves_used = models.PositiveSmallIntegerField(default=0)
    # Ours is the fault: it may be moved without limit.
    no_fault = models.BooleanField(default=False)
    # How often its day went to another place while it stood; then too it moves freely.
    relocations = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dibuat petugas"),
    )
    reason = models.CharField(_("alasan"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())

    class Meta:
        verbose_name = _("janji temu")
        verbose_name_plural = _("janji temu")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["ONLINE", "PRIORITY", "SAME_DAY", "COUNTER"]),
                name="booking_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(made_by__isnull=False),
                name="booking_made_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["held_until"], condition=Q(held_until__isnull=False), name="booking_held"
            ),
            models.Index(fields=["account", "-created_at"], name="booking_account_created"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def moves_freely(self) -> bool:
        """The office has changed what was booked, so a move of it is none of theirs."""
        return self.no_fault or self.relocations > 0

    @property
    def is_walk_in(self) -> bool:
        """Made by an officer on the day itself, for somebody who stood there."""
        if self.made_by_id is None:
            return False
        return self.created_at.astimezone(self.slot.office.zone).date() == self.slot.day


class BookingOrigin(models.Model):
    """From which installation and address a citizen held a visit; kept DEVICE_DAYS."""

    booking = models.OneToOneField(
        Booking, models.PROTECT, primary_key=True, related_name="origin", editable=False
    )
    device = models.CharField(max_length=64, blank=True, default="")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("asal pemesanan")
        verbose_name_plural = _("asal pemesanan")
        indexes = [
            models.Index(
                fields=["device", "-at"], condition=~Q(device=""), name="bookingorigin_device"
            ),
            models.Index(fields=["address", "-at"], name="bookingorigin_address"),
            models.Index(fields=["at"], name="bookingorigin_at"),
        ]

    def __str__(self) -> str:
        return str(self.booking_id)


class Place(models.Model):
    """One applicant's part of a booking: the person, the seat, the state.

    ``person`` is written at birth and stands for good; a foreign key of the database
    (applicant, person) keeps the applicant's row at that person too. While it is live,
    ``live_person`` and ``live_seat`` repeat person and seat, and their unique constraints
    are the country's word that a person holds one place and a seat one person.
    They are deferrable, so that a move can end the old place and make the new one within
    one transaction.
    """

    class State(models.TextChoices):
        HELD = "HELD", _("ditahan")
        BOOKED = "BOOKED", _("terjadwal")
        CHECKED_IN = "CHECKED_IN", _("hadir")
        SERVED = "SERVED", _("selesai dilayani")
        EXPIRED = "EXPIRED", _("kedaluwarsa")
        CANCELLED = "CANCELLED", _("dibatalkan")
        MOVED = "MOVED", _("dijadwalkan ulang")
        NO_SHOW = "NO_SHOW", _("tidak hadir")
        TURNED_AWAY = "TURNED_AWAY", _("tidak dapat dilayani")
        VOIDED = "VOIDED", _("digugurkan")
        CLOSED_BY_OFFICE = "CLOSED_BY_OFFICE", _("ditutup kantor")

    LIVE = (State.HELD, State.BOOKED, State.CHECKED_IN)
    # What was asked for with a place; it goes with its person to another hour.
    WANTED = ("kind", "passport_type", "entitlement", "old_passport", "parents")

    class Kind(models.TextChoices):
        NEW = "NEW", _("paspor baru")
        REPLACEMENT = "REPLACEMENT", _("penggantian")
        LOST = "LOST", _("hilang")
        DAMAGED = "DAMAGED", _("rusak")
        DATA_CHANGE = "DATA_CHANGE", _("perubahan data")

    class OldPassport(models.TextChoices):
        PLAIN = "PLAIN", _("terbit di Indonesia sejak 2010")
        OTHER = "OTHER", _("terbit sebelum 2010 atau di luar negeri")
        DISASTER = "DISASTER", _("karena musibah")

    class Parents(models.TextChoices):
        BOTH = "BOTH", _("bersama kedua orang tua")
        ONE = "ONE", _("bersama salah satu orang tua")
        CUSTODY = "CUSTODY", _("bersama pemegang hak asuh")
        MARRIED = "MARRIED", _("sudah menikah")

    class Entitlement(models.TextChoices):
        ELDERLY = "ELDERLY", _("lansia")
        UNDER_FIVE = "UNDER_FIVE", _("balita")
        DISABLED = "DISABLED", _("penyandang disabilitas")
        PREGNANT = "PREGNANT", _("ibu hamil")

    # Found by place_one_per_applicant.
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="places", db_index=False)
    # Held to by place_person_is_applicants, which holds the person to it as well.
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="places", db_constraint=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="places", db_constraint=False, editable=False
    )
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="places")
    live_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="live_places",
        db_constraint=False,
        db_index=False,
        editable=False,
    )
    live_seat = models.ForeignKey(
        Seat,
        models.PROTECT,
        null=True,
        related_name="live_places",
        db_constraint=False,
        db_index=False,
        editable=False,
    )
    state = models.CharField(_("status"), max_length=16, choices=State)
    kind = models.CharField(_("jenis permohonan"), max_length=11, choices=Kind)
    passport_type = models.CharField(_("jenis paspor"), max_length=13, choices=PassportType)
    # What else is told of the errand (errands.py); empty where nothing is.
    old_passport = models.CharField(
        _("paspor lama"), max_length=8, choices=OldPassport, blank=True, default="", db_default=""
    )
    parents = models.CharField(
        _("pendamping"), max_length=7, choices=Parents, blank=True, default="", db_default=""
    )
    entitlement = models.CharField(
        _("hak prioritas"), max_length=10, choices=Entitlement, blank=True, default=""
    )
    moved_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="moved_from", editable=False
    )
    # After a closure without an alternative: the next opening serves these first.
    first_right_until = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(_("alasan"), max_length=60, blank=True, default="")
    # Empty until it is confirmed: what ends without it was a hold that was let go.
    booked_at = models.DateTimeField(_("dipesan"), null=True)
    checked_in_at = models.DateTimeField(_("hadir pukul"), null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())

    class Meta:
        verbose_name = _("tempat")
        verbose_name_plural = _("tempat")
        constraints = [
            models.UniqueConstraint(
                fields=["live_person"],
                name="place_one_live_per_person",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["live_seat"],
                name="place_one_live_per_seat",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["booking", "applicant"], name="place_one_per_applicant"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["HELD", "BOOKED", "CHECKED_IN"],
                    live_person__isnull=False,
                    live_person=F("person"),
                    live_seat__isnull=False,
                    live_seat=F("seat"),
                    ended_at=None,
                )
                | Q(
                    state__in=[
                        "SERVED",
                        "EXPIRED",
                        "CANCELLED",
                        "MOVED",
                        "NO_SHOW",
                        "TURNED_AWAY",
                        "VOIDED",
                        "CLOSED_BY_OFFICE",
                    ],
                    live_person=None,
                    live_seat=None,
                    ended_at__isnull=False,
                ),
                name="place_live_by_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["HELD", "EXPIRED"], booked_at=None)
                | Q(state__in=["CANCELLED", "VOIDED", "CLOSED_BY_OFFICE"])
                | Q(
                    state__in=[
                        "BOOKED",
                        "CHECKED_IN",
                        "SERVED",
                        "MOVED",
                        "NO_SHOW",
                        "TURNED_AWAY",
                    ],
                    booked_at__isnull=False,
                ),
                name="place_booked_by_state",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["NEW", "REPLACEMENT", "LOST", "DAMAGED", "DATA_CHANGE"]),
                name="place_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(passport_type__in=["REGULAR", "ELECTRONIC", "POLYCARBONATE"]),
                name="place_passport_type_known",
            ),
            models.CheckConstraint(
                condition=Q(old_passport="")
                | Q(kind="REPLACEMENT", old_passport__in=["PLAIN", "OTHER"])
                | Q(kind__in=["LOST", "DAMAGED"], old_passport="DISASTER"),
                name="place_old_passport_fits",
            ),
            models.CheckConstraint(
                condition=Q(parents__in=["", "BOTH", "ONE", "CUSTODY", "MARRIED"]),
                name="place_parents_known",
            ),
            models.CheckConstraint(
                condition=Q(entitlement__in=["", "ELDERLY", "UNDER_FIVE", "DISABLED", "PREGNANT"]),
                name="place_entitlement_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["first_right_until"],
                condition=Q(first_right_until__isnull=False),
                name="place_first_right",
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}/{self.applicant_id}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class BookingEvent(models.Model):
    """What happened to a place or a booking, when, by whom. Append-only, by month.

    Holds ids and codes only. Written in the transaction of the change itself.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("waktu"), db_default=Now())
    stream = models.CharField(_("kantor"), max_length=40)
    booking_id = models.BigIntegerField()
    place_id = models.BigIntegerField(null=True)
    what = models.CharField(_("peristiwa"), max_length=30)
    actor_kind = models.CharField(_("oleh"), max_length=8, choices=ActorKind)
    actor_id = models.BigIntegerField(null=True)
    reason = models.CharField(_("alasan"), max_length=60, blank=True, default="")
    detail = models.JSONField(_("rincian"), default=dict, blank=True)
    note_id = models.BigIntegerField(null=True)
    note_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("riwayat janji")
        verbose_name_plural = _("riwayat janji")
        indexes = [
            models.Index(fields=["booking_id", "id"], name="bookingevent_booking"),
            models.Index(fields=["stream", "-at"], name="bookingevent_stream_at"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} #{self.pk}"


class Referral(models.Model):
    """A code that an LTSP officer issues to a prospective migrant worker; used once."""

    code = models.CharField(_("kode"), max_length=10, unique=True, editable=False)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="referrals", verbose_name=_("kantor")
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas")
    )
    issued_at = models.DateTimeField(_("diterbitkan"), db_default=Now())
    expires_at = models.DateTimeField(_("berlaku sampai"))
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, editable=False, related_name="referral"
    )
    used_at = models.DateTimeField(_("dipakai"), null=True, editable=False)

    class Meta:
        verbose_name = _("kode rujukan")
        verbose_name_plural = _("kode rujukan")
        constraints = [
            models.CheckConstraint(
                condition=Q(booking=None, used_at=None)
                | Q(booking__isnull=False, used_at__isnull=False),
                name="referral_used_by_a_booking",
            )
        ]

    def __str__(self) -> str:
        return self.code
