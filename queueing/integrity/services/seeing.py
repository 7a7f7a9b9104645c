"""An officer who sees a KTP says so, for whoever stands there; any counter may do it."""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import rules as people_rules
from accounts.models import IdentityCheck, User
from accounts.services import identity as checks
from accounts.services import people
from offices import reasons
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit


@dataclass(frozen=True, repr=False)
class Card:
    """What the KTP says."""

    nik: str
    name: str
    birth_date: dt.date
    sex: str


@transaction.atomic
def see_identity(
    *, officer: User, office: Office, card: Card, why: Why, now: datetime
) -> IdentityCheck:
    """Stands above the registry's word, for this name. Nothing of the card is kept readable.

    Raises NikInvalid, NameInvalid, SexInvalid, ReasonNeeded, NotAllowed.
    """
    authority.require(officer=officer, act=Act.SEE_IDENTITY, office=office, now=now)
    reasons.check(Act.SEE_IDENTITY, why)
    nik, name = people_rules.tidy_number(card.nik), people_rules.tidy_name(card.name)
    people_rules.check_nik(nik)
    people_rules.check_name(name)
    people_rules.check_sex(card.sex)
    person = people.find_or_make_person(nik)
    seen = checks.record_seen(
        person=person, name=name, birth_date=card.birth_date, sex=card.sex, now=now
    )
    audit.record(
        Act.SEE_IDENTITY,
        actor_id=officer.pk,
        subject=f"person:{person.pk}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
    )
    return seen
