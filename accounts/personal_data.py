"""What accounts itself holds about a person (the first of ports.personal_data)."""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession

from accounts import readings, selectors
from accounts.models import (
    AddressChange,
    Applicant,
    Consent,
    CounterCode,
    IdentityCheck,
    ListChange,
    LostStep,
    TextCode,
    Trace,
    User,
)
from accounts.ports import Lock, Obstacle
from accounts.services import (
    applicants,
    counter_codes,
    messages,
    people,
    personal_data,
    suppressions,
    text_codes,
)
from paspor.kernel import idempotency, notes


class AccountData:
    def export(self, user: User) -> dict[str, Any]:
        # A paper ticket is claimed with its code and a birth date. Whoever found one must
        # not get a NIK for it, which the owner reads on their own card.
        from_counter = selectors.codes_from_counter(user)
        return {
            "account": _account(user),
            "consents": [
                {"notice_version": row.notice_version, "given_at": row.given_at.isoformat()}
                for row in Consent.objects.filter(user=user).order_by("given_at")
            ],
            "applicants": [
                _applicant(row, is_nik_shown=row.code not in from_counter)
                for row in Applicant.objects.filter(account=user, erased_at=None).order_by("pk")
            ],
            "identity_checks": [_check(row) for row in selectors.checks_of(user)],
            "messages": [
                {
                    "kind": row.kind,
                    "channel": row.channel,
                    "to": row.to,
                    "subject": row.subject,
                    "state": row.state,
                    "created_at": row.created_at.isoformat(),
                }
                for row in selectors.messages_of(user)
            ],
            "suppressions": [
                {"why": row.why, "said": row.said, "at": row.at.isoformat()}
                for row in selectors.suppressions_of(user)
            ],
            "devices": [
                {
                    "address": row.ip,
                    "browser": row.user_agent,
                    "signed_in_at": row.created_at.isoformat(),
                }
                for row in UserSession.objects.filter(user=user).order_by("created_at")
            ],
            "traces": [
                {"what": row.what, "address": row.address, "at": row.at.isoformat()}
                for row in Trace.objects.filter(user=user).order_by("at")
            ],
            "address_changes": [
                {
                    "former": row.former,
                    "at": row.at.isoformat(),
                    "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                }
                for row in AddressChange.objects.filter(account=user).order_by("at")
            ],
            "lost_steps": [
                {
                    "asked_at": row.begun_at.isoformat(),
                    "due_at": row.due_at.isoformat(),
                    "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                    "end": row.end or None,
                }
                for row in LostStep.objects.filter(account=user).order_by("code_asked_at")
                if row.begun_at and row.due_at
            ],
            "counter_codes": [
                {
                    "made_at": row.made_at.isoformat(),
                    "used_at": row.used_at.isoformat() if row.used_at else None,
                    "office": row.used_where,
                }
                for row in CounterCode.objects.filter(account=user).order_by("made_at")
            ],
            "text_codes": [
                {
                    "made_at": row.made_at.isoformat(),
                    "used_at": row.used_at.isoformat() if row.used_at else None,
                }
                for row in TextCode.objects.filter(account=user).order_by("made_at")
            ],
            "list_changes": [
                {"what": row.what, "at": row.at.isoformat()}
                for row in ListChange.objects.filter(account=user).order_by("at")
            ],
            "account_events": [
                {"at": row.at.isoformat(), "act": row.act, "end": row.detail.get("end")}
                for row in readings.events_of(user)
            ],
            "readings": [
                {
                    "at": row.at.isoformat(),
                    "act": row.act,
                    "by": "owner" if row.by_owner else "officer",
                    "office": row.stream,
                    "office_name": row.office,
                    "applicant": row.applicant or None,
                    "name": row.name,
                    "reason": row.reason,
                }
                for row in readings.readings_of(user)
            ],
        }

    def erase(self, user: User, now: datetime) -> None:
        """The account's row is locked; runs last, when the other apps are done."""
        for row in Applicant.objects.filter(account=user, erased_at=None).order_by("pk"):
            applicants.erase_applicant(applicant=row, now=now)
        notes.forget_about([f"account:{user.code}", f"user:{user.code}"])
        suppressions.forget_of(user=user)
        messages.forget_messages_of(user=user, now=now)
        Trace.objects.filter(user=user).delete()
        ListChange.objects.filter(account=user).delete()
        AddressChange.objects.filter(account=user).delete()
        LostStep.objects.filter(account=user).delete()
        counter_codes.forget_codes_of(user=user)
        text_codes.forget_codes_of(user=user)
        idempotency.forget_user(user.pk)
        personal_data.close_account(user=user, now=now)

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        return None


def _check(row: IdentityCheck) -> dict[str, Any]:
    return {
        "applicant": row.applicant.code if row.applicant else None,
        "outcome": row.outcome,
        "source": row.source,
        "matches": row.matches,
        "asked_at": row.asked_at.isoformat(),
        "checked_at": row.checked_at.isoformat() if row.checked_at else None,
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "code": user.code,
        "email": user.email,
        "phone": user.phone,
        "language": user.language,
        "joined_at": user.joined_at.isoformat(),
        "password_by_mail_at": (
            user.password_by_mail_at.isoformat() if user.password_by_mail_at else None
        ),
        "last_login": user.last_login.isoformat() if user.last_login else None,
    }


def _applicant(row: Applicant, *, is_nik_shown: bool) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "nik": people.open_nik(row) if is_nik_shown else row.masked_nik,
        "kk": people.open_kk(row),
        "birth_date": row.birth_date.isoformat(),
        "sex": row.sex,
        "is_holder": row.is_holder,
        "guardian_declared_at": (
            row.guardian_declared_at.isoformat() if row.guardian_declared_at else None
        ),
        "findings": row.warnings,
        "created_at": row.created_at.isoformat(),
        "removed_at": row.removed_at.isoformat() if row.removed_at else None,
    }
