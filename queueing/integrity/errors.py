"""What integrity refuses.

Conflict (409)  NikNotFound
"""

from paspor.kernel.errors import N_, Conflict


class NikNotFound(Conflict):
    """The registry does not know the NIK of some of these people, and nobody saw their KTP."""

    code = "nik_not_found"
    message = N_(
        "NIK %(names)s tidak ditemukan di data kependudukan. Periksa NIK-nya. Bila sudah benar, "
        "hubungi Disdukcapil, atau datang ke loket kantor imigrasi mana pun dengan KTP asli: "
        "setelah petugas melihat KTP itu, Anda dapat memesan."
    )
