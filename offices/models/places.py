"""Where, when and by whom people are served: offices, calendars, posts, approvals."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from offices.approval_rules import Matter


class PassportType(models.TextChoices):
    REGULAR = "REGULAR", _("Paspor biasa")
    ELECTRONIC = "ELECTRONIC", _("Paspor elektronik")
    POLYCARBONATE = "POLYCARBONATE", _("Paspor polikarbonat")


def default_passport_types() -> list[str]:
    return [PassportType.REGULAR.value]


def zone_name(timezone: str) -> str:
    """WIB, WITA or WIT, as people say it."""
    return {"Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}.get(timezone, "WIB")


class Office(models.Model):
    """A service site of any type."""

    class Kind(models.TextChoices):
        KANIM = "KANIM", _("Kantor Imigrasi")
        ULP = "ULP", _("Unit Layanan Paspor")
        LTSP = "LTSP", _("Layanan Terpadu Satu Pintu")
        UKK = "UKK", _("Unit Kerja Keimigrasian")
        MPP = "MPP", _("Mal Pelayanan Publik")

    class Zone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WIB_PONTIANAK = "Asia/Pontianak", "WIB (Pontianak)"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    code = models.CharField(_("kode"), max_length=40, unique=True)
    kind = models.CharField(_("jenis"), max_length=5, choices=Kind)
    name = models.CharField(_("nama"), max_length=120, unique=True)
    grade = models.CharField(_("kelas"), max_length=20, blank=True, default="")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("kantor induk"),
    )
    regency = models.CharField(_("kabupaten/kota"), max_length=60)
    province = models.CharField(_("provinsi"), max_length=60)
    timezone = models.CharField(_("zona waktu"), max_length=20, choices=Zone)
    latitude = models.DecimalField(_("lintang"), max_digits=6, decimal_places=3)
    longitude = models.DecimalField(_("bujur"), max_digits=6, decimal_places=3)
    address = models.CharField(_("alamat"), max_length=300, blank=True, default="")
    phone = models.CharField(_("telepon"), max_length=40, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    passport_types = ArrayField(
        models.CharField(max_length=13, choices=PassportType),
        default=default_passport_types,
        verbose_name=_("jenis paspor"),
    )
    # LTSP serves prospective migrant workers only: its seats need a referral code.
    needs_referral = models.BooleanField(_("perlu kode rujukan"), default=False)
    is_active = models.BooleanField(_("melayani"), default=True)

    class Meta:
        verbose_name = _("kantor")
        verbose_name_plural = _("kantor")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["KANIM", "ULP", "LTSP", "UKK", "MPP"]),
                name="office_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="KANIM", parent=None) | ~Q(kind="KANIM") & ~Q(parent=None),
                name="office_parent_unless_kanim",
            ),
            models.CheckConstraint(
                condition=Q(
                    timezone__in=[
                        "Asia/Jakarta",
                        "Asia/Pontianak",
                        "Asia/Makassar",
                        "Asia/Jayapura",
                    ]
                ),
                name="office_zone_known",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-11.5, 6.5), longitude__range=(94.5, 141.5)),
                name="office_in_indonesia",
            ),
        ]
        indexes = [models.Index(fields=["province"], name="office_province")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def zone_name(self) -> str:
        return zone_name(self.timezone)

    def today(self, now: datetime) -> date:
        """The service day at this office: a date in its own zone."""
        return now.astimezone(self.zone).date()


class DayShape(models.Model):
    """What any served day has: its break and the shares of its channels.

    All times are the office's local time. Shares are per cent of the day's quota.
    """

    break_starts = models.TimeField(_("istirahat mulai"), null=True, blank=True)
    break_ends = models.TimeField(_("istirahat selesai"), null=True, blank=True)
    online_share = models.PositiveSmallIntegerField(_("bagian daring (%)"), default=80)
    priority_share = models.PositiveSmallIntegerField(_("bagian prioritas (%)"), default=15)
    same_day_share = models.PositiveSmallIntegerField(_("bagian percepatan (%)"), default=0)
    counter_share = models.PositiveSmallIntegerField(_("bagian loket (%)"), default=5)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(break_starts=None, break_ends=None)
                | Q(
                    break_starts__gte=F("opens"),
                    break_starts__lt=F("break_ends"),
                    break_ends__lte=F("closes"),
                ),
                name="%(class)s_break_inside_hours",
            ),
            models.CheckConstraint(
                condition=Q(
                    online_share=100
                    - F("priority_share")
                    - F("same_day_share")
                    - F("counter_share")
                ),
                name="%(class)s_shares_make_100",
            ),
        ]


class OpeningHours(DayShape):
    """An office's usual hours on one weekday (0 is Monday), from one date to another.

    The quota of an hour is stations × 60 ÷ minutes.
    """

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="opening_hours", verbose_name=_("kantor")
    )
    weekday = models.PositiveSmallIntegerField(_("hari"))
    opens = models.TimeField(_("buka"))
    closes = models.TimeField(_("tutup"))
    stations = models.PositiveSmallIntegerField(_("loket wawancara"))
    minutes = models.PositiveSmallIntegerField(_("menit per pemohon"))
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("sampai dengan"), null=True, blank=True)

    class Meta(DayShape.Meta):
        verbose_name = _("jam layanan")
        verbose_name_plural = _("jam layanan")
        constraints = [
            *DayShape.Meta.constraints,
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="openinghours_opens_before_closing"
            ),
            models.CheckConstraint(
                condition=Q(stations__range=(0, 200), minutes__range=(1, 240)),
                name="openinghours_plausible_capacity",
            ),
            models.UniqueConstraint(
                fields=["office", "weekday", "valid_from"], name="openinghours_one_per_start"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)), name="openinghours_weekday_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="openinghours_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.code} {WEEKDAYS[self.weekday]} {self.opens:%H.%M}"


class SpecialDay(DayShape):
    """One day that is not as usual at one office: closed with a reason, or extra hours."""

    class Kind(models.TextChoices):
        CLOSURE = "CLOSURE", _("tutup")
        EXTRA = "EXTRA", _("hari tambahan")

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="special_days", verbose_name=_("kantor")
    )
    day = models.DateField(_("tanggal"))
    kind = models.CharField(_("jenis"), max_length=7, choices=Kind)
    reason = models.CharField(_("alasan"), max_length=200)
    place = models.CharField(_("tempat"), max_length=200, blank=True, default="")
    opens = models.TimeField(_("buka"), null=True, blank=True)
    closes = models.TimeField(_("tutup"), null=True, blank=True)
    stations = models.PositiveSmallIntegerField(_("loket wawancara"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("menit per pemohon"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(DayShape.Meta):
        verbose_name = _("hari khusus")
        verbose_name_plural = _("hari khusus")
        constraints = [
            *DayShape.Meta.constraints,
            models.UniqueConstraint(fields=["office", "day"], name="specialday_one_per_day"),
            models.CheckConstraint(
                condition=Q(kind="CLOSURE")
                | Q(
                    kind="EXTRA",
                    opens__lt=F("closes"),
                    stations__range=(1, 200),
                    minutes__range=(1, 240),
                ),
                name="specialday_extra_has_hours",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="specialday_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.office.code} {self.day:%Y-%m-%d}"


class Holiday(models.Model):
    """A public holiday, proposed by a calendar library and confirmed by an officer."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("diusulkan")
        CONFIRMED = "CONFIRMED", _("dikukuhkan")
        DECLINED = "DECLINED", _("ditolak")

    day = models.DateField(_("tanggal"))
    name = models.CharField(_("nama"), max_length=120)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holidays",
        verbose_name=_("hanya untuk kantor"),
    )
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "office"], nulls_distinct=False, name="holiday_one_per_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "CONFIRMED", "DECLINED"]),
                name="holiday_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED") | Q(decided_at__isnull=False),
                name="holiday_decided_when_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class OfficerPost(models.Model):
    """A user's role at one office for a time. SISTIK is a post without an office."""

    class Role(models.TextChoices):
        COUNTER = "COUNTER", _("petugas loket")
        PLANNER = "PLANNER", _("perencana")
        HEAD = "HEAD", _("kepala kantor")
        SISTIK = "SISTIK", _("SISTIK")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("petugas")
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("kantor"),
    )
    role = models.CharField(_("peran"), max_length=7, choices=Role)
    starts_at = models.DateTimeField(_("mulai"), db_default=Now())
    ends_at = models.DateTimeField(_("berakhir"), null=True, blank=True)

    class Meta:
        verbose_name = _("penugasan")
        verbose_name_plural = _("penugasan")
        constraints = [
            models.CheckConstraint(
                condition=Q(role="SISTIK", office=None)
                | Q(role__in=["COUNTER", "PLANNER", "HEAD"], office__isnull=False),
                name="officerpost_office_unless_sistik",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="officerpost_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["user", "office", "role"],
                condition=Q(ends_at=None),
                nulls_distinct=False,
                name="officerpost_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.office.code if self.office else ''}".strip()

    def is_live(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


# As long as all days of a month's drive.
MOST_TOLD = 3000


class Approval(models.Model):
    """A request for a second officer's yes to one act; used once, or it expires.

    ``act`` and ``subject`` say exactly what is asked ("close_day", "KANIM-X:2026-12-24");
    a service accepts an approval only for the same act, subject and asker. The subject is
    compared and never read: ``about`` has the facts of the matter.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", _("menunggu")
        GRANTED = "GRANTED", _("disetujui")
        DECLINED = "DECLINED", _("ditolak")
        USED = "USED", _("terpakai")

    code = models.CharField(_("kode"), max_length=12, unique=True, editable=False)
    act = models.CharField(_("tindakan"), max_length=40)
    subject = models.CharField(_("perihal"), max_length=200)
    about = models.JSONField(_("pokok perkara"), default=dict, db_default={}, editable=False)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="approvals", verbose_name=_("kantor")
    )
    reason = models.CharField(_("alasan"), max_length=60)
    # The asker's own words; ``told`` is what the service says is asked, exactly.
    note = models.CharField(_("keterangan"), max_length=300, blank=True, default="")
    told = models.CharField(
        _("isi permintaan"), max_length=MOST_TOLD, blank=True, default="", db_default=""
    )
    # How many people the act concerns, as the service counted when it refused.
    people = models.PositiveIntegerField(_("orang"), default=0, db_default=0)
    # Where the act changes capacity: seats of a day, or of all that it changes, now and then.
    seats_before = models.PositiveIntegerField(_("tempat sebelumnya"), null=True)
    seats_after = models.PositiveIntegerField(_("tempat sesudahnya"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diminta oleh")
    )
    asked_at = models.DateTimeField(_("diminta"), db_default=Now())
    expires_at = models.DateTimeField(_("kedaluwarsa"))
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.ASKED)
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("petugas kedua"),
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True)
    used_at = models.DateTimeField(_("dipakai"), null=True)

    class Meta:
        verbose_name = _("persetujuan kedua")
        verbose_name_plural = _("persetujuan kedua")
        constraints = [
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("asked_by")),
                name="approval_second_is_another",
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", second=None)
                | Q(state__in=["GRANTED", "DECLINED", "USED"], second__isnull=False),
                name="approval_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="USED") | Q(used_at__isnull=False),
                name="approval_used_when_known",
            ),
            models.CheckConstraint(
                condition=Q(seats_before=None, seats_after=None)
                | Q(seats_before__isnull=False, seats_after__isnull=False),
                name="approval_both_seats_or_none",
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="approval_office_state")]

    def __str__(self) -> str:
        return self.code

    @property
    def matter(self) -> Matter:
        return Matter.from_json(self.about)
