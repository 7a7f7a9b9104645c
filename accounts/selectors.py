"""Reading people, messages and who read what. Nothing here writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from disposable_email_domains import blocklist
from django.conf import settings
from django.db.models import CharField, Count, Exists, F, Func, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower

from accounts import relay_rules, rules
from accounts.models import (
    CODE_KINDS,
    MAIL_DOMAIN,
    AddressChange,
    Applicant,
    Consent,
    CounterCode,
    IdentityCheck,
    ListChange,
    LostStep,
    MailDomain,
    Message,
    Person,
    Suppression,
    TextCode,
    Trace,
    User,
)
from accounts.rules import Identity, Road
from paspor.kernel import cipher
from paspor.kernel.models import AuditEvent
from paspor.kernel.origin import Origin
from paspor.kernel.prepared.reading import Prepared

# Acts by which someone saw personal data in clear.
PERSON_SEEN = "person.seen"
READING_ACTS = ("nik.read", PERSON_SEEN, "data.export")
# Spare codes alone are none.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What becomes of a second step that is said to be lost.
STEP_LOST, STEP_KEPT, STEP_OFF = "second_step.lost", "second_step.kept", "second_step.off"
STEP_ACTS = (STEP_LOST, STEP_KEPT, STEP_OFF)
ADDED_AT_COUNTER = "applicant.added_at_counter"
NEW_DOMAIN = timedelta(days=7)


def applicants_of(user: User) -> QuerySet[Applicant]:
    """The live ones, the account holder first."""
    rows = Applicant.objects.filter(account=user, removed_at=None)
    return rows.order_by("-is_holder", "created_at", "pk")


def applicant_of(user: User, code: str) -> Applicant | None:
    return applicants_of(user).filter(code=code).first()


def unproven_account(email: str) -> User | None:
    """An account with this address that nobody has verified or signed in to."""
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = User.objects.filter(email=email.lower(), last_login=None, erased_at=None, is_active=True)
    return rows.filter(~Exists(proven)).first()


def has_verified_mail(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def verified_by(user: User) -> Road | None:
    """None where it is not verified. A code that came back from the mail outdoes the others."""
    if not has_verified_mail(user):
        return None
    codes = Message.objects.filter(user=user, kind__in=CODE_KINDS)
    if codes.filter(answered_at__isnull=False).exists():
        return Road.MAIL
    if TextCode.objects.filter(account=user, used_at__isnull=False).exists():
        return Road.TEXT
    at_counter = CounterCode.objects.filter(account=user, used_at__isnull=False).exists()
    return Road.COUNTER if at_counter else Road.MAIL


def is_kept_for_another(user: User) -> bool:
    """Whether another account had this address before and can still be taken back with it."""
    open_changes = AddressChange.objects.filter(former=user.email, ended_at=None)
    return open_changes.exclude(account=user).exists()


def is_unproven(user: User) -> bool:
    return unproven_account(user.email) == user


def counter_code(code: str, *, now: datetime) -> CounterCode | None:
    """A code that was not used and still holds."""
    return CounterCode.objects.filter(code=code, used_at=None, expires_at__gt=now).first()


def verified_at_counters(*, since: datetime, where: str = "") -> int:
    """Accounts verified at counters, of one office or of the nation."""
    rows = CounterCode.objects.filter(used_at__gte=since)
    return (rows.filter(used_where=where) if where else rows).count()


def verified_by_text(*, since: datetime) -> int:
    """Accounts verified by a code to a phone, in the nation."""
    return TextCode.objects.filter(used_at__gte=since).count()


def sign_ups_from(origin: Origin, *, since: datetime) -> tuple[int, int]:
    """Accounts made from this installation and from this address; 0 where it is unknown."""
    rows = Trace.objects.filter(what=Trace.What.SIGN_UP, at__gte=since)
    by_device = rows.filter(device=origin.device).count() if origin.device else 0
    by_address = rows.filter(address=origin.address).count() if origin.address else 0
    return by_device, by_address


def accounts_at_new_domain(email: str, *, now: datetime) -> int:
    """Accounts at the domain of this address, if none there is older than NEW_DOMAIN.

    While the portal itself is no older, no domain is new to it.
    """
    before = now - NEW_DOMAIN
    there = User.objects.alias(domain=MAIL_DOMAIN).filter(domain=email.lower().rpartition("@")[2])
    if there.filter(joined_at__lt=before).exists():
        return 0
    if not User.objects.filter(joined_at__lt=before).exists():
        return 0
    return there.count()


def consent_of(user: User) -> Consent | None:
    """The newest version of the privacy notice that the account agreed to."""
    return Consent.objects.filter(user=user).order_by("-given_at", "-pk").first()


def has_consented(user: User) -> bool:
    """Whether that is the version in force."""
    # Consent stands once it is given; who had not given it may have done so since.
    if getattr(user, "had_consented", False):
        return True
    version = settings.PRIVACY_NOTICE_VERSION
    return Consent.objects.filter(user=user, notice_version=version).exists()


def digest_keys() -> tuple[str, ...]:
    """The key in use and, while it is being rotated, the other one."""
    keys = (settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT)
    return tuple(key for key in keys if key)


def person_with_nik(nik: str) -> Person | None:
    """Found by either key in either column, so a rotation under way loses nobody."""
    digests = [cipher.person_digest(nik, key=key) for key in digest_keys()]
    return Person.objects.filter(Q(digest__in=digests) | Q(digest_next__in=digests)).first()


def messages_of(user: User) -> QuerySet[Message]:
    return Message.objects.filter(user=user).order_by("-created_at", "-pk")


def message_with_code(code: str) -> Message | None:
    return Message.objects.filter(code=code).first()


def account_signed_in(pk: int) -> User | None:
    """With ``is_suppressed`` and ``is_step_lost``: every page tells of those, and none asks for
    them by itself; and ``had_consented``, which has_consented reads.
    """
    return _ACCOUNT_SIGNED_IN.first(int(pk), settings.PRIVACY_NOTICE_VERSION)


def _account_with_marks(pk: int, version: str) -> QuerySet[User]:
    live = Suppression.objects.filter(address=OuterRef("email"), lifted_at=None)
    consents = Consent.objects.filter(user=OuterRef("pk"), notice_version=version)
    lost = LostStep.objects.filter(account=OuterRef("pk"), ended_at=None)
    known = User.objects.annotate(
        is_suppressed=Exists(live),
        is_step_lost=Exists(lost.filter(begun_at__isnull=False)),
        had_consented=Exists(consents),
    )
    return known.filter(pk=pk)


# Asked with each request of somebody who is signed in.
_ACCOUNT_SIGNED_IN: Prepared[User] = Prepared(_account_with_marks)


def lost_step_of(user: User) -> LostStep | None:
    """What the account waits for, where its second step is to be taken off."""
    return LostStep.objects.filter(account=user, ended_at=None, begun_at__isnull=False).first()


def suppressions_of(user: User) -> QuerySet[Suppression]:
    """What was ever known against the account's present address; lifted ones too."""
    return Suppression.objects.filter(address=user.email)


