"""What is refused about cases and appeals.

NotFound (404)      CaseUnknown, AppealUnknown, MatterUnknown
Conflict (409)      CaseOver, NotDecided, CaseAlreadyOpen, NothingToDo, ActBegun, ActWithdrawn,
                    ActLapsed, AppealStands, AppealsUsedUp, AppealDecided
NotAllowed (403)    OwnDecision, NotOwnEvidence
"""

from paspor.kernel.errors import N_, Conflict, NotAllowed, NotFound


class CaseUnknown(NotFound):
    code = "case_unknown"
    message = N_("Perkara itu tidak ditemukan.")


class CaseOver(Conflict):
    code = "case_over"
    message = N_("Perkara ini sudah ditutup.")


class NotDecided(Conflict):
    code = "case_not_decided"
    message = N_("Putuskan perkara ini dahulu, baru tutup.")


class CaseAlreadyOpen(Conflict):
    code = "case_already_open"
    message = N_("Gugus akun ini sudah mempunyai perkara yang belum ditutup.")


class NotOwnEvidence(NotAllowed):
    """A head answers for accounts that have been to their own offices, SISTIK for all."""

    code = "not_own_evidence"
    message = N_(
        "Sebagian akun tidak pernah memesan di kantor Anda. Mintalah SISTIK menangani perkara ini."
    )


class NothingToDo(Conflict):
    code = "nothing_to_do"
    message = N_("Tidak ada akun atau tempat yang terkena tindakan ini.")


class ActBegun(Conflict):
    code = "act_begun"
    message = N_("Tindakan ini sudah dijalankan.")


class ActWithdrawn(Conflict):
    code = "act_withdrawn"
    message = N_("Tindakan ini sudah ditarik.")


class ActLapsed(Conflict):
    code = "act_lapsed"
    message = N_("Waktu menjalankan tindakan ini sudah habis. Siapkan sekali lagi.")


class AppealUnknown(NotFound):
    code = "appeal_unknown"
    message = N_("Keberatan itu tidak ditemukan.")


class MatterUnknown(NotFound):
    code = "matter_unknown"
    message = N_("Tidak ada tindakan dengan kode itu atas akun Anda.")


class AppealStands(Conflict):
    code = "appeal_stands"
    message = N_("Keberatan Anda atas hal ini sudah kami terima dan belum dijawab.")


class AppealsUsedUp(Conflict):
    code = "appeals_used_up"
    message = N_(
        "Keberatan atas hal ini sudah dijawab %(most)s kali. Untuk keterangan lebih lanjut, "
        "datanglah ke kantor imigrasi."
    )


class AppealDecided(Conflict):
    code = "appeal_decided"
    message = N_("Keberatan ini sudah dijawab.")


class OwnDecision(NotAllowed):
    """Whoever acted does not judge the appeal against it."""

    code = "own_decision"
    message = N_("Keberatan dijawab oleh petugas lain, bukan oleh yang mengambil tindakan.")
