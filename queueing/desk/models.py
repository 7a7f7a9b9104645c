"""Who waits at the counters and who sits there; and the day lists for when the portal is away."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from paspor.kernel.codes import new_code
from queueing.booking.models import Booking


def new_list_code() -> str:
    return new_code(12)


class DayList(models.Model):
    """One file of one office and day. Sealed to the office's key: nobody here can open it.

    ``record_key`` is the public half of a key that lies in the sealed part: what happened
    is signed with the other half, so only whoever opened this very file can sign it.
    """

    code = models.CharField(_("kode"), max_length=12, unique=True, default=new_list_code)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="day_lists", verbose_name=_("kantor")
    )
    day = models.DateField(_("hari"))
    people = models.PositiveIntegerField(_("orang"))
    fingerprint = models.CharField(_("sidik kunci"), max_length=16)
    record_key = models.CharField(max_length=43)
    # Emptied some days later: what it was for is over.
    content = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    made_at = models.DateTimeField(_("dibuat"))

    class Meta:
        verbose_name = _("daftar hari")
        verbose_name_plural = _("daftar hari")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day"], condition=Q(made_by=None), name="daylist_one_by_itself"
            )
        ]
        indexes = [models.Index(fields=["office", "day"], name="daylist_office_day")]

    def __str__(self) -> str:
        return self.code


def new_record_code() -> str:
    return new_code(12)


class DayRecord(models.Model):
    """One file of what happened offline, taken in once. ``digest`` is its SHA-256."""

    code = models.CharField(_("kode"), max_length=12, unique=True, default=new_record_code)
    day_list = models.ForeignKey(
        DayList, models.PROTECT, related_name="records", verbose_name=_("daftar hari")
    )
    digest = models.CharField(max_length=64, unique=True)
    saved_at = models.DateTimeField(_("disimpan"))
    walk_ins = models.PositiveIntegerField(_("datang langsung"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas")
    )
    taken_at = models.DateTimeField(_("diambil"))

    class Meta:
        verbose_name = _("catatan hari")
        verbose_name_plural = _("catatan hari")

    def __str__(self) -> str:
        return self.code


class OfflineWalkIn(models.Model):
    """Somebody without a booking whom an office received without the portal. Nobody is named.

    The page gives each a number. The evening's file holds those of the noon's: one each.
    """

    day_list = models.ForeignKey(DayList, models.PROTECT, related_name="walk_ins")
    record = models.ForeignKey(DayRecord, models.PROTECT, related_name="counted")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("datang langsung tanpa portal")
        verbose_name_plural = _("datang langsung tanpa portal")
        constraints = [
            models.UniqueConstraint(
                fields=["day_list", "number", "at"], name="offlinewalkin_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day_list_id} #{self.number}"


class DayMark(models.Model):
    """What a record says of one person, and what became of that. Codes only, no names.

    An empty ``who`` means everyone on a ticket that the list did not know.
    """

    class Result(models.TextChoices):
        WAITING = "", _("menunggu")
        DONE = "DONE", _("dicatat")
        KNOWN = "KNOWN", _("sudah tercatat")
        CONFLICT = "CONFLICT", _("bertentangan")

    record = models.ForeignKey(DayRecord, models.PROTECT, related_name="marks")
    booking_code = models.CharField(max_length=8)
    who = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=16)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True, default="")
    result = models.CharField(max_length=8, choices=Result, blank=True, default=Result.WAITING)
    # The state that the place was in, and the code of the refusal.
    found = models.CharField(max_length=16, blank=True, default="")
    why = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("tanda kehadiran")
        verbose_name_plural = _("tanda kehadiran")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "booking_code", "who"], name="daymark_once_per_record"
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(result=""), name="daymark_waiting")]

    def __str__(self) -> str:
        return f"{self.booking_code} {self.state}"


class Letter(models.TextChoices):
    """What a queue number begins with; three letters that sound unlike each other."""

    BOOKED = "A", _("janji temu")
    PRIORITY = "P", _("prioritas")
    WALK_IN = "L", _("datang langsung")


class NumberCount(models.Model):
    """The last number given of one letter at one office on one day: no gap, none twice."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    day = models.DateField()
    letter = models.CharField(max_length=1, choices=Letter)
    last = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("hitungan nomor antrean")
        verbose_name_plural = _("hitungan nomor antrean")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "letter"], name="numbercount_one_per_letter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day} {self.letter}"