def mail_trouble_of(user: User) -> Suppression | None:
    """Why nothing is sent to the account's address; None where all goes well."""
    return suppressions_of(user).filter(lifted_at=None).first()


def subject_of(applicant: Applicant) -> str:
    """How the log names an applicant."""
    return f"applicant:{applicant.code}"


def codes_from_counter(user: User) -> set[str]:
    """Those of the account's people whose numbers an officer typed, not the account."""
    codes = Applicant.objects.filter(account=user).values_list("code", flat=True)
    rows = AuditEvent.objects.filter(
        act=ADDED_AT_COUNTER, subject__in=[f"applicant:{code}" for code in codes]
    )
    return {
        subject.removeprefix("applicant:") for subject in rows.values_list("subject", flat=True)
    }


@dataclass(frozen=True)
class Standing:
    """What is known of somebody's identity; ``differing`` names fields that do not match."""

    identity: Identity = Identity.NOT_CHECKED
    differing: tuple[str, ...] = ()
    checked_at: datetime | None = field(default=None)


def asked_digest(person_id: int, *, name: str, birth_date: date | None, sex: str) -> str:
    """What a check was about, keyed: the same person by another name is another question.

    It changes with PERSON_DIGEST_KEY too; then everybody is asked about once more.
    """
    said = f"{' '.join(name.casefold().split())}|{birth_date or ''}|{sex}"
    return cipher.person_digest(f"identity:{person_id}|{said}")


