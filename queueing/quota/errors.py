"""What quota refuses.

NotFound            SlotUnknown, ReleaseUnknown
Invalid (422)       DaysOutOfOrder, TooManyDays, DayPast, DayTooFar, PeopleOutOfRange,
                    ChannelUnknown, PassportTypeUnknown, SeatsOutOfRange, OpeningPast,
                    OpeningTooLate, OpeningTooEarly, BackHourOutOfRange, ReasonNeeded
Conflict (409)      DaysAlreadyReleased, DayAlreadyOpened, SlotWithdrawn, DayWithoutQuota,
                    DayAlreadyClosed, DayNotClosed, DayNotInCalendar, PeopleStillBooked
"""

from offices.errors import ReasonNeeded as ReasonNeeded
from paspor.kernel.errors import N_, Conflict, Invalid, NotFound


class SlotUnknown(NotFound):
    code = "slot_unknown"
    message = N_("Jam layanan itu tidak ada. Silakan pilih dari daftar jam kantor.")


class DaysOutOfOrder(Invalid):
    code = "days_out_of_order"
    message = N_("Tanggal akhir tidak boleh sebelum tanggal awal.")


class TooManyDays(Invalid):
    code = "too_many_days"
    message = N_("Rentang tanggal paling lama %(most)s hari.")


class DayPast(Invalid):
    code = "day_past"
    message = N_("Tanggal itu sudah lewat.")


class DayTooFar(Invalid):
    code = "day_too_far"
    message = N_("Tanggal paling jauh adalah %(last)s.")


class OpeningPast(Invalid):
    code = "opening_past"
    message = N_("Waktu itu sudah lewat. Pilih waktu yang akan datang.")


class OpeningTooLate(Invalid):
    code = "opening_too_late"
    message = N_("Kursi harus dibuka sebelum hari itu sendiri.")


class OpeningTooEarly(Invalid):
    code = "opening_too_early"
    message = N_("Paling awal %(most)s hari sebelum hari itu: lebih awal belum terlihat.")


class BackHourOutOfRange(Invalid):
    code = "back_hour_out_of_range"
    message = N_("Pilih jam antara %(earliest)s dan %(latest)s, atau kosongkan.")


class SeatsOutOfRange(Invalid):
    code = "seats_out_of_range"
    message = N_("Jumlah kursi harus antara 0 dan %(most)s.")


class ChannelNotHere(Invalid):
    code = "channel_not_here"
    message = N_("Kantor jenis ini tidak mempunyai jalur tersebut.")


class DaysAlreadyReleased(Conflict):
    code = "days_already_released"
    message = N_("Sebagian hari itu sudah termasuk dalam pembukaan kuota yang lain.")


class DayAlreadyOpened(Conflict):
    code = "day_already_opened"
    message = N_("Kursi hari itu sudah dibuka untuk masyarakat; waktunya tidak berubah lagi.")


class SlotWithdrawn(Conflict):
    code = "slot_withdrawn"
    message = N_("Jam ini sudah ditutup. Buka kembali harinya terlebih dahulu.")


class DayWithoutQuota(Conflict):
    code = "day_without_quota"
    message = N_("Kuota hari itu belum disiapkan.")


class DayAlreadyClosed(Conflict):
    code = "day_already_closed"
    message = N_("Hari itu sudah ditutup.")


class DayNotClosed(Conflict):
    code = "day_not_closed"
    message = N_("Hari itu tidak sedang ditutup.")


class DayNotInCalendar(Conflict):
    code = "day_not_in_calendar"
    message = N_("Menurut kalender, kantor tidak melayani pada hari itu. Ubah kalendernya dahulu.")


class PeopleStillBooked(Conflict):
    """A calendar that closes a day with people on it: closing gives them alternatives."""

    code = "people_still_booked"
    message = N_("Hari itu masih mempunyai janji temu. Tutup harinya agar pemohon mendapat ganti.")
