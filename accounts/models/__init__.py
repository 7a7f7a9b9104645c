"""Who people are and how we reach them."""

from accounts.models.counter import CounterCode
from accounts.models.mail import CODE_KINDS, MailDomain, Message, Relay
from accounts.models.people import Applicant, IdentityCheck, ListChange, Person
from accounts.models.users import MAIL_DOMAIN, Consent, Trace, User, new_public_code

__all__ = [
    "CODE_KINDS",
    "MAIL_DOMAIN",
    "Applicant",
    "Consent",
    "CounterCode",
    "IdentityCheck",
    "ListChange",
    "MailDomain",
    "Message",
    "Person",
    "Relay",
    "Trace",
    "User",
    "new_public_code",
]