class QueueNumber(models.Model):
    """One queue number: the people of one booking who came, called together.

    ``arrived_at`` to ``called_at`` (the first call) is how long they waited. ``due_at`` is
    the moment from which they are to be called (queueing.desk.rules.due). Whoever is put back
    or aside is called anew: ``calls_before`` are the calls until then, and ``awaited_at`` is
    the first one since.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("menunggu")
        CALLED = "CALLED", _("dipanggil")
        HELD = "HELD", _("ditunda")
        SERVING = "SERVING", _("sedang dilayani")
        DONE = "DONE", _("selesai ditangani")
        GONE = "GONE", _("meninggalkan antrean")

    OPEN = (State.WAITING, State.CALLED, State.HELD, State.SERVING)
    AT_COUNTER = (State.CALLED, State.SERVING)

    office = models.ForeignKey(Office, models.PROTECT, related_name="queue_numbers")
    day = models.DateField(_("hari"))
    letter = models.CharField(max_length=1, choices=Letter)
    number = models.PositiveSmallIntegerField(_("nomor antrean"))
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="queue_numbers")
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.WAITING)
    arrived_at = models.DateTimeField(_("hadir pukul"))
    due_at = models.DateTimeField()
    counter = models.PositiveSmallIntegerField(_("loket"), null=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    calls = models.PositiveSmallIntegerField(_("panggilan"), default=0)
    calls_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    called_at = models.DateTimeField(_("dipanggil pukul"), null=True)
    awaited_at = models.DateTimeField(null=True)
    last_called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    # Codes of the applicants who left it last without answering; they may be taken back.
    left_people = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("nomor antrean")
        verbose_name_plural = _("nomor antrean")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "letter", "number"], name="queuenumber_one_per_number"
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(state__in=["WAITING", "CALLED", "HELD", "SERVING"]),
                name="queuenumber_one_open_per_booking",
            ),
            models.UniqueConstraint(
                fields=["office", "day", "counter"],
                condition=Q(state__in=["CALLED", "SERVING"]),
                name="queuenumber_one_per_counter",
            ),
            models.CheckConstraint(
                condition=Q(letter__in=["A", "P", "L"]), name="queuenumber_letter_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "HELD"], counter=None, ended_at=None)
                | Q(
                    state__in=["CALLED", "SERVING"],
                    counter__isnull=False,
                    officer__isnull=False,
                    calls__gt=0,
                    called_at__isnull=False,
                    ended_at=None,
                )
                | Q(state__in=["DONE", "GONE"], ended_at__isnull=False),
                name="queuenumber_counter_by_state",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it is printed, shown and called: A012."""
        return f"{self.letter}{self.number:03}"

    @property
    def calls_now(self) -> int:
        """Calls since they were last put back or aside."""
        return self.calls - self.calls_before

    @property
    def awaited_since(self) -> datetime | None:
        """The first of ``calls_now``; the first call of all where none was told apart."""
        return self.awaited_at or self.called_at


class Sitting(models.Model):
    """An officer at a counter of an office, for a day or until they leave it."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="sittings")
    day = models.DateField()
    counter = models.PositiveSmallIntegerField(_("loket"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("petugas di loket")
        verbose_name_plural = _("petugas di loket")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "counter"],
                condition=Q(until=None),
                name="sitting_one_per_counter",
            ),
            models.UniqueConstraint(
                fields=["officer", "day"], condition=Q(until=None), name="sitting_one_per_officer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day} #{self.counter}"


def new_screen_code() -> str:
    return new_code(20)


class WaitingScreen(models.Model):
    """A screen without a login that shows who is called; until it is revoked.

    It was opened by a link, or paired: then ``device`` is the digest of its own token.
    """

    code = models.CharField(max_length=20, unique=True, default=new_screen_code)
    office = models.ForeignKey(Office, models.PROTECT, related_name="screens")
    name = models.CharField(_("nama layar"), max_length=60)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("dibuat"))
    revoked_at = models.DateTimeField(_("tidak berlaku sejak"), null=True)
    device = models.BinaryField(max_length=32, null=True, unique=True)
    # To some minutes: a screen that asks all day writes seldom.
    seen_at = models.DateTimeField(_("terakhir menyala"), null=True)

    class Meta:
        verbose_name = _("layar ruang tunggu")
        verbose_name_plural = _("layar ruang tunggu")

    def __str__(self) -> str:
        return self.name


class ScreenCode(models.Model):
    """What a television that belongs to no office shows, until an officer types it."""

    device = models.BinaryField(max_length=32, unique=True)
    code = models.CharField(max_length=6, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kode layar")
        verbose_name_plural = _("kode layar")

    def __str__(self) -> str:
        return self.code
