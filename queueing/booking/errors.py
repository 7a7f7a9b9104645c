"""What a booking may be refused for.

NotFound            SlotUnknown, ApplicantUnknown, BookingUnknown, TicketUnknown, LinkUnknown
Invalid (422)       GroupSize, SlotsNotAdjacent, SamePersonTwice, KindUnknown, OldPassportMismatch,
                    ParentsMismatch, PassportTypeNotOffered,
                    ChannelNotForCitizens, ChannelNotOffered, PriorityNeedsEntitlement,
                    EntitlementImplausible, ReferralNeeded, ReferralInvalid, ReasonNeeded,
                    TicketInvalid, NothingCorrected, ExaminationNotAnnounced
Conflict (409)      SlotFull, SlotClosed, NotOpenYet, TooLateToBook, AlreadyBooked,
                    TooManyPlaces, HoldLapsed, TooLateToCancel, TooLateToChange, TooLateToMove,
                    MoveUsed, SameSlot, WrongState, NotConfirmed, WrongOffice, AccountBlocked,
                    AccountSuspended, LinkOver, VisitOver, LinkUsed, CorrectedMeanwhile
LimitReached (429)  BookingLimitReached
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

from paspor.kernel.errors import N_, Conflict, DomainError, Invalid, LimitReached, NotFound
from queueing.quota.errors import ReasonNeeded as ReasonNeeded
from queueing.quota.errors import SlotUnknown as SlotUnknown


class PeopleRefused(DomainError):
    """A refusal of single people of a group.

    ``faults`` names the input at fault of each, by their number in the group from 0 on:
    {1: {"kind": ["..."]}}. A door turns the numbers into names of its own fields.
    """

    def __init__(
        self, *, faults: Mapping[int, dict[str, list[str]]] | None = None, **more: Any
    ) -> None:
        super().__init__(**more)
        self.faults = faults or {}

    def renumbered(self, numbers: Sequence[int]) -> Self:
        """The same refusal of a larger group, in which these people have other numbers."""
        return self._with(faults={numbers[one]: its for one, its in self.faults.items()})

    def named(self, name_of: Callable[[int, str], str]) -> Self:
        """The same refusal with what is wrong with people among its ``fields``."""
        fields = {
            name_of(number, name): texts
            for number, its in self.faults.items()
            for name, texts in its.items()
        }
        return self._with(fields=self.fields | fields, faults={})

    def _with(self, **attributes: Any) -> Self:
        copy = type(self).__new__(type(self), *self.args)
        copy.__dict__ |= self.__dict__ | attributes
        return copy


class ApplicantUnknown(PeopleRefused, NotFound):
    code = "applicant_unknown"
    message = N_("Pemohon itu tidak ada dalam daftar Anda.")


class BookingUnknown(NotFound):
    """Also for a booking of somebody else: that it exists is nobody's business."""

    code = "booking_unknown"
    message = N_("Janji temu itu tidak ditemukan. Periksa kembali kodenya.")


class TicketUnknown(BookingUnknown):
    """Where code and birth date are asked together: which of them is wrong is not told."""

    message = N_("Janji temu itu tidak ditemukan. Periksa kembali kode dan tanggal lahirnya.")


class GroupSize(Invalid):
    code = "group_size"
    message = N_("Satu janji temu untuk 1 sampai %(most)s orang.")


class SlotsNotAdjacent(Invalid):
    code = "not_neighbours"
    message = N_("Dua jam itu tidak berdekatan pada hari dan kantor yang sama.")


class SamePersonTwice(PeopleRefused, Invalid):
    code = "same_person_twice"
    message = N_("Orang yang sama dipilih lebih dari satu kali.")


class KindUnknown(Invalid):
    code = "kind_unknown"
    message = N_("Jenis permohonan itu tidak dikenal.")


class OldPassportMismatch(PeopleRefused, Invalid):
    code = "old_passport_unfit"
    message = N_("Keterangan tentang paspor lama itu tidak sesuai dengan keperluannya.")


class ParentsMismatch(PeopleRefused, Invalid):
    code = "parents_unfit"
    message = N_("Pendamping hanya ditanyakan untuk yang berusia di bawah 17 tahun pada hari itu.")


class NothingCorrected(Invalid):
    code = "nothing_corrected"
    message = N_("Keperluan dan jenis paspornya sama seperti yang sudah tercatat.")


class CorrectedMeanwhile(Conflict):
    """What the page stood on is not what is written any more."""

    code = "corrected_meanwhile"
    message = N_(
        "Sementara itu keperluan ini sudah diubah. Belum ada yang disimpan; periksa sekali lagi."
    )


class ExaminationNotAnnounced(Invalid):
    code = "examination_untold"
    message = N_("Beritahukan dahulu bahwa paspornya diperiksa lebih dulu.")


class PassportTypeNotOffered(Invalid):
    code = "passport_type_not_offered"
    message = N_("Kantor ini tidak menerbitkan jenis paspor yang Anda pilih.")


