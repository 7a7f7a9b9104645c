"""What the passports of a visit cost, as its pages tell it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from paspor.kernel import formatting
from queueing.booking import prices, rules
from queueing.booking.errands import Errand
from queueing.booking.fees import Fee
from queueing.booking.reads import BookingRead


def price(fee: Fee) -> str:
    return _("%(sum)s (%(years)s tahun)") % {
        "sum": formatting.rupiah(fee.rupiah),
        "years": fee.years,
    }


def cost_rows(bookings: Sequence[BookingRead], day: date) -> list[dict[str, Any]]:
    """What each person's passport costs, and the sum, for components/facts.html."""
    rows, least, most = [], 0, 0
    for place in (place for booking in bookings for place in booking.places):
        if not place.is_live:
            continue
        born = place.applicant.birth_date
        age = rules.age_on(day, born) if born else None
        errand = Errand.of(place)
        choices = prices.fees_of(
            place.passport_type, day=day, age=age, is_married=errand.is_married
        )
        extra = prices.surcharge(errand, day=day)
        least += choices[0].rupiah + extra
        most += choices[-1].rupiah + extra
        rows.append(
            {
                "term": f"{place.applicant.name} · {place.get_passport_type_display()}",
                "text": _(" atau ").join(price(fee) for fee in choices),
                "note": _("ditambah biaya beban %(sum)s") % {"sum": formatting.rupiah(extra)}
                if extra
                else "",
            }
        )
    total = formatting.rupiah(least)
    if most > least:
        total = _("%(least)s sampai %(most)s") % {"least": total, "most": formatting.rupiah(most)}
    return [*rows, {"term": _("Jumlah"), "text": total, "total": True}]
