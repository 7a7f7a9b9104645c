"""Where a watch leads: the hours it was told of, asking again; and the link at the foot of its
letter, which stops the watches of one account, and no more.
"""

from datetime import date
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from offices.models import Office
from queueing.booking.errors import LinkUnknown
from queueing.watching.models import Watch

SIGNER = signing.Signer(salt="queueing.watching.stop")


def token_of(account_id: int) -> str:
    return SIGNER.sign_object([account_id])


def account_id_of(token: str) -> int:
    """Raises LinkUnknown for what we have not signed."""
    try:
        (account_id,) = SIGNER.unsign_object(token)
    except signing.BadSignature as bad:
        raise LinkUnknown from bad
    return account_id


def hours(watch: Watch, office: Office, day: date) -> str:
    """The day's page with all that the watch knows."""
    asked: dict[str, object] = {
        "orang": watch.people,
        "paspor": watch.passport_type,
        "sebelum": watch.until,
    }
    if watch.radius_km:
        # Where nothing is left the page offers the same wish again.
        asked |= {"dekat": watch.office.code, "radius": watch.radius_km}
    # A watch knows no kind of request, and perhaps its people have several: the page asks.
    asked["jenis"] = ""
    return f"{reverse('queueing:day', args=[office.code, day])}?{urlencode(asked)}"


def asked_again(watch: Watch) -> dict[str, str]:
    """The fields of the form, for the same once more."""
    return {
        "dekat": watch.office.code,
        "radius": str(watch.radius_km),
        "orang": str(watch.people),
        "paspor": watch.passport_type,
        "sebelum": watch.until.isoformat(),
    }


def form(watch: Watch) -> str:
    """The form with the same, whose last day is asked for."""
    known = {name: said for name, said in asked_again(watch).items() if name != "sebelum"}
    return f"{reverse('watching:new')}?{urlencode(known)}"
