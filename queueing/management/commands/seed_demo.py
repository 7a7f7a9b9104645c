"""What `make run` shows a newcomer: invented people, officers, open quota, and a hand at work."""

import datetime as dt
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Applicant, Consent, User
from accounts.services.applicants import add_applicant
from offices.models import Office, OfficerPost
from offices.reasons import Why
from offices.rules import Role
from offices.services import approvals, holidays, posts
from offices.services.posts import PostWish
from queueing.management.commands import _booked_out, _hoarders, _past, _today
from queueing.quota.models import Release

PASSWORD = "paspor-demo-2026"  # noqa: S105  # a demonstration's, refused where DEMO is off
DOMAIN = "paspor.example"
SOUTH_JAKARTA = "KANIM-JAKSEL"
DENPASAR = "KANIM-DENPASAR"

# Two act and agree; the third answers the appeals against what they did.
SISTIK = ("sistik", "sistik.kedua", "sistik.ketiga")
OFFICERS = [
    ("loket.jaksel", Role.COUNTER, SOUTH_JAKARTA),
    ("perencana.jaksel", Role.PLANNER, SOUTH_JAKARTA),
    ("kepala.jaksel", Role.HEAD, SOUTH_JAKARTA),
    ("loket.denpasar", Role.COUNTER, DENPASAR),
    ("perencana.denpasar", Role.PLANNER, DENPASAR),
    ("kepala.denpasar", Role.HEAD, DENPASAR),
]
DECREE = Why("joint_decree", "Hari libur menurut keputusan bersama menteri.")
# District 99 exists nowhere, so none of these is anybody's number.
FAMILY = [
    ("Sukarti Wulandari", "3174995408880011", dt.date(1988, 8, 14), Applicant.Sex.FEMALE, True),
    ("Bagus Prakoso", "3174990302860012", dt.date(1986, 2, 3), Applicant.Sex.MALE, False),
    ("Nadia", "3174996510150013", dt.date(2015, 10, 25), Applicant.Sex.FEMALE, False),
]


class Command(BaseCommand):
    help = "Fills a demonstration: accounts for every role, and quota for the coming days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--list", type=Path, help="Also write the accounts to this file.")

    def handle(self, *, days: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only where PASPOR_DEMO is on: these accounts share a password.")
        now = timezone.now()
        with transaction.atomic():
            self._citizen(now)
            self._officers(now)
            self._holidays(now)
            if not Release.objects.exists():
                _today.serve(Office.objects.get(code=SOUTH_JAKARTA), now=now)
        call_command("open_quota", days=days)
        for code, name in ((SOUTH_JAKARTA, "loket.jaksel"), (DENPASAR, "loket.denpasar")):
            site = Office.objects.get(code=code)
            _past.make(site, account(name), now=timezone.now())
            _today.make_past(site, now=timezone.now())
        with transaction.atomic():
            office = Office.objects.get(code=SOUTH_JAKARTA)
            _hoarders.make(office, account, now=timezone.now())
            officers = [account("loket.jaksel"), account("kepala.jaksel")]
            _today.make_queue(office, officers, account, now=timezone.now())
            _booked_out.make(Office.objects.get(code=_booked_out.CODE), now=timezone.now())
        told = f"{accounts_told()}\n{_booked_out.TOLD}"
        self.stdout.write(told)
        if options["list"]:
            options["list"].write_text(f"{told}\n")

    def _citizen(self, now: datetime) -> None:
        citizen = account("warga")
        for name, nik, birth_date, sex, is_holder in FAMILY:
            if not citizen.applicants.filter(name=name).exists():
                add_applicant(
                    account=citizen,
                    name=name,
                    nik=nik,
                    birth_date=birth_date,
                    sex=sex,
                    is_holder=is_holder,
                    guardian_declared=birth_date.year > now.year - 17,
                    now=now,
                )

    def _officers(self, now: datetime) -> None:
        first, second, third = (account(name) for name in SISTIK)
        for user in (first, second, third):
            if not user.posts.exists():
                # As the first ones: from here on, each grant of theirs needs another's yes.
                OfficerPost.objects.create(user=user, role=Role.SISTIK, starts_at=now)
        for name, role, code in OFFICERS:
            office = Office.objects.get(code=code)
            wish = PostWish(account(name), role, office, now)
            if not wish.user.posts.exists():
                appoint(first, second, wish, now)

    def _holidays(self, now: datetime) -> None:
        """This year's and next year's public holidays, confirmed as headquarters would."""
        for year in (now.year, now.year + 1):
            for holiday in holidays.propose(year=year, now=now):
                holidays.confirm(officer=account(SISTIK[0]), holiday=holiday, why=DECREE, now=now)


def accounts_told() -> str:
    """Every account of the demonstration with what it is for, one a line."""
    lines = [("warga", "a citizen with a family of three")]
    lines += [(name, f"{role.lower()} of {code}") for name, role, code in OFFICERS]
    lines += [(name, "headquarters") for name in SISTIK]
    width = max(len(name) for name, _ in lines) + len(DOMAIN) + 3
    told = [f"  {f'{name}@{DOMAIN}':{width}}{what}" for name, what in lines]
    return "\n".join([f"  Demo accounts, password {PASSWORD}:", *told])


def account(name: str) -> User:
    """The demonstration's account of this name, verified and ready to sign in."""
    email = f"{name}@{DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        Consent.objects.create(user=user, notice_version=settings.PRIVACY_NOTICE_VERSION)
    return user


def appoint(asking: User, second: User, wish: PostWish, now: datetime) -> None:
    """Give a post the way headquarters does: a head's takes two."""
    if wish.role == Role.HEAD:
        approval = approvals.ask(
            request=posts.request_for(wish), officer=asking, reason="demo", now=now
        )
        approvals.grant(approval=approval, second=second, used_second_factor=True, now=now)
    posts.appoint(officer=asking, wish=wish, now=now)