class ChannelNotForCitizens(Invalid):
    code = "channel_not_for_citizens"
    message = N_("Jalur ini hanya dapat dipesan melalui petugas loket.")


class ChannelNotOffered(Invalid):
    code = "channel_not_offered"
    message = N_("Kantor ini tidak mempunyai jalur yang Anda pilih.")


class PriorityNeedsEntitlement(Invalid):
    code = "priority_needs_entitlement"
    message = N_(
        "Jalur prioritas memerlukan sedikitnya satu lansia, balita, penyandang disabilitas, "
        "atau ibu hamil di antara pemohon."
    )


class EntitlementImplausible(PeopleRefused, Invalid):
    code = "entitlement_implausible"
    message = N_(
        "Hak prioritas yang dipilih tidak sesuai dengan tanggal lahir atau jenis kelamin pemohon."
    )


class ReferralNeeded(Invalid):
    code = "referral_needed"
    message = N_("Kantor ini melayani calon pekerja migran dan memerlukan kode rujukan.")


class ReferralInvalid(Invalid):
    """Unknown, used, expired or of another office: which one is not told."""

    code = "referral_invalid"
    message = N_("Kode rujukan ini tidak berlaku untuk janji temu ini. Mintalah kode kepada LTSP.")


class TicketInvalid(Invalid):
    code = "ticket_invalid"
    message = N_("Kode QR ini bukan tiket yang sah.")


class SlotFull(Conflict):
    code = "slot_full"
    message = N_("Kuota jam ini tidak cukup lagi untuk semua pemohon. Silakan pilih jam lain.")


class HourTooSmall(SlotFull):
    """The hour has room, but for fewer than were named; ``extras`` say for how many."""

    message = N_(
        "Jam %(hour)s cukup untuk %(free)s orang; Anda memilih %(people)s. "
        "Silakan pilih jam lain, atau kurangi orangnya."
    )


class NoHourFits(SlotFull):
    """No hour that an officer may give away has room for all of them at once."""

    message = N_(
        "Tidak ada jam yang cukup untuk %(people)s orang sekaligus; yang terbanyak cukup untuk "
        "%(free)s. Pilih hari lain, atau pesan dalam dua rombongan."
    )


class HourOfTwoTooSmall(PeopleRefused, HourTooSmall):
    person = N_("Cukup untuk %(free)s orang; pindahkan orang ini.")
    message = N_(
        "Jam %(hour)s cukup untuk %(free)s orang; Anda memilih %(people)s. "
        "Pindahkan yang lain ke jam di sebelahnya, atau pilih jam lain."
    )


class HourOfTwoFull(PeopleRefused, SlotFull):
    person = N_("Sudah penuh; pindahkan orang ini.")
    message = N_("Jam %(hour)s sudah penuh. Pilih jam yang lain bagi mereka.")


class SlotClosed(Conflict):
    code = "slot_closed"
    message = N_("Kantor menutup layanan pada jam ini. Silakan pilih jam lain.")


class NotOpenYet(Conflict):
    code = "not_open_yet"
    message = N_("Kuota hari itu belum dibuka.")


class TooLateToBook(Conflict):
    code = "too_late_to_book"
    message = N_("Jam ini tidak dapat dipesan lagi karena terlalu dekat atau sudah lewat.")


class AlreadyBooked(PeopleRefused, Conflict):
    """Says that and of whom, never where: the other booking may be another account's."""

    code = "already_booked"
    person = N_("Orang ini sudah mempunyai janji temu yang masih berlaku.")
    message = N_(
        "Salah seorang pemohon sudah mempunyai janji temu yang masih berlaku. "
        "Satu orang hanya dapat mempunyai satu janji temu di seluruh Indonesia."
    )


class TooManyPlaces(Conflict):
    code = "too_many_places"
    message = N_("Satu akun paling banyak mempunyai %(most)s tempat yang masih berlaku.")


class HoldLapsed(Conflict):
    code = "hold_lapsed"
    message = N_("Waktu untuk menyelesaikan pesanan ini sudah habis. Silakan pilih jam kembali.")


class TooLateToCancel(Conflict):
    code = "too_late_to_cancel"
    message = N_("Janji temu hanya dapat dibatalkan sebelum jamnya dimulai.")


class TooLateToChange(Conflict):
    code = "too_late_to_change"
    message = N_("Jam janji temu sudah mulai. Beritahukan keperluannya di loket.")


class TooLateToMove(Conflict):
    code = "too_late_to_move"
    message = N_("Jadwal hanya dapat diubah sampai pukul 23.59 sehari sebelumnya.")


class MoveUsed(Conflict):
    code = "move_used"
    message = N_("Jadwal janji temu ini sudah pernah diubah dan tidak dapat diubah lagi.")


class SameSlot(Conflict):
    code = "same_slot"
    message = N_("Janji temu ini memang sudah pada jam tersebut.")


