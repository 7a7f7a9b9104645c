"""What offices refuses.

NotFound
└── OfficeUnknown          404
"""

from paspor.kernel.errors import N_, NotFound


class OfficeUnknown(NotFound):
    code = "office_unknown"
    message = N_("Kantor ini tidak ditemukan atau sedang tidak melayani.")