def asked_of_applicant(applicant: Applicant) -> str:
    return asked_digest(
        applicant.person_id,
        name=applicant.name,
        birth_date=applicant.birth_date,
        sex=applicant.sex,
    )


def standing_of(applicant: Applicant) -> Standing:
    """The newest word on this person by this name.

    Reads ``applicant.person.identity_checks``: whoever shows many prefetches them.
    """
    asked = asked_of_applicant(applicant)
    checks = [row for row in applicant.person.identity_checks.all() if row.asked == asked]
    # A question under way says less than the answer before it.
    settled = [row for row in checks if row.checked_at is not None]
    if not settled:
        return Standing()
    last = max(settled, key=lambda row: (row.checked_at, row.pk))
    return Standing(
        identity=rules.identity_of(last.outcome, last.source),
        differing=tuple(name for name, fits in last.matches.items() if not fits),
        checked_at=last.checked_at,
    )


def checks_of(user: User) -> QuerySet[IdentityCheck]:
    """What was asked about with the data of this account's people."""
    rows = IdentityCheck.objects.filter(applicant__account=user, applicant__erased_at=None)
    return rows.select_related("applicant").order_by("pk")


def is_not_found(applicant: Applicant, *, now: datetime) -> bool:
    """Whether the registry did not know the NIK lately, and no officer has seen the KTP.

    That a NIK is unknown holds for whoever gives it; a KTP seen, for its name alone.
    Reads ``applicant.person.identity_checks``, as standing_of does.
    """
    checks = [
        row
        for row in applicant.person.identity_checks.all()
        if row.valid_until is not None and row.valid_until > now
    ]
    if all(row.outcome != IdentityCheck.Outcome.NOT_FOUND for row in checks):
        return False
    asked = asked_of_applicant(applicant)
    return all(row.source != IdentityCheck.Source.OFFICER or row.asked != asked for row in checks)


def is_disposable(email: str) -> bool:
    """Whether this address is of a mailbox that is thrown away, by what is known now."""
    return bool(disposable_among([email]))


def disposable_among(emails: Collection[str]) -> set[str]:
    """Those of some addresses, or ``@domain``, that are of mailboxes that are thrown away."""
    domains = {email: rules.domains_of(email) for email in emails}
    asked = {domain for those in domains.values() for domain in those}
    known = list(MailDomain.objects.filter(domain__in=asked))
    by_officer = {
        row.domain: row.verdict for row in known if row.source == MailDomain.Source.OFFICER
    }
    has_list = MailDomain.objects.filter(source=MailDomain.Source.LIST).exists()
    listed = {row.domain for row in known} if has_list else blocklist
    return {
        email for email, those in domains.items() if rules.is_disposable(those, by_officer, listed)
    }


def list_changes(account: User, what: ListChange.What, *, most: int) -> list[datetime]:
    """When the accounts of this mailbox last changed their lists so, the newest first."""
    changes = ListChange.objects.filter(account__in=same_mailbox(account), what=what)
    return list(changes.order_by("-at").values_list("at", flat=True)[:most])


def same_mailbox(account: User) -> QuerySet[User]:
    """This account and those whose addresses are of the same mailbox."""
    key = User.objects.filter(pk=account.pk).values("mail_key")
    return User.objects.filter(mail_key__in=key)


LETTERS = Message.objects.filter(channel=Message.Channel.EMAIL)
TAKEN_STATES = [Message.State.ACCEPTED, Message.State.DELIVERED]
LOST_STATES = [Message.State.REFUSED, Message.State.FAILED]
REGISTRY_SILENT = timedelta(minutes=15)


def oldest_unsent(now: datetime) -> datetime | None:
    """Since when the letter that has waited longest should have gone."""
    waiting = LETTERS.filter(
        state__in=[Message.State.QUEUED, Message.State.SENDING], due_at__lte=now
    )
    return waiting.aggregate(oldest=Min("due_at"))["oldest"]


