"""One factory a model, with plain values. People are invented: district 99."""

import datetime as dt
from datetime import UTC, datetime, timedelta

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import (
    Applicant,
    Consent,
    IdentityCheck,
    MailDomain,
    Message,
    Person,
    Relay,
    Suppression,
    Trace,
    User,
)
from accounts.selectors import asked_of_applicant
from offices.models import (
    Announcement,
    Approval,
    Holiday,
    Incident,
    Office,
    OfficerPost,
    OpeningHours,
    Report,
    SpecialDay,
)
from paspor.kernel import cipher
from paspor.kernel.models import AuditEvent, PolicyValue
from queueing.booking.models import Booking, BookingEvent, BookingOrigin, Place, Referral
from queueing.desk.models import QueueNumber
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkAct, BulkItem, Case, CaseAccount, Restriction
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.models.scores import AccountScore, Cluster, ClusterLink, ClusterOffice
from queueing.planning.models import NationalOrder
from queueing.quota.models import Channel, Release, Seat, Slot
from queueing.watching.models import Watch

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    """With the consent that every page asks for."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"warga{n}@contoh.test")
    language = "id"

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **fields: object) -> User:
        user = model_class.objects.create_user(**fields)
        Consent.objects.create(user=user, notice_version=settings.PRIVACY_NOTICE_VERSION)
        return user


def invented_nik(n: int, birth: dt.date = dt.date(1990, 8, 17), *, female: bool = False) -> str:
    day = birth.day + (40 if female else 0)
    return f"317199{day:02}{birth:%m%y}{n % 9999 + 1:04}"


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    digest = factory.Sequence(lambda n: f"{n:064x}")


class ApplicantFactory(DjangoModelFactory[Applicant]):
    class Meta:
        model = Applicant

    account = factory.SubFactory(UserFactory)
    person = factory.SubFactory(PersonFactory)
    name = factory.Sequence(lambda n: f"Warga {n}")
    birth_date = dt.date(1990, 8, 17)
    sex = "M"
    nik_last4 = "0001"

    @factory.lazy_attribute
    def code(self) -> str:
        return Applicant._meta.get_field("code").get_default()

    @factory.lazy_attribute
    def nik_sealed(self) -> bytes:
        return cipher.encrypt(invented_nik(1), bound_to=f"nik:{self.code}")[1]

    nik_key = "k1"


class ConsentFactory(DjangoModelFactory[Consent]):
    class Meta:
        model = Consent

    user = factory.SubFactory(UserFactory)
    # Long enough to be in no page by chance.
    notice_version = "versi-uji"


class IdentityCheckFactory(DjangoModelFactory[IdentityCheck]):
    """A question about an applicant of its own, not asked yet."""

    class Meta:
        model = IdentityCheck

    applicant = factory.SubFactory(ApplicantFactory)
    person = factory.SelfAttribute("applicant.person")
    asked = factory.LazyAttribute(lambda check: asked_of_applicant(check.applicant))


class MailDomainFactory(DjangoModelFactory[MailDomain]):
    class Meta:
        model = MailDomain

    domain = factory.Sequence(lambda n: f"buang{n}.test")
    verdict = "BLOCKED"
    source = "LIST"
    decided_at = LONG_AGO


class TraceFactory(DjangoModelFactory[Trace]):
    class Meta:
        model = Trace

    user = factory.SubFactory(UserFactory)
    what = "SIGN_IN"
    device = "pemasangan-uji"
    address = "10.0.0.1"


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    user = factory.SubFactory(UserFactory)
    to = factory.SelfAttribute("user.email")
    kind = "uji"
    language = "id"
    subject = "Uji"
    dedup_key = factory.Sequence(lambda n: f"uji-{n}")
    message_id = factory.Sequence(lambda n: f"<uji-{n}@contoh.test>")


class SuppressionFactory(DjangoModelFactory[Suppression]):
    class Meta:
        model = Suppression

    address = factory.Sequence(lambda n: f"hilang{n}@contoh.test")
    why = "BOUNCE"
    said = "550 5.1.1"
    at = LONG_AGO


class RelayFactory(DjangoModelFactory[Relay]):
    class Meta:
        model = Relay

    name = factory.Sequence(lambda n: f"relay-{n}")


class OfficeFactory(DjangoModelFactory[Office]):
    class Meta:
        model = Office

    code = factory.Sequence(lambda n: f"KANIM-UJI-{n}")
    kind = "KANIM"
    name = factory.Sequence(lambda n: f"Kantor Imigrasi Uji {n}")
    grade = "I TPI"
    regency = "Kota Uji"
    province = "DKI Jakarta"
    timezone = "Asia/Jakarta"
    latitude = "-6.200"
    longitude = "106.800"
    passport_types = ["REGULAR", "ELECTRONIC"]


class OpeningHoursFactory(DjangoModelFactory[OpeningHours]):
    class Meta:
        model = OpeningHours

    office = factory.SubFactory(OfficeFactory)
    weekday = 0
    opens = dt.time(8)
    closes = dt.time(15)
    break_starts = dt.time(12)
    break_ends = dt.time(13)
    stations = 5
    minutes = 15
    valid_from = dt.date(2020, 1, 1)


class IncidentFactory(DjangoModelFactory[Incident]):
    class Meta:
        model = Incident

    office = factory.SubFactory(OfficeFactory)
    part = "BOOKING"
    source = "HAND"
    text_id = "Gangguan uji"
    text_en = "Trial incident"
    started_at = LONG_AGO


class AnnouncementFactory(DjangoModelFactory[Announcement]):
    class Meta:
        model = Announcement

    office = factory.SubFactory(OfficeFactory)
    kind = "CLOSURE"
    text_id = "Pengumuman uji"
    text_en = "Trial announcement"
    first_day = last_day = dt.date(2030, 1, 12)
    by = factory.SubFactory(UserFactory)


class ReportFactory(DjangoModelFactory[Report]):
    class Meta:
        model = Report

    office = factory.SubFactory(OfficeFactory)
    kind = "BOOKING"
    text = "Kalender tidak terbuka"
    email = "pelapor@contoh.test"
    opened_at = LONG_AGO
    state_since = LONG_AGO


class OfficerPostFactory(DjangoModelFactory[OfficerPost]):
    class Meta:
        model = OfficerPost

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    role = "COUNTER"
    starts_at = LONG_AGO


class SpecialDayFactory(DjangoModelFactory[SpecialDay]):
    class Meta:
        model = SpecialDay

    office = factory.SubFactory(OfficeFactory)
    day = dt.date(2030, 1, 8)
    kind = "CLOSURE"
    reason = "Uji penutupan"


class HolidayFactory(DjangoModelFactory[Holiday]):
    class Meta:
        model = Holiday

    office = factory.SubFactory(OfficeFactory)
    day = dt.date(2030, 1, 9)
    name = "Hari Uji"


class ApprovalFactory(DjangoModelFactory[Approval]):
    class Meta:
        model = Approval

    code = factory.Sequence(lambda n: f"UJI{n:09}")
    office = factory.SubFactory(OfficeFactory)
    act = "close_day"
    subject = "uji"
    reason = "uji"
    asked_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class PolicyValueFactory(DjangoModelFactory[PolicyValue]):
    """A figure of one office, which is made along with it."""

    class Meta:
        model = PolicyValue

    key = "approval_hours"
    scope = factory.LazyFunction(lambda: OfficeFactory().code)
    value = 12
    valid_from = LONG_AGO
    why = "uji"


class AuditEventFactory(DjangoModelFactory[AuditEvent]):
    """A line in the log of one office, which is made along with it."""

    class Meta:
        model = AuditEvent

    stream = factory.LazyFunction(lambda: OfficeFactory().code)
    act = "uji"


class IdentityClaimFactory(DjangoModelFactory[IdentityClaim]):
    """Waits for a KTP at a counter."""

    class Meta:
        model = IdentityClaim

    account = factory.SubFactory(UserFactory)
    applicant = factory.SubFactory(ApplicantFactory, account=factory.SelfAttribute("..account"))
    person = factory.SelfAttribute("applicant.person")
    kind = "NEW"
    passport_type = "REGULAR"
    state = "COUNTER"


class ReleaseFactory(DjangoModelFactory[Release]):
    class Meta:
        model = Release

    office = factory.SubFactory(OfficeFactory)
    first_day = dt.date(2030, 1, 7)
    last_day = dt.date(2030, 1, 7)
    opens_at = LONG_AGO
    prepared_at = LONG_AGO


class SlotFactory(DjangoModelFactory[Slot]):
    """An hour with ``capacity`` free seats of ``channel``; by default 08.00 WIB, far ahead."""

    class Meta:
        model = Slot
        skip_postgeneration_save = True

    release = factory.SubFactory(ReleaseFactory)
    office = factory.SelfAttribute("release.office")
    starts_at = datetime(2030, 1, 7, 1, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(hours=1))
    day = factory.LazyAttribute(lambda slot: slot.starts_at.astimezone(slot.office.zone).date())
    hour = factory.LazyAttribute(lambda slot: slot.starts_at.astimezone(slot.office.zone).time())

    @factory.post_generation
    def capacity(self, create: bool, extracted: int | None, **fields: object) -> None:
        if extracted:
            seats = SeatFactory.build_batch(extracted, slot=self, **fields)
            for number, seat in enumerate(seats, start=1):
                seat.number = number
            Seat.objects.bulk_create(seats)


class SeatFactory(DjangoModelFactory[Seat]):
    class Meta:
        model = Seat

    slot = factory.SubFactory(SlotFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    channel = Channel.ONLINE
    visible_at = LONG_AGO


class BookingFactory(DjangoModelFactory[Booking]):
    class Meta:
        model = Booking

    account = factory.SubFactory(UserFactory)
    slot = factory.SubFactory(SlotFactory)
    channel = Channel.ONLINE


class PlaceFactory(DjangoModelFactory[Place]):
    """A live, booked place with its seat."""

    class Meta:
        model = Place

    booking = factory.SubFactory(BookingFactory)
    applicant = factory.SubFactory(
        ApplicantFactory, account=factory.SelfAttribute("..booking.account")
    )
    seat = factory.SubFactory(SeatFactory, slot=factory.SelfAttribute("..booking.slot"), taken=True)
    person = factory.SelfAttribute("applicant.person")
    live_person = factory.SelfAttribute("person")
    live_seat = factory.SelfAttribute("seat")
    state = Place.State.BOOKED
    kind = Place.Kind.NEW
    passport_type = "REGULAR"

    @factory.lazy_attribute
    def booked_at(self) -> datetime | None:
        return None if self.state in ("HELD", "EXPIRED") else timezone.now()


class BookingOriginFactory(DjangoModelFactory[BookingOrigin]):
    class Meta:
        model = BookingOrigin

    booking = factory.SubFactory(BookingFactory)
    device = "pemasangan-uji"
    address = "10.0.0.1"


class BookingEventFactory(DjangoModelFactory[BookingEvent]):
    """A line in the history of a booking, which is made along with it."""

    class Meta:
        model = BookingEvent
        exclude = ("booking",)

    booking = factory.SubFactory(BookingFactory)
    booking_id = factory.SelfAttribute("booking.pk")
    stream = factory.SelfAttribute("booking.slot.office.code")
    what = "BOOKED"
    actor_kind = "CITIZEN"


class WatchFactory(DjangoModelFactory[Watch]):
    class Meta:
        model = Watch

    account = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    passport_type = "REGULAR"
    until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class ReferralFactory(DjangoModelFactory[Referral]):
    class Meta:
        model = Referral

    office = factory.SubFactory(OfficeFactory, needs_referral=True)
    code = factory.Sequence(lambda n: f"RUJUK{n:05}")
    issued_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class OfficerScoreFactory(DjangoModelFactory[OfficerScore]):
    class Meta:
        model = OfficerScore

    officer = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    score = 45
    signals = [
        {
            "code": "one_account",
            "weight": 45,
            "params": {"n": 30, "of": 0, "limit": 10, "days": 30},
        }
    ]
    counted_at = factory.LazyFunction(timezone.now)


class ClusterFactory(DjangoModelFactory[Cluster]):
    """Found a while ago, with no account yet; it hit ``office``, whose head sees it."""

    class Meta:
        model = Cluster
        skip_postgeneration_save = True

    size = 2
    score = 60
    reasons = factory.LazyFunction(lambda: [{"code": "speed", "accounts": 2}])
    first_seen_at = LONG_AGO
    last_seen_at = LONG_AGO

    @factory.post_generation
    def office(self, create: bool, extracted: Office | None, **fields: object) -> None:
        ClusterOfficeFactory(cluster=self, **({"office": extracted} if extracted else {}))


class ClusterOfficeFactory(DjangoModelFactory[ClusterOffice]):
    class Meta:
        model = ClusterOffice

    cluster = factory.SubFactory(ClusterFactory)
    office = factory.SubFactory(OfficeFactory)
    accounts = 2
    places = 4
    seats_held = 2


class ClusterLinkFactory(DjangoModelFactory[ClusterLink]):
    class Meta:
        model = ClusterLink

    cluster = factory.SubFactory(ClusterFactory)
    kind = "DEVICE"
    label = factory.Sequence(lambda n: f"{n:06X}")
    total = 2
    members = factory.LazyFunction(list)


class AccountScoreFactory(DjangoModelFactory[AccountScore]):
    class Meta:
        model = AccountScore

    account = factory.SubFactory(UserFactory)
    points = 30
    score = 60
    reasons = factory.LazyFunction(
        lambda: [{"code": "speed", "weight": 30, "params": {"count": 2, "days": 90}}]
    )
    computed_at = LONG_AGO


class CaseFactory(DjangoModelFactory[Case]):
    """About some accounts, opened by a rule, of one office."""

    class Meta:
        model = Case

    about = Case.About.ACCOUNTS
    office = factory.SubFactory(OfficeFactory)
    reason = "score"


class CaseAccountFactory(DjangoModelFactory[CaseAccount]):
    class Meta:
        model = CaseAccount

    case = factory.SubFactory(CaseFactory)
    account = factory.SubFactory(UserFactory)


class RestrictionFactory(DjangoModelFactory[Restriction]):
    class Meta:
        model = Restriction

    account = factory.SubFactory(UserFactory)
    case = factory.SubFactory(CaseFactory)
    kind = Restriction.Kind.LIMITED
    reason = "score"
    mailbox = factory.Sequence(lambda n: f"{n:064x}")


class BulkActFactory(DjangoModelFactory[BulkAct]):
    """Limiting the accounts of a case; prepared, not begun."""

    class Meta:
        model = BulkAct

    case = factory.SubFactory(CaseFactory)
    act = BulkAct.Kind.LIMIT
    reason = "hoarding"
    prepared_by = factory.SubFactory(UserFactory)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    total = 1


class BulkItemFactory(DjangoModelFactory[BulkItem]):
    class Meta:
        model = BulkItem

    bulk = factory.SubFactory(BulkActFactory)
    account = factory.SubFactory(UserFactory)


class AppealFactory(DjangoModelFactory[Appeal]):
    """Against a restriction of its own account."""

    class Meta:
        model = Appeal

    restriction = factory.SubFactory(RestrictionFactory)
    account = factory.SelfAttribute("restriction.account")
    text = "Saya hanya memesan untuk keluarga saya."
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))


class QueueNumberFactory(DjangoModelFactory[QueueNumber]):
    """The number of a booking of its own, whose one person has come and waits."""

    class Meta:
        model = QueueNumber

    booking = factory.LazyFunction(lambda: PlaceFactory(state="CHECKED_IN").booking)
    office = factory.SelfAttribute("booking.slot.office")
    day = factory.SelfAttribute("booking.slot.day")
    letter = "A"
    number = factory.Sequence(lambda n: n % 9999 + 1)
    arrived_at = factory.SelfAttribute("booking.slot.starts_at")
    due_at = factory.SelfAttribute("arrived_at")


class NationalOrderFactory(DjangoModelFactory[NationalOrder]):
    """A fifth more at some offices for two weeks; it is being carried out."""

    class Meta:
        model = NationalOrder

    kind = "SHARE"
    amount = 20
    first_day = factory.LazyFunction(lambda: timezone.now().date())
    last_day = factory.LazyAttribute(lambda order: order.first_day + timedelta(days=13))
    reason = "instruction"
    note = "Penumpukan akhir tahun"
    digest = "0" * 64
    state = "RUNNING"
    prepared_by = factory.LazyFunction(lambda: OfficerPostFactory(role="SISTIK", office=None).user)
    prepared_at = factory.LazyFunction(timezone.now)
    started_at = factory.SelfAttribute("prepared_at")