class WrongState(Conflict):
    code = "wrong_state"
    message = N_("Tindakan ini tidak mungkin lagi karena status janji temu sudah berubah.")


class NotConfirmed(Conflict):
    code = "not_confirmed"
    message = N_("Tempat ini baru ditahan. Pesan dahulu; tiketnya ada sesudah itu.")


class WrongOffice(Conflict):
    code = "wrong_office"
    message = N_("Janji temu ini untuk kantor lain.")


class OfAnAccount(Conflict):
    code = "of_an_account"
    message = N_(
        "Janji ini milik sebuah akun. Pemiliknya membatalkannya sendiri, di web atau aplikasi."
    )


class AccountBlocked(Conflict):
    code = "account_blocked"
    message = N_("Akun ini tidak dapat memesan. Silakan hubungi kantor imigrasi.")


class AccountSuspended(Conflict):
    code = "account_suspended"
    message = N_(
        "Akun ini ditangguhkan sehingga tidak dapat memesan janji temu baru. "
        "Anda tetap dapat melihat dan membatalkan janji temu, dan mengajukan keberatan."
    )
    leads_to = "integrity:appeal"
    lead = N_("Lihat alasannya dan ajukan keberatan")


class BookingLimitReached(LimitReached):
    """Of people, that and when; never whether it was another account (docs/limits.md)."""

    sentences: ClassVar[Mapping[str, str]] = {
        "account_holds": N_(
            "Satu akun dapat menahan paling banyak %(most)s tempat dalam %(span)s jam. "
            "Anda dapat memesan lagi %(when)s."
        ),
        "account_let_go": N_(
            "Dari akun ini sudah %(most)s tempat ditahan lalu dilepas dalam %(span)s jam. "
            "Anda dapat memesan lagi %(when)s."
        ),
        "account_bookings": N_(
            "Satu akun dapat memesan paling banyak %(most)s tempat dalam %(span)s hari. "
            "Anda dapat memesan lagi %(when)s."
        ),
        "account_cancellations": N_(
            "Dari akun ini sudah %(most)s tempat dibatalkan dalam %(span)s hari. "
            "Anda dapat memesan lagi %(when)s."
        ),
        "person_holds": N_(
            "Bagi salah seorang pemohon sudah %(most)s kali tempat ditahan dalam %(span)s jam. "
            "Ia dapat dipesankan lagi %(when)s."
        ),
        "person_let_go": N_(
            "Bagi salah seorang pemohon sudah %(most)s kali tempat ditahan lalu dilepas "
            "dalam %(span)s jam. Ia dapat dipesankan lagi %(when)s."
        ),
        "person_bookings": N_(
            "Bagi salah seorang pemohon sudah %(most)s kali tempat dipesan dalam %(span)s hari. "
            "Ia dapat dipesankan lagi %(when)s."
        ),
        "person_cancellations": N_(
            "Tempat salah seorang pemohon sudah %(most)s kali dibatalkan dalam %(span)s hari. "
            "Ia dapat dipesankan lagi %(when)s."
        ),
        "kk_bookings": N_(
            "Bagi satu Kartu Keluarga dapat dipesan paling banyak %(most)s tempat "
            "dalam %(span)s hari. Anda dapat memesan lagi %(when)s."
        ),
        "device_bookings": N_(
            "Dari satu perangkat dapat dipesan paling banyak %(most)s tempat dalam %(span)s hari. "
            "Anda dapat memakai perangkat lain, atau memesan lagi dari sini %(when)s."
        ),
        "phone_bookings": N_(
            "Dengan satu nomor telepon dapat dipesan paling banyak %(most)s tempat "
            "dalam %(span)s hari. Anda dapat memesan lagi %(when)s."
        ),
        "kk_cancellations": N_(
            "Bagi satu Kartu Keluarga sudah %(most)s tempat dibatalkan dalam %(span)s hari. "
            "Anda dapat memesan lagi %(when)s."
        ),
        "device_cancellations": N_(
            "Dari satu perangkat sudah %(most)s tempat dibatalkan dalam %(span)s hari. "
            "Anda dapat memakai perangkat lain, atau memesan lagi dari sini %(when)s."
        ),
        "phone_cancellations": N_(
            "Dengan satu nomor telepon sudah %(most)s tempat dibatalkan dalam %(span)s hari. "
            "Anda dapat memesan lagi %(when)s."
        ),
    }


class LinkUnknown(NotFound):
    code = "link_unknown"
    message = N_("Tautan ini tidak dikenal. Salin seluruhnya dari suratnya.")


class LinkOver(Conflict):
    code = "link_over"
    message = N_("Tautan ini berlaku sampai jam kunjungan dimulai, dan jam itu sudah lewat.")


class VisitOver(LinkOver):
    message = N_("Tidak ada lagi yang ditunggu pada janji ini: sudah hadir, dipindah, atau batal.")


class LinkUsed(LinkOver):
    code = "link_used"
    message = N_("Tautan ini sudah dipakai untuk melepas kursi, dan hanya dapat sekali.")