class SentMail(NamedTuple):
    """A message on its way, for whoever watches the mail. Says not to whom."""

    user_id: int | None
    domain: str
    relay: str
    state: str
    reason: str
    due_at: datetime
    answered_at: datetime | None

    @property
    def is_unknown(self) -> bool:
        """Refused for what it is addressed to, which is no fault of the road."""
        refused = self.state == Message.State.REFUSED
        return refused and not relay_rules.is_policy(self.reason)

    @property
    def is_taken(self) -> bool:
        return self.state in TAKEN_STATES or self.is_unknown


RECIPIENT_DOMAIN = Lower(
    Func(F("to"), Value("@"), Value(2), function="split_part", output_field=CharField())
)


def sent_mail(*, since: datetime, before: datetime, codes_only: bool, most: int) -> list[SentMail]:
    """The newest first, of what should have gone within ``[since, before)``."""
    rows = LETTERS.filter(due_at__gte=since, due_at__lt=before).exclude(to="")
    if codes_only:
        rows = rows.filter(kind__in=CODE_KINDS, created_at__gte=since)
    rows = rows.annotate(domain=RECIPIENT_DOMAIN).order_by("-due_at", "-pk")
    return [SentMail(*row) for row in rows.values_list(*SentMail._fields)[:most]]


class MailCount(NamedTuple):
    """Letters to one recipient domain by one relay ("": by none yet)."""

    domain: str
    relay: str
    letters: int
    taken: int
    refused: int
    waiting: int


def mail_counts(*, since: datetime, now: datetime) -> list[MailCount]:
    """What became of the letters that should have gone since then; the most first."""
    rows = LETTERS.filter(due_at__gte=since, due_at__lte=now).exclude(to="")
    counted = rows.values(domain=RECIPIENT_DOMAIN, by=F("relay")).annotate(
        letters=Count("pk"),
        taken=Count("pk", filter=Q(state__in=TAKEN_STATES)),
        refused=Count("pk", filter=Q(state__in=LOST_STATES)),
    )
    found = counted.order_by("-letters", "domain").values_list(
        "domain", "by", "letters", "taken", "refused"
    )
    return [MailCount(*row, row[2] - row[3] - row[4]) for row in found]


class TextCount(NamedTuple):
    """Texts that should have gone since some moment, and what became of them."""

    texts: int
    taken: int
    delivered: int
    lost: int
    answered: int

    @property
    def waiting(self) -> int:
        return self.texts - self.taken - self.lost


def text_count(*, since: datetime, now: datetime) -> TextCount:
    rows = Message.objects.filter(channel=Message.Channel.TEXT, due_at__gte=since, due_at__lte=now)
    counted = rows.aggregate(
        texts=Count("pk"),
        taken=Count("pk", filter=Q(state__in=TAKEN_STATES)),
        delivered=Count("pk", filter=Q(state=Message.State.DELIVERED)),
        lost=Count("pk", filter=Q(state__in=LOST_STATES)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
    )
    return TextCount(**counted)


class CodeCount(NamedTuple):
    """Of one recipient domain: people who were sent codes, and what became of those."""

    domain: str
    people: int
    taken: int
    answered: int


def code_counts(
    *,
    since: datetime,
    before: datetime,
    within: timedelta,
    leaving_out: Iterable[tuple[datetime, datetime]],
) -> list[CodeCount]:
    """``within``: how soon a code came back to count as answered."""
    rows = Message.objects.filter(
        kind__in=CODE_KINDS, created_at__gte=since, created_at__lt=before
    ).exclude(to="")
    for start, end in leaving_out:
        rows = rows.exclude(created_at__range=(start, end))
    people = Count("user", distinct=True)
    counted = rows.values(domain=RECIPIENT_DOMAIN).annotate(
        people=people,
        taken=Count("user", distinct=True, filter=Q(state__in=TAKEN_STATES)),
        answered=Count("user", distinct=True, filter=Q(answered_at__lte=F("created_at") + within)),
    )
    return [CodeCount(*row) for row in counted.values_list(*CodeCount._fields)]


def registry_answers(now: datetime) -> bool | None:
    """Whether questions of late were answered; None where none tells."""
    since = now - REGISTRY_SILENT
    asked = IdentityCheck.objects.filter(source=IdentityCheck.Source.REGISTRY)
    if asked.filter(outcome=IdentityCheck.Outcome.PENDING, asked_at__lte=since).exists():
        return False
    return True if asked.filter(checked_at__gt=since).exists() else None
