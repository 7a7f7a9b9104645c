"""Changing what an office says of itself: contact, passport types, whether it serves."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from offices.models import Office, PassportType
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.errors import N_, Invalid


@dataclass(frozen=True)
class Facts:
    address: str
    phone: str
    email: str
    passport_types: list[str]
    is_active: bool


@transaction.atomic
def change_facts(*, officer: User, office: Office, facts: Facts, now: datetime) -> Office:
    """Locks the office. Taking it out of service, or back in, is SISTIK's alone.

    What the official list says (name, class, place) changes with the list only.
    """
    office = Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    authority.require(officer=officer, act=Act.HOURS, office=office, now=now)
    if facts.is_active != office.is_active:
        authority.require(officer=officer, act=Act.HOURS, office=None, now=now)
    if not facts.passport_types or set(facts.passport_types) - set(PassportType.values):
        raise Invalid(fields={"passport_types": [N_("Pilih paling sedikit satu jenis paspor.")]})
    wanted = asdict(facts)
    changed = [name for name, value in wanted.items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, wanted[name])
    if changed:
        office.save(update_fields=changed)
        audit.record(
            "change_office",
            actor_id=officer.pk,
            subject=f"office:{office.code}",
            stream=office.code,
            detail={"fields": changed},
        )
    return office
