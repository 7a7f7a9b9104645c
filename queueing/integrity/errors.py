"""What integrity refuses.

NotFound        ClaimUnknown
Invalid (422)   FurtherInvalid
Conflict (409)  NikNotFound, NothingToClaim, ClaimOpen, TooManyClaims, ClaimOver, PersonPresent
LimitReached (429)  LimitedPause
"""

from collections.abc import Mapping
from typing import ClassVar

from paspor.kernel.errors import N_, Conflict, Invalid, LimitReached, NotFound


class LimitedPause(LimitReached):
    """A limited account is to go slower: so long from one booking to the next."""

    sentences: ClassVar[Mapping[str, str]] = {
        "limited_account": N_(
            "Akun ini sedang dibatasi: antara dua pemesanan harus lewat %(minutes)s menit. Anda "
            "dapat memesan lagi %(when)s. Alasannya, dan cara mengajukan keberatan, ada di "
            "halaman Keberatan."
        )
    }


class NikNotFound(Conflict):
    """The registry does not know the NIK of some of these people, and nobody saw their KTP."""

    code = "nik_not_found"
    message = N_(
        "NIK %(names)s tidak ditemukan di data kependudukan. Periksa NIK-nya. Bila sudah benar, "
        "hubungi Disdukcapil, atau datang ke loket kantor imigrasi mana pun dengan KTP asli: "
        "setelah petugas melihat KTP itu, Anda dapat memesan."
    )


class ClaimUnknown(NotFound):
    code = "claim_unknown"
    message = N_("Klaim itu tidak ditemukan. Periksa kembali nomornya.")


class FurtherInvalid(Invalid):
    code = "further_invalid"
    message = N_("Isi ketiganya, atau kosongkan semuanya dan datang ke loket dengan KTP.")
    missing = N_("Isi juga yang ini, atau kosongkan semuanya.")


class NothingToClaim(Conflict):
    """Nobody has booked with this NIK, or the account itself has."""

    code = "nothing_to_claim"
    message = N_("NIK ini tidak sedang dipakai orang lain. Anda dapat memesan seperti biasa.")


class ClaimOpen(Conflict):
    code = "claim_open"
    message = N_("Klaim Anda atas NIK ini sudah kami terima dan belum diputuskan.")


class TooManyClaims(Conflict):
    code = "too_many_claims"
    message = N_(
        "Klaim atas NIK ini sudah terlalu sering diajukan. Datanglah ke loket kantor imigrasi "
        "mana pun dengan KTP asli."
    )


class ClaimOver(Conflict):
    code = "claim_over"
    message = N_("Klaim ini sudah diputuskan.")


class PersonPresent(Conflict):
    code = "person_present"
    message = N_(
        "Seseorang dengan NIK ini sedang hadir di sebuah kantor. Hubungi kepala kantor Anda "
        "sebelum memutuskan."
    )
