"""Setting the public key of an office. The private half never comes here."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from offices.errors import OfficeKeyInvalid
from offices.models import Office, OfficeKey
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit, sealing


@transaction.atomic
def set_key(*, officer: User, office: Office, public: str, now: datetime) -> OfficeKey:
    """From now on day lists are readable with this key only. Locks the office.

    Raises OfficeKeyInvalid, NotAllowed. The same key again changes nothing.
    """
    office = Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    authority.require(officer=officer, act=Act.OFFICE_KEY, office=office, now=now)
    try:
        public = sealing.checked_key(public)
    except ValueError:
        raise OfficeKeyInvalid(fields={"public": [OfficeKeyInvalid.message]}) from None
    before = OfficeKey.objects.filter(office=office).first()
    if before is not None and before.public == public:
        return before
    fingerprint = sealing.fingerprint(public)
    key, _made = OfficeKey.objects.update_or_create(
        office=office,
        defaults={
            "public": public,
            "fingerprint": fingerprint,
            "set_by": officer,
            "set_at": now,
        },
    )
    audit.record(
        Act.OFFICE_KEY,
        actor_id=officer.pk,
        subject=f"office:{office.code}",
        stream=office.code,
        detail={"key": fingerprint, "before": before.fingerprint if before else ""},
    )
    return key
