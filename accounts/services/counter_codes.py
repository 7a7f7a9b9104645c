"""Verifying an address without its mail: a code on the page that waits, shown at a counter."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import policies, rules, selectors
from accounts.errors import CardUsedOften, CounterCodeInvalid
from accounts.models import CounterCode, Person, User
from accounts.services import people, registration
from accounts.services.registration import Typed

CARD_DAYS = 30


@dataclass(frozen=True, repr=False)
class Shown:
    """What somebody shows at the counter: the code of their page, and their KTP."""

    code: str
    nik: str


def issue(*, typed: Typed, now: datetime) -> CounterCode:
    """For a sign-up that waits; without an account where its address has one already."""
    return CounterCode.objects.create(
        **typed.fields(),
        made_at=now,
        expires_at=now + timedelta(days=policies.COUNTER_CODE_DAYS.at(now=now)),
    )


@transaction.atomic
def redeem(*, shown: Shown, where: str, now: datetime) -> CounterCode:
    """Verify the account's address: what was typed with this code stands, as after its mail.

    Locks the account, which is proven by only one of its codes, then the person. Raises
    CounterCodeInvalid, AddressHasAccount, NikInvalid, CardUsedOften.
    """
    nik = rules.tidy_number(shown.nik)
    rules.check_nik(nik)
    found = selectors.counter_code(shown.code, now=now)
    if found is None:
        raise CounterCodeInvalid
    user = registration.lock_unproven(found)
    person = _person_with_few(nik, now)
    row = CounterCode.objects.get(pk=found.pk)
    registration.verify_without_mail(user=user, sign_up=row)
    row.password, row.used_at, row.used_where, row.person = "", now, where, person
    row.save(update_fields=["password", "used_at", "used_where", "person"])
    return row


def _person_with_few(nik: str, now: datetime) -> Person:
    person = people.find_or_make_person(nik)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    most = policies.VERIFIED_PER_CARD.at(now=now)
    lately = CounterCode.objects.filter(person=person, used_at__gt=now - timedelta(days=CARD_DAYS))
    if lately.count() >= most:
        raise CardUsedOften(most=most, days=CARD_DAYS)
    return person


def forget_old(*, now: datetime) -> None:
    """Codes that ran out; and whose KTP was seen, once that limits nothing any more."""
    CounterCode.objects.filter(used_at=None, expires_at__lte=now).delete()
    seen = CounterCode.objects.exclude(person=None)
    seen.filter(used_at__lte=now - timedelta(days=CARD_DAYS)).update(person=None)


def forget_codes_of(*, user: User) -> None:
    """Erasure. That one was used at an office stays, as a number of that office."""
    mine = CounterCode.objects.filter(account=user)
    mine.filter(used_at=None).delete()
    mine.update(account=None, language="", agreed_at=None)
