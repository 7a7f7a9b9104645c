"""The mail that tells the heads of an office what a national order did there."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.notices import Letter, page
from accounts.services import messages
from offices.rules import Role
from paspor.kernel.codes import grouped
from queueing.booking import words
from queueing.desk import notices as desk
from queueing.planning.models import OrderOffice


def carried_out(item: OrderOffice, *, now: datetime) -> None:
    order, office = item.order, item.office
    for head in desk.officers_of(office, [Role.HEAD], now=now):
        with translation.override(head.language):
            letter = Letter(
                subject=_("Perintah nasional dijalankan: %(office)s") % {"office": office.name},
                lead=_("SISTIK menambah layanan kantor ini. Janji temu yang sudah ada tetap."),
                facts=(
                    (_("Perintah"), grouped(order.code)),
                    (_("Tanggal"), f"{words.day(order.first_day)} – {words.day(order.last_day)}"),
                    (_("Hari yang ditambah"), str(item.days_done)),
                    (_("Tempat tambahan"), str(item.seats_added)),
                ),
                link=page("planning:month", office.code),
                link_label=_("Buka rencana kantor"),
            )
        messages.enqueue_letter(
            letter,
            user=head,
            to=head.email,
            kind="national_order",
            language=head.language,
            about=f"order:{order.code}",
            dedup_key=f"national_order:{item.pk}:{head.pk}",
            now=now,
        )
