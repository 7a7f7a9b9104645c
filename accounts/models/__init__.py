"""Who people are and how we reach them."""

from accounts.models.counter import CounterCode, TextCode, WaitingSignUp
from accounts.models.mail import (
    ACCOUNT_ERASED,
    ADDRESS_CHECK,
    ALWAYS_TRIED,
    CODE_KINDS,
    HELD_BACK,
    MailDomain,
    Message,
    ProviderEvent,
    Relay,
    Suppression,
)
from accounts.models.people import Applicant, IdentityCheck, ListChange, Person
from accounts.models.users import (
    MAIL_DOMAIN,
    AddressChange,
    Consent,
    LostStep,
    Trace,
    User,
    new_public_code,
)

__all__ = [
    "ACCOUNT_ERASED",
    "ADDRESS_CHECK",
    "ALWAYS_TRIED",
    "CODE_KINDS",
    "HELD_BACK",
    "MAIL_DOMAIN",
    "AddressChange",
    "Applicant",
    "Consent",
    "CounterCode",
    "IdentityCheck",
    "ListChange",
    "LostStep",
    "MailDomain",
    "Message",
    "Person",
    "ProviderEvent",
    "Relay",
    "Suppression",
    "TextCode",
    "Trace",
    "User",
    "WaitingSignUp",
    "new_public_code",
]
