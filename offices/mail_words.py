"""What the watch over the mail finds, in words."""

from django.utils.translation import gettext as _

from offices.mail_rules import Finding, Trouble


def finding(found: Finding) -> str:
    to = {"domain": found.domain or _("semua alamat")}
    if found.trouble == Trouble.UNANSWERED:
        return _("Kode ke %(domain)s tidak kembali seperti biasanya.") % to
    if found.trouble == Trouble.UNTAKEN:
        return _("Pesan ke %(domain)s tidak diterima seperti biasanya.") % to
    return _("Ada pesan yang menunggu terlalu lama.")
