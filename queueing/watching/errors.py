"""What watching refuses.

NotFound            WatchUnknown
Invalid (422)       NothingToWatch, NothingServed
Conflict (409)      TooManyWatches, RoomAlready
"""

from paspor.kernel.errors import N_, Conflict, Invalid, NotFound


class WatchUnknown(NotFound):
    code = "watch_unknown"
    message = N_("Permintaan kabar itu tidak ada, atau sudah dihentikan.")


class NothingToWatch(Invalid):
    code = "nothing_to_watch"
    message = N_("Tidak ada kantor di sana yang menerbitkan jenis paspor itu tanpa rujukan.")


class NothingServed(Invalid):
    """``extras`` tell the first day that serves, and the office's code, where there is one."""

    code = "nothing_served"
    message = N_("Sampai %(until)s tidak ada hari pelayanan di %(where)s. %(more)s")


class TooManyWatches(Conflict):
    code = "too_many_watches"
    message = N_(
        "Akun ini sudah menunggu %(most)s kabar. Hentikan salah satunya bila ingin yang lain."
    )


class RoomAlready(Conflict):
    """``extras`` tell where and when: an office's code and a day."""

    code = "room_already"
    message = N_("Tidak perlu menunggu: ada tempat pada %(day)s di %(office)s.")
