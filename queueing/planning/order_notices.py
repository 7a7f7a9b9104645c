"""The mail that tells the heads of an office what a national order did there."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.notices import Letter, page
from accounts.services import messages
from offices.rules import Role
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.desk import notices as desk
from queueing.planning import saturday_words
from queueing.planning.models import NationalOrder, OrderOffice


def carried_out(item: OrderOffice, *, now: datetime) -> None:
    order, office = item.order, item.office
    for head in desk.officers_of(office, [Role.HEAD], now=now):
        with translation.override(head.language):
            subject, lead, days, seats = _words(order)
            letter = Letter(
                subject=subject % {"office": office.name},
                lead=lead,
                facts=(
                    (_("Perintah"), grouped(order.code)),
                    (
                        _("Tanggal"),
                        f"{formatting.day(order.first_day)} – {formatting.day(order.last_day)}",
                    ),
                    (days, _days(item)),
                    *_hours(item),
                    (seats, str(abs(item.seats_added))),
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


def _days(item: OrderOffice) -> str:
    """How many, and of Saturdays which."""
    if not item.order.is_of_saturdays:
        return str(item.days_done)
    left = {told["day"] for told in item.left}
    done = [told for told in item.plan if told["day"] not in left]
    return f"{len(done)}: {saturday_words.days(done)}"


def _hours(item: OrderOffice) -> list[tuple[str, str]]:
    """When Saturdays serve, so that the head knows who has to be there, and which are left."""
    if not item.order.is_of_saturdays:
        return []
    facts = []
    if item.order.undoes is None:
        facts.append((_("Jam dan loket"), "; ".join(saturday_words.hours(item.plan))))
    if item.left:
        facts.append((_("Dibiarkan"), "; ".join(saturday_words.left(item.left))))
    return facts


def _words(order: NationalOrder) -> tuple[str, str, str, str]:
    """Subject, lead, and what is counted: days and seats."""
    if order.undoes_id is not None:
        return (
            _("Perintah nasional dicabut: %(office)s"),
            _(
                "SISTIK mencabut tambahan layanan kantor ini: hari-hari itu kembali seperti biasa. "
                "Janji temu yang sudah ada tetap."
            ),
            _("Hari yang kembali seperti biasa"),
            _("Tempat yang ditarik"),
        )
    if order.kind == NationalOrder.Kind.SATURDAY:
        return (
            _("Layanan Sabtu: %(office)s"),
            _("SISTIK membuka kantor ini pada hari Sabtu. Hari lain tidak berubah."),
            _("Hari Sabtu yang dibuka"),
            _("Tempat tambahan"),
        )
    return (
        _("Perintah nasional dijalankan: %(office)s"),
        _("SISTIK menambah layanan kantor ini. Janji temu yang sudah ada tetap."),
        _("Hari yang ditambah"),
        _("Tempat tambahan"),
    )
